import { expect, test } from "vitest";
import { type Range, covers, joined, newestGap } from "./ranges.ts";

const range = (from: number, to: number): Range => ({ from, to });

test("stretches that touch or overlap become one, and others stay apart", () => {
	expect(joined([], range(5, 9))).toEqual([range(5, 9)]);
	expect(joined([range(5, 9)], range(10, 12))).toEqual([range(5, 12)]);
	expect(joined([range(5, 9)], range(1, 4))).toEqual([range(1, 9)]);
	expect(joined([range(5, 9)], range(7, 8))).toEqual([range(5, 9)]);
	expect(joined([range(20, 30), range(5, 9)], range(8, 19))).toEqual([range(5, 30)]);
	expect(joined([range(5, 9)], range(11, 12))).toEqual([range(11, 12), range(5, 9)]);
});

test("joining leaves what it was given as it was", () => {
	const before = [range(5, 9)];
	joined(before, range(1, 6));
	expect(before).toEqual([range(5, 9)]);
});

test("the newest gap is looked at first", () => {
	expect(newestGap([], 1, 100)).toEqual(range(1, 100));
	expect(newestGap([range(90, 100)], 1, 100)).toEqual(range(1, 89));
	expect(newestGap([range(90, 95)], 1, 100)).toEqual(range(96, 100));
	expect(newestGap([range(90, 100), range(10, 20)], 1, 100)).toEqual(range(21, 89));
	expect(newestGap([range(21, 100), range(10, 20)], 1, 100)).toEqual(range(1, 9));
	expect(newestGap([range(1, 100)], 1, 100)).toBeUndefined();
	expect(newestGap([range(50, 100)], 50, 100)).toBeUndefined();
});

test("a stretch above the top counts for nothing, as with a node that is behind", () => {
	expect(newestGap([range(90, 120)], 1, 100)).toEqual(range(1, 89));
	expect(newestGap([range(110, 120)], 1, 100)).toEqual(range(1, 100));
	expect(newestGap([range(10, 20)], 30, 40)).toEqual(range(30, 40));
});

test("the last looked-at stretch below the floor hides nothing of it", () => {
	expect(newestGap([range(35, 40), range(10, 20)], 30, 40)).toEqual(range(30, 34));
});

test("a block is covered by the stretch it lies in, ends included", () => {
	const ranges = [range(20, 30), range(5, 9)];
	expect([4, 5, 9, 10, 20, 30, 31].map((block) => covers(ranges, block))).toEqual([
		false,
		true,
		true,
		false,
		true,
		true,
		false,
	]);
});
