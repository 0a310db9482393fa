// Whose turn each slot was, and what became of it.

import type { ApiPromise } from "@polkadot/api";
import { u8aToHex } from "@polkadot/util";
import { decodeAddress } from "@polkadot/util-crypto";
import { authoritiesAfter, slotOf } from "./blocks.ts";
import { blockHash, header } from "./rpc.ts";

/** A turn, as the state before its slot has it. */
export interface Turn {
	slot: number;
	session: number;
	/** The Aura key, in hex, that alone may seal a block then. */
	key: string;
}

/** The turns of one candidate in a stretch of blocks. */
export interface Turns {
	/** Those of which it made a block. */
	made: Turn[];
	/** Those of which it should have made one. */
	missed: Turn[];
}

/** Adds the candidate's turns between a block and its parent, slots that stayed empty included. */
async function addTurns(api: ApiPromise, port: number, who: string, hash: string, turns: Turns) {
	const head = await header(port, hash);
	const { parentHash: parent, number } = head;
	// The state before a block decides whose turn it is.
	const { query } = await api.at(parent);
	const sitting = (await query.session.validators()).map(String);
	const session = (await query.session.currentIndex()).toNumber();
	const authorities = await authoritiesAfter(port, parent);
	const place = sitting.indexOf(who);
	const last = slotOf(head);
	// Before the first block there was no turn: the genesis tells no slot.
	const first = number === 1 ? last : slotOf(await header(port, parent)) + 1;
	for (let slot = first; slot <= last; slot++) {
		if (place < 0 || slot % authorities.length !== place) continue;
		const key = u8aToHex(decodeAddress(authorities[place]!));
		(slot === last ? turns.made : turns.missed).push({ slot, session, key });
	}
}

/** The turns of a candidate in the blocks `from..=to`, as the node on `port` knows them. */
export async function turnsOf(
	api: ApiPromise,
	port: number,
	candidate: string,
	from: number,
	to: number,
): Promise<Turns> {
	const turns: Turns = { made: [], missed: [] };
	for (let number = from; number <= to; number++) {
		const hash = await blockHash(port, number);
		if (hash === undefined) throw new Error(`no block ${number}`);
		await addTurns(api, port, candidate, hash, turns);
	}
	return turns;
}
