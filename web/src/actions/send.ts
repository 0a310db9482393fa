// Signs, sends and follows a transaction, and tells what became of it.

import type { TxEvent } from "polkadot-api";
import { type Hex, bytesToHex, numberToHex } from "viem";
import { type Line, connection } from "../chain/connection.ts";
import type { Account } from "../wallets/account.ts";
import { providerOf, switchChain } from "../wallets/ethereum.ts";
import { signerOf } from "../wallets/native.ts";
import type { Action, ChainEvent, EthereumCall } from "./action.ts";
import { fieldsOf } from "./events.ts";
import { Refused, problem, problemOf, problemOfDispatch } from "./problems.ts";
import { trial } from "./rehearse.ts";

/** How far a transaction is: in the wallet, sent, in a block, final. */
export type Stage = "signing" | "sent" | "included" | "final";

/** A transaction that succeeded. */
export interface Done {
	block: { hash: string; number: number };
	/** What happened. */
	words: string;
}

type Tell = (stage: Stage) => void;

/**
 * Sends an action. Resolves when it is in a block; `tell` hears of its finality later. Rejects with
 * `Refused`, also where the user or the chain refused.
 */
export async function send(line: Line, from: Account, action: Action, tell: Tell): Promise<Done> {
	tell("signing");
	try {
		const included =
			from.kind === "ethereum"
				? await sendEthereum(line, from, action, tell)
				: await sendNative(line, from, action, tell);
		return { block: included.block, words: action.tells(included.events, from) };
	} catch (error) {
		throw error instanceof Refused ? error : new Refused(problemOf(error));
	}
}

interface Included {
	block: { hash: string; number: number };
	events: ChainEvent[];
}

async function sendNative(line: Line, from: Account, action: Action, tell: Tell): Promise<Included> {
	const transaction = await action.native(line, from);
	// The final block's nonce, which is the default, is old while an earlier transaction waits.
	const nonce = await line.client._request<number, string[]>("system_accountNextIndex", [from.native]);
	return followed(line, await transaction.sign(signerOf(from), { nonce }), tell);
}

/** Sends what was signed, and follows it, also through times without the node. */
function followed(line: Line, signed: Uint8Array, tell: Tell): Promise<Included> {
	let leave = (): void => undefined;
	const included = new Promise<Included>((resolve, reject) => {
		leave = lookAfterAbsence(line, bytesToHex(signed), tell, resolve, reject);
		let sent = false;
		const fail = (error: unknown): void => {
			const known = typeof Object(error).error === "object";
			reject(sent && !known ? new Refused(problem("ConnectionLost")) : error);
		};
		line.client.submitAndWatch(signed).subscribe({
			error: fail,
			next: (event: TxEvent) => {
				if (event.type === "broadcasted") {
					sent = true;
					tell("sent");
				} else if (event.type === "finalized") tell("final");
				if (event.type !== "finalized" && !("found" in event && event.found)) return;
				if (event.type !== "finalized") tell("included");
				if (event.ok) resolve({ block: event.block, events: event.events });
				else reject(new Refused(problemOfDispatch(event.dispatchError)));
			},
		});
	});
	return included.finally(() => leave());
}

/**
 * Looks into each block itself once the node was away: polkadot-api does not hear of those that came
 * meanwhile. What it gives ends that.
 */
function lookAfterAbsence(
	line: Line,
	signed: Hex,
	tell: Tell,
	found: (included: Included) => void,
	failed: (error: unknown) => void,
): () => void {
	let [away, busy, since] = [false, false, connection.state.get().best?.number ?? 0];
	const look = async (): Promise<void> => {
		busy = true;
		const { best, finalized } = connection.state.get();
		try {
			const place = await placeIn(line, signed, since, best?.number ?? since);
			if (place) includedAt(line, place, tell).then(found, failed);
			since = Math.max(since, finalized?.number ?? since);
		} catch {
			// Away again: the next block brings another look.
		}
		busy = false;
	};
	return connection.state.watch(() => {
		const { kind } = connection.state.get().health;
		if (kind === "offline") away = true;
		else if (away && !busy) void look();
	});
}

interface Place {
	hash: string;
	number: number;
	/** Among the transactions of the block. */
	index: number;
}

/** Where a transaction is in the blocks after `since`, up to `last`; nothing where it is in none. */
async function placeIn(line: Line, signed: Hex, since: number, last: number): Promise<Place | undefined> {
	const ask = <T>(method: string, of: unknown): Promise<T> => line.client._request(method, [of]);
	for (let number = since + 1; number <= last; number++) {
		const hash = await ask<string>("chain_getBlockHash", number);
		const { block } = await ask<{ block: { extrinsics: Hex[] } }>("chain_getBlock", hash);
		const index = block.extrinsics.indexOf(signed);
		if (index >= 0) return { hash, number, index };
	}
	return undefined;
}

/** What came of a transaction whose place is known. */
async function includedAt(line: Line, { hash, number, index }: Place, tell: Tell): Promise<Included> {
	tell("included");
	void finality(line, number).then(() => tell("final"));
	const records = await line.api.query.System.Events.getValue({ at: hash });
	const events = records.filter((record) => placeOf(record) === index).map(({ event }) => event);
	const failure = fieldsOf<Failure>(events, "System.ExtrinsicFailed");
	if (failure) throw new Refused(problemOfDispatch(failure.dispatch_error));
	return { block: { hash, number }, events };
}

interface Failure {
	dispatch_error: { type: string; value?: unknown };
}

/** The place of the transaction in its block that an event is of; none of a block's own events. */
const placeOf = ({ phase }: { phase: { type: string; value?: unknown } }): number =>
	phase.type === "ApplyExtrinsic" ? Number(phase.value) : -1;

interface Receipt {
	status: Hex;
	blockNumber: Hex;
}

async function sendEthereum(line: Line, from: Account, action: Action, tell: Tell): Promise<Included> {
	const call = await action.ethereum(line, from);
	const provider = providerOf(from);
	await switchChain(provider, line);
	const { to, data, value } = call;
	const parameters = { from: from.ethereum, ...(to && { to }), data, value: numberToHex(value) };
	const method = "eth_sendTransaction";
	const hash = await provider
		.request({ method, params: [parameters as never] })
		.catch(async (error: unknown) => {
			throw await reasonOf(line, from, call, error);
		});
	tell("sent");
	const receipt = await receiptOf(line, hash);
	const block = await blockOf(line, receipt);
	tell("included");
	void finality(line, block.number).then(() => tell("final"));
	if (receipt.status === "0x1") return { block, events: await eventsOf(line, from, block.hash) };
	const before = numberToHex(block.number - 1);
	throw new Refused((await trial(line, from, call, before)) ?? problem("RevertedSilently"));
}

/** Why a wallet did not send: it estimates the gas itself, and only tells that this failed. */
async function reasonOf(
	line: Line,
	from: Account,
	call: EthereumCall,
	error: unknown,
): Promise<unknown> {
	if (problemOf(error).name !== "WalletFailed") return error;
	const refused = await trial(line, from, call);
	return refused ? new Refused(refused) : error;
}

/** The block of a receipt, which names it by the hash that Ethereum's side has for it. */
async function blockOf(line: Line, receipt: Receipt): Promise<Included["block"]> {
	const number = Number(receipt.blockNumber);
	const hash = await line.client._request<string, number[]>("chain_getBlockHash", [number]);
	return { hash, number };
}

/** Waits for the next best block, or a second. */
function nextBlock(): Promise<void> {
	return new Promise((resolve) => {
		const done = (): void => {
			clearTimeout(timer);
			unwatch();
			resolve();
		};
		const timer = setTimeout(done, 1_000);
		const unwatch = connection.state.watch(done);
	});
}

/** How often a transaction is looked for that the node does not know, a second apart at most. */
const LOOKS = 20;

/** Waits until a transaction is in a block; a node that goes away meanwhile is waited for. */
async function receiptOf(line: Line, hash: Hex): Promise<Receipt> {
	const ask = <T>(method: string) => line.client._request<T, Hex[]>(method, [hash]);
	for (let unknown = 0; connection.line.get() === line && unknown < LOOKS; ) {
		const found = await ask<Receipt | null>("eth_getTransactionReceipt").catch(() => null);
		if (found) return found;
		// A node that was started anew may have forgotten what waited.
		const waits = await ask<object | null>("eth_getTransactionByHash").catch(() => true);
		unknown = waits ? 0 : unknown + 1;
		await nextBlock();
	}
	throw new Refused(problem("ConnectionLost"));
}

async function finality(line: Line, number: number): Promise<void> {
	while (connection.line.get() === line) {
		if ((connection.state.get().finalized?.number ?? 0) >= number) return;
		await nextBlock();
	}
}

/** The events of this account's transactions in a block. */
async function eventsOf(line: Line, from: Account, hash: string): Promise<ChainEvent[]> {
	const records = await line.api.query.System.Events.getValue({ at: hash });
	const text = (value: unknown): string =>
		JSON.stringify(value, (_, part) => (typeof part === "bigint" ? String(part) : part));
	const own = new Set(
		records.filter(({ event }) => text(event).includes(from.native)).map(placeOf),
	);
	return records.filter((record) => own.has(placeOf(record))).map(({ event }) => event);
}
