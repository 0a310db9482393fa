// Ethereum wallets that announce themselves (EIP-6963): MetaMask and others.

import type { EIP1193Provider, Hex } from "viem";
import { numberToHex } from "viem/utils";
import { Refused, problem } from "../actions/problems.ts";
import type { Line } from "../chain/connection.ts";
import { Store } from "../store.ts";
import { type Account, nativeOf } from "./account.ts";

/** How a wallet announces itself. */
export interface AnnouncedWallet {
	info: { uuid: string; name: string; icon: string; rdns: string };
	provider: EIP1193Provider;
}

/** The wallets that announced themselves. */
export const ethereumWallets = new Store<AnnouncedWallet[]>([]);

const providers = new Map<string, EIP1193Provider>();
/** Code of EIP-3326 for a chain that the wallet does not know. */
const UNKNOWN_CHAIN = 4902;
/** How often, and after how many milliseconds again, a wallet is asked whether it has changed. */
const LOOKS = 20;
const PAUSE = 50;

/** Listens for announcements, and asks for them. */
export function discoverEthereumWallets(): void {
	window.addEventListener("eip6963:announceProvider", (event) => {
		const { detail } = event as CustomEvent<AnnouncedWallet>;
		const others = ethereumWallets.get().filter(({ info }) => info.uuid !== detail.info.uuid);
		ethereumWallets.set([...others, detail]);
	});
	window.dispatchEvent(new Event("eip6963:requestProvider"));
}

/** Asks a wallet for its account, and for the chain of the node. */
export async function connectEthereum(
	{ info, provider }: AnnouncedWallet,
	line: Line,
): Promise<Account[]> {
	const addresses = await provider.request({ method: "eth_requestAccounts" });
	await switchChain(provider, line);
	return addresses.map((address) => {
		const ethereum = address.toLowerCase() as Hex;
		providers.set(ethereum, provider);
		const native = nativeOf(ethereum);
		return { kind: "ethereum", name: info.name, wallet: info.name, native, ethereum };
	});
}

/**
 * Has the wallet use the chain of the node, and tells it of the chain where it does not know it.
 * Fails where the wallet uses another one after all.
 */
export async function switchChain(provider: EIP1193Provider, line: Line): Promise<void> {
	if (await uses(provider, line)) return;
	const chainId = numberToHex(line.facts.ethereumId);
	const change = (): Promise<null> =>
		provider.request({ method: "wallet_switchEthereumChain", params: [{ chainId }] });
	try {
		await change();
	} catch (error) {
		if ((error as { code?: number }).code !== UNKNOWN_CHAIN) throw error;
		await addChain(provider, line);
		// A wallet may add a chain without changing to it, and still tell that all went well.
		await change();
	}
	// Some tell that they have changed a moment before they have.
	for (let look = 0; look < LOOKS; look++) {
		if (await uses(provider, line)) return;
		await new Promise((resolve) => setTimeout(resolve, PAUSE));
	}
	throw new Refused(problem("WalletOnOtherChain"));
}

async function uses(provider: EIP1193Provider, { facts }: Line): Promise<boolean> {
	return Number(await provider.request({ method: "eth_chainId" })) === facts.ethereumId;
}

async function addChain(provider: EIP1193Provider, { facts, url }: Line): Promise<void> {
	const chain = {
		chainId: numberToHex(facts.ethereumId),
		chainName: facts.name,
		nativeCurrency: { name: "CMT", symbol: "CMT", decimals: 18 },
		rpcUrls: [httpUrl(url)],
	};
	await provider.request({ method: "wallet_addEthereumChain", params: [chain] });
}

/** The node's address for Ethereum's tools: the same port, by HTTP. */
const httpUrl = (url: string): string => url.replace(/^ws/, "http");

/** What signs for an account of a wallet that was connected. */
export function providerOf({ ethereum }: Account): EIP1193Provider {
	const provider = providers.get(ethereum);
	if (!provider) throw new Error(`no wallet is connected that signs for ${ethereum}`);
	return provider;
}
