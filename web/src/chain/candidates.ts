// All candidates at one block, with what lists and pages show of each.

import { plain, short } from "../format/names.ts";
import type { At } from "./at-block.ts";
import type { Api } from "./connection.ts";
import type { Seats } from "./network/seats.ts";

type DposApi = Api["apis"]["DposApi"];
type Summary = Awaited<ReturnType<DposApi["summaries"]>>[number];

export type Role = Summary["info"]["role"]["type"];

/** A seat of the present session. All in planck. */
export interface Seat {
	/** Stake when it was elected. */
	stake: bigint;
	/** The part of it that counts after the cap. */
	counted: bigint;
	/** Counted stake of all validators, or of all standbys. */
	group: bigint;
}

/** A candidate; amounts in planck. */
export interface Candidate {
	/** The address that names it (SS58). */
	address: string;
	/** What it calls itself; its short address where it does not. */
	name: string;
	/** The account that controls it (SS58). */
	owner: string;
	role: Role;
	state: Summary["info"]["state"];
	/** Place among the active ones by stake, from 1. */
	rank: number | undefined;
	/** All stake behind it, its owner's included. */
	stake: bigint;
	selfStake: bigint;
	/** Stake above which it takes no further delegation. */
	maxStake: bigint;
	/** Rate that a newcomer agrees to, in tenths of a per cent. */
	rate: number;
	/** Highest rate that it may ever ask, in tenths of a per cent. */
	maxRate: number;
	/** Positions behind it, its owner's and those that only wait included. */
	positions: number;
	/** What a newcomer would earn, in millionths a year, after rate, cap and presence. */
	yearly: bigint;
	/** As its owner wrote them; empty where nothing is said. */
	profile: { website: string; location: string; email: string };
	/** Whether a registrar vouches for the profile. */
	verified: boolean;
	conduct: Conduct;
	/** None where it does not sit in the present session. */
	seat: Seat | undefined;
}

export interface Conduct {
	/** Whether it missed its latest turn, and so earns nothing until it authors again. */
	absent: boolean;
	/** Own turns missed in a row. */
	missedTurns: number;
	/** When its jail ends, in milliseconds since 1970; none when it is not in jail. */
	jailedUntil: bigint | undefined;
	/** In jail for good. */
	tombstoned: boolean;
	/** How many slashes it ever had. */
	slashes: number;
}

/** Candidates of one answer: the most that is asked for at once. */
const PAGE = 100;
/** Further answers that are asked for at the same time, once the first was full. */
const AT_ONCE = 4;

/** Every candidate, the active ones first and by rank. */
export async function readCandidates({ api, hash }: At): Promise<Candidate[]> {
	const [seats, summaries] = await Promise.all([
		api.apis.DposApi.seats({ at: hash }),
		readSummaries(api, hash),
	]);
	const seated = seatsOf(seats);
	return summaries.map((summary) => candidateOf(summary, seated));
}

async function readSummaries(api: Api, hash: string): Promise<Summary[]> {
	const page = (start: number): Promise<Summary[]> =>
		api.apis.DposApi.summaries(start, PAGE, { at: hash });
	const all = await page(0);
	for (let start = PAGE; all.length === start; start += AT_ONCE * PAGE) {
		const starts = Array.from({ length: AT_ONCE }, (_, index) => start + index * PAGE);
		all.push(...(await Promise.all(starts.map(page))).flat());
	}
	return all;
}

/** One candidate; nothing where the address names none. */
export async function readCandidate(
	{ api, hash }: At,
	address: string,
): Promise<Candidate | undefined> {
	const [seats, summary] = await Promise.all([
		api.apis.DposApi.seats({ at: hash }),
		api.apis.DposApi.summary(address, { at: hash }),
	]);
	return summary && candidateOf(summary, seatsOf(seats));
}

function seatsOf({ validators, standbys }: Seats): Map<string, Seat> {
	const seated = new Map<string, Seat>();
	for (const seats of [validators, standbys]) {
		const group = seats.reduce((sum, { counted }) => sum + counted, 0n);
		for (const { candidate, stake, counted } of seats) {
			seated.set(candidate, { stake, counted, group });
		}
	}
	return seated;
}

function candidateOf(summary: Summary, seats: Map<string, Seat>): Candidate {
	const { info, profile, conduct, yearly } = summary;
	return {
		address: info.candidate,
		name: plain(profile.name) || short(info.candidate),
		owner: info.owner,
		role: info.role.type,
		state: info.state,
		rank: info.rank,
		stake: info.stake,
		selfStake: info.self_stake,
		maxStake: info.max_stake,
		rate: info.default_rate,
		maxRate: info.max_rate,
		positions: info.positions,
		yearly,
		profile: {
			website: plain(profile.website),
			location: plain(profile.location),
			email: plain(profile.email),
		},
		verified: profile.verified,
		conduct: {
			absent: conduct.absent,
			missedTurns: conduct.missed_turns,
			jailedUntil: conduct.jailed_until,
			tombstoned: conduct.tombstoned,
			slashes: conduct.slashes,
		},
		seat: seats.get(info.candidate),
	};
}

/** Planck that it takes before its stake reaches its maximum. */
export const roomOf = ({ stake, maxStake }: Candidate): bigint =>
	maxStake > stake ? maxStake - stake : 0n;

/** Planck of its stake that the cap leaves out; none where it does not sit. */
export const leftOutOf = ({ seat }: Candidate): bigint | undefined =>
	seat && seat.stake - seat.counted;

/** Whether it is in jail, for a time or for good. */
export const isJailed = ({ conduct }: Candidate): boolean =>
	conduct.tombstoned || conduct.jailedUntil !== undefined;

/** Whether it stands for election and takes stake. */
export const takesStake = (candidate: Candidate): boolean =>
	candidate.state.type === "Active" && !isJailed(candidate) && roomOf(candidate) > 0n;
