// The trades that this browser made, opened by a link, or had a part in.

import type { Hex } from "viem";
import { recall, remember } from "../../remembered.ts";
import { Store } from "../../store.ts";

/** Trades that are kept; the oldest go first. */
const LIMIT = 300;

const stores = new Map<string, Store<Hex[]>>();

/** The ids that are known of an escrow, the newest last. */
export function knownTrades(genesis: string, escrow: Hex): Store<Hex[]> {
	const name = nameOf(genesis, escrow);
	const store = stores.get(name) ?? new Store(recall<Hex[]>(name, []));
	stores.set(name, store);
	return store;
}

/** Keeps an id. */
export function keepTrade(genesis: string, escrow: Hex, id: Hex): void {
	const store = knownTrades(genesis, escrow);
	if (store.get().includes(id)) return;
	store.set([...store.get(), id].slice(-LIMIT));
	remember(nameOf(genesis, escrow), store.get());
}

const nameOf = (genesis: string, escrow: Hex): string => `trades:${genesis}:${escrow}`;

/** Whether a text is the id of a trade. */
export const isTradeId = (text: string | undefined): text is Hex =>
	text !== undefined && /^0x[0-9a-f]{64}$/.test(text);
