// What accounts have behind candidates, and what there is to know of these candidates.

import { short } from "../format/names.ts";
import type { Account } from "../wallets/account.ts";
import type { At } from "./at-block.ts";
import { type Candidate, readCandidates } from "./candidates.ts";
import { type Clock, readClock } from "./clock.ts";
import type { Api } from "./connection.ts";

/** A position; amounts in planck, the rate in tenths of a per cent. */
export type Position = Awaited<ReturnType<Api["apis"]["DposApi"]["positions"]>>[number];
/** What of a position waits. */
export type Waiting = Position["unbonding"][number];

/** What one account has; amounts in planck. */
export interface Holding {
	/** What it can spend, the existential deposit left out. */
	free: bigint;
	positions: Position[];
}

/** All that the page of stake shows, of one block. */
export interface StakeReading {
	clock: Clock;
	/** By native address. */
	holdings: Map<string, Holding>;
	/** All candidates: the active ones by rank, then the others. */
	candidates: Candidate[];
	/** The same by address. */
	byAddress: Map<string, Candidate>;
	/** Whether the chain pays nothing at present. */
	paused: boolean;
	/** The time of the block, in milliseconds since 1970. */
	now: number;
	/** Its number. */
	block: number;
}

export async function readStake(at: At, accounts: Account[]): Promise<StakeReading> {
	const block = { at: at.hash };
	const [clock, candidates, { paused }, now, holdings] = await Promise.all([
		readClock(at),
		readCandidates(at),
		at.api.apis.DposApi.solvency(block),
		at.api.query.Timestamp.Now.getValue(block),
		Promise.all(accounts.map(async (one) => [one.native, await readHolding(at, one)] as const)),
	]);
	const byAddress = new Map(candidates.map((one) => [one.address, one]));
	const common = { clock, candidates, byAddress, paused, now: Number(now), block: at.number };
	return { ...common, holdings: new Map(holdings) };
}

async function readHolding({ api, hash }: At, { native, ethereum }: Account): Promise<Holding> {
	const at = { at: hash };
	const [balance, positions] = await Promise.all([
		api.apis.ReviveApi.balance(ethereum as never, at),
		api.apis.DposApi.positions(native, at),
	]);
	return { free: whole(balance), positions };
}

const LIMB_BITS = 64n;

/** A number of 256 bits, which the chain tells in four parts, the smallest first. */
const whole = (limbs: readonly bigint[]): bigint =>
	limbs.reduceRight((sum, limb) => (sum << LIMB_BITS) + limb, 0n);

/** What to call a candidate: as it calls itself, or its address in short. */
export const nameOf = (address: string, { byAddress }: Pick<StakeReading, "byAddress">): string =>
	byAddress.get(address)?.name ?? short(address);

/** The sum of what waits in a position, in planck. */
export const waitingIn = ({ unbonding }: Position): bigint =>
	unbonding.reduce((sum, { amount }) => sum + amount, 0n);

/** The sum of what is due by an era, in planck. */
export const dueIn = ({ unbonding }: Position, era: number): bigint =>
	unbonding.reduce((sum, { amount, due }) => (due <= era ? sum + amount : sum), 0n);

/**
 * The rate that an account keeps when it puts more behind a candidate, in tenths of a per cent; nothing
 * where it agrees to what newcomers agree to. A rate of 0 of which all waits may be that of a former
 * owner, who comes back as a newcomer.
 */
export function keptRate(
	candidate: Candidate,
	{ native }: Account,
	position: Position | undefined,
): number | undefined {
	if (candidate.owner === native) return 0;
	return position?.rate === 0 && position.value === 0n ? undefined : position?.rate;
}

/** What is to be known of a candidate by who has stake behind it, the worst first. */
export type Concern =
	| { kind: "retired"; due: number }
	| { kind: "tombstoned" }
	| { kind: "jailed"; until: bigint }
	| { kind: "inactive" }
	| { kind: "absent"; missed: number };

/** `now` in milliseconds since 1970: after its jail a candidate still stands aside. */
export function concernOf({ state, conduct }: Candidate, now: number): Concern | undefined {
	const { absent, missedTurns: missed, jailedUntil: until, tombstoned } = conduct;
	if (state.type === "Retired") return { kind: "retired", due: state.value.due };
	if (tombstoned) return { kind: "tombstoned" };
	if (until !== undefined && until > BigInt(now)) return { kind: "jailed", until };
	if (state.type === "Inactive") return { kind: "inactive" };
	return absent ? { kind: "absent", missed } : undefined;
}
