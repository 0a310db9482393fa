// Transactions a second that end in blocks.
//
// They are signed before the clock starts. Blocks count from the moment when they are seen: their
// own times are whole seconds, or numbers of slots.

import { type EthBlock, quantity } from "../ethereum.ts";
import { sleep } from "../wait.ts";
import { type Client, Refused, each } from "./client.ts";
import type { Contender } from "./contender.ts";
import { type Spent, between, load, spent } from "./processor.ts";
import { type Request, signed } from "./token.ts";

/** Requests on the wire at once while transactions are sent. */
const SENDING = 32;
/** How often to look for a new block. */
const WATCHING = 50;
/** Pause before a transaction is sent again that found the pool full. */
const FULL = 250;
/** What is in no block so long after the last one with transactions counts as lost. */
const PATIENCE = 20_000;

/** A block as it was seen. */
export interface Seen {
	number: number;
	transactions: number;
	gasUsed: number;
	gasLimit: number;
	/** When it was there, in milliseconds. */
	at: number;
}

/** What a node was put through, and what came of it. */
export interface Run {
	contender: string;
	/** What was sent. */
	what: string;
	sent: number;
	/** Those of them that are in blocks. */
	transactions: number;
	/** Seconds until all were in the pool. */
	sending: number;
	/** Seconds until those were in blocks. */
	seconds: number;
	/** From the first block that holds some to the last. */
	blocks: Seen[];
	/** Times that the pool was full. */
	full: number;
	/** Times that a block was told of before it could be read. */
	late: number;
	/** Processor time of all of it. */
	spent: Spent;
	/** How busy the machine had been before. */
	load: string;
}

/** Notes the blocks as they come. */
class Watch {
	readonly blocks: Seen[] = [];
	private found = 0;
	private last = Number.POSITIVE_INFINITY;
	/** Times that the node did not know yet what is in a block that it had told of. */
	late = 0;

	constructor(
		private readonly client: Client,
		/** The block before the first. */
		private readonly number: number,
	) {}

	/** Until so many transactions are in blocks, or none comes any more. */
	async until(transactions: number): Promise<Seen[]> {
		while (this.found < transactions && performance.now() - this.last < PATIENCE) {
			await this.look();
			await sleep(WATCHING);
		}
		return this.blocks.slice(this.blocks.findIndex((block) => block.transactions > 0));
	}

	private async look(): Promise<void> {
		const best = await this.client.number("eth_blockNumber");
		const at = performance.now();
		while (this.number + this.blocks.length < best) {
			const block = await seen(this.client, this.number + this.blocks.length + 1, at);
			if (!block) {
				this.late += 1;
				return;
			}
			this.blocks.push(block);
			this.found += block.transactions;
			if (block.transactions > 0) this.last = at;
		}
	}
}

/** What is in a block; nothing where the node cannot tell yet. */
async function seen(client: Client, number: number, at: number): Promise<Seen | undefined> {
	const read = client.call<EthBlock | null>("eth_getBlockByNumber", quantity(number), false);
	const block = await read.catch((error: Error) => {
		if (error instanceof Refused) return null;
		throw error;
	});
	if (!block) return undefined;
	return {
		number,
		transactions: block.transactions.length,
		gasUsed: Number(block.gasUsed),
		gasLimit: Number(block.gasLimit),
		at,
	};
}

/** Sends all, again where the pool is full; how often it was. */
export async function send(client: Client, all: readonly string[]): Promise<number> {
	let full = 0;
	await each(all, SENDING, async (raw) => {
		for (;;) {
			try {
				return await client.call("eth_sendRawTransaction", raw);
			} catch (error) {
				if (!(error instanceof Refused) || !/is full/.test(error.message)) throw error;
				full += 1;
				await sleep(FULL);
			}
		}
	});
	return full;
}

/**
 * Sends transactions, `count` of each sender, as fast as the node takes them, and waits until all
 * are in blocks.
 */
export async function run(
	contender: Contender,
	what: string,
	request: Request,
	count: number,
): Promise<Run> {
	const { name, client, pids } = contender;
	const all = await signed(client, request, count);
	const loaded = load();
	const watch = new Watch(client, await client.number("eth_blockNumber"));
	const [before, start] = [spent(pids), performance.now()];
	const watching = watch.until(all.length);
	const full = await send(client, all);
	const sending = (performance.now() - start) / 1_000;
	const blocks = await watching;
	const last = blocks.findLast(({ transactions }) => transactions > 0);
	return {
		contender: name,
		what,
		sent: all.length,
		transactions: blocks.reduce((sum, { transactions }) => sum + transactions, 0),
		sending,
		seconds: (last!.at - start) / 1_000,
		blocks: blocks.slice(0, blocks.indexOf(last!) + 1),
		full,
		late: watch.late,
		spent: between(before, spent(pids)),
		load: loaded,
	};
}

/** Transactions a second from the first send to the last block. */
export function overall({ transactions, seconds }: Run): number {
	return transactions / seconds;
}

/**
 * Transactions a second between the first block and the last but one: without the wait for the
 * first, and without the last, which is not full.
 */
export function steady({ blocks }: Run): number {
	const inner = blocks.slice(1, -1);
	if (inner.length === 0) return Number.NaN;
	const transactions = inner.reduce((sum, block) => sum + block.transactions, 0);
	return (1_000 * transactions) / (inner.at(-1)!.at - blocks[0]!.at);
}

/** The block with the most transactions. */
export function fullest({ blocks }: Run): Seen {
	return blocks.reduce((most, block) => (block.transactions > most.transactions ? block : most));
}
