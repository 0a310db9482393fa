// Whose turn each slot was, and what became of it.

import type { ApiPromise } from "@polkadot/api";
import { u8aToHex } from "@polkadot/util";
import { decodeAddress } from "@polkadot/util-crypto";
import { authoritiesAfter, slotOf } from "./blocks.ts";
import { blockHash, header } from "./rpc.ts";

/** The turns of one candidate in a stretch of blocks. */
export interface Turns {
	/** Its blocks, with the Aura key, in hex, that sealed them. */
	made: { number: number; key: string }[];
	/** Slots in which it should have made a block. */
	missed: number[];
}

/** Adds the candidate's turns between a block and its parent, slots that stayed empty included. */
async function addTurns(api: ApiPromise, port: number, who: string, hash: string, turns: Turns) {
	const head = await header(port, hash);
	const { parentHash: parent, number } = head;
	// The state before a block decides whose turn it is.
	const sitting = (await (await api.at(parent)).query.session.validators()).map(String);
	const authorities = await authoritiesAfter(port, parent);
	const place = sitting.indexOf(who);
	const last = slotOf(head);
	// Before the first block there was no turn: the genesis tells no slot.
	const first = number === 1 ? last : slotOf(await header(port, parent)) + 1;
	for (let slot = first; slot <= last; slot++) {
		const mine = place >= 0 && slot % authorities.length === place;
		if (mine && slot < last) turns.missed.push(slot);
		if (!mine || slot !== last) continue;
		turns.made.push({ number, key: u8aToHex(decodeAddress(authorities[place]!)) });
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
