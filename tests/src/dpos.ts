// The runtime API `DposApi` in plain values.

import type { ApiPromise } from "@polkadot/api";
import { hexToString } from "@polkadot/util";

/** What a candidate does: stands, stands aside, or is closed and paid from era `due` on. */
export type CandidateState = "active" | "inactive" | { retired: { due: number } };

/** A candidate; amounts in planck. */
export interface Candidate {
	candidate: string;
	owner: string;
	state: CandidateState;
	role: "Validator" | "Standby" | "Candidate";
	rank: number | null;
	stake: bigint;
	selfStake: bigint;
	maxStake: bigint;
	maxRate: number;
	defaultRate: number;
	/** How many positions are behind it, its owner's and those that only wait included. */
	positions: number;
}

/** Who a candidate says that it is; empty where nothing is said. */
export interface Profile {
	auraKey: string | null;
	name: string;
	website: string;
	location: string;
	email: string;
	verified: boolean;
}

/** A seat of a session; amounts in planck. */
export interface Seat {
	candidate: string;
	stake: bigint;
	counted: bigint;
}

/** The seats of a session, strongest first. */
export interface Seats {
	session: number;
	validators: Seat[];
	standbys: Seat[];
}

/** What an account has behind one candidate; amounts in planck. */
export interface Position {
	candidate: string;
	value: bigint;
	principal: bigint;
	/** What `harvest` would pay. */
	earned: bigint;
	rate: number;
	unbonding: { since: number; due: number; amount: bigint }[];
}

/** A class of delegations behind one candidate; amounts in planck. */
export interface Class {
	owners: boolean;
	agreed: number;
	rate: number;
	stake: bigint;
}

/** What one block awarded, in planck. */
export interface BlockAward {
	issued: bigint;
	fees: bigint;
	carried: bigint;
	toValidators: bigint;
	toStandbys: bigint;
}

/** What a seat earned in one session; amounts in planck. */
export interface SeatAward {
	candidate: string;
	validator: boolean;
	award: bigint;
	compensation: bigint;
}

/** How a candidate behaves. */
export interface Conduct {
	absent: boolean;
	missedTurns: number;
	/** Milliseconds since 1970. */
	jailedUntil: number | null;
	tombstoned: boolean;
	slashes: number;
}

/** All that a list of candidates shows of one. */
export interface Summary {
	info: Candidate;
	profile: Profile;
	conduct: Conduct;
	/** What a newcomer earns, in millionths a year. */
	yearly: number;
}

/** A slash; the amount in planck, the fraction in parts of a thousand million. */
export interface Slash {
	index: number;
	candidate: string;
	kind: "Downtime" | "DoubleAuthoring" | "GrandpaEquivocation";
	era: number;
	session: number;
	fraction: number;
	amount: bigint;
	reporter: string | null;
	state: { held: { due: number } } | "cancelled" | "applied";
}

/** The books of escrow against its balance, in planck. */
export interface Solvency {
	escrow: bigint;
	stake: bigint;
	pending: bigint;
	compensation: bigint;
	slashes: bigint;
	undistributed: bigint;
	paused: boolean;
}

/** A protocol parameter. */
export interface Parameter {
	name: string;
	value: bigint;
	unit: "Count" | "Planck" | "Perbill" | "Milliseconds";
}

/** Fields that hold amounts: their JSON is a number or, where that is too small, hex. */
const AMOUNTS = new Set([
	"stake",
	"selfStake",
	"maxStake",
	"counted",
	"value",
	"principal",
	"earned",
	"amount",
	"issued",
	"fees",
	"carried",
	"toValidators",
	"toStandbys",
	"award",
	"compensation",
	"escrow",
	"pending",
	"undistributed",
]);

function plain(value: unknown, field = ""): unknown {
	if (AMOUNTS.has(field)) return BigInt(value as string | number);
	if (Array.isArray(value)) return value.map((item) => plain(item));
	if (value === null || typeof value !== "object") return value;
	const entries = Object.entries(value);
	// An enum's variant without fields.
	if (field === "state" && entries[0]?.[1] === null) return entries[0][0];
	return Object.fromEntries(entries.map(([key, item]) => [key, plain(item, key)]));
}

/** A profile whose texts came as bytes. */
function readable({ auraKey, verified, ...texts }: Profile): Profile {
	const plainTexts = Object.entries(texts).map(([key, text]) => [key, hexToString(text)]);
	return { auraKey, verified, ...Object.fromEntries(plainTexts) };
}

/** The questions of `DposApi`, asked at the best block or at that with the hash `block`. */
export class Dpos {
	constructor(
		private readonly api: ApiPromise,
		private readonly block?: string,
	) {}

	/** The same questions, asked at one block. */
	at(block: string): Dpos {
		return new Dpos(this.api, block);
	}

	private async ask<T>(method: string, ...params: unknown[]): Promise<T> {
		const { call: calls } = this.block === undefined ? this.api : await this.api.at(this.block);
		const call = calls["dposApi"]?.[method];
		if (!call) throw new Error(`the runtime has no DposApi.${method}`);
		return plain((await call(...params)).toJSON()) as T;
	}

	/** At most `count` candidates from place `start` on. */
	candidates(start = 0, count = 100): Promise<Candidate[]> {
		return this.ask("candidates", start, count);
	}

	/** One candidate by the address that names it. */
	candidate(candidate: string): Promise<Candidate | null> {
		return this.ask("candidate", candidate);
	}

	/** Who a candidate says that it is. */
	async profile(candidate: string): Promise<Profile> {
		return readable(await this.ask<Profile>("profile", candidate));
	}

	/** The address of the candidate that `owner` controls. */
	candidateOf(owner: string): Promise<string | null> {
		return this.ask("candidateOf", owner);
	}

	/** The seats of the present session. */
	seats(): Promise<Seats> {
		return this.ask("seats");
	}

	/** The seats of the next session. */
	nextSeats(): Promise<Seats> {
		return this.ask("nextSeats");
	}

	/** The seats that an election held now would give. */
	expectedSeats(): Promise<Seats> {
		return this.ask("expectedSeats");
	}

	/** What `who` has bonded and unbonding. */
	positions(who: string): Promise<Position[]> {
		return this.ask("positions", who);
	}

	/** The present era. */
	era(): Promise<number> {
		return this.ask("era");
	}

	/** The position of `who` behind one candidate. */
	async position(who: string, candidate: string): Promise<Position | undefined> {
		const positions = await this.positions(who);
		return positions.find((position) => position.candidate === candidate);
	}

	/** The classes behind a candidate. */
	classes(candidate: string): Promise<Class[]> {
		return this.ask("classes", candidate);
	}

	/** The award of the block. */
	blockAward(): Promise<BlockAward> {
		return this.ask("blockAward");
	}

	/** What each seat earned in a session. */
	sessionAwards(session: number): Promise<SeatAward[]> {
		return this.ask("sessionAwards", session);
	}

	/** Millionths a year that newcomers earn, for at most `count` candidates from `start` on. */
	yields(start = 0, count = 100): Promise<{ candidate: string; yearly: number }[]> {
		return this.ask("yields", start, count);
	}

	/** `candidates`, `profile`, `conduct` and `yields` of a page of candidates in one answer. */
	async summaries(start = 0, count = 100): Promise<Summary[]> {
		const found = await this.ask<Summary[]>("summaries", start, count);
		return found.map((one) => ({ ...one, profile: readable(one.profile) }));
	}

	/** How a candidate behaves. */
	conduct(candidate: string): Promise<Conduct> {
		return this.ask("conduct", candidate);
	}

	/** The validators that missed their latest turn. */
	absentValidators(): Promise<[string, Conduct][]> {
		return this.ask("absentValidators");
	}

	/** At most `count` slashes from number `start` on. */
	slashes(start = 0, count = 100): Promise<Slash[]> {
		return this.ask("slashes", start, count);
	}

	/** The slashes of one candidate, the latest first. */
	slashesOf(candidate: string): Promise<Slash[]> {
		return this.ask("slashesOf", candidate);
	}

	/** The books of escrow. */
	async solvency(): Promise<Solvency> {
		const answer = await this.ask<Solvency>("solvency");
		// A count in other answers.
		return { ...answer, slashes: BigInt(answer.slashes) };
	}

	/** All protocol parameters. */
	async parameters(): Promise<Parameter[]> {
		const answer = await this.ask<Parameter[]>("parameters");
		return answer.map((parameter) => ({ ...parameter, name: hexToString(parameter.name) }));
	}
}
