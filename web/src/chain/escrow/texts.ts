// Texts whose hashes stand on the chain: goods, evidence, complaints, reasons. They are kept by their
// hash, so what is found under a hash is the text that was meant, whoever told it to this browser.

import type { Hex } from "viem";
import { keccak256, stringToBytes } from "viem/utils";
import { recall, remember } from "../../remembered.ts";
import { Store } from "../../store.ts";

const KEPT = "trade-texts";
/** Texts that are kept; the oldest go first. */
const LIMIT = 500;
/** The longest text, in characters: it has to fit into a link. */
export const LONGEST_TEXT = 2_000;
/** Texts that are taken from a link: goods, evidence, complaint, reasons, and some to spare. */
const PER_LINK = 8;

/** The texts by their hashes. */
export const texts = new Store<Record<Hex, string>>(recall(KEPT, {}));

/** The hash by which the chain knows a text. Blanks at its ends do not count. */
export const textHash = (text: string): Hex => keccak256(stringToBytes(text.trim()));

/** Keeps a text, and tells its hash. Empty ones and those that are too long are not kept. */
export function keepText(text: string): Hex {
	const hash = textHash(text);
	const plain = text.trim();
	if (texts.get()[hash] !== undefined || plain === "" || plain.length > LONGEST_TEXT) return hash;
	const kept = [...Object.entries(texts.get()), [hash, plain]].slice(-LIMIT);
	texts.set(Object.fromEntries(kept) as Record<Hex, string>);
	remember(KEPT, texts.get());
	return hash;
}

/** The name of a text in the query of a link. Each link has as many as it needs. */
const TEXT = "text";

/** The address of a trade for other people: with its escrow, and its texts after `#`. */
export function tradeLink(base: string, escrow: Hex, id: Hex, told: string[]): string {
	const query = new URLSearchParams(told.map((text) => [TEXT, text]));
	const page = new URL(base);
	page.search = new URLSearchParams({ escrow }).toString();
	page.hash = told.length > 0 ? `#/trade/${id}?${query}` : `#/trade/${id}`;
	return page.href;
}

/** The texts of a link. */
export const textsOf = (query: URLSearchParams): string[] => query.getAll(TEXT).slice(0, PER_LINK);
