// What is shown of a candidate: in the list, side by side, and on its own page. One place for all,
// so that the same figure reads the same everywhere.

import { type Candidate, leftOutOf, roomOf } from "../../chain/candidates.ts";
import { amount, millionths, rate } from "../../format/amounts.ts";
import { moment } from "../../format/times.ts";
import { validators as texts } from "../../texts.ts";

/** Planck, tenths of a per cent, millionths, things, or words. */
type Kind = "planck" | "tenths" | "millionths" | "count" | "words";

export interface Figure {
	key: keyof typeof texts.figures;
	kind: Kind;
	/** What it is compared and sorted by; nothing where the candidate has no such figure. */
	value: (candidate: Candidate) => bigint | number | string | undefined;
	/** How it reads, where the value alone says too little. */
	words?: (candidate: Candidate) => string;
	/** Left out of lists on narrow screens. */
	minor?: boolean;
}

const MILLION = 1_000_000n;

export const FIGURES: readonly Figure[] = [
	{ key: "rank", kind: "count", value: ({ rank }) => rank, words: rankWords },
	{ key: "stake", kind: "planck", value: ({ stake }) => stake },
	{ key: "rate", kind: "tenths", value: (one) => one.rate },
	{ key: "yearly", kind: "millionths", value: ({ yearly }) => yearly },
	{ key: "room", kind: "planck", value: roomOf },
	{ key: "role", kind: "words", value: ({ role }) => texts.roles[role] },
	{ key: "state", kind: "words", value: stateWords },
	{ key: "jail", kind: "count", value: jailEnd, words: jailWords },
	{ key: "missed", kind: "count", value: missedOrder, words: missedWords, minor: true },
	{ key: "slashes", kind: "count", value: ({ conduct }) => conduct.slashes, minor: true },
	{ key: "selfStake", kind: "planck", value: ({ selfStake }) => selfStake, minor: true },
	{ key: "positions", kind: "count", value: ({ positions }) => positions, minor: true },
	{ key: "counted", kind: "planck", value: ({ seat }) => seat?.counted, minor: true },
	{ key: "share", kind: "millionths", value: shareOf, minor: true },
	{ key: "leftOut", kind: "planck", value: leftOutOf, minor: true },
	{ key: "maxRate", kind: "tenths", value: ({ maxRate }) => maxRate, minor: true },
	{ key: "maxStake", kind: "planck", value: ({ maxStake }) => maxStake, minor: true },
];

/** The figure as it reads; amounts in CMT with so many decimals, cut off. */
export function written(figure: Figure, candidate: Candidate, places: number): string {
	if (figure.words) return figure.words(candidate);
	const value = figure.value(candidate);
	return value === undefined ? texts.none : formatted(figure.kind, value, places);
}

/** A value of this kind as it reads. */
export function formatted(kind: Kind, value: bigint | number | string, places: number): string {
	if (kind === "planck") return amount(BigInt(value), places);
	if (kind === "tenths") return rate(Number(value));
	if (kind === "millionths") return millionths(BigInt(value));
	return typeof value === "string" ? value : value.toLocaleString("en");
}

/** Who has more of a figure, and how much; nothing where two candidates are alike in it. */
export function difference(
	figure: Figure,
	one: Candidate,
	other: Candidate,
	places: number,
): string | undefined {
	const [a, b] = [figure.value(one), figure.value(other)];
	if (a === b) return undefined;
	const bare = figure.kind === "words" || figure.words || a === undefined || b === undefined;
	if (bare) return texts.differs;
	const [more, from, to] = a > b ? [one, b, a] : [other, a, b];
	return texts.more(more.name, formatted(figure.kind, BigInt(to) - BigInt(from), places));
}

/** A place, and no amount: nobody has "more" of it. */
function rankWords({ rank }: Candidate): string {
	return rank === undefined ? texts.none : rank.toLocaleString("en");
}

function stateWords({ state }: Candidate): string {
	if (state.type === "Retired") return texts.states.Retired(String(state.value.due));
	return texts.states[state.type];
}

function shareOf({ seat }: Candidate): bigint | undefined {
	if (!seat) return undefined;
	return seat.group === 0n ? 0n : (seat.counted * MILLION) / seat.group;
}

/** In milliseconds since 1970; jail for good is later than any other. */
function jailEnd({ conduct }: Candidate): number {
	if (conduct.tombstoned) return Number.MAX_SAFE_INTEGER;
	return Number(conduct.jailedUntil ?? 0n);
}

function jailWords({ conduct: { tombstoned, jailedUntil } }: Candidate): string {
	if (tombstoned) return texts.forGood;
	return jailedUntil === undefined ? texts.no : texts.until(moment(Number(jailedUntil)));
}

/** By turns missed; of as many, the absent one counts for more. */
function missedOrder({ conduct }: Candidate): number {
	return conduct.missedTurns * 2 + (conduct.absent ? 1 : 0);
}

function missedWords({ conduct: { absent, missedTurns } }: Candidate): string {
	return texts.missed(missedTurns.toLocaleString("en"), absent);
}
