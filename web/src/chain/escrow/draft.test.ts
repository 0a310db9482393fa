import { describe, expect, it } from "vitest";
import { CMT } from "./asset.ts";
import { type Draft, FIRST_DRAFT, readDraft, secondsOf } from "./draft.ts";
import { NOBODY } from "./escrow.ts";
import { textHash } from "./texts.ts";

const SELF = "0x1111111111111111111111111111111111111111";
const OTHER = "0x2222222222222222222222222222222222222222";
/** The account //Alice of development chains, and its Ethereum form. */
const ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const ALICE_IMAGE = "0x9621dde636de098b43efb0fa9b61facfe328f99d";

const draft: Draft = {
	...FIRST_DRAFT,
	other: OTHER,
	arbiter: ALICE,
	price: "1,000.5",
	sellerDeposit: "100",
	buyerDeposit: "100",
	arbiterFee: "30",
	goods: " a bicycle ",
};
const problems = (change: Partial<Draft>) => readDraft({ ...draft, ...change }, SELF, CMT).problems;

describe("a draft", () => {
	it("becomes terms where the contract would take it", () => {
		const { terms } = readDraft(draft, SELF, CMT);
		expect(terms).toEqual({
			seller: SELF,
			buyer: OTHER,
			arbiter: ALICE_IMAGE,
			asset: NOBODY,
			price: 1_000_500_000_000_000_000_000n,
			sellerDeposit: 100n * 10n ** 18n,
			buyerDeposit: 100n * 10n ** 18n,
			arbiterFee: 30n * 10n ** 18n,
			goods: textHash("a bicycle"),
			acceptWithin: 259_200,
			deliverWithin: 1_209_600,
			confirmWithin: 432_000,
			decideWithin: 1_209_600,
		});
	});

	it("may leave the other side open, and changes sides", () => {
		const { terms } = readDraft({ ...draft, side: "buyer", other: "" }, SELF, CMT);
		expect(terms?.seller).toBe(NOBODY);
		expect(terms?.buyer).toBe(SELF);
	});

	it("is refused for the contract's reasons", () => {
		expect(problems({ other: SELF })).toEqual({ other: "sellerIsBuyer" });
		expect(problems({ arbiter: "" })).toEqual({ arbiter: "arbiterMissing" });
		expect(problems({ arbiter: OTHER })).toEqual({ arbiter: "arbiterIsParty" });
		expect(problems({ arbiter: SELF })).toEqual({ arbiter: "arbiterIsParty" });
		expect(problems({ price: "0" })).toEqual({ price: "priceIsZero" });
		expect(problems({ arbiterFee: "100.1" })).toEqual({ arbiterFee: "feeAboveDeposit" });
		expect(problems({ buyerDeposit: "29" })).toEqual({ arbiterFee: "feeAboveDeposit" });
		const period = (count: string, unit: "minutes" | "days") =>
			problems({ deliverWithin: { count, unit } });
		expect(period("0", "minutes")).toEqual({ deliverWithin: "periodOutOfRange" });
		expect(period("1", "minutes")).toEqual({});
		expect(period("365", "days")).toEqual({});
		expect(period("366", "days")).toEqual({ deliverWithin: "periodOutOfRange" });
		expect(period("1.5", "days")).toEqual({ deliverWithin: "periodOutOfRange" });
	});

	it("is refused for the form's reasons", () => {
		expect(problems({ other: "0x12" })).toEqual({ other: "notAnAddress" });
		expect(problems({ price: "1.0000000000000000001" })).toEqual({ price: "notAnAmount" });
		expect(problems({ price: "400000000000000000000" })).toEqual({ price: "tooLarge" });
		expect(problems({ goods: " " })).toEqual({ goods: "goodsMissing" });
		expect(problems({ goods: "x".repeat(2_001) })).toEqual({ goods: "goodsTooLong" });
		expect(readDraft(draft, SELF, undefined).problems.token).toBe("notAToken");
	});
});

describe("a period", () => {
	it("is a whole number of its unit", () => {
		expect(secondsOf({ count: "2", unit: "hours" })).toBe(7_200);
		expect(secondsOf({ count: "two", unit: "hours" })).toBeNaN();
	});
});
