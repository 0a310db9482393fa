// What can be done with the escrow: deploy it, offer, every step of a trade, and taking money out.

import type { Abi, Hex } from "viem";
import { readAtBest } from "../chain/at-block.ts";
import type { Line } from "../chain/connection.ts";
import { type Asset, CMT, money, tokenAbi } from "../chain/escrow/asset.ts";
import { NO_HASH, type Terms, type Trade, readTrade } from "../chain/escrow/escrow.ts";
import { type EscrowEvent, type EventName, logOf, readLog } from "../chain/escrow/events.ts";
import {
	type Shares,
	expiryShares,
	makerSide,
	shares,
	stakeOf,
	undecidedRefund,
} from "../chain/escrow/money.ts";
import { keepText } from "../chain/escrow/texts.ts";
import { short } from "../format/names.ts";
import { duration } from "../format/times.ts";
import { escrowAbi } from "../generated/escrow.ts";
import { trade as texts } from "../texts.ts";
import { type Account, nativeOf } from "../wallets/account.ts";
import {
	type Action,
	type ChainEvent,
	type EthereumCall,
	contractCall,
	throughRevive,
} from "./action.ts";
import { fieldsOf } from "./events.ts";
import { Refused, problem } from "./problems.ts";
import { trial } from "./rehearse.ts";

/** What an action in a trade works with. */
export interface Context {
	escrow: Hex;
	trade: Trade;
	asset: Asset;
}

const { titles, explains, done } = texts;
/** By these, refusals are read: a token's come through the escrow. */
const ABI: Abi = [...(escrowAbi as Abi), ...tokenAbi];

type Words = Pick<Action, "title" | "explains" | "tells">;

/** Makes the call; throws a refusal where the chain would take it and its words would not hold. */
type Make = (line: Line) => EthereumCall | Promise<EthereumCall>;

/**
 * An action that calls a contract, by whichever wallet. It is tried once more before the wallet asks: a
 * deadline may have passed since the dialog opened, and a refusal in a block would cost a fee.
 */
function calling(make: Make, words: Words, spends = 0n): Action {
	const tried = async (line: Line, from: Account): Promise<EthereumCall> => {
		const call = await make(line);
		const refused = await trial(line, from, call);
		if (refused) throw new Refused(refused);
		return call;
	};
	return {
		...words,
		spends,
		native: async (line, from) => throughRevive(line, from, await tried(line, from)),
		ethereum: tried,
	};
}

/** A step of a trade that pays nothing in. */
function step({ escrow, trade }: Context, name: string, args: unknown[], words: Words): Action {
	return calling(() => contractCall(escrow, ABI, name, [trade.id, ...args]), words);
}

/**
 * A step whose words hold for one stage alone, while the contract takes it in several: in a dispute the
 * same step costs the arbiter's fee. The dialog may be older than the dispute.
 */
function stagedStep(context: Context, name: string, args: unknown[], words: Words): Action {
	const { escrow, trade: { id, stage } } = context;
	const make: Make = async (line) => {
		const { value: now } = await readAtBest(line, (at) => readTrade(at, escrow, id));
		if (now.stage !== stage) throw new Refused(problem("WrongStage"));
		return contractCall(escrow, ABI, name, [id, ...args]);
	};
	return calling(make, words);
}

/** The last event of this name that the escrow emitted in a transaction. */
function eventOf(events: ChainEvent[], escrow: Hex, name: EventName): EscrowEvent | undefined {
	return events
		.filter(({ type, value }) => type === "Revive" && value.type === "ContractEmitted")
		.map(({ value }) => logOf(value.value as Parameters<typeof logOf>[0], escrow, 0))
		.map((log) => log && readLog(log))
		.findLast((event) => event?.name === name);
}

/** What was credited at the end, in words. */
function tellsEnd({ escrow, asset }: Context): Action["tells"] {
	return (events) => {
		const ended = eventOf(events, escrow, "TradeClosed");
		if (!ended) return done.ended;
		const { toSeller, toBuyer, toArbiter } = ended.args as Record<string, bigint>;
		const [seller, buyer, arbiter] = [toSeller, toBuyer, toArbiter].map((value) =>
			money(value ?? 0n, asset),
		);
		return done.closed(seller!, buyer!, arbiter!);
	};
}

const split = (
	{ seller, buyer, arbiter }: Shares,
	asset: Asset,
	words: (...amounts: [string, string, string]) => string = explains.split,
): string => words(money(seller, asset), money(buyer, asset), money(arbiter, asset));

/** Keeps a note's text, and tells the hash that stands for it; zero where there is none. */
const noteHash = (note: string): Hex => (note.trim() === "" ? NO_HASH : keepText(note));

const noteWords = (hash: Hex): string =>
	hash === NO_HASH ? explains.noNote : explains.note(short(hash, 10));

/** Makes an escrow. `onPlace` hears where it stands. */
export function deployEscrow(onPlace: (escrow: Hex) => void): Action {
	const make = async (): Promise<EthereumCall> => {
		const { escrowBytecode } = await import("../generated/escrow-code.ts");
		return { to: undefined, data: escrowBytecode, value: 0n, abi: ABI };
	};
	const tells: Action["tells"] = (events) => {
		const made = fieldsOf<{ contract: Hex }>(events, "Revive.Instantiated");
		if (!made) return done.ended;
		onPlace(made.contract.toLowerCase() as Hex);
		return texts.deployed(made.contract);
	};
	return calling(make, { title: texts.deploy, explains: [...texts.deployExplains], tells });
}

/** Lets the escrow take so much of a token, in its units. */
export function approve(escrow: Hex, asset: Asset, amount: bigint): Action {
	const text = money(amount, asset);
	return calling(() => contractCall(asset.address, ABI, "approve", [escrow, amount]), {
		title: titles.approve,
		explains: [explains.allows(text), explains.allowsOnly],
		tells: () => done.approve,
	});
}

/** What both sides are told of the terms before they pay. */
function termsInWords(terms: Terms, asset: Asset): string[] {
	return [
		explains.undelivered(duration(terms.deliverWithin)),
		explains.silence(duration(terms.confirmWithin)),
		explains.disputeCosts(money(terms.arbiterFee, asset)),
		explains.undecided(duration(terms.decideWithin)),
	];
}

/** Sent along where the asset is CMT. */
const valueOf = (asset: Asset, amount: bigint): bigint => (asset.address === CMT.address ? amount : 0n);

/** Makes an offer and pays `amount` of the asset. `onOffer` hears of the trade's id. */
export function offer(
	escrow: Hex,
	terms: Terms,
	asset: Asset,
	amount: bigint,
	onOffer: (id: Hex) => void,
): Action {
	const value = valueOf(asset, amount);
	const words: Words = {
		title: titles.offer,
		explains: [
			explains.pays(money(amount, asset)),
			explains.comesBack(duration(terms.acceptWithin)),
			...termsInWords(terms, asset),
		],
		tells: (events) => {
			const made = eventOf(events, escrow, "Offered");
			if (made) onOffer(made.id);
			return done.offer;
		},
	};
	return calling(() => contractCall(escrow, ABI, "offer", [terms, amount], value), words, value);
}

/** Accepts an offer and pays `amount` of the asset. */
export function accept({ escrow, trade, asset }: Context, amount: bigint): Action {
	const value = valueOf(asset, amount);
	const words: Words = {
		title: titles.accept,
		explains: [explains.pays(money(amount, asset)), ...termsInWords(trade.terms, asset)],
		tells: () => done.accept,
	};
	const make = () => contractCall(escrow, ABI, "accept", [trade.id, amount], value);
	return calling(make, words, value);
}

/** Agrees to decide a dispute. */
export function agreeToArbitrate(context: Context): Action {
	const { terms } = context.trade;
	const fee = money(terms.arbiterFee, context.asset);
	return step(context, "agreeToArbitrate", [], {
		title: titles.agreeToArbitrate,
		explains: [explains.arbiter(fee, duration(terms.decideWithin)), explains.arbiterBound],
		tells: () => done.agreeToArbitrate,
	});
}

/** Says that the goods are delivered. */
export function claimDelivery(context: Context, note: string): Action {
	const { terms } = context.trade;
	const [price, fee] = [money(terms.price, context.asset), money(terms.arbiterFee, context.asset)];
	const hash = noteHash(note);
	return step(context, "claimDelivery", [hash], {
		title: titles.claimDelivery,
		explains: [
			explains.claim(duration(terms.confirmWithin), price),
			explains.claimRisk(price, fee),
			noteWords(hash),
		],
		tells: () => done.claimDelivery,
	});
}

/** Asks the arbiter. */
export function dispute(context: Context, note: string): Action {
	const { trade: { terms }, asset } = context;
	const [price, fee] = [money(terms.price, asset), money(terms.arbiterFee, asset)];
	const hash = noteHash(note);
	return step(context, "dispute", [hash], {
		title: titles.dispute,
		explains: [
			explains.dispute(duration(terms.decideWithin)),
			explains.disputeLost(price, fee),
			explains.disputeWon(price, fee),
			split(shares(terms, undecidedRefund(terms), false), asset, explains.silent),
			explains.noWayBack,
			noteWords(hash),
		],
		tells: () => done.dispute,
	});
}

/** Gives the whole price to the other side: `confirm` by the buyer, `giveBack` by the seller. */
export function giveIn(context: Context, name: "confirm" | "giveBack"): Action {
	const { trade: { terms, stage }, asset } = context;
	const disputed = stage === "Disputed";
	const refund = name === "confirm" ? 0n : terms.price;
	return stagedStep(context, name, [], {
		title: titles[name],
		explains: [
			split(shares(terms, refund, disputed), asset),
			...(disputed ? [explains.giveIn(money(terms.arbiterFee, asset))] : []),
			explains.final,
		],
		tells: tellsEnd(context),
	});
}

/** Decides how the price is shared. */
export function decide(context: Context, refund: bigint, note: string): Action {
	const { trade: { terms }, asset } = context;
	const hash = noteHash(note);
	return step(context, "decide", [refund, hash], {
		title: titles.decide,
		explains: [split(shares(terms, refund, true), asset), explains.final, noteWords(hash)],
		tells: tellsEnd(context),
	});
}

/** Says to which refund one would agree. */
export function propose(context: Context, refund: bigint): Action {
	const { trade: { terms, stage }, asset } = context;
	return stagedStep(context, "propose", [refund], {
		title: titles.propose,
		explains: [
			explains.proposes(money(refund, asset)),
			split(shares(terms, refund, stage === "Disputed"), asset, explains.wouldSplit),
			explains.proposalHolds,
		],
		tells: () => done.propose,
	});
}

/** Takes the own proposal back. */
export function withdrawProposal(context: Context): Action {
	return step(context, "withdrawProposal", [], {
		title: titles.withdrawProposal,
		explains: [explains.proposalGone],
		tells: () => done.withdrawProposal,
	});
}

/** Accepts what the other side proposes. */
export function agree(context: Context, refund: bigint): Action {
	const { trade: { terms, stage }, asset } = context;
	return stagedStep(context, "agree", [refund], {
		title: titles.agree,
		explains: [
			explains.agrees(money(refund, asset)),
			split(shares(terms, refund, stage === "Disputed"), asset),
			explains.final,
		],
		tells: tellsEnd(context),
	});
}

/** Takes an offer back. */
export function cancel(context: Context): Action {
	const { trade, asset } = context;
	return step(context, "cancel", [], {
		title: titles.cancel,
		explains: [
			explains.cancels(money(stakeOf(trade.terms, makerSide(trade)), asset)),
			explains.final,
		],
		tells: tellsEnd(context),
	});
}

/** Ends a trade whose deadline has passed. */
export function expire(context: Context): Action {
	return step(context, "expire", [], {
		title: titles.expire,
		explains: [explains.expires, split(expiryShares(context.trade), context.asset), explains.final],
		tells: tellsEnd(context),
	});
}

/** Who is to get money: an address of either kind, in both its forms. */
export type Receiver = Pick<Account, "native" | "ethereum">;

/**
 * CMT for an address of a Polkadot key go to the account of that key only where it exists: for all
 * others the chain takes the address for one of an Ethereum key. Tokens know no accounts.
 */
async function demandAccount({ api }: Line, { native, ethereum }: Receiver): Promise<void> {
	if (nativeOf(ethereum) === native) return;
	const at = { at: "best" } as const;
	const known = await api.query.Revive.OriginalAccount.getValue(ethereum as never, at);
	if (known === undefined) throw new Refused(problem("NoSuchReceiver"));
}

/** Sends `amount` of an account's credit to an address. */
export function withdraw(escrow: Hex, asset: Asset, to: Receiver, amount: bigint): Action {
	const text = money(amount, asset);
	const make: Make = async (line) => {
		if (asset.address === CMT.address) await demandAccount(line, to);
		return contractCall(escrow, ABI, "withdraw", [asset.address, to.ethereum, amount]);
	};
	return calling(make, {
		title: titles.withdraw,
		explains: [explains.takeOut(text, to.ethereum)],
		tells: () => done.withdraw(text),
	});
}
