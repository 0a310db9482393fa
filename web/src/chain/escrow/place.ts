// Where the escrow is on a chain: from the page's address, from what was used last, or from a file
// beside the page.

import type { Hex } from "viem";
import { isAddress } from "viem/utils";
import { recall, remember } from "../../remembered.ts";
import { Store } from "../../store.ts";

/** Addresses of escrows by the hash of a chain's first block. */
type Places = Record<string, Hex>;

interface State {
	/** Named in the address of the page: for this visit, unless the user says otherwise. */
	named: Hex | undefined;
	kept: Places;
	/** What the file beside the page says; nothing before it was read. */
	filed: Places | undefined;
}

const KEPT = "escrows";
const FILE = "escrow.json";

/** An address in small letters, or nothing where it is none. */
export function asAddress(text: unknown): Hex | undefined {
	if (typeof text !== "string" || !isAddress(text.trim(), { strict: false })) return undefined;
	return text.trim().toLowerCase() as Hex;
}

function firstState(): State {
	const query = typeof location === "undefined" ? "" : location.search;
	const named = asAddress(new URLSearchParams(query).get("escrow"));
	return { named, kept: recall<Places>(KEPT, {}), filed: undefined };
}

export const places = new Store<State>(firstState());

/** The escrow's address on a chain; nothing where none is known. */
export const escrowOn = ({ named, kept, filed }: State, genesis: string): Hex | undefined =>
	named ?? asAddress(kept[genesis]) ?? filed?.[genesis];

/** Uses an escrow on a chain from now on. */
export function takeEscrow(genesis: string, escrow: Hex): void {
	places.patch({ named: undefined });
	keepEscrow(genesis, escrow);
}

/** Keeps an escrow for the next visit. */
export function keepEscrow(genesis: string, escrow: Hex): void {
	const { kept } = places.get();
	if (kept[genesis] === escrow) return;
	places.patch({ kept: { ...kept, [genesis]: escrow } });
	remember(KEPT, places.get().kept);
}

/** Reads the file beside the page, once. Most pages have none. */
export async function readFiled(): Promise<void> {
	if (places.get().filed) return;
	places.patch({ filed: {} });
	try {
		const answer = await fetch(new URL(FILE, document.baseURI));
		if (answer.ok) places.patch({ filed: placesOf(await answer.json()) });
	} catch {
		// No file, or none that can be read: the user names the address.
	}
}

/** The sound entries of such a file. */
export function placesOf(file: unknown): Places {
	const entries = Object.entries(Object(file)).map(([genesis, address]) => [
		genesis.toLowerCase(),
		asAddress(address),
	]);
	return Object.fromEntries(entries.filter(([, address]) => address));
}
