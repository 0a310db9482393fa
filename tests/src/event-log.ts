// The events of a chain, block by block, as they come and for later.

import type { ApiPromise } from "@polkadot/api";
import { fieldsOf } from "./calls.ts";
import { blockHash, header, heads } from "./rpc.ts";
import { type Patience, eventually, sleep } from "./wait.ts";

/** An event in its block. */
export interface ChainEvent {
	/** For instance `slashing.Jailed`. */
	name: string;
	/** Its fields in plain values; large numbers are decimal strings. */
	fields: Record<string, unknown>;
	/** Number and hash of its block, and the hash of the block before. */
	block: number;
	hash: string;
	parent: string;
}

/** Picks events by some of their fields. */
export type Fields = Record<string, unknown>;

// Blocks so deep are not replaced any more, also where two are made for one slot.
const DEPTH = 2;

/** Collects the events of the best chain of the node on `port`. */
export class EventLog {
	private readonly events: ChainEvent[] = [];
	private last = 0;
	private stopped = false;
	private done: Promise<void> = Promise.resolve();

	constructor(
		private readonly api: ApiPromise,
		private readonly port: number,
	) {}

	/** Starts to collect, from the first block on. */
	start(): this {
		this.done = this.watch();
		return this;
	}

	/** Ends the collecting. */
	async stop(): Promise<void> {
		this.stopped = true;
		await this.done;
	}

	/** Number of the last block whose events are here. */
	get height(): number {
		return this.last;
	}

	/** The events of this name with these fields, that follow block `after`, oldest first. */
	all(name: string, fields: Fields = {}, after = 0): ChainEvent[] {
		const wanted = Object.entries(fields);
		return this.events.filter(
			(event) =>
				event.name === name &&
				event.block > after &&
				wanted.every(([field, value]) => event.fields[field] === value),
		);
	}

	/** Waits for the first such event. */
	async first(
		name: string,
		fields: Fields = {},
		{ after = 0, ...patience }: Patience & { after?: number } = {},
	): Promise<ChainEvent> {
		const what = `${name} ${JSON.stringify(fields)}`;
		return eventually(what, () => this.all(name, fields, after)[0], patience);
	}

	private async watch(): Promise<void> {
		while (!this.stopped) {
			// A busy node answers later: the gap is filled then.
			await this.take().catch(() => {});
			await sleep(500);
		}
	}

	private async take(): Promise<void> {
		const { best } = await heads(this.port);
		while (this.last < best - DEPTH && !this.stopped) {
			const number = this.last + 1;
			const hash = await blockHash(this.port, number);
			if (hash === undefined) return;
			const { parentHash: parent } = await header(this.port, hash);
			const records = await (await this.api.at(hash)).query.system.events();
			for (const record of records) {
				const { section, method } = record.event;
				const fields = fieldsOf(record);
				this.events.push({ name: `${section}.${method}`, fields, block: number, hash, parent });
			}
			this.last = number;
		}
	}
}
