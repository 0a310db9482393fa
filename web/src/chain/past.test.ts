import { describe, expect, test } from "vitest";
import { Forgotten, type Past, type Source, appended, joined, lookBack } from "./past.ts";

/** What is told in the end, and how many blocks were asked for. */
async function look(
	stakeAt: (block: number) => bigint | undefined,
	start = 10_000,
): Promise<{ last: Past; told: Past[]; asked: number[] }> {
	const asked: number[] = [];
	const told: Past[] = [];
	const source: Source = {
		stakeAt: async (block) => {
			asked.push(block);
			return stakeAt(block);
		},
	};
	const { signal } = new AbortController();
	await lookBack(source, { start, length: 20 }, (past) => told.push(past), signal);
	return { last: told.at(-1)!, told, asked };
}

const blocks = ({ points }: Past): number[] => points.map(({ block }) => block);

describe("looking back", () => {
	test("goes session by session, the oldest first, 48 at most", async () => {
		const { last, told } = await look((block) => BigInt(block));
		expect(last.end).toBe("enough");
		expect(last.points).toHaveLength(48);
		expect(last.points[0]).toEqual({ block: 10_000 - 47 * 20, stake: 9_060n });
		expect(last.points.at(-1)!.block).toBe(10_000);
		expect(told.slice(0, -1).every(({ end }) => end === undefined)).toBe(true);
	});

	test("stops at the first state that the node has forgotten", async () => {
		const { last, asked } = await look((block) => {
			if (block < 9_910) throw new Forgotten();
			return 1n;
		});
		expect(blocks(last)).toEqual([9_920, 9_940, 9_960, 9_980, 10_000]);
		expect(last.end).toBe("forgotten");
		expect(asked).toHaveLength(8);
	});

	test("stops where there was no such candidate yet", async () => {
		const { last } = await look((block) => (block < 9_990 ? undefined : 5n));
		expect(blocks(last)).toEqual([10_000]);
		expect(last.end).toBe("undeclared");
	});

	test("stops at the first block of the chain", async () => {
		const { last, asked } = await look(() => 1n, 45);
		expect(blocks(last)).toEqual([5, 25, 45]);
		expect(last.end).toBe("first");
		expect(Math.min(...asked)).toBe(5);
	});

	test("tells other failures from a forgetful node", async () => {
		const { last } = await look(() => {
			throw new Error("connection lost");
		});
		expect(last).toEqual({ points: [], end: "failed" });
	});

	test("tells nothing once nobody looks", async () => {
		const stop = new AbortController();
		const told: Past[] = [];
		const source = { stakeAt: async () => 1n };
		const grid = { start: 99, length: 9 };
		const looking = lookBack(source, grid, (past) => told.push(past), stop.signal);
		stop.abort();
		await looking;
		expect(told).toEqual([]);
	});
});

describe("points that are seen", () => {
	test("follow each other, and forget blocks that left the chain", () => {
		const before = [1, 2, 3].map((block) => ({ block, stake: 1n }));
		expect(appended(before, { block: 4, stake: 2n })).toHaveLength(4);
		const other = appended(before, { block: 2, stake: 9n });
		expect(other).toEqual([{ block: 1, stake: 1n }, { block: 2, stake: 9n }]);
	});

	test("thin out when they are many, and keep the latest", () => {
		let points: { block: number; stake: bigint }[] = [];
		for (let block = 0; block < 5_000; block++) points = appended(points, { block, stake: 1n });
		expect(points.length).toBeLessThanOrEqual(1_000);
		expect(points.at(-1)!.block).toBe(4_999);
		expect(points[0]!.block).toBeLessThan(20);
		const order = points.map(({ block }) => block);
		expect(order).toEqual(order.toSorted((a, b) => a - b));
		expect(new Set(order).size).toBe(order.length);
	});

	test("come after those that were looked up", () => {
		const past = [10, 20, 30].map((block) => ({ block, stake: 1n }));
		const seen = [30, 31].map((block) => ({ block, stake: 2n }));
		expect(joined(past, seen).map(({ block }) => block)).toEqual([10, 20, 30, 31]);
		expect(joined(past, [])).toEqual(past);
	});
});
