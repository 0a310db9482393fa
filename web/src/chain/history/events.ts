// Which events of a block concern an account, and what there is to know of each.

import { AccountId } from "polkadot-api";
import type { ChainEvent } from "../../actions/action.ts";

/** An event that concerns an account. Fields that it does not have are left out. */
export interface HistoryEvent {
	/** Number of its block. */
	block: number;
	hash: string;
	/** Its place among the events of the block. */
	index: number;
	/** When the block was made, in milliseconds since 1970. */
	time: number;
	/** Its name on the chain, such as `CmtDpos.Delegated`. */
	name: EventName;
	/** Planck that the account put in, took out, was paid or sent. */
	amount?: bigint;
	candidate?: string;
	/** Who sent or got a transfer. */
	other?: string;
	/** Whether a transfer came in. */
	incoming?: boolean;
	/** First era in which something is paid. */
	due?: number;
	/** Rates before and after, in tenths of a per cent. */
	before?: number;
	rate?: number;
	/** Number of a referendum, and the vote; none where it was withdrawn. */
	poll?: number;
	vote?: string;
	/** What the vote counts for, in planck. */
	power?: bigint;
	/** The part that a slash took, in parts per billion; and for what. */
	fraction?: number;
	offence?: string;
	/** When a jail ends, in milliseconds since 1970. */
	until?: number;
	/** The error for which a payment failed. */
	reason?: string;
}

/** An event as the chain keeps it. */
export interface EventRecord {
	event: ChainEvent;
}

/** What of an account is known before its events are looked for. */
export interface Concerned {
	/** Its native address. */
	who: string;
	/** The candidates behind whom it has or had stake. */
	candidates: ReadonlySet<string>;
	/** Their slashes: candidates by the number of the slash. */
	slashes: ReadonlyMap<number, string>;
}

/** What an event tells, besides where it is. */
export type Told = Omit<HistoryEvent, "block" | "hash" | "index" | "time" | "name">;

type Reader = (fields: unknown, of: Concerned) => Told | undefined;

interface Behind {
	candidate: string;
}

/** A variant of an enum, such as a vote or an error. */
interface Variant {
	type: string;
	value?: unknown;
}

/** Of the account itself. */
const own =
	<T = { amount: bigint }>(tell: (fields: T) => Told): Reader =>
	(fields, { who }) => {
		const { who: whose, candidate } = fields as Behind & { who: string };
		return whose === who ? { candidate, ...tell(fields as T) } : undefined;
	};

/** Of a candidate behind whom it has stake. */
const theirs =
	<T>(tell: (fields: T) => Told): Reader =>
	(fields, { candidates }) => {
		const { candidate } = fields as Behind;
		return candidates.has(candidate) ? { candidate, ...tell(fields as T) } : undefined;
	};

const amountOf = ({ amount }: { amount: bigint }): Told => ({ amount });

function transferOf(fields: unknown, { who }: Concerned): Told | undefined {
	const { from, to, amount } = fields as { from: string; to: string; amount: bigint };
	if (from === to || (from !== who && to !== who)) return undefined;
	return { amount, incoming: to === who, other: to === who ? from : to };
}

function compensationOf(fields: unknown, { who }: Concerned): Told | undefined {
	const { account, amount } = fields as { account: string; amount: bigint };
	return account === who ? { amount } : undefined;
}

function cancelOf(fields: unknown, { slashes }: Concerned): Told | undefined {
	const candidate = slashes.get((fields as { index: number }).index);
	return candidate === undefined ? undefined : { candidate };
}

function voteOf({ poll, vote, power }: { poll: number; vote?: Variant; power: bigint }): Told {
	return { poll, power, ...(vote && { vote: vote.type }) };
}

const READERS = {
	"CmtDpos.Delegated": own(amountOf),
	"CmtDpos.Undelegated": own(({ amount, due }: { amount: bigint; due: number }) => ({
		amount,
		due,
	})),
	"CmtDpos.Rebonded": own(amountOf),
	"CmtDpos.Withdrawn": own(amountOf),
	"CmtDpos.PaymentFailed": own(({ error }: { error: Variant }) => ({ reason: innermost(error) })),
	"CmtDpos.CandidateRetired": theirs(({ due }: { due: number }) => ({ due })),
	"ValidatorCompensation.Harvested": own(amountOf),
	"ValidatorCompensation.RateChanged": own(({ from, to }: { from: number; to: number }) => ({
		before: from,
		rate: to,
	})),
	"ValidatorCompensation.RatesLowered": theirs(({ rate }: { rate: number }) => ({ rate })),
	"ValidatorCompensation.CompensationPaid": compensationOf,
	"StakeVoting.StakeVoted": own(voteOf),
	"Slashing.Slashed": theirs(({ fraction, kind }: { fraction: number; kind: Variant }) => ({
		fraction,
		offence: kind.type,
	})),
	"Slashing.Jailed": theirs(({ until }: { until: bigint }) => ({ until: Number(until) })),
	"Slashing.Tombstoned": theirs(({ fraction }: { fraction: number }) => ({ fraction })),
	"Slashing.SlashCancelled": cancelOf,
	"Balances.Transfer": transferOf,
} satisfies Record<string, Reader>;

export type EventName = keyof typeof READERS;

/** Events of candidates, which concern only who has stake behind them at that block. */
export const isOfCandidate = (name: EventName): boolean =>
	name.startsWith("Slashing.") ||
	name === "CmtDpos.CandidateRetired" ||
	name === "ValidatorCompensation.RatesLowered";

/** The name of an error, such as `PayoutsPaused`: the innermost variant. */
function innermost({ type, value }: Variant): string {
	const inner = value as Partial<Variant> | undefined;
	return typeof inner?.type === "string" ? innermost(inner as Variant) : type;
}

const ESCROW_SEED = "modlcmt/dpos";
const KEY_BYTES = 32;

/** The account that holds all stake, by its native address. */
export const ESCROW = ((): string => {
	const key = new Uint8Array(KEY_BYTES);
	key.set(new TextEncoder().encode(ESCROW_SEED));
	return AccountId(42).dec(key);
})();

/** The events of a block that concern an account, in their order. */
export function concerning(
	records: readonly EventRecord[],
	block: Pick<HistoryEvent, "block" | "hash" | "time">,
	of: Concerned,
): HistoryEvent[] {
	const found: HistoryEvent[] = [];
	for (const [index, { event }] of records.entries()) {
		const name = `${event.type}.${event.value.type}` as EventName;
		const told = READERS[name]?.(event.value.value, of);
		if (told) found.push({ ...block, index, name, ...told });
	}
	return found.filter((event) => !isEcho(event, found));
}

/** The transfer to or from escrow by which another event of the same amount came about. */
function isEcho(event: HistoryEvent, all: HistoryEvent[]): boolean {
	if (event.name !== "Balances.Transfer" || event.other !== ESCROW) return false;
	return all.some(({ name, amount }) => name !== event.name && amount === event.amount);
}
