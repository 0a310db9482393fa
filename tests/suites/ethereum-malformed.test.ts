// Requests that make no sense: each is refused as JSON-RPC has it, and others are served meanwhile.

import assert from "node:assert/strict";
import { request as httpRequest, Agent } from "node:http";
import { after, before, describe, it } from "node:test";
import { DevNode } from "../src/dev-node.ts";
import { Ethereum, type WireError, keyOf } from "../src/ethereum.ts";
import { inBatches, sleep } from "../src/wait.ts";

const REQUESTS = 10_000;
/** Requests that are on their way at once. */
const AT_ONCE = 16;
const CLIENTS = 64;
/** Between two requests of a client. */
const PAUSE_MS = 500;
const MEBIBYTE = 1024 * 1024;
/** What the node may grow by while it refuses. */
const MAX_GROWTH = 400 * MEBIBYTE;

/** "The node failed": never the answer to what a caller did wrong. */
const INTERNAL = -32_603;

/** Random numbers that are the same in each run, so that a failure can be repeated (mulberry32). */
let seed = 20_261_125;
function random(below: number): number {
	seed = (seed + 0x6d2b79f5) | 0;
	let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
	mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
	return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
}

function any<T>(items: readonly T[]): T {
	return items[random(items.length)]!;
}

const ADDRESS = `0x${"ab".repeat(20)}`;

/** Values that are no block, hash, address, amount or bytes. */
const WRONG: readonly unknown[] = [
	...[-1, 1.5, 1e30, true, false, {}, [], [[]], "", "0x", "latest ", "0xzz", "-0x1", "0x-1"],
	...["0x1g", "0X10", "zero"],
	...[`0x${"f".repeat(63)}`, `0x${"f".repeat(65)}`, `0x${"1".repeat(2_000)}`],
	...[{ blockNumber: -1 }, { blockHash: "0x1" }, { nobody: { knows: "this" } }, "\u0000", "💥"],
	...[Number.MAX_SAFE_INTEGER, ["0x1", null, {}]],
];

/** Methods with the place of a parameter that a wrong value is put into, the others being right. */
const METHODS: readonly [string, number, readonly unknown[]][] = [
	["eth_getBalance", 0, [ADDRESS, "latest"]],
	["eth_getBalance", 1, [ADDRESS, "latest"]],
	["eth_getCode", 1, [ADDRESS, "latest"]],
	["eth_getTransactionCount", 0, [ADDRESS, "latest"]],
	["eth_getStorageAt", 1, [ADDRESS, "0x0", "latest"]],
	["eth_getBlockByNumber", 0, ["0x0", false]],
	["eth_getBlockByNumber", 1, ["0x0", false]],
	["eth_getBlockByHash", 0, [`0x${"00".repeat(32)}`, false]],
	["eth_getTransactionByHash", 0, [`0x${"00".repeat(32)}`]],
	["eth_getTransactionReceipt", 0, [`0x${"00".repeat(32)}`]],
	["eth_getBlockReceipts", 0, ["latest"]],
	["eth_getTransactionByBlockNumberAndIndex", 1, ["latest", "0x0"]],
	["eth_call", 0, [{ to: ADDRESS }, "latest"]],
	["eth_call", 1, [{ to: ADDRESS }, "latest"]],
	["eth_call", 2, [{ to: ADDRESS }, "latest", {}]],
	["eth_estimateGas", 0, [{ to: ADDRESS }]],
	["eth_createAccessList", 0, [{ to: ADDRESS }]],
	["eth_sendRawTransaction", 0, ["0x"]],
	["eth_getLogs", 0, [{}]],
	["eth_newFilter", 0, [{}]],
	["eth_getFilterChanges", 0, ["0x1"]],
	["eth_feeHistory", 0, ["0x1", "latest", []]],
	["eth_feeHistory", 2, ["0x1", "latest", []]],
	["debug_traceTransaction", 0, [`0x${"00".repeat(32)}`]],
	["debug_traceCall", 0, [{ to: ADDRESS }, "latest"]],
	["debug_getRawHeader", 0, ["latest"]],
	["txpool_contentFrom", 0, [ADDRESS]],
	["web3_sha3", 0, ["0x"]],
];

/** Fields of a call, each of which a wrong value is put into. */
const CALL_FIELDS = [
	...["from", "to", "gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas", "value"],
	...["nonce", "data", "input", "chainId", "type", "accessList", "authorizationList"],
];
const LOG_FIELDS = ["fromBlock", "toBlock", "blockHash", "address", "topics"];

interface Wire {
	jsonrpc?: string;
	id?: number | null;
	result?: unknown;
	error?: WireError;
}

let dev: DevNode;
let eth: Ethereum;
/** A transaction that is good but for what the test does to it. */
let signed: string;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

before(async () => {
	dev = await DevNode.launch("instant");
	eth = new Ethereum(dev.node.ports.rpc);
	signed = await eth.sign(keyOf(0), { to: ADDRESS, value: 1n });
});
after(async () => {
	agent.destroy();
	await dev?.stop();
});

/**
 * Sends bytes as they are; status and text of the answer. A node that answers before it has read all
 * of a body closes the connection: such a request takes one of its own (`false`), not one that the
 * next request would be given.
 */
function post(
	body: string | Buffer,
	connections: Agent | false = agent,
): Promise<{ status: number; text: string }> {
	return new Promise((resolve, reject) => {
		const headers = {
			"content-type": "application/json",
			"content-length": Buffer.byteLength(body),
		};
		const { rpc: port } = dev.node.ports;
		const to = { port, host: "127.0.0.1", method: "POST" };
		const options = { ...to, headers, agent: connections };
		const sent = httpRequest(options, (answer) => {
			const chunks: Buffer[] = [];
			answer.on("data", (chunk: Buffer) => chunks.push(chunk));
			answer.on("end", () => {
				const text = Buffer.concat(chunks).toString("utf8");
				resolve({ status: answer.statusCode ?? 0, text });
			});
		});
		sent.on("error", reject);
		sent.end(body);
	});
}

function body(method: string, params: unknown): string {
	return JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
}

/** A request in which one thing is wrong. */
function wrongParameter(): string {
	const [method, place, right] = any(METHODS);
	return body(method, right.map((value, index) => (index === place ? any(WRONG) : value)));
}

function wrongCall(): string {
	const call = { to: ADDRESS, [any(CALL_FIELDS)]: any(WRONG) };
	return body(any(["eth_call", "eth_estimateGas", "eth_createAccessList"]), [call, "latest"]);
}

function wrongFilter(): string {
	const filter = { [any(LOG_FIELDS)]: any(WRONG), [any(LOG_FIELDS)]: any(WRONG) };
	return body(any(["eth_getLogs", "eth_newFilter"]), [filter]);
}

function wrongParameters(): string {
	const [method, , right] = any(METHODS);
	const params = any<unknown>([[], {}, null, "0x1", 7, [...right, ...Array(9).fill("0x1")]]);
	return body(method, params);
}

/** A transaction that was cut, changed in one byte, or made longer. */
function wrongTransaction(): string {
	const bytes = Buffer.from(signed.slice(2), "hex");
	const at = random(bytes.length);
	const changed = any([
		() => bytes.subarray(0, at),
		() => Buffer.concat([bytes, Buffer.alloc(1 + random(40))]),
		() => Buffer.concat([bytes.subarray(0, 1), Buffer.alloc(random(300), random(256))]),
		() => Buffer.from(bytes.map((byte, index) => byte ^ (index === at ? 1 << random(8) : 0))),
	])();
	return body("eth_sendRawTransaction", [`0x${changed.toString("hex")}`]);
}

const KINDS = [wrongParameter, wrongCall, wrongFilter, wrongParameters, wrongTransaction];

/** What is wrong with an answer; nothing where it is as JSON-RPC has it. */
function fault(text: string): string | undefined {
	const answer = JSON.parse(text) as Wire;
	if (answer.jsonrpc !== "2.0") return "not JSON-RPC";
	if ((answer.error === undefined) === (answer.result === undefined)) return "neither or both";
	const { error } = answer;
	if (error === undefined) return undefined;
	if (error.code === INTERNAL) return "an internal error";
	return Number.isInteger(error.code) && error.message.length > 0 ? undefined : "an empty error";
}

describe("requests that make no sense", () => {
	it("get errors that blame the caller, while others are served and memory stays", async () => {
		const before = dev.node.memory();
		const faults: string[] = [];
		let refused = 0;
		let done = false;
		const work = inBatches(
			Array.from({ length: REQUESTS }, () => any(KINDS)()),
			AT_ONCE,
			async (wrong) => {
				const { status, text } = await post(wrong);
				const found = status === 200 ? fault(text) : `status ${status}`;
				if (found) faults.push(`${found}: ${wrong.slice(0, 300)} -> ${text.slice(0, 300)}`);
				if (text.includes('"error"')) refused += 1;
			},
		).finally(() => {
			done = true;
		});
		const slowest = await Promise.all(
			Array.from({ length: CLIENTS }, async (_, index) => {
				let slow = 0;
				while (!done) {
					const start = Date.now();
					const balance = await eth.number("eth_getBalance", keyOf(index % 10).address);
					assert.ok(balance > 0n);
					slow = Math.max(slow, Date.now() - start);
					await sleep(PAUSE_MS);
				}
				return slow;
			}),
		);
		await work;
		assert.deepEqual(faults.slice(0, 5), []);
		// Some changes leave sense in a request, such as a number in another form.
		assert.ok(refused > REQUESTS * 0.8, `${refused} refused`);
		assert.ok(Math.max(...slowest) < 10_000, `${Math.max(...slowest)} ms`);
		const grown = dev.node.memory() - before;
		assert.ok(grown < MAX_GROWTH, `${Math.round(grown / MEBIBYTE)} MiB more`);
	});

	it("are told apart by the codes of JSON-RPC", async () => {
		const code = async (text: string | Buffer) =>
			(JSON.parse((await post(text)).text) as Wire).error?.code;
		assert.equal(await code("{"), -32_700);
		assert.equal(await code(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])), -32_700);
		assert.equal(await code(JSON.stringify({ jsonrpc: "2.0", id: 1 })), -32_600);
		assert.equal(await code(body("eth_nothing", [])), -32_601);
		assert.equal(await code(body("eth_getBalance", [])), -32_602);
		assert.equal(await code(body("eth_getBalance", ["0x1"])), -32_602);
		assert.equal(await code(body("eth_getBlockByNumber", ["0x0", "yes"])), -32_602);
		assert.equal(await code("[]"), -32_600);
	});

	it("may be in a batch with good ones, which are answered", async () => {
		const one = (id: number, method: string) => ({ jsonrpc: "2.0", id, method, params: [] });
		const batch = [one(1, "eth_chainId"), one(2, "eth_nothing"), 3, one(4, "net_version")];
		const answers = JSON.parse((await post(JSON.stringify(batch))).text) as Wire[];
		const byId = (id: number) => answers.find((answer) => answer.id === id);
		assert.equal(byId(1)?.result, "0x4d2");
		assert.equal(byId(2)?.error?.code, -32_601);
		assert.equal(byId(4)?.result, "1234");
		assert.equal(answers.length, batch.length);
	});

	it("may be huge or deep, and do no harm", async () => {
		const huge = body("eth_sendRawTransaction", [`0x${"00".repeat(20 * MEBIBYTE)}`]);
		const large = await post(huge, false).catch(() => ({ status: 413, text: "" }));
		assert.ok(large.status === 413 || fault(large.text) === undefined, `${large.status}`);
		const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
		for (const params of [deep, `[{"to":"${ADDRESS}","data":${deep}}]`]) {
			const { text } = await post(
				`{"jsonrpc":"2.0","id":1,"method":"eth_call","params":${params}}`,
			);
			assert.ok((JSON.parse(text) as Wire).error, text.slice(0, 100));
		}
		const many = JSON.stringify(Array.from({ length: 2_000 }, () => [[]]));
		assert.ok((await post(many)).text.length > 0);
		const wide = { fromBlock: "0x0", toBlock: "0xffffffffffffffff" };
		assert.ok(Array.isArray(await eth.call("eth_getLogs", wide)), "a short chain's whole");
	});

	it("leave a node that works", async () => {
		const raw = await eth.sign(keyOf(1), { to: ADDRESS, value: 1n });
		assert.match(await eth.call<string>("eth_sendRawTransaction", raw), /^0x[0-9a-f]{64}$/);
		assert.doesNotMatch(dev.node.log(), /panicked/);
	});
});
