// A chain under load: what was sent ends in final blocks, or is lost.

import type { Contender } from "../speed/contender.ts";
import { type Client, Refused, each } from "../speed/client.ts";
import { type Spent, between, spent } from "../speed/processor.ts";
import { sleep } from "../wait.ts";
import type { Signed } from "./senders.ts";
import { type Seen, Watch } from "./watch.ts";

/** Requests on the wire at once while transactions are sent. */
const SENDING = 32;
/** Pause before a transaction is sent again that found the pool full. */
const FULL = 250;
/** What is not final so long after it was sent, with none becoming final, counts as lost. */
const PATIENCE = 60_000;
const LOOKING = 200;
/** What was sent again because its connection broke, and had come through: in the pool, or in a block. */
const KNOWN = /\((1012|1013)\)|already known|was refused before/;

/** What came of a load. */
export interface Trial {
	what: string;
	contender: string;
	sent: number;
	/** Seconds until the last was in the pool. */
	sending: number;
	/** Those in final blocks. */
	final: number;
	/** The blocks from the first with some of them to the last. */
	blocks: readonly Seen[];
	/** How many of them each of these blocks holds. */
	counts: readonly number[];
	/** Seconds from the first that was sent to the last block with some. */
	seconds: number;
	/** Seconds from the first that was sent until all was final. */
	elapsed: number;
	/** Of each transaction, seconds from its sending until it was seen to be final. */
	latencies: readonly number[];
	/** Processor time until then. */
	spent: Spent;
}

async function submit(client: Client, { method, raw }: Signed): Promise<void> {
	for (;;) {
		try {
			await client.call(method, raw);
			return;
		} catch (error) {
			if (!(error instanceof Refused)) throw error;
			if (KNOWN.test(error.message)) return;
			if (!/is full|\(1016\)/.test(error.message)) throw error;
			await sleep(FULL);
		}
	}
}

/** When each transaction was sent, by its key. */
type Sent = Map<string, number>;

/** Sends all as fast as the node takes them, or `rate` a second. */
async function send(
	client: Client,
	all: readonly Signed[],
	rate: number | undefined,
	sent: Sent,
): Promise<void> {
	const start = performance.now();
	const one = async (item: Signed, index: number): Promise<void> => {
		const due = rate === undefined ? 0 : start + (1_000 * index) / rate - performance.now();
		if (due > 0) await sleep(due);
		sent.set(item.key, performance.now());
		await submit(client, item);
	};
	await each(all.entries(), SENDING, ([index, item]) => one(item, index));
}

/** Waits until all that was sent is final, or nothing becomes final any more. */
async function settled(watch: Watch, keys: ReadonlySet<string>): Promise<void> {
	let [found, since] = [0, performance.now()];
	while (found < keys.size && performance.now() - since < PATIENCE) {
		await sleep(LOOKING);
		const now = watch.finals().reduce((sum, block) => sum + countIn(block, keys), 0);
		if (now > found) since = performance.now();
		found = now;
	}
}

function countIn({ keys }: Seen, of: ReadonlySet<string>): number {
	return keys.filter((key) => of.has(key)).length;
}

/** Puts a chain under a load and waits until that is final. */
export async function trial(
	{ name, client, pids }: Contender,
	what: string,
	all: readonly Signed[],
	rate?: number,
): Promise<Trial> {
	const watch = await Watch.start(client);
	const sent: Sent = new Map();
	const [before, start] = [spent(pids), performance.now()];
	let sending = Number.NaN;
	const work = async (): Promise<void> => {
		await send(client, all, rate, sent);
		sending = (performance.now() - start) / 1_000;
		await settled(watch, new Set(sent.keys()));
	};
	await Promise.all([watch.run(), work().finally(() => watch.stop())]);
	return {
		what,
		contender: name,
		sent: all.length,
		sending,
		...outcome(watch.finals(), sent, start),
		elapsed: (performance.now() - start) / 1_000,
		spent: between(before, spent(pids)),
	};
}

function outcome(
	finals: readonly Seen[],
	sent: ReadonlyMap<string, number>,
	start: number,
): Pick<Trial, "final" | "blocks" | "counts" | "seconds" | "latencies"> {
	const keys = new Set(sent.keys());
	const held = finals.map((block) => countIn(block, keys));
	const first = held.findIndex((count) => count > 0);
	const last = held.findLastIndex((count) => count > 0);
	if (first < 0) throw new Error("nothing that was sent became final");
	const blocks = finals.slice(first, last + 1);
	const latencies = blocks.flatMap(({ keys: inside, finalAt }) =>
		inside.flatMap((key) => (sent.has(key) ? [(finalAt - sent.get(key)!) / 1_000] : [])),
	);
	return {
		final: latencies.length,
		blocks,
		counts: held.slice(first, last + 1),
		seconds: (blocks.at(-1)!.at - start) / 1_000,
		latencies,
	};
}

/** How many of those that were sent did not become final. */
export function lost({ sent, final }: Trial): number {
	return sent - final;
}

/** Transactions a second from the first send to the last block. */
export function overall({ final, seconds }: Trial): number {
	return final / seconds;
}

/** Transactions a second between the first block and the last but one, which are full. */
export function steady({ blocks, counts }: Trial): number {
	if (blocks.length < 3) return Number.NaN;
	const inner = counts.slice(1, -1).reduce((sum, count) => sum + count, 0);
	return (1_000 * inner) / (blocks.at(-2)!.at - blocks[0]!.at);
}

/** The value below which `part` of all are. */
export function quantile(values: readonly number[], part: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

/** Seconds from the sight of each block until it was seen to be final. */
export function finalities({ blocks }: Trial): number[] {
	return blocks.map(({ at, finalAt }) => (finalAt - at) / 1_000);
}
