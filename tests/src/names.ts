// The well-known names of the development and local networks.

import { encodeAddress } from "@polkadot/util-crypto";
import { accountOf } from "./keys.ts";

/** Names of the local preset's 26 genesis candidates, strongest first. */
export const localCandidates: readonly string[] = [
	"Alice",
	"Bob",
	"Charlie",
	"Dave",
	"Eve",
	"Ferdie",
	...Array.from({ length: 20 }, (_, index) => `Validator${String(index + 7).padStart(2, "0")}`),
];

let byAddress: Map<string, string> | undefined;

/** The well-known name of an account (any address form or public key), else its address. */
export function nameOf(account: string | Uint8Array): string {
	byAddress ??= new Map(localCandidates.map((name) => [accountOf(name).address, name]));
	const address = encodeAddress(account, 42);
	return byAddress.get(address) ?? address;
}
