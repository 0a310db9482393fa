// What a transaction did, step by step and in raw bytes, as debuggers and explorers ask for it.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Transaction, keccak256 } from "ethers";
import { call, makeBell, ringAt } from "../src/bell.ts";
import { DevNode } from "../src/dev-node.ts";
import { type EthBlock, type EthReceipt, Ethereum, keyOf } from "../src/ethereum.ts";

const [rich, second, third] = [keyOf(0), keyOf(1), keyOf(2)];

let dev: DevNode;
let eth: Ethereum;
/** Where the bell is. */
let bellAt: string;
/** The block with four transactions, and their receipts. */
let busy: EthBlock;
let receipts: EthReceipt[];

before(async () => {
	dev = await DevNode.launch("manual");
	eth = new Ethereum(dev.node.ports.rpc);
	await dev.seal();
	bellAt = await makeBell(dev, eth, rich);
	const sent = [
		await eth.send(rich, ringAt(bellAt, "one")),
		await eth.send(rich, ringAt(bellAt, "two", 2)),
		await eth.send(second, { ...ringAt(bellAt, "three", 1), value: 7n }),
		await eth.send(third, { to: bellAt, data: call("silent"), gasLimit: 100_000n }),
	];
	receipts = await eth.mine(dev, ...sent);
	busy = await eth.block(receipts[0]!.blockNumber);
});
after(() => dev?.stop());

describe("what a transaction did", () => {
	interface Frame {
		type: string;
		from: string;
		to: string;
		output?: string;
		error?: string;
		revertReason?: string;
		logs?: unknown[];
	}
	const trace = <T>(index: number, options: object) =>
		eth.call<T>("debug_traceTransaction", receipts[index]!.transactionHash, options);

	it("is traced by calls", async () => {
		const config = { tracer: "callTracer", tracerConfig: { withLog: true } };
		const done = await trace<Frame>(1, config);
		assert.equal(done.type, "CALL");
		assert.equal(done.from, rich.address.toLowerCase());
		assert.equal(done.to, bellAt);
		assert.equal(done.logs?.length, 3);
		const failed = await trace<Frame>(3, { tracer: "callTracer" });
		assert.equal(failed.error, "execution reverted");
		assert.equal(failed.revertReason, "the bell is silent");
	});

	it("is traced by the state that it read and wrote", async () => {
		type State = Record<string, { balance?: string; nonce?: number; storage?: object }>;
		const before = await trace<State>(2, { tracer: "prestateTracer" });
		assert.ok(before[bellAt]);
		assert.ok(before[second.address.toLowerCase()]);
		const { pre, post } = await trace<{ pre: State; post: State }>(2, {
			tracer: "prestateTracer",
			tracerConfig: { diffMode: true },
		});
		const change = BigInt(post[bellAt]!.balance!) - BigInt(pre[bellAt]?.balance ?? 0);
		assert.equal(change, 7n);
	});

	it("is traced by opcodes", async () => {
		const { structLogs, failed } = await trace<{
			structLogs: { pc: number; op: string; depth: number }[];
			failed: boolean;
		}>(0, {});
		assert.equal(failed, false);
		assert.equal(structLogs[0]!.pc, 0);
		assert.ok(structLogs.some(({ op }) => op === "SSTORE"));
		const short = await trace<{ structLogs: unknown[] }>(0, { limit: 3 });
		assert.equal(short.structLogs.length, 3);
	});

	it("is traced for all of a block, and for a call that was never made", async () => {
		const config = { tracer: "callTracer" };
		const all = await eth.call<{ txHash: string; result: Frame }[]>(
			"debug_traceBlockByNumber",
			busy.number,
			config,
		);
		assert.deepEqual(all.map(({ txHash }) => txHash), busy.transactions);
		assert.deepEqual(await eth.call("debug_traceBlockByHash", busy.hash, config), all);
		const request = { from: rich.address, to: bellAt, data: call("silent") };
		const frame = await eth.call<Frame>("debug_traceCall", request, "latest", config);
		assert.equal(frame.revertReason, "the bell is silent");
		const unknown = await eth.refusal("debug_traceTransaction", `0x${"12".repeat(32)}`);
		assert.match(unknown.message, /transaction not found/);
		const tracer = await eth.refusal("debug_traceTransaction", receipts[0]!.transactionHash, {
			tracer: "noTracer",
		});
		assert.equal(tracer.code, -32_602);
	});

	it("can be had in raw bytes, whose hashes are those that are told", async () => {
		const header = await eth.call<string>("debug_getRawHeader", busy.number);
		assert.equal(keccak256(header), busy.hash);
		const block = await eth.call<string>("debug_getRawBlock", busy.hash);
		assert.ok(block.includes(header.slice(2)));
		for (const hash of busy.transactions) {
			const raw = await eth.call<string>("debug_getRawTransaction", hash);
			assert.equal(keccak256(raw), hash);
			assert.equal(await eth.call("eth_getRawTransactionByHash", hash), raw);
			assert.equal(Transaction.from(raw).hash, hash);
		}
		const raw = await eth.call<string[]>("debug_getRawReceipts", busy.number);
		assert.equal(raw.length, receipts.length);
		assert.deepEqual(await eth.call("debug_getBadBlocks"), []);
	});

	it("can be listed before it is done", async () => {
		const data = call("ring", "listed", 0);
		const { accessList, gasUsed } = await eth.call<{
			accessList: { address: string; storageKeys: string[] }[];
			gasUsed: string;
		}>("eth_createAccessList", { from: rich.address, to: bellAt, data });
		const own = accessList.find(({ address }) => address.toLowerCase() === bellAt);
		assert.ok(own!.storageKeys.includes(`0x${"0".repeat(64)}`));
		assert.ok(Number(gasUsed) > 0);
	});
});
