// Transactions that take the place of others in the pool, and the order in which blocks take them.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { HDNodeWallet, TransactionRequest } from "ethers";
import { call, makeBell, ringAt } from "../src/bell.ts";
import { DevNode } from "../src/dev-node.ts";
import { Ethereum, GWEI, keyOf } from "../src/ethereum.ts";

type Key = HDNodeWallet;

const NOBODY = "0x00000000000000000000000000000000000000aa";
const [rich, second, third, fourth, fifth] = [0, 1, 2, 3, 4].map(keyOf) as [Key, Key, Key, Key, Key];

let dev: DevNode;
let eth: Ethereum;
/** Where the bell is. */
let bellAt: string;

before(async () => {
	dev = await DevNode.launch("manual");
	eth = new Ethereum(dev.node.ports.rpc);
	await dev.seal();
	bellAt = await makeBell(dev, eth, rich);
	await eth.mine(dev, await eth.send(rich, ringAt(bellAt, "first", 0)));
});
after(() => dev?.stop());

describe("a transaction that waits", () => {
	const fees = (percent: bigint) => ({
		maxFeePerGas: (4n * GWEI * percent) / 100n,
		maxPriorityFeePerGas: (GWEI * percent) / 100n,
	});
	/** The hashes that wait with this nonce of this key. */
	const waiting = async ({ address }: Key, nonce: number) => {
		type Content = Record<string, Record<string, { hash: string }>>;
		const { pending, queued } = await eth.call<Content>("txpool_contentFrom", address);
		return [pending![nonce], queued![nonce]].flatMap((found) => found?.hash ?? []);
	};
	const refusal = async (key: Key, request: TransactionRequest) => {
		const raw = await eth.sign(key, request);
		return (await eth.refusal("eth_sendRawTransaction", raw)).message;
	};
	const nonceOf = async ({ address }: Key) =>
		Number(await eth.number("eth_getTransactionCount", address));

	it("is sped up by one that offers a tenth more, which alone lands", async () => {
		const nonce = await nonceOf(fourth);
		const first = { to: NOBODY, value: 1n, nonce, ...fees(100n) };
		const slow = await eth.send(fourth, first);
		assert.equal(await refusal(fourth, first), "already known");
		const underpriced = "replacement transaction underpriced";
		const { maxFeePerGas, maxPriorityFeePerGas } = fees(110n);
		for (const offer of [
			fees(100n),
			fees(90n),
			fees(109n),
			{ ...fees(100n), maxFeePerGas },
			{ ...fees(100n), maxPriorityFeePerGas },
			{ ...fees(110n), maxPriorityFeePerGas: 0n },
		]) {
			assert.equal(await refusal(fourth, { ...first, value: 2n, ...offer }), underpriced);
		}
		const fast = await eth.send(fourth, { ...first, value: 3n, ...fees(110n) });
		assert.deepEqual(await waiting(fourth, nonce), [fast]);
		assert.equal(await eth.call("eth_getTransactionByHash", slow), null);

		const before = await eth.number("eth_getBalance", NOBODY);
		const [receipt] = await eth.mine(dev, fast);
		assert.equal(await eth.number("eth_getBalance", NOBODY), before + 3n);
		assert.equal(BigInt(receipt!.effectiveGasPrice), GWEI + maxPriorityFeePerGas);
		await dev.seal(2);
		assert.equal(await eth.receipt(slow), null);
		assert.equal(await nonceOf(fourth), nonce + 1);
		assert.deepEqual(await eth.call("txpool_status"), { pending: "0x0", queued: "0x0" });
	});

	it("is cancelled, with those behind it kept", async () => {
		const nonce = await nonceOf(fifth);
		const rings = await eth.number("eth_call", { to: bellAt, data: call("rings") });
		const large = { ...ringAt(bellAt, "never", 0), nonce, gasLimit: 10_000_000n, ...fees(100n) };
		const unwanted = await eth.send(fifth, large);
		const behind = await eth.send(fifth, { to: NOBODY, value: 1n, nonce: nonce + 1 });
		const nothing = { to: fifth.address, value: 0n, nonce, ...fees(110n) };
		const cancel = await eth.send(fifth, nothing);
		assert.deepEqual(await waiting(fifth, nonce), [cancel]);
		await eth.mine(dev, cancel, behind);
		assert.equal(await eth.receipt(unwanted), null);
		assert.equal(await eth.number("eth_call", { to: bellAt, data: call("rings") }), rings);
		assert.equal(await nonceOf(fifth), nonce + 2);
	});

	it("is replaced by a dearer one of another form, also behind a gap of nonces", async () => {
		const nonce = await nonceOf(second);
		const ahead = { to: NOBODY, value: 1n, nonce: nonce + 1 };
		const price = (percent: bigint) => ({ type: 0, gasPrice: (2n * GWEI * percent) / 100n });
		await eth.send(second, { ...ahead, ...price(100n) });
		assert.match(await refusal(second, { ...ahead, value: 2n, ...price(109n) }), /underpriced$/);
		const dearer = { maxFeePerGas: 3n * GWEI, maxPriorityFeePerGas: 3n * GWEI };
		const last = await eth.send(second, { ...ahead, value: 3n, ...dearer });
		const gap = await eth.send(second, { to: NOBODY, value: 1n, nonce });
		await eth.mine(dev, gap, last);
		assert.equal(await nonceOf(second), nonce + 2);
	});

	it("goes into the block after those that tip more, whenever they came", async () => {
		const keys = [rich, second, third, fourth, fifth];
		const tips = [1n, 3n, 0n, 4n, 2n].map((tip) => (tip * GWEI) / 2n);
		const sent: string[] = [];
		for (const [index, key] of keys.entries()) {
			const maxPriorityFeePerGas = tips[index]!;
			const offer = { maxFeePerGas: 9n * GWEI, maxPriorityFeePerGas };
			sent.push(await eth.send(key, { to: NOBODY, value: 1n, ...offer }));
		}
		const [receipt] = await eth.mine(dev, ...sent);
		const { transactions } = await eth.block(receipt!.blockNumber);
		assert.deepEqual(transactions, [3, 1, 4, 0, 2].map((index) => sent[index]));
	});
});
