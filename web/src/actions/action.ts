// What a user can do: one description for both kinds of wallets.

import type { Transaction } from "polkadot-api";
import { type Abi, type Hex, bytesToHex, hexToBytes } from "viem";
import { encodeFunctionData } from "viem/utils";
import type { Line } from "../chain/connection.ts";
import type { Account } from "../wallets/account.ts";

/** An event of the chain: pallet, name, fields. */
export interface ChainEvent {
	type: string;
	value: { type: string; value: unknown };
}

/** A call as an Ethereum wallet signs it. */
export interface EthereumCall {
	/** None where a contract is made. */
	to: Hex | undefined;
	data: Hex;
	/** CMT that is sent along, in planck. */
	value: bigint;
	/** By which a refusal is read. */
	abi: Abi;
}

export interface Action {
	/** What the button and the head of the dialog say. */
	title: string;
	/** What it will do, sentence by sentence: effect, and time to wait. */
	explains: string[];
	/** CMT that it takes from the account besides fees, in planck. */
	spends: bigint;
	/** As a Polkadot wallet signs it. */
	native: (line: Line, from: Account) => Promise<Transaction>;
	/** As an Ethereum wallet signs it. */
	ethereum: (line: Line, from: Account) => Promise<EthereumCall>;
	/** What happened, in words, by the events of its transaction. */
	tells: (events: ChainEvent[], from: Account) => string;
}

/** To this address an Ethereum wallet sends encoded calls of the chain (docs/contracts.md). */
const DISPATCH: Hex = "0x6d6f646c70792f70616464720000000000000000";

/** A call of a contract or precompile. */
export function contractCall(
	to: Hex,
	abi: Abi,
	functionName: string,
	args: readonly unknown[],
	value = 0n,
): EthereumCall {
	return { to, data: encodeFunctionData({ abi, functionName, args }), value, abi };
}

/** Any call of the chain, by an Ethereum wallet. */
export async function dispatched(call: Transaction): Promise<EthereumCall> {
	return { to: DISPATCH, data: bytesToHex(await call.getEncodedData()), value: 0n, abi: [] };
}

/** Part by which the weight that a trial took is raised, in hundredths: the state moves on. */
const MARGIN = 130n;
const more = (amount: bigint): bigint => (amount * MARGIN) / 100n;

/** Any call of a contract, by a Polkadot wallet. Its limits are those of a trial, and some more. */
export async function throughRevive(
	{ api }: Line,
	from: Account,
	{ to, data, value }: EthereumCall,
): Promise<Transaction> {
	const input = hexToBytes(data);
	const at = { at: "best" } as const;
	if (!to) {
		const code = { type: "Upload" as const, value: input };
		const nothing = new Uint8Array();
		const trial = await api.apis.ReviveApi.instantiate(
			from.native, value, undefined, undefined, code, nothing, undefined, at,
		);
		return api.tx.Revive.instantiate_with_code({
			value,
			weight_limit: raised(trial.weight_required),
			storage_deposit_limit: deposit(trial.max_storage_deposit),
			code: input,
			data: nothing,
			salt: undefined,
		});
	}
	const trial = await api.apis.ReviveApi.call(
		from.native, to as never, value, undefined, undefined, input, at,
	);
	return api.tx.Revive.call({
		dest: to as never,
		value,
		weight_limit: raised(trial.weight_required),
		storage_deposit_limit: deposit(trial.max_storage_deposit),
		data: input,
	});
}

interface Weight {
	ref_time: bigint;
	proof_size: bigint;
}

const raised = ({ ref_time, proof_size }: Weight): Weight => ({
	ref_time: more(ref_time),
	proof_size: more(proof_size),
});

const deposit = ({ type, value }: { type: string; value: bigint }): bigint =>
	type === "Charge" ? more(value) : 0n;
