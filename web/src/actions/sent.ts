// A transaction on its way, by a wallet of either kind, and what came of it in a block.

import type { ChainEvent } from "./action.ts";
import type { Block } from "./follow.ts";
import type { Problem } from "./problems.ts";

/** What came of a transaction in a block. */
export interface Included {
	block: Block;
	/** What it did. */
	events: ChainEvent[];
	/** Why it failed; nothing where it did not. */
	problem: Problem | undefined;
}

/** A transaction that was sent. */
export interface Sent {
	/** Waits until it is in a block, and tells what came of it there. */
	look(): Promise<Included>;
	/** Ends what goes on to follow it. */
	stop(): void;
}

/** The place of the transaction in its block that an event is of; none of a block's own events. */
export const placeOf = ({ phase }: { phase: { type: string; value?: unknown } }): number =>
	phase.type === "ApplyExtrinsic" ? Number(phase.value) : -1;
