// A network as MetaMask uses it: the requests it sends to a node, and how it fills in a transaction.

import type { TransactionRequest } from "ethers";
import { GWEI, quantity } from "./ethereum.ts";

/** An error as pages get it from a provider (EIP-1193); those of a node pass unchanged. */
export class ProviderError extends Error {
	constructor(
		readonly code: number,
		message: string,
		readonly data?: unknown,
	) {
		super(message);
	}
}

/** What a page asks to be sent; all numbers in hexadecimal. */
export interface PageTransaction {
	from: string;
	to?: string;
	value?: string;
	data?: string;
	/** The chain that the page means. */
	chainId?: string;
	gas?: string;
	/** Not the standard's name, but MetaMask takes it too. */
	gasLimit?: string;
	gasPrice?: string;
	maxFeePerGas?: string;
	maxPriorityFeePerGas?: string;
	type?: string;
}

interface Answer {
	result?: unknown;
	error?: { code: number; message: string; data?: unknown };
}

interface LatestBlock {
	number: string;
	gasLimit: string;
	baseFeePerGas?: string;
}

interface FeeHistory {
	baseFeePerGas: string[];
	gasUsedRatio: number[];
	reward: string[][];
}

type Fees = Pick<TransactionRequest, "gasPrice" | "maxFeePerGas" | "maxPriorityFeePerGas">;

/** Blocks whose fees MetaMask looks at, and the percentiles of tips it asks for. */
const HISTORY = 5n;
const PERCENTILES = [10, 20, 30];
/** Its choice "market": the tip of the second percentile, at least so much. */
const MARKET = 1;
const LEAST_TIP = (GWEI * 3n) / 2n;
/** Percent of a block's gas that a transaction gets where its gas could not be estimated. */
const FALLBACK_GAS = 35n;

function median(values: bigint[]): bigint {
	const sorted = values.toSorted((a, b) => (a < b ? -1 : 1));
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? 0n;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0n) + upper) / 2n;
}

/** Empty fields count as absent: forms of pages send them. */
function withoutEmpty(request: PageTransaction): PageTransaction {
	const entries = Object.entries(request).filter(([, value]) => value);
	return Object.fromEntries(entries) as unknown as PageTransaction;
}

/** One network of the wallet's list. */
export class WalletNetwork {
	constructor(
		readonly chainId: string,
		readonly name: string,
		private readonly url: string,
	) {}

	/** What the node answers; an error with its own code and data where it refuses. */
	async request<T>(method: string, params: readonly unknown[] = []): Promise<T> {
		const response = await fetch(this.url, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ id: 1, jsonrpc: "2.0", method, params }),
			signal: AbortSignal.timeout(30_000),
		});
		const { result, error } = (await response.json()) as Answer;
		if (error) throw new ProviderError(error.code, error.message, error.data);
		return result as T;
	}

	private latest(): Promise<LatestBlock> {
		return this.request("eth_getBlockByNumber", ["latest", false]);
	}

	/** Whether the node is of this chain: what is looked at before a network is added. */
	async check(): Promise<void> {
		const chainId = await this.request<string>("eth_chainId");
		if (chainId !== this.chainId) {
			const text = `Chain ID returned by RPC URL ${this.url} does not match ${this.chainId}`;
			throw new ProviderError(-32602, text, { chainId });
		}
		const id = await this.request<string>("net_version");
		if (BigInt(id) !== BigInt(chainId)) throw new ProviderError(-32603, `net_version: ${id}`);
		await this.latest();
	}

	/** The next nonce by the node, at the block that the wallet has heard of last. */
	async nonce(address: string): Promise<number> {
		const block = await this.request<string>("eth_blockNumber");
		return Number(await this.request<string>("eth_getTransactionCount", [address, block]));
	}

	/** Adds type, gas and fees to what a page asks for; the nonce is chosen when it is signed. */
	async fill(asked: PageTransaction): Promise<TransactionRequest> {
		const request = withoutEmpty(asked);
		const block = await this.latest();
		const usual = block.baseFeePerGas === undefined ? 0 : 2;
		const type = request.type === undefined ? usual : Number(request.type);
		const { to, data, value = "0x0" } = request;
		return {
			type,
			to: to ?? null,
			value,
			data: data ?? "0x",
			chainId: BigInt(this.chainId),
			gasLimit: await this.gas(request, type, block),
			...(type === 2 ? await this.fees(request, block) : await this.price(request)),
		};
	}

	/** On networks that the user added, MetaMask signs the bare estimate. */
	private async gas(
		request: PageTransaction,
		type: number,
		block: LatestBlock,
	): Promise<string | bigint> {
		const given = request.gas ?? request.gasLimit;
		if (given) return given;
		const { from, to, data, value = "0x0" } = request;
		const call = { from, to, data, value, type: quantity(type) };
		try {
			return await this.request<string>("eth_estimateGas", [call]);
		} catch (error) {
			if (!(error instanceof ProviderError)) throw error;
			return (BigInt(block.gasLimit) * FALLBACK_GAS) / 100n;
		}
	}

	private async price({ gasPrice }: PageTransaction): Promise<Fees> {
		return { gasPrice: gasPrice ?? (await this.request<string>("eth_gasPrice")) };
	}

	private async fees(request: PageTransaction, block: LatestBlock): Promise<Fees> {
		const { maxFeePerGas, maxPriorityFeePerGas, gasPrice } = request;
		if (maxFeePerGas && maxPriorityFeePerGas) return { maxFeePerGas, maxPriorityFeePerGas };
		if (gasPrice) return { maxFeePerGas: gasPrice, maxPriorityFeePerGas: gasPrice };
		return this.suggestion(block);
	}

	/** The choice "market", from the fees of the last blocks. */
	private async suggestion({ number }: LatestBlock): Promise<Fees> {
		const height = BigInt(number);
		const count = height < HISTORY ? height : HISTORY;
		// Without history MetaMask takes the price of gas for both.
		if (count === 0n) {
			const price = await this.request<string>("eth_gasPrice");
			return { maxFeePerGas: price, maxPriorityFeePerGas: price };
		}
		const params = [quantity(count), number, PERCENTILES];
		const history = await this.request<FeeHistory>("eth_feeHistory", params);
		const base = BigInt(history.baseFeePerGas[history.gasUsedRatio.length - 1]!);
		const tips = history.reward.map((tips) => BigInt(tips[MARKET]!));
		const usual = (median(tips) * 97n) / 100n;
		const tip = usual > LEAST_TIP ? usual : LEAST_TIP;
		return { maxFeePerGas: (base * 120n) / 100n + tip, maxPriorityFeePerGas: tip };
	}
}
