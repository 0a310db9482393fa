// What the browser keeps for this page between visits. Never a key: wallets have those.

const PREFIX = "cybermiles:";

/** What was kept under a name, or the other value where nothing readable was. */
export function recall<T>(name: string, otherwise: T): T {
	try {
		const text = localStorage.getItem(PREFIX + name);
		return text === null ? otherwise : (JSON.parse(text) as T);
	} catch {
		return otherwise;
	}
}

/** Keeps a value; a browser that keeps nothing does no harm. */
export function remember(name: string, value: unknown): void {
	try {
		localStorage.setItem(PREFIX + name, JSON.stringify(value));
	} catch {
		// Private windows and full disks: the page works, and forgets.
	}
}
