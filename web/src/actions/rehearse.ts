// What an action would cost and whether it would be refused, before anybody signs.

import type { Transaction } from "polkadot-api";
import type { Hex } from "viem";
import { numberToHex } from "viem/utils";
import type { Line } from "../chain/connection.ts";
import { spendable } from "../chain/ethereum.ts";
import type { Account } from "../wallets/account.ts";
import type { Action, EthereumCall } from "./action.ts";
import { type Problem, problem, problemOf, problemOfRevert } from "./problems.ts";

export interface Rehearsal {
	/** What the transaction itself costs at most, in planck. */
	fee: bigint;
	/** Why it would be refused; none where it would succeed. */
	problem: Problem | undefined;
}

/** What the node throws: the words of an error of JSON-RPC, and the data of a revert. */
interface RpcFailure {
	message?: string;
	data?: unknown;
}

/** Tries an action on the best block and leaves no trace. */
export async function rehearse(line: Line, from: Account, action: Action): Promise<Rehearsal> {
	try {
		const call = await action.ethereum(line, from);
		const refused = await trial(line, from, call);
		if (refused) return { fee: 0n, problem: refused };
		const fee = await feeOf(line, from, action, call);
		const enough = (await spendable(line, from.ethereum)) >= fee + action.spends;
		return { fee, problem: enough ? undefined : problem("NotEnoughForFees") };
	} catch (error) {
		return { fee: 0n, problem: problemOf(error) };
	}
}

/** Has the node execute a call without a transaction. */
export async function trial(
	line: Line,
	from: Account,
	call: EthereumCall,
	block = "latest",
): Promise<Problem | undefined> {
	try {
		await line.client._request("eth_call", [request(from, call), block]);
		return undefined;
	} catch (error) {
		const { data, message = "" } = error as RpcFailure;
		if (typeof data === "string" && data.startsWith("0x")) {
			return problemOfRevert(data as Hex, call.abi);
		}
		return named(message) ?? problemOf(error);
	}
}

/** A call of the chain that fails names its error in the node's words, among others. */
function named(message: string): Problem | undefined {
	for (const [name] of message.matchAll(/\b[A-Z][A-Za-z]{4,}\b/g)) {
		const found = problem(name, message);
		if (found.what !== message) return found;
	}
	return undefined;
}

const request = (from: Account, { to, data, value }: EthereumCall): object => ({
	from: from.ethereum,
	...(to && { to }),
	data,
	value: numberToHex(value),
});

/** What the transaction costs at most, in planck. */
async function feeOf(line: Line, from: Account, action: Action, call: EthereumCall): Promise<bigint> {
	if (from.kind !== "ethereum") {
		const transaction = await action.native(line, from);
		return (await transaction.getEstimatedFees(from.native)) + depositOf(transaction);
	}
	const ask = (method: string, ...params: unknown[]) =>
		line.client._request<Hex, unknown[]>(method, params);
	const gas = BigInt(await ask("eth_estimateGas", request(from, call)));
	return gas * BigInt(await ask("eth_gasPrice"));
}

/** What a call of a contract may hold for storage besides its fee, in planck. */
function depositOf({ decodedCall }: Transaction): bigint {
	const call = decodedCall.value as { value?: { storage_deposit_limit?: bigint } };
	return call.value?.storage_deposit_limit ?? 0n;
}
