// Finds the trades of an escrow: by Ethereum's logs back to its first block, the newest first, and by
// the chain's own events while it runs, as steps of native accounts stand in no log.

import type { Subscription } from "rxjs";
import type { Hex } from "viem";
import { recall, remember } from "../../remembered.ts";
import { Store } from "../../store.ts";
import { type Line, connection } from "../connection.ts";
import {
	type RawLog,
	isOfTrade,
	isPublicOffer,
	keyOf,
	logOf,
	peopleOf,
	tradeOf,
} from "./events.ts";
import { firstBlock, logsOf } from "./logs.ts";

/** How far the search is. */
export interface Progress {
	/** Changes whenever something was found. */
	found: number;
	/** Blocks that were looked at, and all there are. */
	done: number;
	all: number;
	/** What the node says where it does not go on; it is asked again with the next block. */
	problem: string | undefined;
}

/** Blocks that a node looks through for one question. */
const RANGE = 10_000;
/** Logs of native steps that are kept between visits; the oldest go first. */
const KEPT = 300;

/** The search of one escrow, and what it found. */
export class Finder {
	readonly progress = new Store<Progress>({ found: 0, done: 0, all: 0, problem: undefined });

	/** What is final: logs by trade, whoever has a part in it, and the blocks of offers to anybody. */
	private readonly logs = new Map<Hex, RawLog[]>();
	private readonly keys = new Set<string>();
	private readonly people = new Map<Hex, Set<Hex>>();
	private readonly open = new Map<Hex, number>();
	/** Logs of blocks that are not final yet. */
	private fresh: RawLog[] = [];
	/** Logs by the events of such blocks, by the hash of the block. */
	private readonly live = new Map<string, RawLog[]>();
	/** The final blocks that were looked at: from `low` to `top`. */
	private low = 0;
	private top = -1;
	/** The first block that can have a log. */
	private first = 0;
	private readonly name: string;

	constructor(
		genesis: string,
		private readonly escrow: Hex,
	) {
		this.name = `trade-events:${genesis}:${escrow}`;
		for (const log of recall<RawLog[]>(this.name, [])) if (isOfTrade(log)) this.take(log);
	}

	/** Searches while the page shows trades. Tells how to stop. */
	run(line: Line): () => void {
		let alive = true;
		let busy = false;
		const step = async (): Promise<void> => {
			if (busy || !alive) return;
			busy = true;
			await this.search(line, () => alive);
			busy = false;
		};
		void step();
		const unwatch = connection.state.watch(() => void step());
		const events = this.follow(line);
		return () => {
			alive = false;
			unwatch();
			events.unsubscribe();
		};
	}

	/** The trades in which one of these addresses has a part. */
	of(addresses: Hex[]): Hex[] {
		const has = (id: Hex): boolean => addresses.some((one) => this.people.get(id)?.has(one));
		return [...this.people.keys()].filter(has);
	}

	/** The newest offers that were made to anybody, so many at most. They are found in any order. */
	newest(most: number): Hex[] {
		const offers = [...this.open].sort(([, a], [, b]) => b - a);
		return offers.slice(0, most).map(([id]) => id);
	}

	/** All logs of a trade that are known, in their order. */
	logsOf(id: Hex): RawLog[] {
		const unsettled = [...this.fresh, ...[...this.live.values()].flat()];
		const all = [...(this.logs.get(id) ?? []), ...unsettled.filter((log) => tradeOf(log) === id)];
		const unique = new Map(all.map((log) => [keyOf(log), log]));
		return [...unique.values()].sort((a, b) => a.block - b.block);
	}

	private take(log: RawLog): void {
		if (this.keys.has(keyOf(log))) return;
		this.keys.add(keyOf(log));
		this.logs.set(tradeOf(log), [...(this.logs.get(tradeOf(log)) ?? []), log]);
		this.meet(log);
	}

	/** Notes who has a part in a trade, also by blocks that may go away: the contract is asked. */
	private meet(log: RawLog): void {
		const people = peopleOf(log);
		if (people.length === 0) return;
		const known = this.people.get(tradeOf(log)) ?? new Set();
		for (const one of people) known.add(one);
		this.people.set(tradeOf(log), known);
		if (isPublicOffer(log)) this.open.set(tradeOf(log), log.block);
	}

	private tell(problem?: string): void {
		const { found } = this.progress.get();
		const all = this.top - this.first + 1;
		const done = this.top - this.low + 1;
		this.progress.set({ found: found + 1, done, all, problem });
	}

	/** What came since the last time, and then ever older blocks. */
	private async search(line: Line, alive: () => boolean): Promise<void> {
		const { best, finalized } = connection.state.get();
		if (!best || !finalized) return;
		try {
			if (this.top < 0) await this.begin(line, finalized.number);
			await this.lookForward(line, best.number, finalized.number);
			while (alive() && this.low > this.first) {
				await this.lookBack(line);
				this.tell();
			}
		} catch (error) {
			if (alive()) this.tell(error instanceof Error ? error.message : String(error));
		}
	}

	private async begin(line: Line, final: number): Promise<void> {
		this.first = await firstBlock(line, this.escrow, final);
		this.top = final;
		this.low = final + 1;
	}

	private async lookForward(line: Line, best: number, final: number): Promise<void> {
		const before = JSON.stringify(this.fresh);
		while (best - this.top > RANGE) {
			const to = Math.min(this.top + RANGE, final);
			for (const log of await logsOf(line, this.escrow, this.top + 1, to)) this.take(log);
			if (to === this.top) break;
			this.top = to;
		}
		if (best <= this.top) return;
		const logs = await logsOf(line, this.escrow, this.top + 1, best);
		for (const log of logs) if (log.block <= final) this.take(log);
		this.fresh = logs.filter(({ block }) => block > final);
		for (const log of this.fresh) this.meet(log);
		this.top = Math.max(this.top, final);
		const changed = JSON.stringify(this.fresh) !== before;
		if (changed || this.progress.get().problem) this.tell();
	}

	private async lookBack(line: Line): Promise<void> {
		const to = this.low - 1;
		const from = Math.max(this.first, to - RANGE + 1);
		for (const log of await logsOf(line, this.escrow, from, to)) this.take(log);
		this.low = from;
	}

	private follow({ api }: Line): Subscription {
		return api.event.Revive.ContractEmitted.watchBest().subscribe({
			next: ({ type, block: { hash, number }, events }) => {
				const logs = events
					.map(({ payload }) => logOf(payload, this.escrow, number))
					.filter((log) => log !== undefined)
					.filter(isOfTrade);
				if (logs.length === 0) return;
				if (type === "new") this.live.set(hash, logs);
				else this.live.delete(hash);
				if (type === "finalized") this.keep(logs);
				for (const log of logs) this.meet(log);
				this.tell();
			},
			// The connection tells of itself elsewhere; logs are looked for again when it is back.
			error: () => undefined,
		});
	}

	/** Takes final logs, and keeps those between visits that stand in no log of Ethereum's. */
	private keep(logs: RawLog[]): void {
		const found = new Set(this.fresh.map(keyOf));
		const native = logs.filter((log) => !found.has(keyOf(log)) && !this.keys.has(keyOf(log)));
		for (const log of logs) this.take(log);
		if (native.length === 0) return;
		remember(this.name, [...recall<RawLog[]>(this.name, []), ...native].slice(-KEPT));
	}
}

const finders = new Map<string, Finder>();

/** The finder of an escrow, which keeps what it found while the page is open. */
export function finderOf(genesis: string, escrow: Hex): Finder {
	const key = `${genesis} ${escrow}`;
	const finder = finders.get(key) ?? new Finder(genesis, escrow);
	finders.set(key, finder);
	return finder;
}
