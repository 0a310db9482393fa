// How long eras, sessions and blocks last, and when the next ones begin.

import type { At } from "./at-block.ts";

/** Seconds of a slot: the time between two blocks of a chain that runs well. */
export const SLOT_SECONDS = 3;

export interface Clock {
	/** The present era. */
	era: number;
	/** The present session. */
	session: number;
	/** Blocks of the present session. */
	sessionLength: number;
	/** Blocks of the present session that are over. */
	sessionDone: number;
	sessionsPerEra: number;
	/** Sessions of the present era that are over, the running one left out. */
	eraDone: number;
	/** Eras that stake taken out waits. */
	unbondingEras: number;
	/** Least worth of a position, in planck. */
	minDelegation: bigint;
}

export async function readClock({ api, hash, number }: At): Promise<Clock> {
	const at = { at: hash };
	const [era, session, clock, parameters] = await Promise.all([
		api.query.CmtDpos.CurrentEra.getValue(at),
		api.query.CmtDpos.CurrentSession.getValue(at),
		api.query.CmtDpos.Clock.getValue(at),
		api.apis.DposApi.parameters(at),
	]);
	const names = parameters.map(({ name, value }) => [new TextDecoder().decode(name), value] as const);
	const named = new Map(names);
	const value = (name: string): bigint => named.get(name) ?? 0n;
	return {
		era: era.index,
		session,
		sessionLength: clock.length,
		sessionDone: number - clock.start,
		sessionsPerEra: Number(value("SessionsPerEra")),
		eraDone: session - era.start,
		unbondingEras: Number(value("UnbondingEras")),
		minDelegation: value("MinDelegation"),
	};
}

/** Seconds until an era begins, if every slot has its block; 0 where it has begun. */
export function secondsUntilEra(clock: Clock, era: number): number {
	if (era <= clock.era) return 0;
	const sessions = (era - clock.era) * clock.sessionsPerEra - clock.eraDone;
	return Math.max(0, sessions * clock.sessionLength - clock.sessionDone) * SLOT_SECONDS;
}

/** Seconds that stake waits which is taken out now. */
export const secondsOfUnbonding = (clock: Clock): number =>
	secondsUntilEra(clock, clock.era + clock.unbondingEras);
