// Pages by the part of the address after `#`, which any static host serves.

import { useSyncExternalStore } from "react";

/** A place: a page, and what it shows, such as `validators/5Grw…`. */
export interface Place {
	page: string;
	/** The rest of the path. */
	rest: string[];
	/** What stands after `?`, such as what to compare. */
	query: URLSearchParams;
}

const watch = (watcher: () => void): (() => void) => {
	addEventListener("hashchange", watcher);
	return () => removeEventListener("hashchange", watcher);
};

const FIRST = "validators";

/** The present place. */
export function usePlace(): Place {
	return placeOf(useSyncExternalStore(watch, () => location.hash));
}

/** The place that the part of an address from `#` on names. */
export function placeOf(hash: string): Place {
	const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
	const [page = "", ...rest] = path.split("/").map(decoded);
	return { page: page || FIRST, rest, query: new URLSearchParams(query) };
}

/** A part of a path; as it stands where a hand wrote a per cent sign that means nothing. */
function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

/** The address of a place on this page. */
export function href(...path: (string | number)[]): string {
	return `#/${path.map((part) => encodeURIComponent(part)).join("/")}`;
}
