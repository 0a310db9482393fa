// `make bench SUITE=ethereum`: how many Ethereum transactions a second end in blocks of one node
// with a block every three seconds, and how long reads take, from 1 and from 64 clients.
//
// Client and node share the machine. Transactions are signed before the clock starts.

import { Interface, type TransactionRequest, getCreateAddress } from "ethers";
import { type Measurement, measured, median, report } from "../src/bench.ts";
import { DevNode } from "../src/dev-node.ts";
import { type EthBlock, Ethereum, keyOf, quantity } from "../src/ethereum.ts";
import { compile } from "../src/solidity.ts";
import { eventually } from "../src/wait.ts";

/** Milliseconds between blocks: those of the networks. */
const BLOCK_TIME = 3_000;
const SENDERS = 10;
/** Transactions of each sender; in all fewer than the pool takes. */
const EACH = 700;
/** Requests on the wire at once while transactions are sent. */
const SENDING = 32;
const READS = 2_000;
/** ERC-20 transfers a second that Frontier's template is reported to reach. */
const GOAL = ">= 340";

const { Coin } = compile("Tokens.sol");
const coin = new Interface(Coin!.abi);
const keys = Array.from({ length: SENDERS }, (_, index) => keyOf(index));

function transferOf(token: string, to: string, amount: bigint): TransactionRequest {
	const data = coin.encodeFunctionData("transfer", [to, amount]);
	return { to: token, data, gasLimit: 60_000n };
}

/** Runs `work` for each item, `width` at once. */
async function each<T>(items: readonly T[], width: number, work: (item: T) => Promise<unknown>) {
	const queue = items.values();
	const worker = async (): Promise<void> => {
		for (const item of queue) await work(item);
	};
	await Promise.all(Array.from({ length: width }, worker));
}

/** Signed transactions in the order in which each sender's nonces rise. */
async function signed(eth: Ethereum, request: (index: number) => TransactionRequest) {
	const first = await Promise.all(
		keys.map(({ address }) => eth.number("eth_getTransactionCount", address, "latest")),
	);
	const all: string[] = [];
	for (let turn = 0; turn < EACH; turn++) {
		for (const [index, key] of keys.entries()) {
			const nonce = Number(first[index]) + turn;
			all.push(await eth.sign(key, { ...request(index), nonce }));
		}
	}
	return all;
}

/** The blocks after `number`, until all transactions are in. */
async function blocksWith(eth: Ethereum, number: number, count: number): Promise<EthBlock[]> {
	const blocks: EthBlock[] = [];
	const look = async (): Promise<boolean> => {
		const best = Number(await eth.number("eth_blockNumber"));
		while (number + blocks.length < best) {
			blocks.push(await eth.block(quantity(number + blocks.length + 1)));
		}
		return blocks.reduce((sum, { transactions }) => sum + transactions.length, 0) >= count;
	};
	await eventually("all transactions in blocks", look, { timeoutMs: 300_000, everyMs: 500 });
	return blocks.filter(({ transactions }) => transactions.length > 0);
}

/** Transactions a second over the blocks that are full, and what the fullest one held. */
async function throughput(
	eth: Ethereum,
	what: string,
	request: (index: number) => TransactionRequest,
	goal?: string,
): Promise<Measurement[]> {
	const all = await signed(eth, request);
	const before = Number(await eth.number("eth_blockNumber"));
	const start = Date.now();
	await each(all, SENDING, (raw) => eth.call("eth_sendRawTransaction", raw));
	const sent = (Date.now() - start) / 1_000;
	const blocks = await blocksWith(eth, before, all.length);
	const counts = blocks.map(({ transactions }) => transactions.length);
	// Sealing begins a block three seconds after the last one ended, however long that took.
	const seconds = (Date.now() - start) / 1_000;
	const fullest = Math.max(...counts);
	return [
		measured(`${what}, in blocks`, all.length / seconds, "a second", goal ? { goal } : {}),
		measured(`${what}, into the pool`, all.length / sent, "a second"),
		measured(`${what}, fullest block`, fullest, "transactions"),
	];
}

/** Median and 99th percentile of a read, in milliseconds. */
async function latency(eth: Ethereum, clients: number, method: string, ...params: unknown[]) {
	const times: number[] = [];
	await each(Array.from({ length: READS }), clients, async () => {
		const start = performance.now();
		await eth.call(method, ...params);
		times.push(performance.now() - start);
	});
	times.sort((a, b) => a - b);
	const name = `${method}, ${clients} client${clients > 1 ? "s" : ""}`;
	return [
		measured(`${name}, median`, median(times), "ms"),
		measured(`${name}, 99 %`, times[Math.floor(times.length * 0.99)] ?? Number.NaN, "ms"),
	];
}

async function reads(eth: Ethereum, token: string, balanceOf: string): Promise<Measurement[]> {
	const results: Measurement[] = [];
	const call = { to: token, data: balanceOf };
	const transfer = { from: keyOf(0).address, to: keyOf(1).address, value: "0x1" };
	for (const clients of [1, 64]) {
		for (const [method, ...params] of [
			["eth_call", call, "latest"],
			["eth_getBalance", keyOf(0).address, "latest"],
			["eth_getBlockByNumber", "latest", false],
			["eth_estimateGas", transfer],
		] as const) {
			results.push(...(await latency(eth, clients, method, ...params)));
		}
	}
	return results;
}

/** Makes a token of which every sender has some, and tells where it is. */
async function token(eth: Ethereum): Promise<string> {
	const [owner] = keys;
	const nonce = Number(await eth.number("eth_getTransactionCount", owner!.address, "latest"));
	const terms = coin.encodeDeploy(["Speed", "SPD", 1_000_000_000n]);
	const data = Coin!.bytecode + terms.slice(2);
	await eth.send(owner!, { data, gasLimit: 5_000_000n, nonce });
	const at = getCreateAddress({ from: owner!.address, nonce });
	for (const [index, { address }] of keys.entries()) {
		const request = { ...transferOf(at, address, 1_000_000n), nonce: nonce + 1 + index };
		await eth.send(owner!, request);
	}
	const balance = { to: at, data: coin.encodeFunctionData("balanceOf", [keys.at(-1)!.address]) };
	const shared = async () => BigInt(await eth.call<string>("eth_call", balance, "latest")) > 0n;
	await eventually("the tokens", async () => shared().catch(() => false), {
		timeoutMs: 60_000,
		everyMs: 500,
	});
	return at;
}

async function measure(eth: Ethereum): Promise<Measurement[]> {
	const at = await token(eth);
	const to = (index: number) => keys[(index + 1) % SENDERS]!.address;
	const plain = (index: number) => ({ to: to(index), value: 1n });
	const erc20 = (index: number) => transferOf(at, to(index), 1n);
	return [
		...(await throughput(eth, "plain transfers", plain)),
		...(await throughput(eth, "ERC-20 transfers", erc20, GOAL)),
		...(await reads(eth, at, coin.encodeFunctionData("balanceOf", [keys[0]!.address]))),
	];
}

const dev = await DevNode.launch(String(BLOCK_TIME));
try {
	const results = await measure(new Ethereum(dev.node.ports.rpc));
	report("ethereum", results);
	process.exitCode = results.every(({ holds }) => holds) ? 0 : 1;
} finally {
	await dev.stop();
}
