// Blocks as they come: numbers, authors, and how far finality is behind.

import { encodeAddress } from "@polkadot/util-crypto";
import { hexToU8a } from "@polkadot/util";
import { nameOf } from "./names.ts";
import { type Header, blockHash, header, heads, rpc } from "./rpc.ts";
import { sleep } from "./wait.ts";

/** Length of a slot, in milliseconds. */
export const SLOT_MS = 3_000;

/** A block of the best chain. */
export interface Block {
	number: number;
	hash: string;
	/** Aura slot in which it was made. */
	slot: number;
	/** Name of the authority that made it. */
	author: string;
	/** Number of the finalised block when this one was first seen. */
	finalized: number;
	/** Who took a seat with this block, and who lost one. */
	seats: { came: string[]; went: string[] };
}

// A pre-runtime digest item (6) of the engine "aura", with 8 bytes of content: the slot.
const AURA_DIGEST = /^0x0661757261(?:20)([0-9a-f]{16})$/;

/** The Aura slot of a header. */
export function slotOf({ logs, number }: Header): number {
	const found = logs.map((log) => AURA_DIGEST.exec(log)?.[1]).find((slot) => slot);
	if (found === undefined) throw new Error(`block ${number} tells no slot`);
	return Number(Buffer.from(found, "hex").readBigUInt64LE());
}

/** Addresses of the Aura authorities that follow this block, in the order of their turns. */
export async function authoritiesAfter(port: number, hash: string): Promise<string[]> {
	const bytes = hexToU8a(
		await rpc<string>(port, "state_call", ["AuraApi_authorities", "0x", hash]),
	);
	// At most 64 authorities: the compact length fits a single byte up to 63, else two.
	const start = (bytes[0] ?? 0) % 4 === 0 ? 1 : 2;
	const count = (bytes.length - start) / 32;
	return Array.from({ length: count }, (_, index) =>
		encodeAddress(bytes.slice(start + 32 * index, start + 32 * (index + 1)), 42),
	);
}

/** Who is in `after` but was not in `before`. */
function newcomers(before: readonly string[], after: readonly string[]): string[] {
	return after.filter((account) => !before.includes(account)).map(nameOf);
}

/** A block with its author, as the node on `port` knows it. */
export async function describe(port: number, hash: string, finalized: number): Promise<Block> {
	const head = await header(port, hash);
	const slot = slotOf(head);
	const [before, after] = await Promise.all([
		authoritiesAfter(port, head.parentHash),
		authoritiesAfter(port, hash),
	]);
	return {
		number: head.number,
		hash,
		slot,
		author: nameOf(before[slot % before.length]),
		finalized,
		seats: { came: newcomers(before, after), went: newcomers(after, before) },
	};
}

/** The blocks `from..=to` of a node's best chain. */
export async function blocksOf(port: number, from: number, to: number): Promise<Block[]> {
	const { finalized } = await heads(port);
	const blocks: Block[] = [];
	for (let number = from; number <= to; number++) {
		const hash = await blockHash(port, number);
		if (hash === undefined) throw new Error(`no block ${number}`);
		blocks.push(await describe(port, hash, finalized));
	}
	return blocks;
}

/** Watches the best chain of one node. */
export class BlockFeed {
	private last = 0;
	private stopped = false;
	private done: Promise<void> = Promise.resolve();

	/** `port` is asked before each look, so that the feed survives the end of a node. */
	constructor(
		private readonly port: () => number,
		private readonly onBlock: (block: Block) => void | Promise<void>,
	) {}

	/** Starts to watch, from the next block on. */
	async start(): Promise<this> {
		this.last = (await heads(this.port())).best;
		this.done = this.watch();
		return this;
	}

	/** Ends the watching. */
	async stop(): Promise<void> {
		this.stopped = true;
		await this.done;
	}

	private async watch(): Promise<void> {
		while (!this.stopped) {
			// A node that is restarted or busy answers later: the gap is filled then.
			await this.take().catch(() => {});
			await sleep(250);
		}
	}

	private async take(): Promise<void> {
		const port = this.port();
		const { best, finalized } = await heads(port);
		while (this.last < best && !this.stopped) {
			const hash = await blockHash(port, this.last + 1);
			if (hash === undefined) return;
			const block = await describe(port, hash, finalized);
			this.last += 1;
			await this.onBlock(block);
		}
	}
}
