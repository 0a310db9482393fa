import { describe, expect, it } from "vitest";
import { NOBODY, NO_HASH, type Stage, type Trade } from "./escrow.ts";
import { concerns, isTurnOf, roleOf, sideOf, stepsOf, turnOf } from "./steps.ts";

const SELLER = "0x1111111111111111111111111111111111111111";
const BUYER = "0x2222222222222222222222222222222222222222";
const ARBITER = "0x3333333333333333333333333333333333333333";
const STRANGER = "0x4444444444444444444444444444444444444444";
const DEADLINE = 1_000;

const trade = (stage: Stage, buyer: Trade["maker"] = BUYER): Trade => ({
	id: NO_HASH,
	terms: {
		seller: SELLER, buyer, arbiter: ARBITER, asset: NOBODY, price: 10n, sellerDeposit: 1n,
		buyerDeposit: 1n, arbiterFee: 1n, goods: NO_HASH, acceptWithin: 60, deliverWithin: 60,
		confirmWithin: 60, decideWithin: 60,
	},
	maker: SELLER,
	deadline: DEADLINE,
	stage,
	outcome: "None",
	proposals: {},
});
const steps = (stage: Stage, who: Trade["maker"], now = DEADLINE): string[] =>
	stepsOf(trade(stage), who, now);

describe("steps of a trade", () => {
	it("are those of the contract, by stage and role", () => {
		expect(steps("Offered", SELLER)).toEqual(["cancel"]);
		expect(steps("Offered", BUYER)).toEqual([]);
		expect(steps("Offered", ARBITER)).toEqual(["agreeToArbitrate"]);
		expect(steps("Open", BUYER)).toEqual(["accept"]);
		expect(steps("Open", ARBITER)).toEqual([]);
		expect(steps("Active", SELLER)).toEqual(["claimDelivery", "giveBack", "propose"]);
		expect(steps("Active", BUYER)).toEqual(["confirm", "propose"]);
		expect(steps("Delivered", SELLER)).toEqual(["giveBack", "propose"]);
		expect(steps("Delivered", BUYER)).toEqual(["confirm", "dispute", "propose"]);
		expect(steps("Disputed", ARBITER)).toEqual(["decide"]);
		expect(steps("Disputed", BUYER)).toEqual(["confirm", "propose"]);
		for (const stage of ["Offered", "Open", "Active", "Delivered", "Disputed"] as const) {
			expect(steps(stage, STRANGER)).toEqual([]);
		}
		expect(steps("Closed", SELLER, DEADLINE + 1)).toEqual([]);
	});

	it("are one for everybody after the deadline", () => {
		expect(steps("Active", SELLER, DEADLINE + 1)).toEqual(["expire"]);
		expect(steps("Open", STRANGER, DEADLINE + 1)).toEqual(["expire"]);
	});

	it("offer to agree and to withdraw where there are proposals", () => {
		const proposed = { ...trade("Active"), proposals: { seller: 3n } };
		expect(stepsOf(proposed, BUYER, 0)).toEqual(["confirm", "agree", "propose"]);
		expect(stepsOf(proposed, SELLER, 0)).toEqual([
			"claimDelivery", "giveBack", "propose", "withdrawProposal",
		]);
	});

	it("let anybody but maker and arbiter accept an offer to anybody", () => {
		const open = trade("Open", NOBODY);
		expect(stepsOf(open, STRANGER, 0)).toEqual(["accept"]);
		expect(stepsOf(open, ARBITER, 0)).toEqual([]);
		expect(roleOf(open, STRANGER)).toBe("guest");
		expect(sideOf(open, STRANGER)).toBe("buyer");
		expect(concerns(open, STRANGER)).toBe(false);
		expect(concerns(open, SELLER)).toBe(true);
	});
});

describe("turn of a trade", () => {
	it("is whose step the deadline is for", () => {
		const turns = (["Offered", "Open", "Active", "Delivered", "Disputed", "Closed"] as const).map(
			(stage) => turnOf(trade(stage), DEADLINE),
		);
		expect(turns).toEqual(["arbiter", "buyer", "seller", "buyer", "arbiter", "nobody"]);
		expect(turnOf(trade("Open", NOBODY), DEADLINE)).toBe("anybody");
		expect(turnOf(trade("Active"), DEADLINE + 1)).toBe("anybody");
	});

	it("is the user's where it waits for its account", () => {
		expect(isTurnOf(trade("Active"), SELLER, DEADLINE)).toBe(true);
		expect(isTurnOf(trade("Active"), BUYER, DEADLINE)).toBe(false);
		expect(isTurnOf(trade("Active"), BUYER, DEADLINE + 1)).toBe(true);
		expect(isTurnOf(trade("Active"), STRANGER, DEADLINE + 1)).toBe(false);
	});
});
