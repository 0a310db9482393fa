import { describe, expect, test } from "vitest";
import type { Candidate } from "../../chain/candidates.ts";
import { addressesOf, filtered, filtersOf, passing, picked, standingOf } from "./query.ts";

const good = {
	absent: false,
	missedTurns: 0,
	jailedUntil: undefined,
	tombstoned: false,
	slashes: 0,
};
const inactive = { type: "Inactive", value: undefined } as const;

const make = (name: string, change: Partial<Candidate> = {}): Candidate => ({
	address: `5${name}Address`,
	name,
	owner: `5${name}Address`,
	role: "Validator",
	state: { type: "Active", value: undefined },
	rank: 1,
	stake: 10n,
	selfStake: 1n,
	maxStake: 100n,
	rate: 155,
	maxRate: 200,
	positions: 1,
	yearly: 0n,
	profile: { website: "", location: "", email: "" },
	verified: false,
	conduct: good,
	seat: undefined,
	...change,
});

const all = [
	make("Ann", { verified: true }),
	make("Ben", { role: "Standby", rate: 100 }),
	make("Cid", { state: inactive, role: "Candidate" }),
	make("Dan", { conduct: { ...good, jailedUntil: 5n }, state: inactive }),
	make("Eve", { state: { type: "Retired", value: { due: 9 } }, role: "Candidate" }),
	make("Fay", { stake: 100n, conduct: good }),
];

const names = (query: string): string =>
	passing(all, filtersOf(new URLSearchParams(query))).map(({ name }) => name).join(" ");

describe("filters", () => {
	test.each([
		["", "Ann Ben Cid Dan Eve Fay"],
		["text=aN", "Ann Dan"],
		["text=5bena", "Ben"],
		["role=Standby", "Ben"],
		["standing=active", "Ann Ben Fay"],
		["standing=inactive", "Cid"],
		["standing=jailed", "Dan"],
		["standing=closed", "Eve"],
		["takes=1", "Ann Ben"],
		["verified=1", "Ann"],
		["rate=15.4", "Ben"],
		["rate=15.5", "Ann Ben Cid Dan Eve Fay"],
		["rate=nonsense", "Ann Ben Cid Dan Eve Fay"],
		["takes=1&rate=12", "Ben"],
		["text=nobody", ""],
	])("%s", (query, expected) => {
		expect(names(query)).toBe(expected);
	});

	test("come back from the address as they went into it", () => {
		const text = "a&b=c?#ü, 100 %";
		const query = filtered(filtered(new URLSearchParams(), "text", text), "takes", true);
		const read = filtersOf(new URLSearchParams(query.toString()));
		expect(read).toMatchObject({ text, takes: true, verified: false, role: "" });
	});

	test("leave nothing behind when they are taken back", () => {
		const query = filtered(filtered(new URLSearchParams("picked=5A"), "rate", "5"), "rate", "");
		expect(query.toString()).toBe("picked=5A");
	});

	test("a jailed one is not merely inactive, a closed one is closed", () => {
		expect(all.map(standingOf)).toEqual([
			"active", "active", "inactive", "jailed", "closed", "active",
		]);
	});
});

describe("picks", () => {
	test("are two at most, each once", () => {
		const query = new URLSearchParams("compare=5A,5A,5B,5C");
		expect(addressesOf(query, "compare")).toEqual(["5A", "5B"]);
	});

	test("go and come one by one, and keep the filters", () => {
		const one = picked(new URLSearchParams("text=x"), "5A", true);
		const two = picked(one, "5B", true);
		expect(addressesOf(two, "picked")).toEqual(["5A", "5B"]);
		expect(addressesOf(picked(two, "5A", false), "picked")).toEqual(["5B"]);
		expect(picked(one, "5A", false).toString()).toBe("text=x");
	});
});
