// Finding what a transaction did among its events.

import type { ChainEvent } from "./action.ts";

/** The fields of the last event of this name, such as `CmtDpos.Delegated`; nothing where there is none. */
export function fieldsOf<T>(events: ChainEvent[], name: string): T | undefined {
	const [pallet, event] = name.split(".");
	const found = events.findLast(({ type, value }) => type === pallet && value.type === event);
	return found?.value.value as T | undefined;
}
