import { beforeEach, expect, test, vi } from "vitest";
import type { Line } from "../chain/connection.ts";
import type { Account } from "../wallets/account.ts";
import type { Action } from "./action.ts";
import { problem } from "./problems.ts";
import type { News, Tell } from "./send.ts";
import { begin, dismiss, leave, underWay, untold } from "./under-way.ts";

/** What the transaction that was begun last hears, and what ends it. */
const sending = vi.hoisted(() => ({ tell: (_: News) => {}, end: () => {} }));
vi.mock("./send.ts", () => ({
	send: (...[, , , tell]: [Line, Account, Action, Tell]) => {
		sending.tell = tell;
		return new Promise<void>((resolve) => (sending.end = resolve));
	},
}));

const done = (hash: string) => ({ block: { hash, number: 1 }, words: "Rang." });
const start = (): number => begin({} as Line, {} as Account, { title: "Ring" } as Action);
const shown = () => untold(underWay.get());

beforeEach(() => underWay.set([]));

test("what a dialog shows is not shown twice", () => {
	start();
	sending.tell({ stage: "sent" });
	expect(shown()).toEqual([]);
});

test("what goes on when its dialog is closed is shown, and so is its outcome", () => {
	const id = start();
	sending.tell({ stage: "sent" });
	leave(id);
	expect(shown()).toMatchObject([{ title: "Ring", stage: "sent" }]);
	sending.tell({ stage: "included", done: done("A") });
	expect(shown()).toMatchObject([{ stage: "included", done: { words: "Rang." } }]);
	dismiss(id);
	sending.tell({ stage: "final", done: done("A") });
	expect(underWay.get()).toEqual([]);
});

test("an outcome that nobody saw stays when nothing more comes", async () => {
	leave(start());
	sending.tell({ problem: problem("UserRejected") });
	sending.end();
	await vi.waitFor(() => expect(shown()).toMatchObject([{ over: true }]));
	expect(shown()[0]).not.toHaveProperty("stage");
});

test("an outcome that the dialog told is not told again when it is final", async () => {
	const id = start();
	sending.tell({ stage: "included", done: done("A") });
	leave(id);
	sending.tell({ stage: "final", done: done("A") });
	expect(shown()).toEqual([]);
	sending.end();
	await vi.waitFor(() => expect(underWay.get()).toEqual([]));
});

test("an outcome that became another after the dialog told it is shown", () => {
	const id = start();
	sending.tell({ stage: "included", done: done("A") });
	leave(id);
	sending.tell({ stage: "final", problem: problem("CandidateRetired") });
	expect(shown()).toMatchObject([{ problem: { name: "CandidateRetired" } }]);
	expect(shown()[0]).not.toHaveProperty("done");
});
