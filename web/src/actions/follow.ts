// What becomes of a transaction that was sent: which block takes it, and whether that block stays.

import { type Line, connection } from "../chain/connection.ts";
import type { Store } from "../store.ts";
import { Refused, problem } from "./problems.ts";

/**
 * How far a transaction is: in the wallet, sent, in a block, final. One that the page left behind, as
 * it left the node, was in a block by then.
 */
export type Stage = "signing" | "sent" | "included" | "final" | "left";

export interface Block {
	hash: string;
	number: number;
}

interface InBlock {
	block: Block;
}

/**
 * Follows a transaction until it is final. `look` waits until it is in a block. What is told of it
 * is true of the best chain: where another branch wins, the transaction is looked for again.
 */
export async function follow<T extends InBlock>(
	line: Line,
	look: () => Promise<T>,
	tell: (stage: Stage, found?: T) => void,
): Promise<void> {
	for (;;) {
		tell("sent");
		const found = await onBestChain(line, look);
		tell("included", found);
		const stays = await staysIn(line, found.block);
		if (stays !== false) return tell(stays ? "final" : "left", found);
	}
}

/** Looks until the block that is found is one of the best chain. */
async function onBestChain<T extends InBlock>(line: Line, look: () => Promise<T>): Promise<T> {
	for (;;) {
		const found = await look();
		const { hash, number } = found.block;
		if ((await insist(line, () => hashAt(line, number))) === hash) return found;
		await news();
	}
}

/** Whether a block became final, or another did in its place. Nothing where the page left the node. */
async function staysIn(line: Line, { hash, number }: Block): Promise<boolean | undefined> {
	while (connection.line.get() === line) {
		const final = (connection.state.get().finalized?.number ?? 0) >= number;
		const there = await hashAt(line, number).catch(() => null);
		if (there !== null && there !== hash) return false;
		if (there !== null && final) return true;
		await news();
	}
	return undefined;
}

/** The hash of the best chain's block of this number. */
export const hashAt = (line: Line, number: number): Promise<string | null> =>
	line.client._request<string | null, number[]>("chain_getBlockHash", [number]);

/** How often the node is asked for what it does not tell, a second apart at most. */
export const LOOKS = 20;

/** Asks until the node answers; one that is away is waited for. */
export async function insist<T>(line: Line, ask: () => Promise<T>): Promise<T> {
	for (let failed = 0; connection.line.get() === line && failed < LOOKS; ) {
		try {
			return await ask();
		} catch (error) {
			if (error instanceof Refused) throw error;
			if (connection.state.get().health.kind !== "offline") failed += 1;
			await news();
		}
	}
	throw new Refused(problem("ConnectionLost"));
}

/** Waits for a change of the node's blocks, or of another store, or for a second. */
export function news(other?: Pick<Store<unknown>, "watch">): Promise<void> {
	return new Promise((resolve) => {
		const done = (): void => {
			clearTimeout(timer);
			for (const leave of leaves) leave();
			resolve();
		};
		const timer = setTimeout(done, 1_000);
		const leaves = [connection.state, ...(other ? [other] : [])].map(({ watch }) => watch(done));
	});
}
