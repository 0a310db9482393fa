// All that the page of one candidate shows, read at one block.

import type { At } from "../../chain/at-block.ts";
import { type Candidate, readCandidate } from "../../chain/candidates.ts";
import type { Api } from "../../chain/connection.ts";
import type { Seats } from "../../chain/network/seats.ts";

type DposApi = Api["apis"]["DposApi"];
/** Delegations at one rate; its stake in planck, rates in tenths of a per cent. */
export type Class = Awaited<ReturnType<DposApi["classes"]>>[number];
/** A slash; its amount in planck, its fraction in parts of a thousand million. */
export type Slash = Awaited<ReturnType<DposApi["slashes_of"]>>[number];

export interface Page {
	candidate: Candidate;
	classes: Class[];
	/** The latest first. */
	slashes: Slash[];
	/** The seats that are decided for the next session. */
	next: Seats;
	/** Those that an election held now would decide for the session after it. */
	expected: Seats;
}

/** Nothing where the address names no candidate. */
export async function readPage(at: At, address: string): Promise<Page | undefined> {
	const { DposApi } = at.api.apis;
	const options = { at: at.hash };
	const [candidate, classes, slashes, next, expected] = await Promise.all([
		readCandidate(at, address),
		DposApi.classes(address, options),
		DposApi.slashes_of(address, options),
		DposApi.next_seats(options),
		DposApi.expected_seats(options),
	]);
	return candidate && { candidate, classes, slashes, next, expected };
}

/** Whether a text leads to a site. Whoever declares a candidate writes what they like. */
export const leadsToSite = (text: string): boolean =>
	URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
