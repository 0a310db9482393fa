import { describe, expect, it } from "vitest";
import type { BlocksReading, SeenBlock } from "../../chain/network/blocks.ts";
import { withReading } from "./history.ts";

const block = (number: number, slot: number): SeenBlock => ({
	hash: `0x${number}-${slot}`,
	number,
	slot,
	author: undefined,
	time: slot * 3_000,
	missed: [],
	skipped: 0,
});

const reading = (...blocks: SeenBlock[]): BlocksReading => ({
	blocks,
	next: [],
	best: blocks[0]?.number ?? 0,
	names: new Map(),
});

describe("the history of blocks", () => {
	const first = withReading([], reading(block(10, 102), block(9, 100)), 8);

	it("begins with the blocks that are there, of which only the best one has a lag", () => {
		expect(first).toEqual([
			{ number: 9, lag: null, seconds: null },
			{ number: 10, lag: 2, seconds: 6 },
		]);
	});

	it("goes on with new blocks, and keeps what was seen of earlier ones", () => {
		const second = withReading(first, reading(block(11, 103), block(10, 102)), 8);
		expect(second).toEqual([
			{ number: 9, lag: null, seconds: null },
			{ number: 10, lag: 2, seconds: 6 },
			{ number: 11, lag: 3, seconds: 3 },
		]);
	});

	it("takes the block that replaced another", () => {
		const other = withReading(first, reading(block(10, 105), block(9, 100)), 9);
		expect(other.at(-1)).toEqual({ number: 10, lag: 1, seconds: 15 });
		expect(other).toHaveLength(2);
	});

	it("forgets what is older than half an hour", () => {
		let history = first;
		for (let number = 11; number < 800; number++) {
			history = withReading(history, reading(block(number, number + 100)), number);
		}
		expect(history).toHaveLength(600);
		expect(history.at(-1)?.number).toBe(799);
	});
});
