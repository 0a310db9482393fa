// Who sits, who will, and how much of the stake behind a seat counts.

import type { At } from "../at-block.ts";
import type { Api } from "../connection.ts";
import { type Names, readNames } from "../names.ts";

/** The seats of a session, strongest first. Stakes are in planck. */
export type Seats = Awaited<ReturnType<Api["apis"]["DposApi"]["seats"]>>;
export type Seat = Seats["validators"][number];
export type Role = "validator" | "standby";

/** A seat that changes hands from one session to the next. */
export interface Move {
	candidate: string;
	/** Its part before; none where it had no seat. */
	from: Role | undefined;
	/** Its part after; none where it leaves. */
	to: Role | undefined;
}

/** The parts of candidates in a session, strongest first. */
function rolesOf({ validators, standbys }: Seats): Map<string, Role> {
	const roles = new Map<string, Role>();
	for (const { candidate } of validators) roles.set(candidate, "validator");
	for (const { candidate } of standbys) roles.set(candidate, "standby");
	return roles;
}

/** Who comes, changes and goes between two sessions, in this order. */
export function moves(before: Seats, after: Seats): Move[] {
	const was = rolesOf(before);
	const becomes = rolesOf(after);
	const come = [...becomes].filter(([candidate, role]) => was.get(candidate) !== role);
	const go = [...was.keys()].filter((candidate) => !becomes.has(candidate));
	return [
		...come.map(([candidate, to]) => ({ candidate, from: was.get(candidate), to })),
		...go.map((candidate) => ({ candidate, from: was.get(candidate), to: undefined })),
	];
}

/** Parts per billion that make a whole. */
const WHOLE = 1_000_000_000n;

/**
 * The stake above which more does not count, in planck, for a group of seats and a cap in parts per
 * billion of what counts. A group that is too small for the cap counts as its weakest seat.
 */
export function capLine(seats: readonly Seat[], cap: bigint): bigint {
	if (seats.length === 0) return 0n;
	if (BigInt(seats.length) * cap < WHOLE) {
		return seats.map(({ stake }) => stake).reduce((a, b) => (a < b ? a : b));
	}
	const counted = seats.reduce((sum, seat) => sum + seat.counted, 0n);
	return (counted * cap) / WHOLE;
}

export interface SeatsReading {
	now: Seats;
	next: Seats;
	expected: Seats;
	names: Names;
	/** No seat counts for more than this part of its group, in parts per billion. */
	cap: bigint;
}

export async function readSeats(at: At): Promise<SeatsReading> {
	const { DposApi } = at.api.apis;
	const block = { at: at.hash };
	const [now, next, expected, parameters] = await Promise.all([
		DposApi.seats(block),
		DposApi.next_seats(block),
		DposApi.expected_seats(block),
		DposApi.parameters(block),
	]);
	const name = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
	const cap = parameters.find((one) => name(one.name) === "StakeCap")?.value ?? WHOLE;
	const candidates = [now, next, expected].flatMap((seats) => [...rolesOf(seats).keys()]);
	return { now, next, expected, names: await readNames(at, now.session, candidates), cap };
}
