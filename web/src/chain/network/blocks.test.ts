import { describe, expect, it } from "vitest";
import { type Header, keysOf, slotOf } from "./blocks-memory.ts";
import { SHOWN, seenBlocks } from "./blocks.ts";

describe("a header", () => {
	it("tells its slot, least significant byte first", () => {
		const seal = `0x0561757261${"00".repeat(64)}`;
		expect(slotOf(["0x066175726120efbe000000000000", seal])).toBe(0xbeef);
	});

	it("of the first block has no slot", () => {
		expect(slotOf([])).toBeUndefined();
		expect(slotOf(["0x0661757261"])).toBeUndefined();
	});
});

describe("keys", () => {
	const key = (digit: string): string => digit.repeat(64);

	it("follow their number, however many bytes that takes", () => {
		expect(keysOf(`0x08${key("a")}${key("b")}`)).toEqual([`0x${key("a")}`, `0x${key("b")}`]);
		expect(keysOf(`0x0101${key("c").repeat(64)}`)).toHaveLength(64);
	});

	it("may be none", () => {
		expect(keysOf("0x00")).toEqual([]);
	});
});

describe("blocks", () => {
	const THREE = ["Alice", "Bob", "Charlie"];
	const whose = (slot: number): string | undefined => THREE[slot % 3];
	const header = (number: number, slot: number): Header => ({
		hash: `0x${number}`,
		number,
		parent: `0x${number - 1}`,
		slot,
	});
	const seen = (headers: Header[]) =>
		seenBlocks(
			headers,
			headers.map(() => whose),
			3_000,
		);

	it("have the author whose turn their slot was, and the time when it began", () => {
		const [block] = seen([header(5, 10), header(4, 9)]);
		expect(block).toMatchObject({
			number: 5,
			author: "Bob",
			time: 30_000,
			skipped: 0,
			missed: [],
		});
	});

	it("tell who missed the slots between", () => {
		const [block] = seen([header(5, 13), header(4, 10)]);
		expect(block?.missed).toEqual([
			{ slot: 11, candidate: "Charlie" },
			{ slot: 12, candidate: "Alice" },
		]);
	});

	it("count many missed slots instead", () => {
		const [block] = seen([header(5, 1_000), header(4, 10)]);
		expect(block).toMatchObject({ missed: [], skipped: 989 });
	});

	it("know nothing of what was before the oldest one", () => {
		expect(seen([header(1, 50)])[0]).toMatchObject({ skipped: 0, missed: [] });
	});

	it("are told without the oldest header, which only shows what followed it", () => {
		const headers = Array.from({ length: SHOWN + 1 }, (_, index) =>
			header(100 - index, 200 - index),
		);
		expect(seen(headers)).toHaveLength(SHOWN);
	});

	it("have no author where nobody's turn is known", () => {
		const [block] = seenBlocks([header(2, 7), header(1, 5)], [() => undefined, whose], 3_000);
		expect(block?.author).toBeUndefined();
		expect(block?.missed).toEqual([{ slot: 6, candidate: undefined }]);
	});
});
