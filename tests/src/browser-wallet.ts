// A wallet that behaves as MetaMask does, with its user in the test: it asks before it signs, keeps
// networks, and answers pages by the provider in injected-provider.js. Its key never enters a page.

import { fileURLToPath } from "node:url";
import { type HDNodeWallet, Interface, getBytes, verifyMessage } from "ethers";
import type { BrowserContext } from "playwright-core";
import { type TypedDataDefinition, hashTypedData } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { type PageTransaction, ProviderError, WalletNetwork } from "./wallet-network.ts";

const PROVIDER = fileURLToPath(new URL("injected-provider.js", import.meta.url));

/** What the user is asked to agree to. */
export type Question = "connect" | "message" | "network" | "switch" | "token" | "transaction";

/** What MetaMask tells a page whose question was denied, by question; others get the first. */
const DENIED: Partial<Record<Question, string>> = {
	message: "MetaMask Message Signature: User denied message signature.",
	transaction: "MetaMask Tx Signature: User denied transaction signature.",
};
const REJECTED = "User rejected the request.";

/** A token that the wallet shows, with what it read from the chain. */
export interface WatchedToken {
	address: string;
	kind: string;
	symbol: string;
	/** Units of the user, or the owned token's number. */
	holding: bigint;
}

/** A network as pages describe it (EIP-3085). */
interface PageNetwork {
	chainId: string;
	chainName: string;
	rpcUrls: string[];
}

interface PageToken {
	type: string;
	options: { address: string; symbol?: string; decimals?: string | number; tokenId?: string };
}

interface Permission {
	parentCapability: string;
	caveats: { type: string; value: string[] }[];
}

type Handler = (...params: never[]) => Promise<unknown>;

const tokens = new Interface([
	"function symbol() view returns (string)",
	"function decimals() view returns (uint8)",
	"function balanceOf(address) view returns (uint256)",
	"function ownerOf(uint256) view returns (address)",
]);

/** The wallet. Accounts are in small letters, as MetaMask tells them. */
export class BrowserWallet {
	readonly address: string;
	/** Questions that the user was asked, in their order. */
	readonly asked: Question[] = [];
	/** Hashes of what was sent, in their order. */
	readonly sent: string[] = [];
	/** Requests of pages that failed, in their order. */
	readonly failures: ProviderError[] = [];
	readonly watched: WatchedToken[] = [];
	/** Hashes of the typed data that was signed. */
	readonly digests: string[] = [];
	/** Where a URL of a page leads: those of the test page name fixed ports. */
	readonly detours = new Map<string, string>();

	private readonly networks = new Map<string, WalletNetwork>();
	private active: WalletNetwork | undefined;
	private connected = false;
	private rejects = false;
	private stays = false;
	/** By chain and account, one more than the highest nonce that was sent. */
	private readonly nonces = new Map<string, number>();
	private context: BrowserContext | undefined;

	private readonly handlers: Record<string, Handler> = {
		eth_accounts: async () => this.accounts,
		eth_requestAccounts: () => this.connect(),
		eth_sendTransaction: (request: PageTransaction) => this.sendTransaction(request),
		eth_signTypedData_v3: (from: string, text: string) => this.signTypedData(from, text),
		eth_signTypedData_v4: (from: string, text: string) => this.signTypedData(from, text),
		personal_ecRecover: async (text: string, signature: string) =>
			verifyMessage(getBytes(text), signature).toLowerCase(),
		personal_sign: (text: string, from: string) => this.signMessage(text, from),
		wallet_addEthereumChain: (network: PageNetwork) => this.addNetwork(network),
		wallet_getPermissions: async () => this.permissions,
		wallet_requestPermissions: () => this.connect().then(() => this.permissions),
		wallet_revokePermissions: () => this.disconnect(),
		wallet_switchEthereumChain: (network: PageNetwork) => this.switchNetwork(network.chainId),
		wallet_watchAsset: (token: PageToken) => this.watchToken(token),
	};

	constructor(private readonly key: HDNodeWallet) {
		this.address = key.address.toLowerCase();
	}

	/** Puts the provider into all pages of a browser. */
	async install(context: BrowserContext): Promise<void> {
		this.context = context;
		await context.exposeBinding("walletRequest", (_source, method: string, params: object) =>
			this.answer(method, params),
		);
		await context.addInitScript({ path: PROVIDER });
	}

	/** The user says no to the next question. */
	rejectNext(): void {
		this.rejects = true;
	}

	/** The user adds the next network that a page asks for, but stays on the present one. */
	stayNext(): void {
		this.stays = true;
	}

	/** The user adds a network in the wallet's own form, and uses it. */
	async useNetwork(chainId: string, name: string, url: string): Promise<void> {
		const network = new WalletNetwork(chainId, name, url);
		await network.check();
		this.networks.set(chainId, network);
		await this.activate(network);
	}

	/** The user picks a network in the wallet. */
	async pickNetwork(chainId: string): Promise<void> {
		await this.activate(this.networks.get(chainId)!);
	}

	private get network(): WalletNetwork {
		if (!this.active) throw new Error("the wallet has no network");
		return this.active;
	}

	private get accounts(): string[] {
		return this.connected ? [this.address] : [];
	}

	private get permissions(): Permission[] {
		const value = this.accounts;
		const caveats = [{ type: "restrictReturnedAccounts", value }];
		return value.length === 0 ? [] : [{ parentCapability: "eth_accounts", caveats }];
	}

	/** Answers a page; what the wallet has no part in goes to the node. Some pass a single object. */
	private async answer(method: string, params: object): Promise<object> {
		try {
			const handler = this.handlers[method];
			if (handler) return { result: await handler(...([params].flat() as never[])) };
			return { result: await this.network.request(method, params as never[]) };
		} catch (error) {
			const known = error instanceof ProviderError;
			const failure = known ? error : new ProviderError(-32603, String(error));
			this.failures.push(failure);
			const { code, message, data } = failure;
			return { error: { code, message, data } };
		}
	}

	private async emit(event: string, data: unknown): Promise<void> {
		const text = `window.walletEvent(${JSON.stringify(event)}, ${JSON.stringify(data)})`;
		const pages = this.context?.pages().filter((page) => page.url() !== "about:blank") ?? [];
		await Promise.all(pages.map((page) => page.evaluate(text)));
	}

	private ask(question: Question): void {
		this.asked.push(question);
		const rejected = this.rejects;
		this.rejects = false;
		if (rejected) throw new ProviderError(4001, DENIED[question] ?? REJECTED);
	}

	private demandPermitted(account: string): void {
		if (this.accounts.includes(account.toLowerCase())) return;
		const text = "The requested account and/or method has not been authorized by the user.";
		throw new ProviderError(4100, text);
	}

	private async connect(): Promise<string[]> {
		if (!this.connected) {
			this.ask("connect");
			this.connected = true;
			await this.emit("accountsChanged", this.accounts);
		}
		return this.accounts;
	}

	private async disconnect(): Promise<null> {
		this.connected = false;
		await this.emit("accountsChanged", this.accounts);
		return null;
	}

	private async addNetwork({ chainId, chainName, rpcUrls }: PageNetwork): Promise<null> {
		if (!this.networks.has(chainId)) {
			const asked = rpcUrls[0] ?? "";
			const network = new WalletNetwork(chainId, chainName, this.detours.get(asked) ?? asked);
			await network.check();
			this.ask("network");
			this.networks.set(chainId, network);
		}
		if (!this.stays) return this.switchNetwork(chainId);
		// MetaMask tells the page that all went well: the network was added.
		this.stays = false;
		this.asked.push("switch");
		return null;
	}

	private async switchNetwork(chainId: string): Promise<null> {
		const network = this.networks.get(chainId);
		if (!network) {
			const remedy = "Try adding the chain using wallet_addEthereumChain first.";
			throw new ProviderError(4902, `Unrecognized chain ID "${chainId}". ${remedy}`);
		}
		if (network !== this.active) {
			this.ask("switch");
			await this.activate(network);
		}
		return null;
	}

	private async activate(network: WalletNetwork): Promise<void> {
		this.active = network;
		await this.emit("chainChanged", network.chainId);
		await this.emit("networkChanged", String(Number(network.chainId)));
	}

	private async sendTransaction(request: PageTransaction): Promise<string> {
		this.demandPermitted(request.from);
		const { network } = this;
		if (request.chainId && Number(request.chainId) !== Number(network.chainId)) {
			throw new ProviderError(-32602, `chainId ${request.chainId} is not that of the network`);
		}
		const filled = await network.fill(request);
		this.ask("transaction");
		const nonce = await this.nextNonce(network);
		const raw = await this.key.signTransaction({ ...filled, nonce });
		const hash = await network.request<string>("eth_sendRawTransaction", [raw]);
		this.nonces.set(network.chainId, nonce + 1);
		this.sent.push(hash);
		return hash;
	}

	/** A node may not know yet what was sent a moment ago. */
	private async nextNonce(network: WalletNetwork): Promise<number> {
		return Math.max(await network.nonce(this.address), this.nonces.get(network.chainId) ?? 0);
	}

	private async signMessage(text: string, from: string): Promise<string> {
		this.demandPermitted(from);
		this.ask("message");
		return this.key.signMessage(getBytes(text));
	}

	/** By viem: ethers refuses data with types of which the message makes no use. */
	private async signTypedData(from: string, text: string): Promise<string> {
		this.demandPermitted(from);
		const data = JSON.parse(text) as TypedDataDefinition;
		const { chainId } = data.domain as { chainId: string | number };
		if (BigInt(chainId) !== BigInt(this.network.chainId)) {
			const text = `Provided chainId "${chainId}" must match the active chainId`;
			throw new ProviderError(-32603, text);
		}
		this.ask("message");
		this.digests.push(hashTypedData(data));
		return privateKeyToAccount(this.key.privateKey as `0x${string}`).signTypedData(data);
	}

	private async read(to: string, name: string, ...args: unknown[]): Promise<unknown> {
		const call = { to, data: tokens.encodeFunctionData(name, args) };
		const answer = await this.network.request<string>("eth_call", [call, "latest"]);
		return tokens.decodeFunctionResult(name, answer)[0];
	}

	/** Shows a token only if the chain tells of it what the page did. */
	private async watchToken({ type, options }: PageToken): Promise<true> {
		const { address } = options;
		const symbol = String(await this.read(address, "symbol"));
		const holding =
			type === "ERC20"
				? await this.checkCoin(options, symbol)
				: await this.checkOwner(address, BigInt(options.tokenId ?? 0));
		this.ask("token");
		this.watched.push({ address, kind: type, symbol, holding });
		return true;
	}

	private async checkCoin(options: PageToken["options"], symbol: string): Promise<bigint> {
		const decimals = BigInt((await this.read(options.address, "decimals")) as bigint);
		if (symbol !== options.symbol || decimals !== BigInt(options.decimals ?? 0)) {
			const text = `the contract has the symbol ${symbol} and ${decimals} decimals`;
			throw new ProviderError(-32602, text);
		}
		return (await this.read(options.address, "balanceOf", this.address)) as bigint;
	}

	private async checkOwner(address: string, token: bigint): Promise<bigint> {
		const owner = String(await this.read(address, "ownerOf", token)).toLowerCase();
		if (owner !== this.address) {
			throw new ProviderError(-32602, "Suggested NFT is not owned by the selected account");
		}
		return token;
	}
}
