// The Ethereum side of a node: its JSON-RPC as it is on the wire, and keys that have CMT.

import { encodeAddress } from "@polkadot/util-crypto";
import { HDNodeWallet, type TransactionRequest, getBytes, keccak256 } from "ethers";
import type { DevNode } from "./dev-node.ts";
import { eventually, sleep } from "./wait.ts";

/** The number by which transactions name the development chain. */
export const CHAIN_ID = 1234;
/** Price of gas in a calm network, in planck. */
export const GWEI = 10n ** 9n;

const PHRASE = "test test test test test test test test test test test junk";
/** Blocks that are made before a waiting transaction counts as lost. */
const PATIENCE = 10;

/** A key that has 10,000,000 CMT on the development chain; `index` from 0 to 9. */
export function keyOf(index: number): HDNodeWallet {
	return HDNodeWallet.fromPhrase(PHRASE, undefined, `m/44'/60'/0'/0/${index}`);
}

/** The native form of an Ethereum key's account. */
export function nativeOf(address: string): string {
	return encodeAddress(Uint8Array.from([...getBytes(address), ...Array(12).fill(0xee)]), 42);
}

/** The address by which contracts know a native account. */
export function imageOf(publicKey: Uint8Array): string {
	return `0x${keccak256(publicKey).slice(-40)}`;
}

/** A number as JSON-RPC writes it. */
export function quantity(number: number | bigint): string {
	return `0x${number.toString(16)}`;
}

/** An error as it is on the wire. */
export interface WireError {
	code: number;
	message: string;
	data?: unknown;
}

/** The parts of a block that are read here; further fields are there. */
export interface EthBlock {
	number: string;
	hash: string;
	parentHash: string;
	timestamp: string;
	gasLimit: string;
	gasUsed: string;
	baseFeePerGas: string;
	logsBloom: string;
	size: string;
	transactions: string[];
	[field: string]: unknown;
}

/** A log. */
export interface EthLog {
	address: string;
	topics: string[];
	data: string;
	blockNumber: string;
	blockHash: string;
	transactionHash: string;
	transactionIndex: string;
	logIndex: string;
	removed: boolean;
}

/** A receipt. */
export interface EthReceipt {
	transactionHash: string;
	transactionIndex: string;
	blockHash: string;
	blockNumber: string;
	from: string;
	to: string | null;
	contractAddress: string | null;
	cumulativeGasUsed: string;
	gasUsed: string;
	effectiveGasPrice: string;
	logs: EthLog[];
	logsBloom: string;
	status: string;
	type: string;
}

/** JSON-RPC of one node, without a library between. */
export class Ethereum {
	constructor(private readonly port: number) {}

	get http(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	get ws(): string {
		return `ws://127.0.0.1:${this.port}`;
	}

	private async ask<T>(
		method: string,
		params: readonly unknown[],
	): Promise<{ result?: T; error?: WireError }> {
		const response = await fetch(this.http, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ id: 1, jsonrpc: "2.0", method, params }),
			signal: AbortSignal.timeout(30_000),
		});
		return (await response.json()) as { result?: T; error?: WireError };
	}

	/** What a method answers. */
	async call<T>(method: string, ...params: unknown[]): Promise<T> {
		const { result, error } = await this.ask<T>(method, params);
		if (error) throw new Error(`${method}: ${error.message} (${error.code})`);
		return result as T;
	}

	/** The error with which a method refuses. */
	async refusal(method: string, ...params: unknown[]): Promise<WireError> {
		const { result, error } = await this.ask<unknown>(method, params);
		if (!error) throw new Error(`${method} answered: ${JSON.stringify(result)}`);
		return error;
	}

	/** What a method answers, as a number. */
	async number(method: string, ...params: unknown[]): Promise<bigint> {
		return BigInt(await this.call<string>(method, ...params));
	}

	/** A transaction of `key`, signed; what is not said is filled in, without asking for gas. */
	async sign(key: HDNodeWallet, request: TransactionRequest): Promise<string> {
		const nonce = () => this.number("eth_getTransactionCount", key.address, "pending");
		const fees = request.type === undefined || request.type === 2;
		return key.signTransaction({
			chainId: CHAIN_ID,
			nonce: request.nonce ?? Number(await nonce()),
			gasLimit: 21_000n,
			...(fees ? { type: 2, maxFeePerGas: 2n * GWEI, maxPriorityFeePerGas: 0n } : {}),
			...request,
		});
	}

	/** Signs and sends a transaction; its hash. */
	async send(key: HDNodeWallet, request: TransactionRequest): Promise<string> {
		return this.call<string>("eth_sendRawTransaction", await this.sign(key, request));
	}

	/** The receipt of a transaction that is in a block. */
	receipt(hash: string): Promise<EthReceipt | null> {
		return this.call<EthReceipt | null>("eth_getTransactionReceipt", hash);
	}

	/** The receipt of a transaction, once a block has it. */
	included(hash: string): Promise<EthReceipt> {
		const look = async () => (await this.receipt(hash)) ?? undefined;
		return eventually(`a block with ${hash}`, look, { everyMs: 100 });
	}

	/** What is new at a filter, once it is so much: filters hear of a block a little later. */
	async news<T>(filter: string, count: number): Promise<T[]> {
		const all: T[] = [];
		const look = async () => {
			all.push(...(await this.call<T[]>("eth_getFilterChanges", filter)));
			return all.length >= count;
		};
		await eventually(`${count} changes`, look, { timeoutMs: 10_000, everyMs: 50 });
		return all;
	}

	/** The block with this number or tag, its transactions by their hashes. */
	block(number: string | number | bigint = "latest"): Promise<EthBlock> {
		const id = typeof number === "string" ? number : quantity(number);
		return this.call<EthBlock>("eth_getBlockByNumber", id, false);
	}

	/** Makes blocks until these transactions are in one, and out of the pool; their receipts. */
	async mine(dev: DevNode, ...hashes: string[]): Promise<EthReceipt[]> {
		for (let made = 0; made < PATIENCE; made += 1) {
			await dev.seal();
			const receipts = await Promise.all(hashes.map((hash) => this.receipt(hash)));
			if (receipts.every((receipt) => receipt !== null)) {
				await this.unlisted(hashes);
				return receipts as EthReceipt[];
			}
			await sleep(50);
		}
		throw new Error(`not in ${PATIENCE} blocks: ${hashes}`);
	}

	/** Waits until the pool has let go of these transactions: it learns of a block a little later. */
	private async unlisted(hashes: readonly string[]): Promise<void> {
		const look = async () => {
			const listed = JSON.stringify(await this.call("txpool_content"));
			return !hashes.some((hash) => listed.includes(hash));
		};
		await eventually("the pool to let go of what is in a block", look, { everyMs: 20 });
	}
}
