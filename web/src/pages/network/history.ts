// What was seen of blocks while a page is open, for the chart.

import type { BlocksReading } from "../../chain/network/blocks.ts";

/** A block, and what was seen while it was the best one. */
export interface Seen {
	number: number;
	/** Blocks that were not final at the end of that time; none where nobody looked then. */
	lag: number | null;
	/** Seconds from the slot of the block before to its own; none where that is not known. */
	seconds: number | null;
}

/** Blocks that are kept: half an hour of them. */
const KEPT = 600;

/** Adds the blocks of a reading. Those that left the best chain are replaced. */
export function withReading(
	history: readonly Seen[],
	{ blocks, best }: BlocksReading,
	finalized: number,
): Seen[] {
	const before = new Map(history.map((seen) => [seen.number, seen]));
	const fresh = blocks.map(({ number, time }, index): Seen => {
		const earlier = blocks[index + 1];
		const seconds = earlier
			? (time - earlier.time) / 1000
			: (before.get(number)?.seconds ?? null);
		const lag =
			number === best ? Math.max(0, best - finalized) : (before.get(number)?.lag ?? null);
		return { number, lag, seconds };
	});
	const oldest = fresh.at(-1)?.number ?? Number.POSITIVE_INFINITY;
	const kept = history.filter(({ number }) => number < oldest);
	return [...kept, ...fresh.toReversed()].slice(-KEPT);
}
