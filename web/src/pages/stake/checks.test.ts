import { describe, expect, test } from "vitest";
import type { Candidate } from "../../chain/candidates.ts";
import type { Position } from "../../chain/positions.ts";
import { cmt } from "../../format/amounts.ts";
import {
	FOR_FEES,
	allBut,
	checkDelegate,
	checkRate,
	checkRebond,
	checkUndelegate,
	wordsOf,
} from "./checks.ts";

const LEAST = cmt(1_000);

const candidate = (stake = cmt(50_000), type = "Active"): Candidate =>
	({ stake, maxStake: cmt(100_000), state: { type, value: { due: 1 } } }) as Candidate;

const position = (value: bigint, ...waiting: bigint[]): Position =>
	({
		value,
		unbonding: waiting.map((amount, since) => ({ since, due: since + 2, amount })),
	}) as Position;

describe("delegate", () => {
	const given = { free: cmt(20_000), held: undefined, least: LEAST, candidate: candidate() };
	const check = (text: string, other: object = {}) => checkDelegate(text, { ...given, ...other });

	test("takes an amount with separators and decimals", () => {
		expect(check("1,000.5")).toEqual({ value: cmt(1_000) + cmt(1) / 2n });
	});

	test("refuses what the chain refuses, by the same names", () => {
		expect(check("many")).toEqual({ refusal: "NotAnAmount" });
		expect(check("0")).toEqual({ refusal: "ZeroAmount" });
		expect(check("999.999999999999999999")).toEqual({ refusal: "BelowMinimum" });
		expect(check("20000.000000000000000001")).toEqual({ refusal: "InsufficientBalance" });
		expect(check("60000")).toEqual({ refusal: "ExceedsMaximum" });
		expect(check("1000", { candidate: undefined })).toEqual({ refusal: "UnknownCandidate" });
		const closed = candidate(0n, "Retired");
		expect(check("1000", { candidate: closed })).toEqual({ refusal: "CandidateRetired" });
	});

	test("lets a position that is there take less than the minimum", () => {
		expect(check("1", { held: position(cmt(999)) })).toEqual({ value: cmt(1) });
		expect(check("0.5", { held: position(cmt(999)) })).toEqual({ refusal: "BelowMinimum" });
		expect(check("1", { held: position(0n, cmt(5_000)) })).toEqual({ refusal: "BelowMinimum" });
	});
});

describe("take out", () => {
	const check = (text: string) => checkUndelegate(text, position(cmt(5_000)), LEAST);

	test("takes all, or leaves the least that a position may hold", () => {
		expect(check("5000")).toEqual({ value: cmt(5_000) });
		expect(check("4000")).toEqual({ value: cmt(4_000) });
		expect(check("4000.000000000000000001")).toEqual({ refusal: "RemainderTooSmall" });
		expect(check("5000.000000000000000001")).toEqual({ refusal: "MoreThanBonded" });
	});
});

describe("take back", () => {
	const check = (text: string, of = candidate(), held = position(0n, cmt(800), cmt(700))) =>
		checkRebond(text, held, of, LEAST);

	test("takes what waits, if the position then has enough and the candidate has room", () => {
		expect(check("1500")).toEqual({ value: cmt(1_500) });
		expect(check("1500.1")).toEqual({ refusal: "MoreThanUnbonding" });
		expect(check("999")).toEqual({ refusal: "BelowMinimum" });
		expect(check("1500", candidate(cmt(99_000)))).toEqual({ refusal: "ExceedsMaximum" });
		expect(check("1500", candidate(0n, "Retired"))).toEqual({ refusal: "CandidateRetired" });
	});
});

test("a rate is above the present one and not above the maximum", () => {
	expect(checkRate("15.5", 150, 200)).toEqual({ value: 155 });
	expect(checkRate("20", 150, 200)).toEqual({ value: 200 });
	expect(checkRate("20.1", 150, 200)).toEqual({ refusal: "RateAboveMaximum" });
	expect(checkRate("15", 150, 200)).toEqual({ refusal: "RateUnchanged" });
	expect(checkRate("14.9", 150, 200)).toEqual({ refusal: "RateLowered" });
	expect(checkRate("15.55", 150, 200)).toEqual({ refusal: "NotARate" });
});

test("all that is free leaves something for fees and fits the candidate", () => {
	expect(allBut(cmt(10), cmt(100))).toBe(cmt(10) - FOR_FEES);
	expect(allBut(cmt(10), cmt(5))).toBe(cmt(5));
	expect(allBut(FOR_FEES, cmt(5))).toBe(0n);
	expect(allBut(0n, cmt(5))).toBe(0n);
});

test("a refusal has words", () => {
	expect(wordsOf("ZeroAmount")).toBe("The amount is zero. Enter an amount.");
});
