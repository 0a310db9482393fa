// What Ethereum's tools are told when the best chain changes, and after the node was killed.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Interface, getCreateAddress } from "ethers";
import { WsProvider } from "@polkadot/api";
import { CMT } from "../src/calls.ts";
import { DevNode } from "../src/dev-node.ts";
import {
	type EthBlock,
	type EthLog,
	type EthReceipt,
	Ethereum,
	keyOf,
	quantity,
} from "../src/ethereum.ts";
import { blockHash, rpc } from "../src/rpc.ts";
import { compile } from "../src/solidity.ts";
import { eventually } from "../src/wait.ts";

const { Bell } = compile("Bell.sol");
const bell = new Interface(Bell!.abi);
const [ringer, other] = [keyOf(0), keyOf(1)];
const NOBODY = "0x00000000000000000000000000000000000000cc";
const bellAt = getCreateAddress({ from: ringer.address, nonce: 0 }).toLowerCase();

function ring(words: string) {
	const data = bell.encodeFunctionData("ring", [words, 1]);
	return { to: bellAt, data, gasLimit: 500_000n };
}

/** Makes a block that is not final upon a parent, the best block by default; its own hash. */
async function build(dev: DevNode, parent: string | null = null): Promise<string> {
	const { hash } = await rpc<{ hash: string }>(dev.node.ports.rpc, "engine_createBlock", [
		...[true, false, parent],
	]);
	return hash;
}

async function bestHash({ node }: DevNode): Promise<string> {
	return (await blockHash(node.ports.rpc))!;
}

/** States that are kept. */
const KEPT = 16;

let dev: DevNode;
let eth: Ethereum;
before(async () => {
	dev = await DevNode.launch("manual", `--state-pruning=${KEPT}`);
	eth = new Ethereum(dev.node.ports.rpc);
});
after(() => dev?.stop());

describe("a change of the best chain", () => {
	let provider: WsProvider;
	/** Own hash of the block before the fork. */
	let parent: string;
	let raw: string;
	let sent: string;
	/** The receipt as long as the first chain is the best. */
	let told: EthReceipt;
	/** The block that held the transaction then, and the one upon it. */
	let abandoned: EthBlock;
	let last: EthBlock;
	let logFilter: string;
	let blockFilter: string;
	const heads: { hash: string; number: string }[] = [];
	const logs: EthLog[] = [];

	before(async () => {
		provider = new WsProvider(dev.node.url, false);
		await provider.connect();
		await provider.isReady;
		const made = await eth.send(ringer, { data: Bell!.bytecode, gasLimit: 3_000_000n });
		await eth.mine(dev, made);
		const subscribe = (kind: unknown[], onNews: (news: never) => void) =>
			provider.subscribe("eth_subscription", "eth_subscribe", kind, (error, news) => {
				if (error) throw error;
				onNews(news as never);
			});
		await subscribe(["newHeads"], (head) => heads.push(head));
		await subscribe(["logs", { address: bellAt }], (log) => logs.push(log));
		logFilter = await eth.call("eth_newFilter", { address: bellAt });
		blockFilter = await eth.call("eth_newBlockFilter");
		parent = await bestHash(dev);
		raw = await eth.sign(ringer, ring("fork"));
		sent = await eth.call("eth_sendRawTransaction", raw);
		await build(dev);
		await build(dev);
		told = (await eth.receipt(sent))!;
		abandoned = await eth.block(told.blockNumber);
		assert.deepEqual(abandoned.transactions, [sent]);
		last = await eth.block();
		assert.deepEqual(await eth.news(logFilter, told.logs.length), told.logs);
		const blocks = [abandoned.hash, last.hash];
		assert.deepEqual(await eth.news(blockFilter, blocks.length), blocks);
	});
	after(() => provider?.disconnect());

	const all = { address: bellAt, fromBlock: "0x0", toBlock: "latest" };

	it("is made by finality and not by a shorter branch", async () => {
		const best = await bestHash(dev);
		const branch = await build(dev, parent);
		assert.equal(await bestHash(dev), best);
		assert.deepEqual(await eth.receipt(sent), told);
		assert.deepEqual(await eth.call("eth_getLogs", all), told.logs);
		await rpc(dev.node.ports.rpc, "engine_finalizeBlock", [branch, null]);
		assert.equal(await bestHash(dev), branch);
		assert.equal(await eth.call("eth_blockNumber"), abandoned.number);
	});

	it("moves transactions, receipts and logs to the blocks that count now", async () => {
		assert.equal(await eth.receipt(sent), null);
		assert.deepEqual(await eth.call("eth_getLogs", all), []);
		// Whoever waits for a transaction sends it again where it left the chain and the pool.
		if ((await eth.call("eth_getTransactionByHash", sent)) === null) {
			assert.equal(await eth.call("eth_sendRawTransaction", raw), sent);
		}
		const moved = await eventually(
			"the transaction on the new chain",
			async () => {
				await build(dev);
				return (await eth.receipt(sent)) ?? undefined;
			},
			{ timeoutMs: 10_000 },
		);
		assert.notEqual(moved.blockHash, abandoned.hash);
		const block = await eth.block(moved.blockNumber);
		assert.equal(block.hash, moved.blockHash);
		assert.ok(block.transactions.includes(sent));
		assert.deepEqual(await eth.call("eth_getLogs", all), moved.logs);
		const found = await eth.call<{ blockHash: string }>("eth_getTransactionByHash", sent);
		assert.equal(found.blockHash, moved.blockHash);
		const data = bell.encodeFunctionData("rings");
		assert.equal(await eth.number("eth_call", { to: bellAt, data }), 1n);
	});

	it("leaves the abandoned block to those who ask for it by its hash", async () => {
		assert.notEqual((await eth.block(abandoned.number)).hash, abandoned.hash);
		assert.deepEqual(await eth.call("eth_getBlockByHash", abandoned.hash, false), abandoned);
		assert.deepEqual(await eth.call("eth_getLogs", { blockHash: abandoned.hash }), told.logs);
		const strict = { blockHash: abandoned.hash, requireCanonical: true };
		const { message } = await eth.refusal("eth_getBalance", ringer.address, strict);
		assert.match(message, /is not on the best chain/);
	});

	it("is told to filters: what was logged is taken back and logged anew", async () => {
		const now = (await eth.receipt(sent))!.logs;
		const gone = told.logs.map((log) => ({ ...log, removed: true })).reverse();
		const changes = [...gone, ...now];
		assert.deepEqual(await eth.news(logFilter, changes.length), changes);
		assert.deepEqual(await eth.call("eth_getFilterLogs", logFilter), now);
		const best = Number(await eth.call("eth_blockNumber"));
		const branch: string[] = [];
		for (let number = Number(abandoned.number); number <= best; number += 1) {
			branch.push((await eth.block(number)).hash);
		}
		assert.deepEqual(await eth.news(blockFilter, branch.length), branch);
	});

	it("is told to subscriptions in the same way", async () => {
		const best = await eth.block();
		await eventually("the best block", () => heads.some(({ hash }) => hash === best.hash));
		const from = heads.findIndex(({ hash }) => hash === last.hash);
		assert.equal(heads[from - 1]?.hash, abandoned.hash);
		// After them every block of the new branch, and each once.
		const branch = heads.slice(from + 1);
		assert.equal(Number(branch[0]!.number), Number(abandoned.number));
		for (const { hash, number } of branch) {
			assert.equal((await eth.block(number)).hash, hash);
		}
		assert.equal(new Set(branch.map(({ hash }) => hash)).size, branch.length);
		const now = (await eth.receipt(sent))!.logs;
		await eventually("the logs", () => logs.length >= told.logs.length * 2 + now.length);
		const gone = logs.filter(({ removed }) => removed);
		assert.deepEqual(
			gone,
			told.logs.map((log) => ({ ...log, removed: true })).reverse(),
		);
		assert.deepEqual(logs.filter(({ removed }) => !removed), [...told.logs, ...now]);
	});
});

describe("a branch that becomes longer by two blocks", () => {
	let provider: WsProvider;
	let logFilter: string;
	let raw: string;
	let sent: string;
	/** Own hash of the block before the fork, its number, and the receipt before the change. */
	let parent: string;
	let number: bigint;
	let told: EthReceipt;
	const logs: EthLog[] = [];
	/** Own hashes of the branch, the oldest first. */
	const branch: string[] = [];

	before(async () => {
		provider = new WsProvider(dev.node.url, false);
		await provider.connect();
		await provider.isReady;
		const kind = ["logs", { address: bellAt }];
		await provider.subscribe("eth_subscription", "eth_subscribe", kind, (error, log: EthLog) => {
			if (error) throw error;
			logs.push(log);
		});
		logFilter = await eth.call("eth_newFilter", { address: bellAt });
		parent = await dev.seal();
		number = await eth.number("eth_blockNumber");
		raw = await eth.sign(other, ring("branch"));
		sent = await eth.call("eth_sendRawTransaction", raw);
		await build(dev);
		await build(dev);
		told = (await eth.receipt(sent))!;
		assert.equal(BigInt(told.blockNumber), number + 1n);
		assert.deepEqual(await eth.news(logFilter, told.logs.length), told.logs);
	});
	after(() => provider?.disconnect());

	it("is the best chain as soon as it is longer, with a slot for each block", async () => {
		const old = await bestHash(dev);
		for (let height = 1; height <= 4; height += 1) {
			branch.push(await build(dev, branch.at(-1) ?? parent));
			assert.equal(await bestHash(dev), height <= 2 ? old : branch.at(-1));
		}
		assert.equal(await eth.number("eth_blockNumber"), number + 4n);
		const heights = [0n, 1n, 2n, 3n, 4n];
		const blocks = await Promise.all(heights.map((height) => eth.block(number + height)));
		for (const [index, { timestamp, parentHash }] of blocks.entries()) {
			if (index === 0) continue;
			assert.equal(await blockHash(dev.node.ports.rpc, Number(number) + index), branch[index - 1]);
			assert.equal(parentHash, blocks[index - 1]!.hash);
			assert.equal(Number(timestamp) - Number(blocks[index - 1]!.timestamp), 3);
		}
	});

	it("takes back what was logged, and logs it where it is now", async () => {
		if ((await eth.call("eth_getTransactionByHash", sent)) === null) {
			assert.equal(await eth.call("eth_sendRawTransaction", raw), sent);
		}
		const look = async () => {
			await build(dev);
			return (await eth.receipt(sent)) ?? undefined;
		};
		const moved = await eventually("the transaction on the branch", look);
		assert.notEqual(moved.blockHash, told.blockHash);
		assert.ok(BigInt(moved.blockNumber) > number);
		assert.equal((await eth.block(moved.blockNumber)).hash, moved.blockHash);
		const removed = told.logs.map((log) => ({ ...log, removed: true })).reverse();
		const changes = [...removed, ...moved.logs];
		assert.deepEqual(await eth.news(logFilter, changes.length), changes);
		const expected = [...told.logs, ...changes];
		await eventually("the logs", () => logs.length >= expected.length);
		assert.deepEqual(logs, expected);
	});
});

describe("a node that was killed", () => {
	/** All that is told of the blocks up to this one. */
	async function history(newest: bigint): Promise<unknown[]> {
		const answers: unknown[] = [];
		for (let number = 0n; number <= newest; number += 1n) {
			const id = quantity(number);
			answers.push(
				await eth.call("eth_getBlockByNumber", id, true),
				await eth.call("eth_getBlockReceipts", id),
				await eth.call("eth_getLogs", { fromBlock: id, toBlock: id }),
			);
		}
		return answers;
	}

	/** Makes blocks with transactions until the node is gone. */
	async function busy(): Promise<void> {
		for (let words = 0; ; words += 1) {
			try {
				await eth.send(ringer, ring(`${words}`));
				await dev.seal();
			} catch {
				return;
			}
		}
	}

	it("tells the same afterwards, of states that are gone too, and goes on", async () => {
		const rung = [await eth.send(ringer, ring("a")), await eth.send(other, ring("b"))];
		const [receipt] = await eth.mine(dev, ...rung);
		await dev.seal(2 * KEPT);
		const newest = await eth.number("eth_blockNumber");
		const told = await history(newest);
		const work = busy();
		// Many, as the last ones may not be on the disk yet.
		const isBusy = async () => (await eth.number("eth_blockNumber")) > newest + 20n;
		await eventually("blocks with transactions", isBusy, { everyMs: 50 });
		await dev.node.kill();
		await work;
		dev.node.start();
		await dev.node.answers();
		assert.ok((await eth.number("eth_blockNumber")) > newest, "killed at work");
		assert.deepEqual(await history(newest), told);
		assert.deepEqual(await eth.receipt(rung[0]!), receipt);

		const old = [ringer.address, receipt!.blockNumber];
		assert.match((await eth.refusal("eth_getBalance", ...old)).message, /^missing state/);
		// Blocks that were made until the end are whole.
		const best = await eth.number("eth_blockNumber");
		for (const id of [best - 1n, best].map(quantity)) {
			const block = await eth.block(id);
			const receipts = await eth.call<EthReceipt[]>("eth_getBlockReceipts", id);
			assert.deepEqual(receipts.map((found) => found.transactionHash), block.transactions);
		}
		const later = await eth.send(other, { to: NOBODY, value: CMT });
		await eth.mine(dev, later);
		assert.equal(await eth.number("eth_getBalance", NOBODY), CMT);
	});
});
