// The nodes that are compared: what is asked of each of them.

import type { Client } from "./client.ts";

/** A running chain that is measured. */
export interface Contender {
	/** What it is called in the table. */
	readonly name: string;
	/** The port that everything is sent to. */
	readonly client: Client;
	/** Its processes. */
	readonly pids: readonly number[];
	/** Makes blocks; only where it makes none by itself. */
	mine?(count: number): Promise<void>;
	/** What it logged so far about the blocks that it made; only where it tells. */
	log?(): string;
	/** Where it shows its metrics; only where it does. */
	readonly metricsPort?: number;
	/** Ends it and removes what it left. */
	stop(): Promise<void>;
}

/** When blocks are made: at a fixed interval in milliseconds, or when `mine` asks. */
export type Sealing = number | "manual";
