// Wallets of the Polkadot family: the polkadot.js extension and those that offer themselves like it.

import type { PolkadotSigner } from "polkadot-api";
import {
	type InjectedPolkadotAccount,
	connectInjectedExtension,
	getInjectedExtensions,
} from "polkadot-api/pjs-signer";
import { type Account, ethereumOf, normalised } from "./account.ts";

const APP = "CyberMiles";
const signers = new Map<string, PolkadotSigner>();

/** The names of the wallets in this browser. */
export const nativeWallets = (): string[] => getInjectedExtensions();

/** Asks a wallet for its accounts. Fails where the user or the wallet says no. */
export async function connectNative(wallet: string): Promise<Account[]> {
	const extension = await connectInjectedExtension(wallet, APP);
	return extension.getAccounts().filter(signsHere).map((account) => taken(account, wallet));
}

/** Ethereum accounts of such wallets come by EIP-6963 instead. */
const signsHere = ({ address }: InjectedPolkadotAccount): boolean => !address.startsWith("0x");

function taken(account: InjectedPolkadotAccount, wallet: string): Account {
	const native = normalised(account.address);
	signers.set(native, account.polkadotSigner);
	const name = account.name ?? native.slice(0, 8);
	return { kind: "native", name, wallet, native, ethereum: ethereumOf(native) };
}

/** What signs for an account of a wallet that was connected. */
export function signerOf({ native }: Account): PolkadotSigner {
	const signer = signers.get(native);
	if (!signer) throw new Error(`no wallet is connected that signs for ${native}`);
	return signer;
}
