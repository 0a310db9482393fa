// What the chain would refuse, told before anybody signs: in its order, by the names of its errors.
// Whatever is not asked here is told by the rehearsal in the dialog.

import { problem } from "../../actions/problems.ts";
import { type Candidate, roomOf } from "../../chain/candidates.ts";
import { type Position, waitingIn } from "../../chain/positions.ts";
import { parseAmount, parseRate } from "../../format/amounts.ts";
import type { problems } from "../../texts.ts";

export type Refusal = keyof typeof problems;

/** What was typed, or why it cannot be. */
export type Checked<T> = { value: T } | { refusal: Refusal };

/** The words for a refusal. */
export function wordsOf(refusal: Refusal): string {
	const { what, remedy } = problem(refusal);
	return `${what} ${remedy}`.trim();
}

/** An amount in planck, by what else can be wrong with it. */
function checkedAmount(
	text: string,
	wrong: (planck: bigint) => Refusal | undefined,
): Checked<bigint> {
	const planck = parseAmount(text);
	if (planck === undefined) return { refusal: "NotAnAmount" };
	const refusal = planck === 0n ? "ZeroAmount" : wrong(planck);
	return refusal ? { refusal } : { value: planck };
}

const isClosed = ({ state }: Candidate): boolean => state.type === "Retired";

interface Delegation {
	/** Free planck of the account. */
	free: bigint;
	/** What it has behind the candidate already. */
	held: Position | undefined;
	/** Least worth of a position, in planck. */
	least: bigint;
	candidate: Candidate | undefined;
}

export function checkDelegate(
	text: string,
	{ free, held, least, candidate }: Delegation,
): Checked<bigint> {
	return checkedAmount(text, (planck) => {
		if (!candidate) return "UnknownCandidate";
		if (isClosed(candidate)) return "CandidateRetired";
		if (planck > roomOf(candidate)) return "ExceedsMaximum";
		if (planck > free) return "InsufficientBalance";
		return (held?.value ?? 0n) + planck < least ? "BelowMinimum" : undefined;
	});
}

export function checkUndelegate(text: string, { value }: Position, least: bigint): Checked<bigint> {
	return checkedAmount(text, (planck) => {
		if (planck > value) return "MoreThanBonded";
		const left = value - planck;
		return left > 0n && left < least ? "RemainderTooSmall" : undefined;
	});
}

export function checkRebond(
	text: string,
	position: Position,
	candidate: Candidate,
	least: bigint,
): Checked<bigint> {
	return checkedAmount(text, (planck) => rebondRefusal(planck, position, candidate, least));
}

/** Why planck that wait cannot be taken back. */
export function rebondRefusal(
	planck: bigint,
	position: Position,
	candidate: Candidate,
	least: bigint,
): Refusal | undefined {
	if (isClosed(candidate)) return "CandidateRetired";
	if (planck > waitingIn(position)) return "MoreThanUnbonding";
	if (planck > roomOf(candidate)) return "ExceedsMaximum";
	return position.value + planck < least ? "BelowMinimum" : undefined;
}

/** A rate in tenths of a per cent, above the present one. */
export function checkRate(text: string, now: number, most: number): Checked<number> {
	const tenths = parseRate(text);
	if (tenths === undefined) return { refusal: "NotARate" };
	if (tenths > most) return { refusal: "RateAboveMaximum" };
	if (tenths < now) return { refusal: "RateLowered" };
	return tenths === now ? { refusal: "RateUnchanged" } : { value: tenths };
}

/** What "all that is free" leaves for fees, in planck: thousands of transactions. */
export const FOR_FEES = 10n ** 17n;

/** All that can be locked of what is free, in planck. */
export const allBut = (free: bigint, room: bigint): bigint => {
	const most = free > FOR_FEES ? free - FOR_FEES : 0n;
	return most < room ? most : room;
};
