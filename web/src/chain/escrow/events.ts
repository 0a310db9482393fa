// What the escrow tells of its trades: its logs, by whichever way they came.

import type { Hex } from "viem";
import { bytesToHex, decodeEventLog, toEventSelector } from "viem/utils";
import { escrowAbi } from "../../generated/escrow.ts";
import { NOBODY } from "./escrow.ts";

/** The events that name a trade. */
const NAMES = [
	"Offered", "ArbiterAgreed", "Accepted", "DeliveryClaimed", "DisputeOpened", "DecisionMade",
	"RefundProposed", "ProposalWithdrawn", "TradeClosed",
] as const;
export type EventName = (typeof NAMES)[number];

/** A log as it came, which costs nothing to keep. Its second topic is the trade. */
export interface RawLog {
	/** Number of its block. */
	block: number;
	topics: Hex[];
	data: Hex;
}

/** A log that was read. Addresses are in small letters. */
export interface EscrowEvent {
	name: EventName;
	id: Hex;
	block: number;
	/** Fields by their names in `ITradeEscrow`. */
	args: Record<string, unknown>;
}

const isEvent = (item: (typeof escrowAbi)[number]): boolean =>
	item.type === "event" && (NAMES as readonly string[]).includes(item.name);

/** What logs of trades begin with, for filters. */
export const TRADE_TOPICS: Hex[] = escrowAbi
	.filter(isEvent)
	.map((item) => toEventSelector(item as Parameters<typeof toEventSelector>[0]));
const OFFERED = topicOf("Offered");
const ACCEPTED = topicOf("Accepted");

function topicOf(name: EventName): Hex {
	const event = escrowAbi.find((item) => item.type === "event" && item.name === name);
	return toEventSelector(event as Parameters<typeof toEventSelector>[0]);
}

/** Whether a log is of a trade. */
export const isOfTrade = ({ topics }: RawLog): boolean =>
	topics.length > 1 && TRADE_TOPICS.includes(topics[0]!);

export const tradeOf = ({ topics }: RawLog): Hex => topics[1]!;

/** The same log by two ways has the same key. */
export const keyOf = ({ block, topics, data }: RawLog): string => `${block} ${topics.join()} ${data}`;

/** Reads a log; nothing where it is none of a trade. */
export function readLog(log: RawLog): EscrowEvent | undefined {
	if (!isOfTrade(log)) return undefined;
	try {
		const topics = log.topics as [Hex, ...Hex[]];
		const { eventName, args } = decodeEventLog({ abi: escrowAbi, topics, data: log.data });
		const small = Object.entries(args).map(([name, value]) => [
			name,
			typeof value === "string" ? value.toLowerCase() : value,
		]);
		const fields = Object.fromEntries(small) as Record<string, unknown>;
		return { name: eventName as EventName, id: tradeOf(log), block: log.block, args: fields };
	} catch {
		return undefined;
	}
}

/** Digits of a word of the ABI, and of those before an address in it. */
const WORD = 64;
const PAD = 24;
/** Where `seller` and `buyer` stand among the words of an offer's terms. */
const SELLER = 0;
const BUYER = 4;

/** The address in a word of an event's data. */
function addressAt(data: Hex, word: number): Hex {
	const start = "0x".length + word * WORD;
	return `0x${data.slice(start + PAD, start + WORD)}`;
}

const addressOf = (topic: Hex | undefined): Hex => addressAt(topic ?? "0x", 0);

/**
 * Who a log says to have a part in its trade: those that an offer names, and who accepted it. Read by
 * place and not by the ABI, which takes seconds for the ten thousand logs that may come at once.
 */
export function peopleOf({ topics, data }: RawLog): Hex[] {
	const [topic, , second, third] = topics;
	if (topic === ACCEPTED) return [addressOf(second)];
	if (topic !== OFFERED) return [];
	return [addressAt(data, SELLER), addressAt(data, BUYER), addressOf(third)];
}

/** Whether a log is an offer to anybody. */
export const isPublicOffer = (log: RawLog): boolean =>
	log.topics[0] === OFFERED && peopleOf(log).includes(NOBODY);

/** An event of the chain, as far as it carries a log. */
interface Emitted {
	contract: string;
	data: Uint8Array;
	topics: readonly string[];
}

/** The log of an event `Revive.ContractEmitted`, where this contract emitted it. */
export function logOf(emitted: Emitted, contract: Hex, block: number): RawLog | undefined {
	if (emitted.contract.toLowerCase() !== contract) return undefined;
	return { block, topics: [...emitted.topics] as Hex[], data: bytesToHex(emitted.data) };
}
