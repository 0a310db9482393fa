import { afterEach, expect, test, vi } from "vitest";
import type { Line } from "../connection.ts";
import type { Range } from "./ranges.ts";

/** A node: its final block, the newest block without a state, and whether it answers. */
const node = vi.hoisted(() => ({
	final: 0,
	pruned: 0,
	answers: true,
	asked: [] as Range[],
	watchers: new Set<() => void>(),
}));

vi.mock("../connection.ts", () => ({
	connection: {
		state: {
			get: () => ({ finalized: { number: node.final } }),
			watch: (watcher: () => void) => {
				node.watchers.add(watcher);
				return () => node.watchers.delete(watcher);
			},
		},
	},
}));

vi.mock("./marks.ts", () => ({
	Marks: class {
		who = "me";
		candidates = new Set();
		slashes = new Map();
		begin = async () => undefined;
		learn = async () => undefined;
		mayConcern = () => true;
	},
}));

vi.mock("./blocks.ts", () => {
	class Pruned extends Error {
		constructor(readonly block: number) {
			super();
		}
	}
	class Blocks {
		hashOf = async () => "0x01";
		/** Each tenth block has a transfer to the account. */
		records = async ({ number }: { number: number }) => {
			const value = { from: "you", to: "me", amount: BigInt(number) };
			const event = { type: "Balances", value: { type: "Transfer", value } };
			return number % 10 === 0 ? [{ event }] : [];
		};
		read = async ({ from, to }: Range) => {
			if (!node.answers) throw new Error("silence");
			if (to <= node.pruned) throw new Pruned(to);
			node.asked.push({ from, to });
			const first = Math.max(from, node.pruned + 1);
			const count = to - first + 1;
			return Array.from({ length: count }, (_, index) => ({
				number: to - index,
				hash: `0x${to - index}`,
				time: 0,
				events: "",
				version: 1,
			}));
		};
	}
	return { Blocks, Pruned };
});

const { History } = await import("./history.ts");

const line = {
	facts: { genesis: "0x00" },
	client: { getBestBlocks: async () => [{ number: node.final, hash: "0x" }] },
} as unknown as Line;

let open: InstanceType<typeof History> | undefined;

function begin(final: number, count: number, pruned = 0): InstanceType<typeof History> {
	Object.assign(node, { final, pruned, answers: true, asked: [] });
	open = new History(line, "me");
	open.start(count);
	return open;
}

afterEach(() => open?.close());

/** The node has a new final block. */
function final(number: number): void {
	node.final = number;
	for (const watcher of node.watchers) watcher();
}

const rangesOf = (history: InstanceType<typeof History>): string =>
	history.state
		.get()
		.ranges.map(({ from, to }) => `${from}-${to}`)
		.join(" ");
const until = (history: InstanceType<typeof History>, ranges: string): Promise<void> =>
	vi.waitFor(() => expect(rangesOf(history)).toBe(ranges));

test("looks at so many of the newest blocks as it is told, and no further", async () => {
	const history = begin(1_000, 100);
	await until(history, "901-1000");
	const { events, complete, busy } = history.state.get();
	expect(events.map(({ block }) => block)).toEqual([
		1000, 990, 980, 970, 960, 950, 940, 930, 920, 910,
	]);
	expect(complete).toBe(false);
	expect(busy).toBeUndefined();
});

test("goes on where it stopped, to the first block", async () => {
	const history = begin(300, 100);
	await until(history, "201-300");
	history.look(1_000);
	await until(history, "1-300");
	await vi.waitFor(() => expect(history.state.get().complete).toBe(true));
	expect(history.state.get().events).toHaveLength(30);
	expect(node.asked.at(-1)?.from).toBe(1);
});

test("follows new blocks without being asked, and looks at no block twice", async () => {
	const history = begin(300, 50);
	await until(history, "251-300");
	node.asked = [];
	final(310);
	await until(history, "251-310");
	expect(node.asked).toEqual([{ from: 301, to: 310 }]);
	expect(history.state.get().events[0]?.block).toBe(310);
});

test("ends where the node has pruned the states, and says from which block on", async () => {
	const history = begin(300, 1_000, 120);
	await until(history, "121-300");
	await vi.waitFor(() => expect(history.state.get().complete).toBe(true));
	expect(history.state.get().pruned).toBe(120);
});

test("a node that goes away interrupts it, and the next block takes it up again", async () => {
	const history = begin(300, 50);
	await until(history, "251-300");
	node.answers = false;
	history.look(100);
	await vi.waitFor(() => expect(history.state.get().error).toBe("silence"));
	expect(rangesOf(history)).toBe("251-300");
	node.answers = true;
	final(301);
	await until(history, "151-301");
	expect(history.state.get().error).toBeUndefined();
});

test("a chain that began anew has another history", async () => {
	const history = begin(300, 50);
	await until(history, "251-300");
	final(20);
	await until(history, "");
	history.look(50);
	await until(history, "1-20");
	expect(history.state.get().events.map(({ block }) => block)).toEqual([20, 10]);
});

test("stops when it is told to", async () => {
	const history = begin(100_000, 50_000);
	await vi.waitFor(() => expect(history.state.get().ranges).toHaveLength(1));
	history.stop();
	await vi.waitFor(() => expect(history.state.get().busy).toBeUndefined());
	const looked = rangesOf(history);
	await new Promise((resolve) => setTimeout(resolve, 50));
	expect(rangesOf(history)).toBe(looked);
	expect(history.state.get().ranges[0]!.from).toBeGreaterThan(50_000);
});
