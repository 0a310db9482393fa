// Names of candidates. They hardly ever change, so they are asked for once a session.

import { plain, short } from "../format/names.ts";
import type { At } from "./at-block.ts";

/** Answers that are kept as long as a session of one chain lasts. */
export class OncePerSession<T> {
	private kept = new Map<string, Promise<T>>();
	private session = "";

	/** The answer of this session; asked for where there is none yet. A failure is not kept. */
	get({ facts }: At, session: number, key: string, ask: () => Promise<T>): Promise<T> {
		const present = `${facts.genesis} ${session}`;
		if (present !== this.session) this.kept = new Map();
		this.session = present;
		const known = this.kept.get(key);
		if (known) return known;
		const asked = ask();
		this.kept.set(key, asked);
		asked.catch(() => this.kept.delete(key));
		return asked;
	}
}

/** Names of candidates by their address. */
export type Names = ReadonlyMap<string, string>;

const profiles = new OncePerSession<string>();

/** What each candidate calls itself, or its address in short. */
export async function readNames(
	at: At,
	session: number,
	candidates: Iterable<string>,
): Promise<Names> {
	const entries = [...new Set(candidates)].map(async (candidate) => {
		const ask = async (): Promise<string> => {
			const { name } = await at.api.apis.DposApi.profile(candidate, { at: at.hash });
			return plain(name) || short(candidate);
		};
		return [candidate, await profiles.get(at, session, candidate, ask)] as const;
	});
	return new Map(await Promise.all(entries));
}

/** The name of a candidate, or its address in short where it was not asked for. */
export const nameOf = (names: Names, candidate: string): string =>
	names.get(candidate) ?? short(candidate);
