// Candidates, their owners and their session keys.

import { decodeAddress, encodeAddress } from "@polkadot/util-crypto";
import { hexToU8a, isHex, u8aConcat, u8aToHex } from "@polkadot/util";
import { Trouble } from "./trouble.mjs";

/** An address of any form in that of this chain. */
export function addressOf(word) {
	try {
		return encodeAddress(isHex(word, 256) ? hexToU8a(word) : decodeAddress(word), 42);
	} catch {
		throw new Trouble(
			`'${word}' is no address: one begins with 5, or is 0x and 64 hexadecimal digits`,
		);
	}
}

/** The candidate that an address owns or names; nothing where there is none. */
export async function candidateOf(api, address) {
	const owned = (await api.call.dposApi.candidateOf(address)).toJSON();
	const found = await api.call.dposApi.candidate(owned ?? address);
	return found.isSome ? found.unwrap() : undefined;
}

/** Aura, grandpa and authority discovery keys, one after the other. */
const joined = (keys) => u8aToHex(u8aConcat(...keys.map((key) => key.toU8a(true))));

/** The keys with which a candidate works in this session, where it sits. */
async function keysNow(api, candidate) {
	const sitting = (await api.query.session.validators()).map(String);
	const place = sitting.indexOf(candidate);
	if (place < 0) return null;
	const [aura, grandpa, discovery] = await Promise.all([
		api.query.aura.authorities(),
		api.call.grandpaApi.grandpaAuthorities(),
		api.query.authorityDiscovery.keys(),
	]);
	return joined([aura[place], grandpa[place][0], discovery[place]]);
}

/**
 * The session keys of a candidate: `now` in this session and `then` in the next one, null without a
 * seat; `registered` for the session after, null where there are none.
 */
export async function keysOf(api, candidate) {
	const [now, queued, registered] = await Promise.all([
		keysNow(api, candidate),
		api.query.session.queuedKeys(),
		api.query.session.nextKeys(candidate),
	]);
	const next = queued.find(([who]) => who.toString() === candidate)?.[1];
	return {
		now,
		then: next?.toHex() ?? null,
		registered: registered.isSome ? registered.unwrap().toHex() : null,
	};
}

/** The names of the files in which a keystore has these keys. */
export function filesOf(keys) {
	const kinds = ["aura", "gran", "audi"].map((kind) => Buffer.from(kind).toString("hex"));
	return kinds.map((kind, place) => kind + keys.slice(2 + 64 * place, 2 + 64 * (place + 1)));
}
