// The bell of `contracts/Bell.sol`: a contract that logs, refuses and stores as tests need it.

import { type HDNodeWallet, Interface, type TransactionRequest, getCreateAddress } from "ethers";
import type { DevNode } from "./dev-node.ts";
import type { Ethereum } from "./ethereum.ts";
import { compile } from "./solidity.ts";

const { Bell } = compile("Bell.sol");

/** Its interface. */
export const bell = new Interface(Bell!.abi);
/** The code that makes it. */
export const BELL_CODE = Bell!.bytecode;

/** Data of a call to it. */
export function call(name: string, ...args: unknown[]): string {
	return bell.encodeFunctionData(name, args);
}

/** A transaction that rings the bell at `to`. */
export function ringAt(to: string, words: string, echoes = 0): TransactionRequest {
	return { to, data: call("ring", words, echoes), gasLimit: 500_000n };
}

/** Makes a bell with the first transaction of `key`; its address in small letters. */
export async function makeBell(dev: DevNode, eth: Ethereum, key: HDNodeWallet): Promise<string> {
	const made = await eth.send(key, { data: BELL_CODE, gasLimit: 3_000_000n });
	await eth.mine(dev, made);
	return getCreateAddress({ from: key.address, nonce: 0 }).toLowerCase();
}
