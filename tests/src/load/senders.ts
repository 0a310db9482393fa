// The accounts that send, and what they sign before the clock starts.

import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { keccak256 } from "ethers";
import { CMT, type Call } from "../calls.ts";
import { accountOf } from "../keys.ts";
import { localCandidates } from "../names.ts";
import type { Client } from "../speed/client.ts";
import { type Request, addresses, signed } from "../speed/token.ts";

/** An era without end: signed once, good at any time. */
const IMMORTAL = "0x00";

/** A transaction that is signed, and how to know it again in a block. */
export interface Signed {
	/** The method that takes it. */
	method: "author_submitExtrinsic" | "eth_sendRawTransaction";
	raw: string;
	/** Its bytes, or the hash that Ethereum knows it by. */
	key: string;
}

/** Accounts with CMT in the presets `dev` and `local`. */
const SENDERS: readonly KeyringPair[] = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie"]
	.flatMap((name) => [name, `${name}//stash`])
	.map(accountOf);

/** Signs native calls, `count` in all, in the order in which the nonces of their senders rise. */
async function native(
	api: ApiPromise,
	count: number,
	call: (index: number) => Call,
): Promise<Signed[]> {
	const next = await Promise.all(
		SENDERS.map(async ({ address }) => {
			const { nonce } = await api.query.system.account(address);
			return nonce.toNumber();
		}),
	);
	const of = {
		blockHash: api.genesisHash,
		genesisHash: api.genesisHash,
		runtimeVersion: api.runtimeVersion,
		signedExtensions: api.registry.signedExtensions,
		era: api.createType("ExtrinsicEra", IMMORTAL),
	};
	return Array.from({ length: count }, (_, index) => {
		const sender = index % SENDERS.length;
		const nonce = next[sender]++;
		const raw = call(index).sign(SENDERS[sender]!, { ...of, nonce }).toHex();
		return { method: "author_submitExtrinsic", raw, key: raw };
	});
}

/** Each sender pays the next one a planck. */
function transfer(api: ApiPromise, index: number): Call {
	const { address } = SENDERS[(index + 1) % SENDERS.length]!;
	return api.tx.balances.transferKeepAlive(address, 1n);
}

/** Each sender stakes 1 CMT behind one of the candidates, in turn. */
function delegate(api: ApiPromise, candidates: readonly string[], index: number): Call {
	const round = Math.floor(index / SENDERS.length);
	return api.tx.cmtDpos.delegate(candidates[round % candidates.length]!, CMT);
}

/** Transfers of CMT. */
export function transfers(api: ApiPromise, count: number): Promise<Signed[]> {
	return native(api, count, (index) => transfer(api, index));
}

/** Delegations. */
export function delegations(
	api: ApiPromise,
	candidates: readonly string[],
	count: number,
): Promise<Signed[]> {
	return native(api, count, (index) => delegate(api, candidates, index));
}

/** Transfers of CMT, and a delegation for every six of them. */
export function transfersAndDelegations(
	api: ApiPromise,
	candidates: readonly string[],
	count: number,
): Promise<Signed[]> {
	return native(api, count, (index) =>
		index % 7 === 6 ? delegate(api, candidates, index) : transfer(api, index),
	);
}

/** Addresses of the candidates that are delegated to: all of them sit. */
export function seated(count: number): string[] {
	return localCandidates.slice(0, count).map((name) => accountOf(name).address);
}

/** Ethereum transactions, `count` in all. */
export async function ethereum(
	client: Client,
	request: Request,
	count: number,
): Promise<Signed[]> {
	const all = await signed(client, request, Math.ceil(count / addresses.length));
	return all.map((raw) => ({ method: "eth_sendRawTransaction", raw, key: keccak256(raw) }));
}

/** Several lists as one, their items spread evenly; each list keeps its order. */
export function mixed(...lists: readonly (readonly Signed[])[]): Signed[] {
	const placed = lists.flatMap((list) =>
		list.map((item, index) => ({ item, place: (index + 0.5) / list.length })),
	);
	return placed.sort((a, b) => a.place - b.place).map(({ item }) => item);
}
