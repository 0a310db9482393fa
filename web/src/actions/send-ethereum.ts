// Has an Ethereum wallet sign and send, and finds the transaction in the blocks.

import { type Hex, numberToHex } from "viem";
import { type Line, connection } from "../chain/connection.ts";
import type { Account } from "../wallets/account.ts";
import { providerOf, switchChain } from "../wallets/ethereum.ts";
import type { Action, ChainEvent, EthereumCall } from "./action.ts";
import { type Block, LOOKS, hashAt, insist, news } from "./follow.ts";
import { type Problem, Refused, problem, problemOf } from "./problems.ts";
import { trial } from "./rehearse.ts";
import { type Included, type Sent, placeOf } from "./sent.ts";

/** Has the wallet sign an action and send it. */
export async function sendEthereum(line: Line, from: Account, action: Action): Promise<Sent> {
	const call = await action.ethereum(line, from);
	const provider = providerOf(from);
	await switchChain(provider, line);
	const { to, data, value } = call;
	const parameters = {
		from: from.ethereum,
		...(to && { to }),
		data,
		value: numberToHex(value),
		// A wallet that left this chain since it was asked refuses, instead of paying on another.
		chainId: numberToHex(line.facts.ethereumId),
	};
	const method = "eth_sendTransaction";
	const hash = await provider
		.request({ method, params: [parameters as never] })
		.catch(async (error: unknown) => {
			throw await reasonOf(line, from, call, error);
		});
	return { look: () => includedBy(line, from, call, hash), stop: () => undefined };
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

interface Receipt {
	status: Hex;
	blockNumber: Hex;
	blockHash: Hex;
}

/** Waits until a transaction is in a block, and tells what came of it there. */
async function includedBy(line: Line, from: Account, call: EthereumCall, hash: Hex): Promise<Included> {
	const block = await blockOf(line, hash);
	if (block.failed) {
		return { block, events: [], problem: await failureOf(line, from, call, block.number) };
	}
	const events = await insist(line, () => eventsOf(line, from, block.hash));
	return { block, events, problem: undefined };
}

/** The block that holds a transaction; its receipt names it by the hash of Ethereum's side. */
async function blockOf(line: Line, sent: Hex): Promise<Block & { failed: boolean }> {
	for (;;) {
		const { blockHash, blockNumber, status } = await receiptOf(line, sent);
		const number = Number(blockNumber);
		const hash = await insist(line, () => hashAt(line, number));
		// Between both answers another branch may have become the best chain.
		const again = await receiptOf(line, sent);
		if (hash !== null && again.blockHash === blockHash) {
			return { hash, number, failed: status !== "0x1" };
		}
		await news();
	}
}

/** Why a call failed in a block: the same call fails before it, with its reason. */
async function failureOf(
	line: Line,
	from: Account,
	call: EthereumCall,
	number: number,
): Promise<Problem> {
	const refused = await trial(line, from, call, numberToHex(number - 1));
	// No wallet has a part in a trial: the node did not answer.
	if (refused?.name === "WalletFailed") return problem("Unknown");
	return refused ?? problem("RevertedSilently");
}

/** Waits until a transaction is in a block; a node that goes away meanwhile is waited for. */
async function receiptOf(line: Line, hash: Hex): Promise<Receipt> {
	const ask = <T>(method: string) => line.client._request<T, Hex[]>(method, [hash]);
	for (let unknown = 0; connection.line.get() === line && unknown < LOOKS; ) {
		const found = await ask<Receipt | null>("eth_getTransactionReceipt").catch(() => null);
		if (found) return found;
		// A node that was started anew may have forgotten what waited.
		const waits = await ask<object | null>("eth_getTransactionByHash").catch(() => true);
		unknown = waits ? 0 : unknown + 1;
		await news();
	}
	throw new Refused(problem("ConnectionLost"));
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
