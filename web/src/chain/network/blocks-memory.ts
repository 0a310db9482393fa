// Headers and turns of blocks as one node told them. They never change, so each is asked for once.

import type { Line } from "../connection.ts";

/** A block, as its header tells it. */
export interface Header {
	hash: string;
	number: number;
	parent: string;
	/** Its slot; none for the first block, which nobody authored. */
	slot: number | undefined;
}

interface HeaderJson {
	parentHash: string;
	number: string;
	digest: { logs: string[] };
}

/** Answers of each kind that are kept: more than a page shows, for branches. */
const KEPT = 200;
/** A digest of Aura before its block runs: kind, engine, and eight bytes of the slot. */
const AURA = /^0x066175726120([0-9a-f]{16})$/;
const KEY_DIGITS = 64;

/** The slot in the logs of a header. */
export function slotOf(logs: readonly string[]): number | undefined {
	for (const log of logs) {
		const [, bytes] = AURA.exec(log) ?? [];
		if (bytes) return Number(BigInt(`0x${bytes.match(/../g)!.toReversed().join("")}`));
	}
	return undefined;
}

/** Keys of 32 bytes in an encoded list, before which its length stands in fewer bytes than that. */
export function keysOf(encoded: string): string[] {
	const digits = encoded.replace(/^0x/, "");
	const keys = digits.slice(digits.length % KEY_DIGITS);
	return (keys.match(/.{64}/g) ?? []).map((key) => `0x${key}`);
}

export class BlockMemory {
	private readonly headers = new Map<string, Promise<Header>>();
	private readonly authorities = new Map<string, Promise<string[]>>();

	constructor(private readonly client: Line["client"]) {}

	header(hash: string): Promise<Header> {
		return kept(this.headers, hash, async () => {
			const told = await this.client._request<HeaderJson>("chain_getHeader", [hash]);
			const { parentHash: parent, number, digest } = told;
			return { hash, number: Number(number), parent, slot: slotOf(digest.logs) };
		});
	}

	/** Aura keys in the order of their turns, for the block that follows this one. */
	authoritiesAfter(hash: string): Promise<string[]> {
		return kept(this.authorities, hash, async () => {
			const params = ["AuraApi_authorities", "0x", hash];
			return keysOf(await this.client._request<string>("state_call", params));
		});
	}

	/** At most `count` headers from a block back, the newest first, without that of block 0. */
	async chainFrom(hash: string, number: number, count: number): Promise<Header[]> {
		if (this.headers.size === 0) await this.warm(number, count);
		const found: Header[] = [];
		let next = hash;
		while (found.length < count) {
			const header = await this.header(next);
			if (header.slot === undefined) break;
			found.push(header);
			next = header.parent;
		}
		return found;
	}

	/** Asks for headers all at once, instead of for one after the other. */
	private async warm(number: number, count: number): Promise<void> {
		const length = Math.min(count, number);
		const numbers = Array.from({ length }, (_, index) => number - index);
		const method = "chain_getBlockHash";
		const hashes = await this.client._request<(string | null)[]>(method, [numbers]);
		await Promise.all(hashes.map((hash) => hash && this.header(hash)));
	}
}

/** An answer that is kept unless it is a failure; the oldest goes where there are too many. */
function kept<T>(answers: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
	const known = answers.get(key);
	if (known) return known;
	const asked = ask();
	answers.set(key, asked);
	asked.catch(() => answers.delete(key));
	if (answers.size > KEPT) answers.delete(answers.keys().next().value!);
	return asked;
}

const memories = new WeakMap<Line["client"], BlockMemory>();

/** What is known of the blocks of this node. */
export function memoryOf({ client }: Line): BlockMemory {
	const memory = memories.get(client) ?? new BlockMemory(client);
	memories.set(client, memory);
	return memory;
}
