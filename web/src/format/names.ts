// Names of accounts and hashes, short enough for a table.

/** The first and last characters of an address or hash. */
export function short(text: string, ends = 6): string {
	return text.length <= 2 * ends + 1 ? text : `${text.slice(0, ends)}…${text.slice(-ends)}`;
}

/** A text of the chain, such as a name of a profile. Control characters are left out. */
export function plain(bytes: Uint8Array): string {
	return new TextDecoder().decode(bytes).replace(/\p{C}/gu, "").trim();
}
