// One account, two names: how the chain's own clients and how Ethereum's call it.

import { AccountId } from "polkadot-api";
import type { Hex } from "viem";
import { bytesToHex, hexToBytes, isAddress, keccak256 } from "viem/utils";

/** Who signs for an account: a Polkadot wallet, an Ethereum wallet, or nobody here. */
export type AccountKind = "native" | "ethereum" | "watched";

export interface Account {
	kind: AccountKind;
	/** As the wallet calls it. */
	name: string;
	/** The wallet that has it, by the name it shows; empty for a watched one. */
	wallet: string;
	/** The account's native address (SS58, prefix 42). */
	native: string;
	/** Its Ethereum address, as contracts see it. */
	ethereum: Hex;
}

/** What marks the native form of an account that has only an Ethereum key: twelve bytes. */
const ETHEREUM_MARK = "ee".repeat(12);
const PREFIX = 42;
const codec = AccountId(PREFIX);

/** The public key behind a native address, or what stands for it. */
export const keyOf = (native: string): Uint8Array => codec.enc(native);

/** The same address with the prefix of this chain, whatever prefix it was written with. */
export const normalised = (native: string): string => codec.dec(codec.enc(native));

/** The Ethereum address of a native account (docs/contracts.md, "One account, two names"). */
export function ethereumOf(native: string): Hex {
	const key = bytesToHex(keyOf(native)).slice(2);
	if (key.endsWith(ETHEREUM_MARK)) return `0x${key.slice(0, 40)}`;
	return `0x${keccak256(`0x${key}`).slice(-40)}`;
}

/** The native account of an Ethereum address that no native account has. */
export function nativeOf(ethereum: string): string {
	return codec.dec(hexToBytes(`${ethereum.toLowerCase()}${ETHEREUM_MARK}` as Hex));
}

/** Reads an address of either kind, or tells nothing where it is none. */
export function parseAddress(text: string): { native: string; ethereum: Hex } | undefined {
	const trimmed = text.trim();
	if (isAddress(trimmed, { strict: false })) {
		return { native: nativeOf(trimmed), ethereum: trimmed.toLowerCase() as Hex };
	}
	try {
		const native = normalised(trimmed);
		return { native, ethereum: ethereumOf(native) };
	} catch {
		return undefined;
	}
}

/** Whether two native addresses name the same account. */
export const same = (a: string, b: string): boolean => normalised(a) === normalised(b);
