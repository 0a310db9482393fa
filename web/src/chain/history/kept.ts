// What was found of an account's history, kept in the browser between visits: of final blocks only.

import type { HistoryEvent } from "./events.ts";
import type { Range } from "./ranges.ts";

/** Whose history: the chain, that run of it, and the account. */
export interface Scope {
	genesis: string;
	/** Hash of block 1, which differs where a development chain began anew; empty where unknown. */
	first: string;
	/** Native address. */
	who: string;
}

export interface Kept {
	ranges: Range[];
	events: HistoryEvent[];
}

const NAME = "cybermiles";
const FOUND = "found";
const LOOKED = "looked";
/** Sorts behind all that a key goes on with. */
const END = "\uffff";

const prefixOf = ({ genesis, first, who }: Scope): string => `${genesis}|${first}|${who}|`;
const within = (prefix: string): IDBKeyRange => IDBKeyRange.bound(prefix, prefix + END);
const keyOf = (prefix: string, { block, index }: HistoryEvent): string =>
	`${prefix}${String(block).padStart(10, "0")}|${String(index).padStart(6, "0")}`;

/** The browser's database; nothing where it keeps none, as in some private windows. */
let opened: Promise<IDBDatabase | undefined> | undefined;

function database(): Promise<IDBDatabase | undefined> {
	return (opened ??= new Promise((resolve) => {
		const request = indexedDB.open(NAME, 1);
		request.onupgradeneeded = () => {
			request.result.createObjectStore(FOUND);
			request.result.createObjectStore(LOOKED);
		};
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => resolve(undefined);
	}));
}

const answerOf = <T>(request: IDBRequest<T>): Promise<T> =>
	new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});

/** What was kept; nothing in it where nothing was, or nothing can be. */
export async function recallHistory(scope: Scope): Promise<Kept> {
	try {
		const store = await database();
		if (!store) return { ranges: [], events: [] };
		const prefix = prefixOf(scope);
		const reading = store.transaction([FOUND, LOOKED]);
		const [events, ranges] = await Promise.all([
			answerOf<HistoryEvent[]>(reading.objectStore(FOUND).getAll(within(prefix))),
			answerOf<Range[] | undefined>(reading.objectStore(LOOKED).get(prefix)),
		]);
		return { ranges: ranges ?? [], events };
	} catch {
		return { ranges: [], events: [] };
	}
}

/** Keeps events, and the blocks that were looked at, both or neither. */
export async function keepHistory(
	scope: Scope,
	ranges: Range[],
	found: HistoryEvent[],
): Promise<void> {
	const store = await database();
	if (!store) return;
	const prefix = prefixOf(scope);
	const writing = store.transaction([FOUND, LOOKED], "readwrite");
	for (const event of found) writing.objectStore(FOUND).put(event, keyOf(prefix, event));
	writing.objectStore(LOOKED).put(ranges, prefix);
}

/** Forgets what is of an earlier run of a chain with the same genesis. */
export async function forgetOtherRuns({ genesis, first }: Scope): Promise<void> {
	const store = await database();
	if (!store || first === "") return;
	const writing = store.transaction([FOUND, LOOKED], "readwrite");
	for (const name of [FOUND, LOOKED]) {
		const kept = writing.objectStore(name);
		const present = `${genesis}|${first}|`;
		kept.delete(IDBKeyRange.bound(`${genesis}|`, present, false, true));
		kept.delete(IDBKeyRange.bound(present + END, `${genesis}|${END}`));
	}
}
