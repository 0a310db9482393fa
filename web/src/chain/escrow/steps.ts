// Who may do what in a trade, and whose turn it is: the contract's rules, told before anybody signs.

import type { Hex } from "viem";
import { NOBODY, type Side, type Trade, isOffer, runs } from "./escrow.ts";
import { makerSide, otherSide } from "./money.ts";

/** What an account is in a trade. `guest`: it may become the side that an offer leaves open. */
export type Role = Side | "arbiter" | "guest" | "none";

/** The steps of the contract, beside `offer` and `withdraw`. */
export type Step =
	| "agreeToArbitrate"
	| "accept"
	| "claimDelivery"
	| "confirm"
	| "giveBack"
	| "dispute"
	| "decide"
	| "propose"
	| "withdrawProposal"
	| "agree"
	| "cancel"
	| "expire";

/** What an account is in a trade. */
export function roleOf({ terms, stage }: Trade, account: Hex): Role {
	if (account === terms.seller) return "seller";
	if (account === terms.buyer) return "buyer";
	if (account === terms.arbiter) return "arbiter";
	const open = terms.seller === NOBODY || terms.buyer === NOBODY;
	return open && isOffer(stage) ? "guest" : "none";
}

/** The side that an account is or would be. */
export function sideOf(trade: Trade, account: Hex): Side | undefined {
	const role = roleOf(trade, account);
	if (role === "guest") return otherSide(makerSide(trade));
	return role === "seller" || role === "buyer" ? role : undefined;
}

/** Whether the deadline of the stage has passed: only `expire` is left. */
export const isOver = ({ stage, deadline }: Trade, now: number): boolean =>
	stage !== "None" && stage !== "Closed" && now > deadline;

/** The steps that an account may take at this time, in seconds since 1970; the likeliest first. */
export function stepsOf(trade: Trade, account: Hex, now: number): Step[] {
	const { stage } = trade;
	if (stage === "None" || stage === "Closed") return [];
	if (isOver(trade, now)) return ["expire"];
	const role = roleOf(trade, account);
	if (isOffer(stage)) return stepsOfOffer(trade, account, role);
	if (role === "arbiter") return stage === "Disputed" ? ["decide"] : [];
	if (role !== "seller" && role !== "buyer") return [];
	return [...stepsOfSide(trade, role), ...stepsOfProposals(trade, role)];
}

function stepsOfOffer(trade: Trade, account: Hex, role: Role): Step[] {
	if (account === trade.maker) return ["cancel"];
	if (role === "arbiter") return trade.stage === "Offered" ? ["agreeToArbitrate"] : [];
	return role !== "none" && trade.stage === "Open" ? ["accept"] : [];
}

function stepsOfSide({ stage }: Trade, side: Side): Step[] {
	if (side === "seller") return stage === "Active" ? ["claimDelivery", "giveBack"] : ["giveBack"];
	return stage === "Delivered" ? ["confirm", "dispute"] : ["confirm"];
}

function stepsOfProposals({ proposals }: Trade, side: Side): Step[] {
	const own = proposals[side] !== undefined;
	return [
		...(proposals[otherSide(side)] === undefined ? [] : (["agree"] as const)),
		"propose",
		...(own ? (["withdrawProposal"] as const) : []),
	];
}

/** Whom a trade waits for; `anybody` may end it or accept it. */
export type Turn = Side | "arbiter" | "anybody" | "nobody";

export function turnOf(trade: Trade, now: number): Turn {
	const { stage, terms } = trade;
	if (stage === "None" || stage === "Closed") return "nobody";
	if (isOver(trade, now)) return "anybody";
	if (stage === "Offered" || stage === "Disputed") return "arbiter";
	if (stage === "Active") return "seller";
	if (stage === "Delivered") return "buyer";
	const invited = otherSide(makerSide(trade));
	return terms[invited] === NOBODY ? "anybody" : invited;
}

/** Whether a trade waits for this account. */
export function isTurnOf(trade: Trade, account: Hex, now: number): boolean {
	const turn = turnOf(trade, now);
	if (turn === "anybody") return isOver(trade, now) && roleOf(trade, account) !== "none";
	return turn !== "nobody" && roleOf(trade, account) === turn;
}

/** Whether a trade concerns an account: it is, or is asked to be, one of the three. */
export function concerns(trade: Trade, account: Hex): boolean {
	const role = roleOf(trade, account);
	return role !== "none" && role !== "guest";
}

/** Whether an offer waits for whoever comes. */
export const isPublic = ({ stage, terms }: Trade): boolean =>
	isOffer(stage) && (terms.seller === NOBODY || terms.buyer === NOBODY);

/** Whether the two sides can still propose refunds. */
export const isNegotiable = (trade: Trade, now: number): boolean =>
	runs(trade.stage) && !isOver(trade, now);
