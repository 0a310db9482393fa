// What a transaction costs the node: on its way into the pool, in a block, and in the index.

import { type Measurement, measured } from "../bench.ts";
import type { EthBlock } from "../ethereum.ts";
import { sleep } from "../wait.ts";
import { madeBlocks } from "./bounds.ts";
import type { Contender } from "./contender.ts";
import { type Run, send } from "./load.ts";
import { Stopwatch } from "./metrics.ts";
import { between, spent } from "./processor.ts";
import { addresses, erc20, signed, token } from "./token.ts";

/** About as many ERC-20 transfers as a block holds. */
const TRANSFERS = 1_300;
/** Until the node rests again. */
const SETTLING = 2_000;
const INDEX = "cybermiles_ethereum_index_seconds";
/** Blocks without transactions from which their cost is taken. */
const EMPTY = 3;

/** Processor time of the node while `work` is done and until it rests, in milliseconds. */
async function costOf(pids: readonly number[], work: () => Promise<unknown>): Promise<number> {
	const before = spent(pids);
	await work();
	await sleep(SETTLING);
	return 1_000 * between(before, spent(pids)).node;
}

/** Makes blocks until one takes transactions: the first of a session takes none. */
async function fill({ client, mine }: Contender): Promise<EthBlock & { milliseconds: number }> {
	for (;;) {
		const start = performance.now();
		await mine!(1);
		const milliseconds = performance.now() - start;
		const block = await client.call<EthBlock>("eth_getBlockByNumber", "latest", false);
		if (block.transactions.length > 0) return { ...block, milliseconds };
	}
}

/** Sends what one block holds to a node that makes blocks when it is asked to, and has it made. */
export async function costs(contender: Contender): Promise<Measurement[]> {
	const { client, pids, log } = contender;
	const request = erc20(await token(contender));
	const transfers = await signed(client, request, TRANSFERS / addresses.length);
	const pool = await costOf(pids, () => send(client, transfers));
	let block: Awaited<ReturnType<typeof fill>> | undefined;
	const sealed = await costOf(pids, async () => (block = await fill(contender)));
	const { number, transactions, milliseconds } = block!;
	const made = madeBlocks(log?.() ?? "").get(Number(number))?.milliseconds ?? Number.NaN;
	const held = `a block of ${transactions.length} ERC-20 transfers`;
	return [
		measured("an ERC-20 transfer, into the pool", pool / TRANSFERS, "ms of processor"),
		measured("an ERC-20 transfer, in a block", sealed / transactions.length, "ms of processor"),
		measured(`${held}, made in`, made, "ms"),
		measured(`${held}, imported, final and answered in`, milliseconds - made, "ms"),
	];
}

/** Runs `work` on a node with metrics; what the index took of its blocks, and of empty ones. */
export async function indexed(
	{ metricsPort }: Contender,
	work: () => Promise<Run>,
): Promise<[Run, Measurement[]]> {
	const watch = await Stopwatch.start(metricsPort!, INDEX);
	const empty = await watch.lap(EMPTY);
	const run = await work();
	const { count, milliseconds } = await watch.lap(1);
	const each = empty.milliseconds / empty.count;
	const name = `the index, ${run.what}`;
	return [
		run,
		[
			measured("the index, an empty block", each, "ms"),
			measured(`${name}, a block`, milliseconds / count, "ms"),
			measured(`${name}, each`, (milliseconds - each * count) / run.transactions, "ms"),
		],
	];
}
