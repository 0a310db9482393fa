// Finding what a transaction did among its events.

import type { ChainEvent } from "./action.ts";

/** The fields of all events of this name, such as `CmtDpos.Delegated`, in their order. */
export function allOf<T>(events: ChainEvent[], name: string): T[] {
	const [pallet, event] = name.split(".");
	const found = events.filter(({ type, value }) => type === pallet && value.type === event);
	return found.map(({ value }) => value.value as T);
}

/** The fields of the last event of this name; nothing where there is none. */
export const fieldsOf = <T>(events: ChainEvent[], name: string): T | undefined =>
	allOf<T>(events, name).at(-1);
