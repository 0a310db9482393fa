// Where the money of a trade goes, by the same integer arithmetic as the contract's.

import { type Side, type Terms, type Trade, isOffer } from "./escrow.ts";

/** What each is credited at an end, in units of the asset. */
export interface Shares {
	seller: bigint;
	buyer: bigint;
	arbiter: bigint;
}

/** What a side pays in. */
export function stakeOf(terms: Terms, side: Side): bigint {
	return side === "seller" ? terms.sellerDeposit : terms.price + terms.buyerDeposit;
}

/** The side that made the offer. */
export const makerSide = ({ maker, terms }: Trade): Side =>
	maker === terms.seller ? "seller" : "buyer";

export const otherSide = (side: Side): Side => (side === "seller" ? "buyer" : "seller");

/** What is in the escrow for a trade, by who paid it. */
export function paidIn(trade: Trade): Shares {
	const maker = makerSide(trade);
	const paid = (side: Side): bigint =>
		trade.stage === "None" || (isOffer(trade.stage) && side !== maker)
			? 0n
			: stakeOf(trade.terms, side);
	return { seller: paid("seller"), buyer: paid("buyer"), arbiter: 0n };
}

/** Who is credited what with this refund; a dispute pays the arbiter unless its silence ends it. */
export function shares(terms: Terms, refund: bigint, paysArbiter: boolean): Shares {
	const { price } = terms;
	const fee = paysArbiter ? terms.arbiterFee : 0n;
	const sellerFee = (fee * refund) / price;
	const buyerFee = (fee * (price - refund)) / price;
	return {
		seller: price - refund + terms.sellerDeposit - sellerFee,
		buyer: refund + terms.buyerDeposit - buyerFee,
		arbiter: sellerFee + buyerFee,
	};
}

/** The half of the price that goes to the buyer where nobody decides: an odd unit is the buyer's. */
export const undecidedRefund = ({ price }: Terms): bigint => price - price / 2n;

/** Ends that a trade can have, by what would bring them about. */
export type EndName =
	| "back"
	| "confirmed"
	| "givenBack"
	| "agreedSeller"
	| "agreedBuyer"
	| "undelivered"
	| "unanswered"
	| "decidedSeller"
	| "decidedHalf"
	| "decidedBuyer"
	| "undecided";

export interface End {
	name: EndName;
	shares: Shares;
}

/** All ends that are possible still, each with what it pays to whom. */
export function endsOf(trade: Trade): End[] {
	const { terms, stage, proposals } = trade;
	if (stage === "None" || stage === "Closed") return [];
	const disputed = stage === "Disputed";
	const end = (name: EndName, refund: bigint, paysArbiter: boolean): End => ({
		name,
		shares: shares(terms, refund, paysArbiter),
	});
	const half = undecidedRefund(terms);
	const proposed = (name: EndName, refund: bigint | undefined): End[] =>
		refund === undefined ? [] : [end(name, refund, disputed)];
	return [
		...(isOffer(stage) ? [{ name: "back", shares: paidIn(trade) } as const] : []),
		end("confirmed", 0n, disputed),
		end("givenBack", terms.price, disputed),
		...proposed("agreedSeller", proposals.seller),
		...proposed("agreedBuyer", proposals.buyer),
		...(disputed || stage === "Delivered" ? [] : [end("undelivered", terms.price, false)]),
		...(disputed ? [] : [end("unanswered", 0n, false)]),
		end("decidedSeller", 0n, true),
		end("decidedHalf", half, true),
		end("decidedBuyer", terms.price, true),
		end("undecided", half, false),
	];
}

/** What `expire` would credit once the deadline has passed. */
export function expiryShares(trade: Trade): Shares {
	const { terms, stage } = trade;
	if (isOffer(stage)) return paidIn(trade);
	if (stage === "Active") return shares(terms, terms.price, false);
	if (stage === "Delivered") return shares(terms, 0n, false);
	return shares(terms, undecidedRefund(terms), false);
}
