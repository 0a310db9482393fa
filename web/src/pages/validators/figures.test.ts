import { describe, expect, test } from "vitest";
import type { Candidate } from "../../chain/candidates.ts";
import { cmt } from "../../format/amounts.ts";
import { FIGURES, type Figure, difference, written } from "./figures.ts";

const one: Candidate = {
	address: "5One",
	name: "One",
	owner: "5One",
	role: "Validator",
	state: { type: "Active", value: undefined },
	rank: 3,
	stake: cmt(2_000_000) + 999_999_999_999_999_999n,
	selfStake: cmt(10_000),
	maxStake: cmt(3_000_000),
	rate: 155,
	maxRate: 200,
	positions: 1_234,
	yearly: 81_299n,
	profile: { website: "", location: "", email: "" },
	verified: false,
	conduct: {
		absent: true,
		missedTurns: 2,
		jailedUntil: undefined,
		tombstoned: false,
		slashes: 1,
	},
	seat: { stake: cmt(15), counted: cmt(12), group: cmt(100) },
};
const other: Candidate = {
	...one,
	name: "Other",
	rate: 150,
	stake: cmt(1_999_999),
	rank: undefined,
	seat: undefined,
	state: { type: "Retired", value: { due: 12 } },
};

const figure = (key: Figure["key"]): Figure => FIGURES.find((found) => found.key === key)!;
const text = (key: Figure["key"], candidate = one, places = 4): string =>
	written(figure(key), candidate, places);

describe("figures", () => {
	test.each([
		["rank", "3"],
		["stake", "2,000,000.9999"],
		["room", "999,999.0000"],
		["rate", "15.5 %"],
		["maxRate", "20.0 %"],
		["yearly", "8.12 %"],
		["counted", "12.0000"],
		["share", "12.00 %"],
		["leftOut", "3.0000"],
		["positions", "1,234"],
		["missed", "2, absent"],
		["jail", "No"],
		["slashes", "1"],
		["state", "Active"],
	] as const)("%s reads %s", (key, expected) => {
		expect(text(key)).toBe(expected);
	});

	test("are cut off in lists, never rounded up", () => {
		expect(text("stake", one, 0)).toBe("2,000,000");
	});

	test("are a dash where there are none", () => {
		expect(text("rank", other)).toBe("–");
		expect(text("leftOut", other)).toBe("–");
		expect(text("state", other)).toBe("Closed, paid from era 12 on");
	});

	test("jail for good outlasts any other", () => {
		const { value } = figure("jail");
		const dead = { ...one, conduct: { ...one.conduct, tombstoned: true } };
		const late = { ...one, conduct: { ...one.conduct, jailedUntil: 9_999_999_999_999n } };
		expect(Number(value(dead))).toBeGreaterThan(Number(value(late)));
		expect(Number(value(late))).toBeGreaterThan(Number(value(one)));
		expect(text("jail", dead)).toBe("For good");
	});
});

describe("differences", () => {
	const gap = (key: Figure["key"]): string | undefined => difference(figure(key), one, other, 4);

	test("say who has more and how much", () => {
		expect(gap("stake")).toBe("One: 1.9999 more");
		expect(gap("rate")).toBe("One: 0.5 % more");
		expect(difference(figure("room"), one, other, 4)).toBe("Other: 1.9999 more");
	});

	test("say only that they differ where nothing can be counted", () => {
		expect(gap("rank")).toBe("differs");
		expect(gap("state")).toBe("differs");
		expect(gap("leftOut")).toBe("differs");
	});

	test("are none where both are alike", () => {
		expect(gap("positions")).toBeUndefined();
		expect(gap("missed")).toBeUndefined();
	});
});
