// The runtime API `DposApi` in plain values.

import type { ApiPromise } from "@polkadot/api";

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
	rate: number;
	unbonding: { since: number; due: number; amount: bigint }[];
}

/** Fields that hold amounts: their JSON is a number or, where that is too small, hex. */
const AMOUNTS = new Set([
	"stake",
	"selfStake",
	"maxStake",
	"counted",
	"value",
	"principal",
	"amount",
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

/** The questions of `DposApi`, asked at the best block. */
export class Dpos {
	constructor(private readonly api: ApiPromise) {}

	private async ask<T>(method: string, ...params: unknown[]): Promise<T> {
		const call = this.api.call["dposApi"]?.[method];
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
}
