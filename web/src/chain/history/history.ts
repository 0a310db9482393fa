// The history of an account, found by looking through blocks from the final one backwards. New
// blocks are followed as they come; older ones are looked at in steps, as far as the user wants.

import { Store } from "../../store.ts";
import { type Line, connection } from "../connection.ts";
import { Blocks, Pruned, type StoredBlock } from "./blocks.ts";
import { type HistoryEvent, concerning, isOfCandidate } from "./events.ts";
import { type Scope, forgetOtherRuns, keepHistory, recallHistory } from "./kept.ts";
import { Marks } from "./marks.ts";
import { type Range, covers, joined, newestGap } from "./ranges.ts";

export interface HistoryState {
	/** Events of final blocks, the newest first. */
	events: HistoryEvent[];
	/** Events of blocks that are not final yet, the newest first. */
	recent: HistoryEvent[];
	/** The blocks that were looked at, the newest first. */
	ranges: Range[];
	/** The older blocks that are looked at right now. */
	busy: Range | undefined;
	/** The newest block whose state the node has dropped. */
	pruned: number | undefined;
	/** Whether all blocks were looked at that can be. */
	complete: boolean;
	/** Why looking stopped; it goes on with the next block. */
	error: string | undefined;
}

/** Blocks that are asked for at the same time. Progress is noted after each such lot. */
const CHUNK = 64;
/** Block 0 has no events. */
const OLDEST = 1;

const NOTHING: HistoryState = {
	events: [],
	recent: [],
	ranges: [],
	busy: undefined,
	pruned: undefined,
	complete: false,
	error: undefined,
};

/** Lets the browser draw: blocks with thousands of events take their time. */
const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const newestFirst = (a: HistoryEvent, b: HistoryEvent): number =>
	b.block - a.block || b.index - a.index;

export class History {
	readonly state = new Store<HistoryState>(NOTHING);

	private readonly blocks: Blocks;
	private readonly marks: Marks;
	private scope: Scope | undefined;
	private readonly unfinal = new Map<string, Promise<HistoryEvent[]>>();
	/** The final block when this began: what is above is looked at without being asked for. */
	private since = 0;
	/** The final block that was seen last. */
	private top = 0;
	/** Older blocks that are still to be looked at. */
	private wanted = 0;
	private working = false;
	private closed = false;
	private unwatch: (() => void) | undefined;

	constructor(
		private readonly line: Line,
		private readonly who: string,
	) {
		this.blocks = new Blocks(line);
		this.marks = new Marks(line, this.blocks, who);
	}

	/** Shows what was kept, and looks at the newest `count` blocks. */
	start(count: number): void {
		this.wanted = count;
		this.unwatch = connection.state.watch(() => this.onBlock());
		void this.work();
	}

	/** Looks at so many older blocks. */
	look(count: number): void {
		this.wanted = count;
		void this.work();
	}

	/** Looks at no older blocks; what was found stays. */
	stop(): void {
		this.wanted = 0;
	}

	close(): void {
		this.closed = true;
		this.unwatch?.();
	}

	/** Changes fields; says nothing where they were so before, as after most blocks. */
	private patch(change: Partial<HistoryState>): void {
		const before = this.state.get();
		const fields = Object.keys(change) as (keyof HistoryState)[];
		if (fields.some((field) => change[field] !== before[field])) this.state.patch(change);
	}

	private onBlock(): void {
		void this.work();
		void this.followUnfinal().catch(() => undefined);
	}

	/** Looks at what is to be looked at. A node that goes away ends it, until the next block. */
	private async work(): Promise<void> {
		if (this.working || this.closed) return;
		this.working = true;
		try {
			if (await this.begun()) {
				for (let next = this.next(); next && !this.closed; next = this.next()) {
					await this.lookAt(next);
				}
			}
			this.patch({ error: undefined });
		} catch (error) {
			this.patch({ error: String((error as Error).message ?? error) });
		}
		this.working = false;
		this.patch({ busy: undefined });
	}

	/**
	 * Takes up what was kept, anew where the final block is lower than before: that is another
	 * node, or a development chain that began anew. Tells false while there is no block but the
	 * first.
	 */
	private async begun(): Promise<boolean> {
		const top = connection.state.get().finalized?.number ?? 0;
		const known = this.scope !== undefined && top >= this.top;
		this.top = top;
		if (known) return true;
		this.scope = undefined;
		if (top < OLDEST) return false;
		const first = (await this.blocks.hashOf(OLDEST)) ?? "";
		const scope = { genesis: this.line.facts.genesis, first, who: this.who };
		const { ranges, events } = await recallHistory(scope);
		await this.marks.begin(events);
		void forgetOtherRuns(scope).catch(() => undefined);
		this.scope = scope;
		this.since = top;
		this.patch({ ...NOTHING, events: events.sort(newestFirst), ranges });
		return true;
	}

	/** The blocks to look at next, the newest before others. */
	private next(): Range | undefined {
		const { ranges, pruned = 0 } = this.state.get();
		const top = connection.state.get().finalized?.number ?? 0;
		const gap = newestGap(ranges, Math.max(OLDEST, pruned + 1), top);
		this.patch({ complete: gap === undefined });
		if (!gap) {
			this.wanted = 0;
			return undefined;
		}
		const unasked = Math.max(0, gap.to - this.since);
		const count = Math.min(CHUNK, unasked + this.wanted);
		if (count === 0) return undefined;
		return { from: Math.max(gap.from, gap.to - count + 1), to: gap.to };
	}

	private async lookAt(range: Range): Promise<void> {
		if (range.from <= this.since) this.patch({ busy: range });
		let blocks: StoredBlock[] = [];
		let pruned: number | undefined;
		try {
			blocks = await this.blocks.read(range);
			if (blocks.length < range.to - range.from + 1) pruned = range.to - blocks.length;
		} catch (error) {
			if (!(error instanceof Pruned)) throw error;
			pruned = error.block;
		}
		const found: HistoryEvent[] = [];
		for (const block of blocks) found.push(...(await this.eventsOf(block)));
		if (pruned !== undefined) this.patch({ pruned });
		if (blocks.length > 0) this.note({ from: blocks.at(-1)!.number, to: range.to }, found);
	}

	/** Adds to what is known, and keeps it. */
	private note(range: Range, found: HistoryEvent[]): void {
		const older = Math.min(this.since, range.to) - range.from + 1;
		this.wanted = Math.max(0, this.wanted - Math.max(0, older));
		const before = this.state.get();
		const ranges = joined(before.ranges, range);
		const events =
			found.length > 0 ? [...before.events, ...found].sort(newestFirst) : before.events;
		const recent = before.recent.filter(({ block }) => !covers(ranges, block));
		this.patch({ ranges, events, ...(recent.length < before.recent.length && { recent }) });
		if (this.scope) void keepHistory(this.scope, ranges, found).catch(() => undefined);
	}

	/** The events of a block that concern the account, the newest first. */
	private async eventsOf(block: StoredBlock): Promise<HistoryEvent[]> {
		if (!this.marks.mayConcern(block.events)) return [];
		const { number, hash, time } = block;
		const records = await this.blocks.records(block);
		await breath();
		const found = concerning(records, { block: number, hash, time }, this.marks);
		const ofCandidates = found.some(({ name }) => isOfCandidate(name));
		const behind = ofCandidates ? await this.marks.candidatesAt(block) : new Set<string>();
		const kept = found.filter(
			({ name, candidate }) => !isOfCandidate(name) || behind.has(candidate ?? ""),
		);
		await this.marks.learn(kept);
		return kept.reverse();
	}

	/** Reads the blocks that are not final yet, each once. */
	private async followUnfinal(): Promise<void> {
		if (!this.scope || this.closed) return;
		const best = await this.line.client.getBestBlocks();
		const unfinal = best.slice(0, -1);
		const present = new Set(unfinal.map(({ hash }) => hash));
		for (const hash of this.unfinal.keys()) if (!present.has(hash)) this.unfinal.delete(hash);
		const read = await Promise.all(unfinal.map((block) => this.unfinalEvents(block)));
		const { ranges, recent: before } = this.state.get();
		// What has become final stays until it is among the others, so that it does not flicker.
		const top = best.at(-1)?.number ?? 0;
		const between = before.filter(({ block }) => block <= top);
		const recent = [...read.flat(), ...between].filter(({ block }) => !covers(ranges, block));
		if (recent.length + before.length > 0) this.patch({ recent });
	}

	private unfinalEvents({
		number,
		hash,
	}: {
		number: number;
		hash: string;
	}): Promise<HistoryEvent[]> {
		const known = this.unfinal.get(hash);
		if (known) return known;
		const read = this.blocks.block(number, hash).then((block) => this.eventsOf(block));
		this.unfinal.set(hash, read);
		read.catch(() => this.unfinal.delete(hash));
		return read;
	}
}
