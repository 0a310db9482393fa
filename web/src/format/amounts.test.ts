import { describe, expect, test } from "vitest";
import { cmt, parseAmount } from "./amounts.ts";

describe("an amount as a user types it", () => {
	const half = cmt(1) / 2n;
	const good: [string, bigint][] = [
		["1500", cmt(1_500)],
		["1,500", cmt(1_500)],
		["1 234 567.5", cmt(1_234_567) + half],
		[" 0.5 ", half],
		["0.000000000000000001", 1n],
	];
	test.each(good)("%j is read", (text, planck) => expect(parseAmount(text)).toBe(planck));

	// A comma as a decimal point would otherwise make it ten times as much, or more.
	const bad = ["1,5", "0,5", "1,50", "1,5000", "12,34,567", ",500", "1.", "1.5.5", "-1", "1e3", ""];
	test.each(bad)("%j is refused", (text) => expect(parseAmount(text)).toBeUndefined());

	test("more decimals than a planck has are refused", () => {
		expect(parseAmount("0.0000000000000000001")).toBeUndefined();
	});
});
