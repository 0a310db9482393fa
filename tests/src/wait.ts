// Waiting with a limit, and saying what was waited for.

import { setTimeout as sleep } from "node:timers/promises";

export { sleep };

/** How long and how often to look. */
export interface Patience {
	/** Gives up after so many milliseconds. */
	timeoutMs?: number;
	/** Looks every so many milliseconds. */
	everyMs?: number;
	/** Looked at before each try; its error ends the waiting at once. */
	unless?: () => void;
}

/**
 * The first value of `look` that is neither `undefined` nor `false`.
 *
 * An exception of `look` counts as "not yet" and is named when time is up.
 */
export async function eventually<T>(
	what: string,
	look: () => Promise<T | undefined | false> | T | undefined | false,
	{ timeoutMs = 60_000, everyMs = 250, unless }: Patience = {},
): Promise<T> {
	const deadline = Date.now() + timeoutMs;
	let trouble = "";
	while (Date.now() < deadline) {
		unless?.();
		try {
			const found = await look();
			if (found !== undefined && found !== false) return found as T;
			trouble = "";
		} catch (error) {
			trouble = `; last error: ${(error as Error).message}`;
		}
		await sleep(everyMs);
	}
	throw new Error(`waited ${Math.round(timeoutMs / 1000)} s in vain for ${what}${trouble}`);
}

/** The promise's value, or an error that names `what` when it takes too long. */
export async function within<T>(what: string, timeoutMs: number, promise: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		const error = new Error(`${what} took longer than ${Math.round(timeoutMs / 1000)} s`);
		timer = setTimeout(() => reject(error), timeoutMs);
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
