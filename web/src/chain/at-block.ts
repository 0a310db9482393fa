// Reads that are made anew with each best block, all of one reading at one block.

import type { BlockInfo } from "polkadot-api";
import { useEffect, useRef, useState } from "react";
import { type Api, type Line, connection } from "./connection.ts";
import { useStore } from "./store.ts";

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

type Read<T> = (at: At) => Promise<T>;

/** How often a reading is tried again whose block went away meanwhile. */
const TRIES = 3;

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
 * forgets the value of before. A reading that is slower than blocks come skips some.
 */
export function useAtBest<T>(key: string, read: Read<T>): Reading<T> {
	const line = useStore(connection.line);
	const hash = useStore(connection.state).best?.hash;
	const [reading, setReading] = useState<Reading<T> & { key: string }>({ ...NOTHING, key });
	const latest = useRef({ read, key, busy: false, again: false });
	latest.current.read = read;
	latest.current.key = key;

	useEffect(() => {
		if (!line || !hash) return;
		const job = latest.current;
		if (job.busy) {
			job.again = true;
			return;
		}
		const step = async (): Promise<void> => {
			const asked = job.key;
			job.busy = true;
			job.again = false;
			try {
				const { value, at } = await readAtBest(line, job.read);
				setReading({ value, at, error: undefined, key: asked });
			} catch (error) {
				setReading((before) => failed(before, asked, error));
			}
			job.busy = false;
			if (job.again || job.key !== asked) await step();
		};
		void step();
	}, [line, hash, key]);

	return reading.key === key ? reading : NOTHING;
}

const NOTHING = { value: undefined, at: undefined, error: undefined };

function failed<T>(before: Reading<T> & { key: string }, key: string, error: unknown): Reading<T> & { key: string } {
	const kept = before.key === key ? before : NOTHING;
	const reason = error instanceof Error ? error : new Error(String(error));
	return { value: kept.value, at: kept.at, error: reason, key };
}
