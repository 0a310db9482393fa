// What a candidate earned session by session.

import type { At } from "../../chain/at-block.ts";
import type { Line } from "../../chain/connection.ts";

/** What a candidate earned in one session, in planck. */
export interface Award {
	session: number;
	/** Whether the session still goes on. */
	running: boolean;
	/** Nothing where it had no seat. */
	seat: SeatAward | undefined;
}

interface SeatAward {
	/** Whether it sat as validator; as standby where not. */
	validator: boolean;
	/** Its award with that of its delegators. */
	award: bigint;
	/** The part of it that is compensation. */
	compensation: bigint;
}

type Session = readonly (SeatAward & { candidate: string })[];

/** Sessions that are looked back. */
const SESSIONS = 48;
/** Sessions that are asked anew with each block; older ones no longer change. */
const FRESH = 2;

const known = new WeakMap<Line["client"], Map<number, Session>>();

/** The awards of the last sessions, the latest first. */
export async function readAwards(at: At, candidate: string): Promise<Award[]> {
	const present = await at.api.query.CmtDpos.CurrentSession.getValue({ at: at.hash });
	const count = Math.min(SESSIONS, present + 1);
	const sessions = Array.from({ length: count }, (_, back) => present - back);
	const answers = await Promise.all(sessions.map((session) => readSession(at, session, present)));
	return sessions.map((session, index) => ({
		session,
		running: session === present,
		seat: answers[index]!.find((seat) => seat.candidate === candidate),
	}));
}

async function readSession(at: At, session: number, present: number): Promise<Session> {
	const kept = known.get(at.client) ?? new Map<number, Session>();
	known.set(at.client, kept);
	const before = kept.get(session);
	if (before) return before;
	const seats = await at.api.apis.DposApi.session_awards(session, { at: at.hash });
	if (present - session >= FRESH) kept.set(session, seats);
	return seats;
}
