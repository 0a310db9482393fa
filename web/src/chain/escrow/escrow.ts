// The trade escrow as it stands at a block: trades, proposals, credits, and the code behind it.

import type { Abi, Hex } from "viem";
import { bytesToHex, decodeFunctionResult, encodeFunctionData, hexToBytes } from "viem/utils";
import { escrowAbi } from "../../generated/escrow.ts";
import { nativeOf } from "../../wallets/account.ts";
import type { At } from "../at-block.ts";

/** `ITradeEscrow.Stage`, in its order. */
const STAGES = [
	"None", "Offered", "Open", "Active", "Delivered", "Disputed", "Closed",
] as const;
export type Stage = (typeof STAGES)[number];

/** `ITradeEscrow.Outcome`, in its order. */
const OUTCOMES = [
	"None", "Cancelled", "Lapsed", "Confirmed", "GivenBack", "Agreed", "Decided", "Undelivered",
	"Unanswered", "Undecided",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The four periods of terms, each in seconds. */
export const PERIODS = ["acceptWithin", "deliverWithin", "confirmWithin", "decideWithin"] as const;
export type Period = (typeof PERIODS)[number];

/** The sides of a trade. */
export type Side = "seller" | "buyer";

/** `ITradeEscrow.Terms`: amounts in units of the asset, addresses in small letters. */
export interface Terms extends Record<Period, number> {
	/** Zero: anybody may be it. */
	seller: Hex;
	buyer: Hex;
	arbiter: Hex;
	/** The ERC-20 token of all amounts; zero means CMT. */
	asset: Hex;
	price: bigint;
	sellerDeposit: bigint;
	buyerDeposit: bigint;
	arbiterFee: bigint;
	/** Keccak-256 of the text that says what is sold. */
	goods: Hex;
}

export interface Trade {
	id: Hex;
	terms: Terms;
	maker: Hex;
	/** Unix time in seconds: the last one in which its stage may be left by anything but `expire`. */
	deadline: number;
	stage: Stage;
	outcome: Outcome;
	/** Refunds that can be agreed to in the present stage, by who proposes them. */
	proposals: Partial<Record<Side, bigint>>;
}

export const NOBODY: Hex = "0x0000000000000000000000000000000000000000";
export const NO_HASH: Hex = `0x${"0".repeat(64)}`;

/** The flag by which the chain marks an answer that is a refusal. */
const REVERTED = 1;
/** Who reads: the account of the zero address. Nothing is signed for it. */
const READER = nativeOf(NOBODY);

/** A contract refuses to answer, or not as its interface says: it is of no use to ask again. */
export class BadAnswer extends Error {}

/** What a function of a contract answers at the block of this reading. */
export async function readContract<T>(
	at: At,
	to: Hex,
	abi: Abi,
	functionName: string,
	args: readonly unknown[] = [],
): Promise<T> {
	const input = hexToBytes(encodeFunctionData({ abi, functionName, args }));
	const { result } = await at.api.apis.ReviveApi.call(
		READER, to as never, 0n, undefined, undefined, input, { at: at.hash },
	);
	if (!result.success || result.value.flags & REVERTED) {
		throw new BadAnswer(`${functionName} of ${to} was refused`);
	}
	const data = bytesToHex(result.value.data);
	try {
		return decodeFunctionResult({ abi, functionName, data }) as T;
	} catch (error) {
		throw new BadAnswer(`${functionName} of ${to} cannot be read`, { cause: error });
	}
}

/** A function of the escrow. */
const readEscrow = <T>(at: At, escrow: Hex, name: string, ...args: unknown[]): Promise<T> =>
	readContract<T>(at, escrow, escrowAbi as Abi, name, args);

/** A trade as the contract tells it. */
interface RawTrade {
	terms: Record<keyof Terms, string | number | bigint>;
	maker: string;
	deadline: bigint;
	stage: number;
	outcome: number;
}

/** Terms as the page has them: addresses in small letters. */
function termsOf(raw: RawTrade["terms"]): Terms {
	const small = (value: unknown): unknown =>
		typeof value === "string" ? value.toLowerCase() : value;
	const entries = Object.entries(raw).map(([name, value]) => [name, small(value)]);
	return Object.fromEntries(entries) as Terms;
}

/** A trade; one that does not exist has the stage `None`. */
export async function readTrade(at: At, escrow: Hex, id: Hex): Promise<Trade> {
	const raw = await readEscrow<RawTrade>(at, escrow, "trade", id);
	const stage = STAGES[raw.stage] ?? "None";
	const terms = termsOf(raw.terms);
	return {
		id,
		terms,
		maker: raw.maker.toLowerCase() as Hex,
		deadline: Number(raw.deadline),
		stage,
		outcome: OUTCOMES[raw.outcome] ?? "None",
		proposals: runs(stage) ? await readProposals(at, escrow, id, terms, raw.stage) : {},
	};
}

/** Whether both sides have paid and nothing is shared out yet. */
export const runs = (stage: Stage): boolean =>
	stage === "Active" || stage === "Delivered" || stage === "Disputed";

/** Whether it is an offer that nobody has accepted yet. */
export const isOffer = (stage: Stage): boolean => stage === "Offered" || stage === "Open";

async function readProposals(
	at: At,
	escrow: Hex,
	id: Hex,
	{ seller, buyer }: Terms,
	stage: number,
): Promise<Trade["proposals"]> {
	const of = async (party: Hex): Promise<bigint | undefined> => {
		type Raw = { refund: bigint; stage: number };
		const raw = await readEscrow<Raw>(at, escrow, "proposal", id, party);
		return raw.stage === stage ? raw.refund : undefined;
	};
	const [bySeller, byBuyer] = await Promise.all([of(seller), of(buyer)]);
	return {
		...(bySeller !== undefined && { seller: bySeller }),
		...(byBuyer !== undefined && { buyer: byBuyer }),
	};
}

/** Time of the block, in seconds since 1970. Deadlines are compared with it. */
export async function readNow({ api, hash }: At): Promise<number> {
	return Number((await api.query.Timestamp.Now.getValue({ at: hash })) / 1000n);
}

/** What an account may take out, in units of the asset. */
export const readCredit = (at: At, escrow: Hex, asset: Hex, account: Hex): Promise<bigint> =>
	readEscrow<bigint>(at, escrow, "credit", asset, account);

/** What stands at an address: the escrow of this project, nothing, or some other contract. */
export type Code = "known" | "none" | "other";

const known = new WeakMap<At["client"], Set<Hex>>();

/** Compares the code at an address with that of the escrow. It has nothing that differs by place. */
export async function readCode(at: At, escrow: Hex): Promise<Code> {
	if (known.get(at.client)?.has(escrow)) return "known";
	const code = bytesToHex(await at.api.apis.ReviveApi.code(escrow as never, { at: at.hash }));
	if (code === "0x") return "none";
	const { escrowCode } = await import("../../generated/escrow-code.ts");
	if (code !== escrowCode) return "other";
	// Nothing can change the code of the escrow, so it is asked for once.
	known.set(at.client, (known.get(at.client) ?? new Set()).add(escrow));
	return "known";
}
