// Waiting with a limit, and saying what was waited for.

import { setTimeout as sleep } from "node:timers/promises";

export { sleep };

/** By how much a busy machine may be slower than the one for which limits are written. */
const SLOWNESS = 3;
/** So long a limit has room already, or is itself what a test demands. */
const LONG_MS = 300_000;

/** A limit with room for a busy machine, in milliseconds; what succeeds takes no longer by it. */
export function patient(timeoutMs: number): number {
	return Math.max(timeoutMs, Math.min(SLOWNESS * timeoutMs, LONG_MS));
}

/** How long and how often to look. */
export interface Patience {
	/** Gives up after so many milliseconds, made `patient`. */
	timeoutMs?: number;
	/** Looks every so many milliseconds. */
	everyMs?: number;
	/** Looked at before each try; its error ends the waiting at once. */
	unless?: () => void;
}

/**
 * The first value of `look` that is neither `undefined` nor `false`.
 *
 * An exception of `look` counts as "not yet" and is named when time is up. The last look follows the
 * deadline, so that a wait in which the machine stood still is not in vain.
 */
export async function eventually<T>(
	what: string,
	look: () => Promise<T | undefined | false> | T | undefined | false,
	{ timeoutMs = 60_000, everyMs = 250, unless }: Patience = {},
): Promise<T> {
	const limit = patient(timeoutMs);
	const deadline = Date.now() + limit;
	for (;;) {
		let trouble = "";
		const isLast = Date.now() >= deadline;
		unless?.();
		try {
			const found = await look();
			if (found !== undefined && found !== false) return found as T;
		} catch (error) {
			trouble = `; last error: ${(error as Error).message}`;
		}
		if (isLast) {
			throw new Error(`waited ${Math.round(limit / 1000)} s in vain for ${what}${trouble}`);
		}
		await sleep(everyMs);
	}
}

/** The promise's value, or an error that names `what` when it takes longer, made `patient`. */
export async function within<T>(what: string, timeoutMs: number, promise: Promise<T>): Promise<T> {
	const limit = patient(timeoutMs);
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		const error = new Error(`${what} took longer than ${Math.round(limit / 1000)} s`);
		timer = setTimeout(() => reject(error), limit);
	});
	try {
		return await Promise.race([promise, late]);
	} finally {
		clearTimeout(timer);
	}
}

/** Runs `work` over `items`, at most `limit` at a time; keeps the order of the results. */
export async function inBatches<T, R>(
	items: readonly T[],
	limit: number,
	work: (item: T) => Promise<R>,
): Promise<R[]> {
	const results: R[] = new Array<R>(items.length);
	let next = 0;
	const worker = async (): Promise<void> => {
		while (next < items.length) {
			const index = next++;
			results[index] = await work(items[index] as T);
		}
	};
	await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
	return results;
}
