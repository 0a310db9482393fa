import { expect, test } from "vitest";
import type { HistoryEvent } from "../../chain/history/events.ts";
import { csvOf } from "./csv.ts";
import { words } from "./words.ts";

const base = { hash: "0xab", index: 0, time: Date.UTC(2026, 0, 2, 3, 4, 5) };
const put: HistoryEvent = {
	...base,
	block: 9,
	name: "CmtDpos.Delegated",
	candidate: "5Grw",
	amount: 1_234_500_000_000_000_000_000n,
};

test("amounts have all decimals and no separators, times are in UTC", () => {
	const [head, row, end] = csvOf([put], 9, () => "Alice").split("\r\n");
	expect(head).toBe("Block,Time,Event,What,CMT,Candidate,Other account,Block hash,Final");
	expect(row).toBe(
		"9,2026-01-02T03:04:05.000Z,CmtDpos.Delegated,Put behind Alice,1234.5,5Grw,,0xab,yes",
	);
	expect(end).toBe("");
});

test("what is in a block that is not final says so", () => {
	expect(csvOf([put], 8, () => "Alice")).toContain(",no\r\n");
});

test("names of candidates become neither other fields nor formulas", () => {
	const slashed: HistoryEvent = {
		...base,
		block: 9,
		name: "Slashing.Slashed",
		candidate: "5Grw",
		fraction: 50_000_000,
		offence: "DoubleAuthoring",
	};
	const row = csvOf([slashed], 9, () => '=HYPERLINK("http://x","y")').split("\r\n")[1];
	expect(row).toContain(
		`"'=HYPERLINK(""http://x"",""y"") was slashed (two blocks for one slot): all behind it lost 5.00 %"`,
	);
});

test("a vote that was withdrawn has words of its own", () => {
	const vote: HistoryEvent = {
		...base,
		block: 9,
		name: "StakeVoting.StakeVoted",
		candidate: "a",
		poll: 4,
	};
	expect(words({ ...vote, vote: "Aye", power: 10n ** 18n }, () => "Alice")).toBe(
		"Voted Aye on referendum 4 with 1.0000 CMT behind Alice",
	);
	expect(words(vote, () => "Alice")).toBe("Left referendum 4 to the vote of Alice again");
});

test("transfers name the other account in short", () => {
	const other = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
	const sent: HistoryEvent = { ...base, block: 9, name: "Balances.Transfer", other, amount: 1n };
	expect(words(sent, String)).toBe("Sent to 5FHneW…M694ty");
	expect(words({ ...sent, incoming: true }, String)).toBe("Got from 5FHneW…M694ty");
});
