import { Subject } from "rxjs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Line, connection } from "../chain/connection.ts";
import type { Account } from "../wallets/account.ts";
import type { Action, ChainEvent } from "./action.ts";
import { type News, send } from "./send.ts";

vi.mock("../chain/connection.ts", async () => {
	const { Store } = await import("../store.ts");
	return { connection: { state: new Store({}), line: new Store(undefined) } };
});
vi.mock("../wallets/ethereum.ts", () => ({
	providerOf: () => ({ request: async () => "0x5e" }),
	switchChain: async () => undefined,
}));
vi.mock("../wallets/native.ts", () => ({ signerOf: () => undefined }));

const SIGNED = Uint8Array.of(1, 2);
const account = (kind: Account["kind"]): Account => ({
	kind, name: "Bob", wallet: "", native: "5Bob", ethereum: "0xb0",
});

const action: Action = {
	title: "Ring",
	explains: [],
	spends: 0n,
	native: async () => ({ sign: async () => SIGNED }) as never,
	ethereum: async () => ({ to: "0x01", data: "0x", value: 0n, abi: [] }),
	tells: (events) => `${events.length - 1} rings`,
};

/** A block with the transaction, or without it. */
interface FakeBlock {
	hash: string;
	/** What happened in it; where it is `failure`, the transaction failed. */
	events?: ChainEvent[];
}

const event = (type: string, name: string, value: unknown): ChainEvent => ({
	type,
	value: { type: name, value },
});
const paid = event("Balances", "Withdraw", { who: "5Bob", amount: 1n });
const ring = event("Bell", "Rang", {});
const retired = { type: "CmtDpos", value: { type: "CandidateRetired" } };
const dispatch_error = { type: "Module", value: retired };
const failure = event("System", "ExtrinsicFailed", { dispatch_error });

/** The best chain by numbers, what of the node fails, and what polkadot-api hears. */
let chain: Record<number, FakeBlock>;
let silent: Set<string>;
let heard: Subject<unknown>;
let told: News[];
let beat: ReturnType<typeof setInterval>;

const failed = (block: FakeBlock): boolean => block.events?.includes(failure) ?? false;
const holder = (): [string, FakeBlock] | undefined =>
	Object.entries(chain).find(([, { events }]) => events !== undefined);

function receipt(): object | null {
	const [number, block] = holder() ?? [];
	if (!block) return null;
	const status = failed(block) ? "0x0" : "0x1";
	return { status, blockNumber: `0x${Number(number).toString(16)}`, blockHash: `eth ${block.hash}` };
}

const answers: Record<string, (of: never) => unknown> = {
	chain_getBlock: (hash: string) => {
		const block = Object.values(chain).find((one) => one.hash === hash);
		return { block: { extrinsics: block?.events ? ["0x00", "0x0102"] : ["0x00"] } };
	},
	chain_getBlockHash: (number: number) => chain[number]?.hash ?? null,
	eth_call: () => {
		throw { message: "Module error CandidateRetired" };
	},
	eth_getTransactionByHash: () => ({}),
	eth_getTransactionReceipt: receipt,
	system_accountNextIndex: () => 0,
};

const line = {
	facts: { ethereumId: 1 },
	client: {
		_request: async (method: string, [of]: never[]) => {
			if (silent.has(method)) throw new Error("the node is gone");
			return answers[method]?.(of as never);
		},
		submitAndWatch: () => heard,
	},
	api: {
		query: {
			System: {
				Events: {
					getValue: async ({ at }: { at: string }) => {
						if (silent.has("events")) throw new Error("the node is gone");
						const found = Object.values(chain).find(({ hash }) => hash === at);
						const phase = { type: "ApplyExtrinsic", value: 1 };
						return (found?.events ?? []).map((one) => ({ phase, event: one }));
					},
				},
			},
		},
	},
} as unknown as Line;

beforeEach(() => {
	[chain, silent, heard, told] = [{}, new Set(), new Subject(), []];
	connection.line.set(line);
	state({ health: { kind: "good" }, best: 0, finalized: 0 });
	beat = setInterval(() => connection.state.patch({}), 1);
});
afterEach(() => {
	clearInterval(beat);
	connection.line.set(undefined);
});

function state({ best, finalized, ...rest }: Record<string, unknown>): void {
	const block = (number: unknown) => ({ number, hash: "" });
	connection.state.patch({
		...rest,
		...(best !== undefined && { best: block(best) }),
		...(finalized !== undefined && { finalized: block(finalized) }),
	} as never);
}

const begin = (kind: Account["kind"]): Promise<void> =>
	send(line, account(kind), action, (news) => told.push(news));
const now = (): News | undefined => told.at(-1);
const becomes = (news: object): Promise<void> => vi.waitFor(() => expect(now()).toMatchObject(news));

/** The node has a block with the transaction as its best, and tells polkadot-api. */
function include(number: number, hash: string, ...events: ChainEvent[]): void {
	chain[number] = { hash, events: [paid, ...events] };
	heard.next({ type: "txBestBlocksState", found: true, block: { hash, number, index: 1 } });
	state({ best: number });
}

/** Another block without it is at the same place. */
function abandon(number: number, hash: string): void {
	chain[number] = { hash };
	heard.next({ type: "txBestBlocksState", found: false, isValid: true });
}

/** Sends by a wallet, until the node has it; what ends with it. */
async function sent(kind: Account["kind"]): Promise<{ over: Promise<void> }> {
	const over = begin(kind);
	await vi.waitFor(() => expect(kind === "ethereum" || heard.observed).toBe(true));
	heard.next({ type: "broadcasted" });
	await becomes({ stage: "sent" });
	return { over };
}

describe.each(["native", "ethereum"] as const)("what a wallet of the kind %s sent", (kind) => {
	test("is final once its block is", async () => {
		const { over } = await sent(kind);
		include(1, "A", ring);
		await becomes({ stage: "included", done: { words: "1 rings", block: { hash: "A", number: 1 } } });
		state({ finalized: 1 });
		await over;
		expect(told.map(({ stage }) => stage)).toEqual(["signing", "sent", "included", "final"]);
		expect(now()?.done?.words).toBe("1 rings");
	});

	test("is looked for again where its block lost, and the new outcome is told", async () => {
		const { over } = await sent(kind);
		include(1, "A", ring);
		await becomes({ stage: "included" });
		abandon(1, "B");
		state({ finalized: 1 });
		await becomes({ stage: "sent" });
		expect(now()).not.toHaveProperty("done");
		include(2, "C", failure);
		await becomes({ stage: "included", problem: { name: "CandidateRetired" } });
		state({ finalized: 2 });
		await over;
		expect(now()).toMatchObject({ stage: "final", problem: { name: "CandidateRetired" } });
		expect(now()).not.toHaveProperty("done");
	});

	test("did not fail in the wallet where the node tells no more", async () => {
		const { over } = await sent(kind);
		silent.add("events");
		include(1, "A", ring);
		await over;
		expect(now()).toMatchObject({ problem: { name: "ConnectionLost" } });
	});

	test("is told of when a node is back that went away before it told the outcome", async () => {
		await sent(kind);
		silent.add("events");
		silent.add("chain_getBlockHash");
		state({ health: { kind: "offline" } });
		include(1, "A", ring);
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(now()).toEqual({ stage: "sent" });
		silent.clear();
		state({ health: { kind: "good" } });
		await becomes({ stage: "included", done: { words: "1 rings" } });
	});

	test("is not called final where the page left the node", async () => {
		const { over } = await sent(kind);
		include(1, "A", ring);
		await becomes({ stage: "included" });
		connection.line.set(undefined);
		await over;
		expect(now()).toMatchObject({ stage: "left", done: { words: "1 rings" } });
	});
});

describe("what polkadot-api finds invalid", () => {
	const stale = { error: { type: "Invalid", value: { type: "Stale" } } };

	test("was refused where no block has it", async () => {
		const { over } = await sent("native");
		heard.error(stale);
		await over;
		expect(now()).toMatchObject({ problem: { name: "Stale" } });
	});

	test("succeeded where a block has it that it did not hear of", async () => {
		await sent("native");
		chain[1] = { hash: "A", events: [paid, ring] };
		state({ best: 1 });
		heard.error(stale);
		await becomes({ stage: "included", done: { words: "1 rings" } });
	});
});
