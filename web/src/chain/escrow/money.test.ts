import { describe, expect, it } from "vitest";
import { NO_HASH, type Stage, type Terms, type Trade } from "./escrow.ts";
import { endsOf, expiryShares, paidIn, shares, stakeOf, undecidedRefund } from "./money.ts";

const SELLER = "0x1111111111111111111111111111111111111111";
const BUYER = "0x2222222222222222222222222222222222222222";
const terms: Terms = {
	seller: SELLER,
	buyer: BUYER,
	arbiter: "0x3333333333333333333333333333333333333333",
	asset: "0x0000000000000000000000000000000000000000",
	price: 1001n,
	sellerDeposit: 100n,
	buyerDeposit: 50n,
	arbiterFee: 30n,
	goods: NO_HASH,
	acceptWithin: 60,
	deliverWithin: 60,
	confirmWithin: 60,
	decideWithin: 60,
};
const trade = (stage: Stage, more: Partial<Trade> = {}): Trade => ({
	id: NO_HASH, terms, maker: SELLER, deadline: 0, stage, outcome: "None", proposals: {}, ...more,
});
const total = terms.price + terms.sellerDeposit + terms.buyerDeposit;

describe("money of a trade", () => {
	it("asks each side for its stake", () => {
		expect(stakeOf(terms, "seller")).toBe(100n);
		expect(stakeOf(terms, "buyer")).toBe(1051n);
	});

	it("has the maker's stake only before the acceptance", () => {
		expect(paidIn(trade("Open"))).toEqual({ seller: 100n, buyer: 0n, arbiter: 0n });
		const bought = trade("Offered", { maker: BUYER });
		expect(paidIn(bought)).toEqual({ seller: 0n, buyer: 1051n, arbiter: 0n });
		expect(paidIn(trade("Active"))).toEqual({ seller: 100n, buyer: 1051n, arbiter: 0n });
	});

	it("has the loser pay the fee, rounded down for each", () => {
		expect(shares(terms, 0n, true)).toEqual({ seller: 1101n, buyer: 20n, arbiter: 30n });
		expect(shares(terms, 1001n, true)).toEqual({ seller: 70n, buyer: 1051n, arbiter: 30n });
		// 30 * 500 / 1001 = 14.98, 30 * 501 / 1001 = 15.01: one unit stays with the sides.
		expect(shares(terms, 500n, true)).toEqual({ seller: 587n, buyer: 535n, arbiter: 29n });
	});

	it("pays out what was paid in at every end of every stage", () => {
		for (const stage of ["Active", "Delivered", "Disputed"] as const) {
			const proposals = { seller: 7n, buyer: 1000n };
			for (const { shares: each } of endsOf(trade(stage, { proposals }))) {
				expect(each.seller + each.buyer + each.arbiter).toBe(total);
			}
		}
	});

	it("lists the ends that are possible still", () => {
		const names = (stage: Stage): string[] => endsOf(trade(stage)).map(({ name }) => name);
		const dispute = ["decidedSeller", "decidedHalf", "decidedBuyer", "undecided"];
		expect(names("Open")).toEqual([
			"back", "confirmed", "givenBack", "undelivered", "unanswered", ...dispute,
		]);
		expect(names("Delivered")).toEqual(["confirmed", "givenBack", "unanswered", ...dispute]);
		expect(names("Disputed")).toEqual(["confirmed", "givenBack", ...dispute]);
		expect(names("Closed")).toEqual([]);
	});

	it("takes the fee for giving in only in a dispute", () => {
		const confirmed = (stage: Stage) =>
			endsOf(trade(stage)).find(({ name }) => name === "confirmed");
		expect(confirmed("Delivered")?.shares).toEqual({ seller: 1101n, buyer: 50n, arbiter: 0n });
		expect(confirmed("Disputed")?.shares).toEqual({ seller: 1101n, buyer: 20n, arbiter: 30n });
	});

	it("ends by its deadline as the stage says", () => {
		expect(undecidedRefund(terms)).toBe(501n);
		expect(expiryShares(trade("Open"))).toEqual({ seller: 100n, buyer: 0n, arbiter: 0n });
		expect(expiryShares(trade("Active"))).toEqual({ seller: 100n, buyer: 1051n, arbiter: 0n });
		expect(expiryShares(trade("Delivered"))).toEqual({ seller: 1101n, buyer: 50n, arbiter: 0n });
		expect(expiryShares(trade("Disputed"))).toEqual({ seller: 600n, buyer: 551n, arbiter: 0n });
	});
});
