// The contracts that the flows use, compiled once.

import { type Compiled, compile } from "../../src/solidity.ts";

const compiled = compile("Bell.sol", "Tokens.sol", "Box.sol", "IStaking.sol");

/** A contract by its name. */
export function contract(name: string): Compiled {
	const found = compiled[name];
	if (!found) throw new Error(`no contract ${name}`);
	return found;
}

/** An address that nobody has the key of. */
export const NOBODY = "0x00000000000000000000000000000000000000bb";
/** How many coins the maker of the coin gets. */
export const SUPPLY = 1_000_000n;
