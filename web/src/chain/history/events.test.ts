import { describe, expect, test } from "vitest";
import { type Concerned, ESCROW, type EventRecord, concerning } from "./events.ts";

const BLOCK = { block: 7, hash: "0x07", time: 1_000 };
const of: Concerned = {
	who: "me",
	candidates: new Set(["alice"]),
	slashes: new Map([[3, "alice"]]),
};
const event = (name: string, value: object): EventRecord => {
	const [type = "", variant = ""] = name.split(".");
	return { event: { type, value: { type: variant, value } } };
};
const told = (...records: EventRecord[]) => concerning(records, BLOCK, of);

describe("events of the account", () => {
	test("are found with their block, their place and their fields", () => {
		const other = event("System.ExtrinsicSuccess", {});
		const mine = event("CmtDpos.Undelegated", {
			candidate: "alice",
			who: "me",
			amount: 5n,
			due: 9,
		});
		expect(told(other, mine)).toEqual([
			{
				...BLOCK,
				index: 1,
				name: "CmtDpos.Undelegated",
				candidate: "alice",
				amount: 5n,
				due: 9,
			},
		]);
	});

	test("of other delegators are left out", () => {
		expect(
			told(event("CmtDpos.Delegated", { candidate: "alice", who: "you", amount: 5n })),
		).toEqual([]);
	});

	test("a withdrawn vote has none", () => {
		const fields = { poll: 2, candidate: "alice", who: "me", power: 8n };
		const [withdrawn] = told(event("StakeVoting.StakeVoted", { ...fields, vote: undefined }));
		expect(withdrawn).not.toHaveProperty("vote");
		const [voted] = told(event("StakeVoting.StakeVoted", { ...fields, vote: { type: "Nay" } }));
		expect(voted).toMatchObject({ poll: 2, vote: "Nay", power: 8n });
	});

	test("a payment that failed tells the innermost error", () => {
		const value = { type: "ValidatorCompensation", value: { type: "PayoutsPaused" } };
		const error = { type: "Module", value };
		const [failed] = told(
			event("CmtDpos.PaymentFailed", { candidate: "alice", who: "me", error }),
		);
		expect(failed?.reason).toBe("PayoutsPaused");
		const plain = { type: "CannotLookup", value: undefined };
		const fields = { candidate: "alice", who: "me", error: plain };
		expect(told(event("CmtDpos.PaymentFailed", fields))[0]?.reason).toBe("CannotLookup");
	});

	test("compensation names its account otherwise", () => {
		const paid = (account: string) =>
			told(event("ValidatorCompensation.CompensationPaid", { account, amount: 4n }));
		expect(paid("me")[0]?.amount).toBe(4n);
		expect(paid("you")).toEqual([]);
	});
});

describe("events of candidates", () => {
	test("concern who has stake behind them", () => {
		const slashed = (candidate: string) =>
			event("Slashing.Slashed", {
				index: 3,
				candidate,
				kind: { type: "Downtime" },
				fraction: 1_000_000,
				amount: 99n,
			});
		expect(told(slashed("alice"), slashed("bob"))).toEqual([
			{
				...BLOCK,
				index: 0,
				name: "Slashing.Slashed",
				candidate: "alice",
				fraction: 1_000_000,
				offence: "Downtime",
			},
		]);
	});

	test("a slash that was cancelled is known by its number", () => {
		const cancelled = (index: number) =>
			told(event("Slashing.SlashCancelled", { index, returned: 1n, to_pot: 0n }));
		expect(cancelled(3)[0]?.candidate).toBe("alice");
		expect(cancelled(4)).toEqual([]);
	});
});

describe("transfers", () => {
	const transfer = (from: string, to: string, amount: bigint) =>
		event("Balances.Transfer", { from, to, amount });

	test("come in or go out, and others are left out", () => {
		expect(told(transfer("me", "you", 1n))[0]).toMatchObject({ incoming: false, other: "you" });
		expect(told(transfer("you", "me", 1n))[0]).toMatchObject({ incoming: true, other: "you" });
		expect(told(transfer("you", "bob", 1n))).toEqual([]);
		expect(told(transfer("me", "me", 1n))).toEqual([]);
	});

	test("by which stake moved are not told twice", () => {
		const put = event("CmtDpos.Delegated", { candidate: "alice", who: "me", amount: 5n });
		expect(told(transfer("me", ESCROW, 5n), put).map(({ name }) => name)).toEqual([
			"CmtDpos.Delegated",
		]);
	});

	test("to escrow that are gifts are told", () => {
		const put = event("CmtDpos.Delegated", { candidate: "alice", who: "me", amount: 5n });
		const names = told(transfer("me", ESCROW, 6n), put).map(({ name }) => name);
		expect(names).toEqual(["Balances.Transfer", "CmtDpos.Delegated"]);
	});
});
