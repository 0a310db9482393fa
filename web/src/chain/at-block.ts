// Reads that are made anew with each best block, all of one reading at one block.

import type { BlockInfo } from "polkadot-api";
import { useEffect, useState } from "react";
import { useStore } from "../store.ts";
import { type Api, type ChainState, type Line, connection } from "./connection.ts";

/** Where a reading is made. Pass `{ at: at.hash }` to each call of `at.api`. */
export interface At extends Line {
	hash: string;
	number: number;
	api: Api;
}

/** What was read last. */
export interface Reading<T> {
	value: T | undefined;
	/** The block at which `value` was read. */
	at: BlockInfo | undefined;
	/** Why the latest reading failed; `value` is that of before. */
	error: Error | undefined;
}

/** What a reading is of. */
interface Subject {
	key: string;
	/** Hash of the first block of the chain that was asked; none before a node was met. */
	genesis: string | undefined;
}

type Read<T> = (at: At) => Promise<T>;
type Kept<T> = Reading<T> & Subject;
type Change<T> = (before: Kept<T>) => Kept<T>;

/** How often a reading is tried again whose block went away meanwhile. */
const TRIES = 3;
const NOTHING = { value: undefined, at: undefined, error: undefined };

/** The best block, asked again where it left the best chain while it was read. */
export async function readAtBest<T>(line: Line, read: Read<T>): Promise<{ value: T; at: BlockInfo }> {
	for (let tried = 1; ; tried++) {
		const [best] = await line.client.getBestBlocks();
		const block = best!;
		const release = line.client.hodlBlock(block.hash);
		try {
			const value = await read({ ...line, hash: block.hash, number: block.number });
			return { value, at: block };
		} catch (error) {
			if (tried === TRIES) throw error;
		} finally {
			release();
		}
	}
}

/**
 * Reads at each best block while the part that asks is shown. `key` says what is read: another key
 * forgets the value of before, and so does a node of another chain. A reading that is slower than
 * blocks come skips some.
 */
export function useAtBest<T>(key: string, read: Read<T>): Reading<T> {
	const line = useStore(connection.line);
	const state = useStore(connection.state);
	const [kept, keep] = useState<Kept<T>>({ ...NOTHING, key, genesis: undefined });
	const [reader] = useState(() => new Reader<T>(keep, key, read));
	reader.key = key;
	reader.read = read;
	const hash = state.best?.hash;
	useEffect(() => reader.next(hash ? line : undefined), [reader, line, hash, key]);
	return shownOf(kept, key, state);
}

/** Nothing of another key, and nothing unless the node is known to be of the chain that was read. */
export function shownOf<T>(
	kept: Kept<T>,
	key: string,
	{ facts, best }: Pick<ChainState, "facts" | "best">,
): Reading<T> {
	return best && kept.key === key && kept.genesis === facts?.genesis ? kept : NOTHING;
}

/** Makes one reading after the other, and tells how each changes what is kept. */
export class Reader<T> {
	/** The node that is being asked; none between readings. */
	private line: Line | undefined;
	private again = false;

	constructor(
		private readonly tell: (change: Change<T>) => void,
		public key: string,
		public read: Read<T>,
	) {}

	/** Reads, or reads once more after what is being read. A reading of another node is left. */
	next(line: Line | undefined): void {
		this.again = this.line !== undefined && this.line === line;
		if (this.again) return;
		this.line = line;
		if (line) void this.step(line);
	}

	private async step(line: Line): Promise<void> {
		const of = { key: this.key, genesis: line.facts.genesis };
		this.again = false;
		const change = await readAtBest(line, this.read).then(
			({ value, at }): Change<T> => () => ({ value, at, error: undefined, ...of }),
			(error: unknown): Change<T> => (before) => failed(before, of, error),
		);
		if (this.line !== line) return;
		this.tell(change);
		if (this.again || this.key !== of.key) return this.step(line);
		this.line = undefined;
	}
}

function failed<T>(before: Kept<T>, of: Subject, error: unknown): Kept<T> {
	const same = before.key === of.key && before.genesis === of.genesis;
	const { value, at } = same ? before : NOTHING;
	const reason = error instanceof Error ? error : new Error(String(error));
	return { value, at, error: reason, ...of };
}
