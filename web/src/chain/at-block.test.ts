import { expect, test, vi } from "vitest";
import { Reader, type Reading, shownOf } from "./at-block.ts";
import type { Line } from "./connection.ts";

vi.mock("./connection.ts", () => ({ connection: {} }));

const block = { hash: "0x05", number: 5, parent: "0x04", hasNewRuntime: false };

/** A node of a chain, whose readings take until they are given their answer. */
function node(genesis: string) {
	const waiting: ((value: string) => void)[] = [];
	const line = {
		facts: { genesis },
		client: { getBestBlocks: async () => [block], hodlBlock: () => () => undefined },
	} as unknown as Line;
	const read = (): Promise<string> => new Promise((answer) => waiting.push(answer));
	return { line, read, waiting };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A reader of one key, with what it keeps. */
function started({ line, read }: ReturnType<typeof node>) {
	type Kept = Parameters<typeof shownOf<string>>[0];
	let kept: Kept = { value: undefined, at: undefined, error: undefined, key: "k", genesis: undefined };
	const reader = new Reader<string>((change) => (kept = change(kept)), "k", read);
	reader.next(line);
	const shown = (genesis: string | undefined, key = "k"): Reading<string> =>
		shownOf(kept, key, { facts: genesis ? { ...line.facts, genesis } : undefined, best: block });
	return { reader, shown };
}

test("a reading is shown only of the chain and the key that were read", async () => {
	const ours = node("0xaa");
	const { shown } = started(ours);
	await settled();
	ours.waiting[0]!("ours");
	await settled();
	expect(shown("0xaa").value).toBe("ours");
	expect(shown("0xaa", "other").value).toBeUndefined();
	expect(shown("0xbb").value).toBeUndefined();
	expect(shown(undefined).value).toBeUndefined();
});

test("the first reading of another chain that fails keeps nothing of the one before", async () => {
	const [ours, other] = [node("0xaa"), node("0xbb")];
	const { reader, shown } = started(ours);
	await settled();
	ours.waiting[0]!("ours");
	await settled();
	reader.read = () => Promise.reject(new Error("no"));
	reader.next(other.line);
	await settled();
	expect(shown("0xbb")).toMatchObject({ value: undefined, error: { message: "no" } });
});

test("a failure keeps what was read of the same chain", async () => {
	const ours = node("0xaa");
	const { reader, shown } = started(ours);
	await settled();
	ours.waiting[0]!("ours");
	await settled();
	reader.read = () => Promise.reject(new Error("no"));
	reader.next(ours.line);
	await settled();
	expect(shown("0xaa")).toMatchObject({ value: "ours", error: { message: "no" } });
});

test("a reading that never ends does not hold up that of another node", async () => {
	const [ours, other] = [node("0xaa"), node("0xbb")];
	const { reader, shown } = started(ours);
	await settled();
	reader.next(undefined);
	reader.read = other.read;
	reader.next(other.line);
	await settled();
	other.waiting[0]!("other");
	await settled();
	expect(shown("0xbb").value).toBe("other");
	ours.waiting[0]!("late");
	await settled();
	expect(shown("0xbb").value).toBe("other");
	expect(ours.waiting).toHaveLength(1);
});

test("blocks that come while it reads bring one more reading", async () => {
	const ours = node("0xaa");
	const { reader, shown } = started(ours);
	await settled();
	reader.next(ours.line);
	reader.next(ours.line);
	ours.waiting[0]!("first");
	await settled();
	ours.waiting[1]!("second");
	await settled();
	expect(shown("0xaa").value).toBe("second");
	expect(ours.waiting).toHaveLength(2);
});
