// Accounts, session keys and network identities of well-known nodes, all made from a name.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Keyring } from "@polkadot/keyring";
import type { KeyringPair } from "@polkadot/keyring/types";
import { stringToU8a, u8aConcat, u8aToHex } from "@polkadot/util";
import { base58Encode, blake2AsU8a, ed25519PairFromSeed } from "@polkadot/util-crypto";

const sr25519 = new Keyring({ type: "sr25519", ss58Format: 42 });
const ed25519 = new Keyring({ type: "ed25519", ss58Format: 42 });

/** The secret from which all keys of a well-known name derive. */
export function suriOf(name: string): string {
	return `//${name}`;
}

/** The account of a well-known name, able to sign. */
export function accountOf(name: string): KeyringPair {
	return sr25519.addFromUri(suriOf(name));
}

/** The four letters by which a keystore tells session keys apart. */
export type KeyType = "aura" | "gran" | "audi";

/** Session keys by the four letters of their type. */
export function sessionKeysOf(suri: string): Record<KeyType, Uint8Array> {
	return {
		aura: sr25519.createFromUri(suri).publicKey,
		gran: ed25519.createFromUri(suri).publicKey,
		audi: sr25519.createFromUri(suri).publicKey,
	};
}

/**
 * Writes the session keys, or those of some types, as the node's own keystore does; much faster
 * than `key insert`.
 */
export function writeKeystore(folder: string, suri: string, types?: readonly KeyType[]): void {
	mkdirSync(folder, { recursive: true });
	const keys = Object.entries(sessionKeysOf(suri)) as [KeyType, Uint8Array][];
	for (const [type, publicKey] of keys) {
		if (types && !types.includes(type)) continue;
		const name = u8aToHex(u8aConcat(stringToU8a(type), publicKey)).slice(2);
		writeFileSync(join(folder, name), JSON.stringify(suri), { mode: 0o600 });
	}
}

/** A node's network identity. */
export interface NetworkIdentity {
	/** The secret for `--node-key`: 32 bytes in hex. */
	nodeKey: string;
	/** What other nodes call it. */
	peerId: string;
}

// Protobuf of an ed25519 public key (type 1, 32 bytes) in an identity multihash of 36 bytes.
const PEER_ID_PREFIX = Uint8Array.of(0x00, 36, 0x08, 0x01, 0x12, 32);

/** A network identity that is always the same for a name. */
export function networkIdentityOf(name: string): NetworkIdentity {
	const seed = blake2AsU8a(`cybermiles test node ${name}`, 256);
	const { publicKey } = ed25519PairFromSeed(seed);
	return {
		nodeKey: u8aToHex(seed).slice(2),
		peerId: base58Encode(u8aConcat(PEER_ID_PREFIX, publicKey)),
	};
}

/** What a holder of keys signs to prove to the chain that `owner` may register them. */
function ownershipStatement(owner: Uint8Array): Uint8Array {
	return u8aConcat(stringToU8a("POP_"), owner);
}

/** Session keys of a secret as the runtime encodes them, with the proof that `owner` holds them. */
export function sessionKeysWithProof(
	suri: string,
	owner: Uint8Array,
): { keys: string; proof: string } {
	const pairs = [sr25519, ed25519, sr25519].map((keyring) => keyring.createFromUri(suri));
	const statement = ownershipStatement(owner);
	return {
		keys: u8aToHex(u8aConcat(...pairs.map(({ publicKey }) => publicKey))),
		proof: u8aToHex(u8aConcat(...pairs.map((pair) => pair.sign(statement)))),
	};
}
