// Events of past blocks, by methods of the node that answer for every block whose state is there.

import { cmt } from "@polkadot-api/descriptors";
import { getTypedCodecs } from "polkadot-api";
import { fromHex } from "polkadot-api/utils";
import type { Line } from "../connection.ts";
import type { EventRecord } from "./events.ts";
import type { Range } from "./ranges.ts";

/** A block with its events as they are stored. */
export interface StoredBlock {
	number: number;
	hash: string;
	/** When it was made, in milliseconds since 1970. */
	time: number;
	/** In hexadecimal digits. */
	events: string;
	/** Version of the runtime that made them. */
	version: number;
}

/** The node has dropped the state of a block. */
export class Pruned extends Error {
	constructor(readonly block: number) {
		super(`the state of block ${block} was pruned`);
	}
}

/** The node does not answer. */
class NoAnswer extends Error {}

const PATIENCE = 20_000;
/** What the node says of a block whose state is gone. */
const GONE = /discarded|UnknownBlock/;

/** Keys of storage: the events, the time, and the runtime's version. */
interface Keys {
	events: string;
	time: string;
	upgrade: string;
}

type Codecs = Awaited<ReturnType<typeof getTypedCodecs<typeof cmt>>>;

/** Reads blocks of one node. */
export class Blocks {
	private keys: Promise<Keys> | undefined;
	private readonly codecs = new Map<number, Promise<Codecs>>();

	constructor(private readonly line: Line) {}

	/** A request that fails where the node is silent for long. */
	async ask<T>(method: string, ...params: unknown[]): Promise<T> {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const silence = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new NoAnswer(method)), PATIENCE);
		});
		try {
			return await Promise.race([
				this.line.client._request<T, unknown[]>(method, params),
				silence,
			]);
		} finally {
			clearTimeout(timer);
		}
	}

	/** The hash of a block of the best chain; nothing where there is none of this number. */
	async hashOf(number: number): Promise<string | undefined> {
		return (await this.ask<string | null>("chain_getBlockHash", number)) ?? undefined;
	}

	/**
	 * The blocks of a range, the newest first, all asked for at the same time. Where the node has
	 * pruned some, these and older ones are missing; `Pruned` is thrown where it has the newest no
	 * more.
	 */
	async read({ from, to }: Range): Promise<StoredBlock[]> {
		const numbers = Array.from({ length: to - from + 1 }, (_, index) => to - index);
		const hashes = await this.ask<(string | null)[]>("chain_getBlockHash", numbers);
		const read = await Promise.allSettled(
			numbers.map((number, index) => this.block(number, hashes[index] ?? undefined)),
		);
		const blocks: StoredBlock[] = [];
		for (const outcome of read) {
			if (outcome.status === "fulfilled") blocks.push(outcome.value);
			else if (blocks.length > 0 && outcome.reason instanceof Pruned) break;
			else throw outcome.reason;
		}
		return blocks;
	}

	/** One block. */
	async block(number: number, hash: string | undefined): Promise<StoredBlock> {
		if (hash === undefined) throw new Pruned(number);
		const keys = await this.knownKeys();
		const values = await this.storage(number, hash, Object.values(keys));
		const time = values.get(keys.time) ?? "0x0000000000000000";
		return {
			number,
			hash,
			time: Number(new DataView(fromHex(time).buffer).getBigUint64(0, true)),
			events: values.get(keys.events) ?? "0x00",
			version: compact(fromHex(values.get(keys.upgrade) ?? "0x00")),
		};
	}

	/** Values of storage at a block, by key. */
	async storage(number: number, hash: string, keys: string[]): Promise<Map<string, string>> {
		type Changes = { changes: [string, string | null][] }[];
		try {
			const [set] = await this.ask<Changes>("state_queryStorageAt", keys, hash);
			return new Map(
				set?.changes.filter((change): change is [string, string] => !!change[1]),
			);
		} catch (error) {
			if (error instanceof NoAnswer || !GONE.test(String(error))) throw error;
			throw new Pruned(number);
		}
	}

	/** The events of a block, by the runtime that made them. */
	async records(block: StoredBlock): Promise<readonly EventRecord[]> {
		const { query } = await this.codecsOf(block);
		return query.System.Events.value.dec(block.events);
	}

	/** The codecs of the runtime that made a block. */
	codecsOf(block: StoredBlock): Promise<Codecs> {
		const { version } = block;
		const known = this.codecs.get(version);
		if (known) return known;
		const made = getTypedCodecs({ ...cmt, getMetadata: () => this.metadata(block) });
		this.codecs.set(version, made);
		made.catch(() => this.codecs.delete(version));
		return made;
	}

	/** By the parent, whose runtime made the block: its own state may hold the next one. */
	private async metadata({ number, hash }: StoredBlock): Promise<Uint8Array> {
		const parent = await this.hashOf(number - 1);
		const told = await this.ask<string>("state_getMetadata", parent).catch((error: unknown) => {
			if (error instanceof NoAnswer) throw error;
			return this.ask<string>("state_getMetadata", hash);
		});
		return fromHex(told);
	}

	private knownKeys(): Promise<Keys> {
		const known = (this.keys ??= this.readKeys());
		known.catch(() => (this.keys = undefined));
		return known;
	}

	private async readKeys(): Promise<Keys> {
		const { System, Timestamp } = this.line.api.query;
		const [events, time, upgrade] = await Promise.all([
			System.Events.getKey(),
			Timestamp.Now.getKey(),
			System.LastRuntimeUpgrade.getKey(),
		]);
		return { events, time, upgrade };
	}
}

/** A number of at most 30 bits as SCALE writes it in short. */
export function compact([first = 0, second = 0, third = 0, fourth = 0]: Uint8Array): number {
	const mode = first & 3;
	if (mode === 0) return first >> 2;
	if (mode === 1) return (first >> 2) | (second << 6);
	return ((first >>> 2) | (second << 6) | (third << 14)) + fourth * 2 ** 22;
}
