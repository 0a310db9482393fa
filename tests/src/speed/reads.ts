// How long reads take: median and 99th percentile, from 1 and from 64 clients.
//
// All nodes hold the same: 10,000 blocks with a log in each hundredth. They run side by side, make
// no blocks meanwhile, and are asked in turn, so that what else the machine does meets them alike.

import { median } from "../bench.ts";
import { quantity } from "../ethereum.ts";
import { each } from "./client.ts";
import type { Contender } from "./contender.ts";
import { type Spent, between, load, spent } from "./processor.ts";
import { TRANSFER, addresses, balance, erc20, settled, signed, token } from "./token.ts";

/** Blocks that are searched for logs. */
const BLOCKS = 10_000;
/** One block in so many holds a log. */
const APART = 100;
/** Clients that ask at once. */
const CLIENTS = [1, 64] as const;
/** Requests before the clock starts, and those that are measured. */
const WARM_UP = 200;
const REQUESTS = 2_000;
/** What every node answers without a look at the chain. */
export const FLOOR = "web3_clientVersion";
/** As many searches take too long. */
const SEARCHES = 640;

/** What is asked of a node. */
interface Question {
	method: string;
	params: unknown[];
	requests: number;
}

/** How long a read takes, in milliseconds. */
export interface Latency {
	median: number;
	/** 99th percentile. */
	most: number;
	/** Processor time of a request. */
	spent: Spent;
	/** Time that passed for each request: less than it took where there are many clients. */
	passed: number;
}

/** Latencies of every node for one question. */
export interface Comparison {
	method: string;
	clients: number;
	/** By the name of the node. */
	latencies: Map<string, Latency>;
}

/** Makes the blocks and tells what to ask about them. */
async function prepare(contender: Contender): Promise<Question[]> {
	const { client, mine } = contender;
	if (!mine) throw new Error(`${contender.name} makes blocks by itself`);
	const at = await token(contender);
	const transfers = await signed(client, erc20(at), BLOCKS / APART / addresses.length);
	const before = await client.number("eth_blockNumber");
	for (const [index, raw] of transfers.entries()) {
		await settled(contender, await client.call<string>("eth_sendRawTransaction", raw));
		const missing = before + APART * (index + 1) - (await client.number("eth_blockNumber"));
		await mine(missing);
	}
	const range = { fromBlock: quantity(before + 1), toBlock: quantity(before + BLOCKS) };
	const search = { ...range, address: at, topics: [TRANSFER] };
	const found = await client.call<unknown[]>("eth_getLogs", search);
	if (found.length !== BLOCKS / APART) {
		throw new Error(`${contender.name} finds ${found.length} logs, not ${BLOCKS / APART}`);
	}
	return questions(at, search);
}

function questions(at: string, search: object): Question[] {
	const transfer = { from: addresses[0], ...erc20Call(at) };
	const usual: [string, ...unknown[]][] = [
		// Read from no state: what client, connection and JSON take.
		[FLOOR],
		["eth_call", balance(at), "latest"],
		["eth_getBalance", addresses[0], "latest"],
		["eth_getBlockByNumber", "latest", false],
		["eth_estimateGas", transfer],
	];
	return [
		...usual.map(([method, ...params]) => ({ method, params, requests: REQUESTS })),
		{ method: "eth_getLogs", params: [search], requests: SEARCHES },
	];
}

function erc20Call(at: string): { to: string; data: string } {
	return { to: at, data: String(erc20(at)(0).data) };
}

/** Asks one node so many times, `clients` at once. */
async function ask(contender: Contender, question: Question, clients: number): Promise<Latency> {
	const { client, pids } = contender;
	const { method, params, requests } = question;
	const times: number[] = [];
	const one = async (): Promise<void> => {
		const start = performance.now();
		await client.call(method, ...params);
		times.push(performance.now() - start);
	};
	await each(Array(Math.min(WARM_UP, requests)).keys(), clients, one);
	times.length = 0;
	const [before, start] = [spent(pids), performance.now()];
	await each(Array(requests).keys(), clients, one);
	const passed = (performance.now() - start) / requests;
	const { node, client: own, machine } = between(before, spent(pids));
	const a = (seconds: number) => (1_000 * seconds) / requests;
	times.sort((x, y) => x - y);
	return {
		median: median(times),
		most: times[Math.floor(times.length * 0.99)]!,
		spent: { node: a(node), client: a(own), machine: a(machine) },
		passed,
	};
}

type Named = [string, Latency];

/** A line that says of what a read's time is made. */
function told({ method, clients, latencies }: Comparison): string {
	const of = ([name, { median: time, spent: { node, client, machine }, passed }]: Named): string => {
		const cores = (spent: number) => (spent / passed).toFixed(1);
		return (
			`${name} ${time.toFixed(2)} ms, its processor ${node.toFixed(2)} ms a request, cores: ` +
			`node ${cores(node)}, client ${cores(client)}, others ${cores(machine - node - client)}`
		);
	};
	return [`${method}, ${clients} clients`, ...[...latencies].map(of), load()].join("; ");
}

/** Asks all nodes one question in turn. */
async function compareOne(
	prepared: readonly [Contender, Question[]][],
	index: number,
	clients: number,
): Promise<Comparison> {
	const latencies = new Map<string, Latency>();
	for (const [contender, questions] of prepared) {
		latencies.set(contender.name, await ask(contender, questions[index]!, clients));
	}
	const comparison = { method: prepared[0]![1][index]!.method, clients, latencies };
	console.log(told(comparison));
	return comparison;
}

/** Prepares all nodes and compares them, question by question. */
export async function compare(contenders: readonly Contender[]): Promise<Comparison[]> {
	const prepared = await Promise.all(
		contenders.map(async (contender): Promise<[Contender, Question[]]> => [
			contender,
			await prepare(contender),
		]),
	);
	const results: Comparison[] = [];
	for (const clients of CLIENTS) {
		for (const index of prepared[0]![1].keys()) {
			results.push(await compareOne(prepared, index, clients));
		}
	}
	return results;
}
