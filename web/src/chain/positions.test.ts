import { expect, test } from "vitest";
import type { Account } from "../wallets/account.ts";
import type { Candidate } from "./candidates.ts";
import { type Position, concernOf, dueIn, keptRate, nameOf, waitingIn } from "./positions.ts";

const ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const GOOD = {
	absent: false,
	missedTurns: 0,
	jailedUntil: undefined,
	tombstoned: false,
	slashes: 0,
};

const candidate = (other: object, conduct: object = {}): Candidate =>
	({
		name: "Alice's",
		state: { type: "Active" },
		conduct: { ...GOOD, ...conduct },
		...other,
	}) as Candidate;

test("a candidate that is not known is called by its address", () => {
	const byAddress = new Map([[ALICE, candidate({})]]);
	expect(nameOf(ALICE, { byAddress })).toBe("Alice's");
	expect(nameOf(ALICE, { byAddress: new Map() })).toBe("5Grwva…GKutQY");
});

test("what waits is due from its era on", () => {
	const unbonding = [
		{ since: 1, due: 3, amount: 5n },
		{ since: 2, due: 4, amount: 7n },
	];
	const position = { unbonding } as Position;
	expect(waitingIn(position)).toBe(12n);
	expect([2, 3, 4].map((era) => dueIn(position, era))).toEqual([0n, 5n, 12n]);
});

test("a position keeps its rate, but that of a former owner, of which all waits", () => {
	const of = candidate({ owner: ALICE, rate: 150 });
	const who = (native: string) => ({ native }) as Account;
	const held = (rate: number, value: bigint) => ({ rate, value }) as Position;
	expect(keptRate(of, who("Bob"), undefined)).toBeUndefined();
	expect(keptRate(of, who("Bob"), held(120, 5n))).toBe(120);
	expect(keptRate(of, who("Bob"), held(120, 0n))).toBe(120);
	expect(keptRate(of, who("Bob"), held(0, 5n))).toBe(0);
	expect(keptRate(of, who("Bob"), held(0, 0n))).toBeUndefined();
	expect(keptRate(of, who(ALICE), held(120, 0n))).toBe(0);
	expect(keptRate(of, who(ALICE), undefined)).toBe(0);
});

test("the worst that is to be known of a candidate comes first", () => {
	const kind = (one: Candidate, now = 1_000) => concernOf(one, now)?.kind;
	const inactive = { state: { type: "Inactive" } };
	expect(kind(candidate({}))).toBeUndefined();
	expect(kind(candidate({}, { absent: true, missedTurns: 3 }))).toBe("absent");
	expect(kind(candidate(inactive, { absent: true }))).toBe("inactive");
	expect(kind(candidate(inactive, { jailedUntil: 1_001n }))).toBe("jailed");
	expect(kind(candidate(inactive, { jailedUntil: 1_000n }))).toBe("inactive");
	expect(kind(candidate(inactive, { jailedUntil: 1_001n, tombstoned: true }))).toBe("tombstoned");
	const retired = { state: { type: "Retired", value: { due: 9 } } };
	expect(concernOf(candidate(retired, { tombstoned: true }), 0)).toEqual({
		kind: "retired",
		due: 9,
	});
});
