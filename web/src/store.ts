// A value that parts of the page watch.

import { useSyncExternalStore } from "react";

export class Store<T> {
	private readonly watchers = new Set<() => void>();

	constructor(private value: T) {}

	get = (): T => this.value;

	set(value: T): void {
		if (Object.is(value, this.value)) return;
		this.value = value;
		for (const watcher of this.watchers) watcher();
	}

	/** Changes some fields of an object. */
	patch(change: Partial<T>): void {
		this.set({ ...this.value, ...change });
	}

	watch = (watcher: () => void): (() => void) => {
		this.watchers.add(watcher);
		return () => this.watchers.delete(watcher);
	};
}

/** The value of a store, with a new drawing whenever it changes. */
export function useStore<T>(store: Store<T>): T {
	return useSyncExternalStore(store.watch, store.get);
}
