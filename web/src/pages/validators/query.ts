// What the list shows, kept in the page's address, so that a link shows the same.

import { type Candidate, type Role, isJailed, takesStake } from "../../chain/candidates.ts";
import { parseRate } from "../../format/amounts.ts";

/** Candidates by what they do: `jailed` is told apart from standing aside by choice. */
export type Standing = "active" | "inactive" | "jailed" | "closed";

export interface Filters {
	/** Part of a name or address. */
	text: string;
	role: Role | "";
	standing: Standing | "";
	/** Only those that stand for election and take stake. */
	takes: boolean;
	/** Only those for whom a registrar vouches. */
	verified: boolean;
	/** Highest rate in per cent, as it was typed. */
	rate: string;
}

export function filtersOf(query: URLSearchParams): Filters {
	const text = (name: string): string => query.get(name) ?? "";
	return {
		text: text("text"),
		role: text("role") as Role | "",
		standing: text("standing") as Standing | "",
		takes: query.has("takes"),
		verified: query.has("verified"),
		rate: text("rate"),
	};
}

/** The query with one filter changed; filters that filter nothing are left out. */
export function filtered<Key extends keyof Filters>(
	query: URLSearchParams,
	key: Key,
	value: Filters[Key],
): URLSearchParams {
	const changed = new URLSearchParams(query);
	if (value) changed.set(key, value === true ? "1" : String(value));
	else changed.delete(key);
	return changed;
}

export function standingOf(candidate: Candidate): Standing {
	if (candidate.state.type === "Retired") return "closed";
	if (isJailed(candidate)) return "jailed";
	return candidate.state.type === "Active" ? "active" : "inactive";
}

/** The candidates that pass all filters. A rate that cannot be read filters nothing. */
export function passing(candidates: readonly Candidate[], filters: Filters): Candidate[] {
	const { role, standing, takes, verified } = filters;
	const text = filters.text.trim().toLowerCase();
	const rate = parseRate(filters.rate);
	return candidates.filter(
		(one) =>
			(!text || `${one.name}\n${one.address}`.toLowerCase().includes(text)) &&
			(!role || one.role === role) &&
			(!standing || standingOf(one) === standing) &&
			(!takes || takesStake(one)) &&
			(!verified || one.verified) &&
			(rate === undefined || one.rate <= rate),
	);
}

/** Two can be compared. */
export const PAIR = 2;

/** Addresses in a field of the query, such as those to compare. */
export function addressesOf(query: URLSearchParams, field: "picked" | "compare"): string[] {
	const named = (query.get(field) ?? "").split(",").filter(Boolean);
	return [...new Set(named)].slice(0, PAIR);
}

/** The query without picks. */
export function withoutPicks(query: URLSearchParams): URLSearchParams {
	const changed = new URLSearchParams(query);
	changed.delete("picked");
	return changed;
}

/** The query with an address picked, or no longer picked. */
export function picked(query: URLSearchParams, address: string, on: boolean): URLSearchParams {
	const others = addressesOf(query, "picked").filter((other) => other !== address);
	const changed = new URLSearchParams(query);
	const now = on ? [...others, address] : others;
	if (now.length > 0) changed.set("picked", now.join(","));
	else changed.delete("picked");
	return changed;
}

/** Changes the query in the address without an entry in the history, and tells the router. */
export function changeQuery(change: (query: URLSearchParams) => URLSearchParams): void {
	const [path, query = ""] = location.hash.split("?");
	const text = change(new URLSearchParams(query)).toString();
	const place = path || "#/validators";
	history.replaceState(history.state, "", text ? `${place}?${text}` : place);
	dispatchEvent(new HashChangeEvent("hashchange"));
}
