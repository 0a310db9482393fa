// The stake of a candidate at blocks of the past, as far as the node still has their states.

import type { Line } from "./connection.ts";

/** The stake behind a candidate at one block, in planck. */
export interface Point {
	block: number;
	stake: bigint;
}

/**
 * Why there are no earlier points: the node has forgotten, there was no such candidate yet, that
 * was the first block, these are as many as are read, or the node did not answer.
 */
export type PastEnd = "forgotten" | "undeclared" | "first" | "enough" | "failed";

export interface Past {
	/** The oldest first. */
	points: Point[];
	/** None while earlier ones are still being read. */
	end: PastEnd | undefined;
}

/** Where points come from. */
export interface Source {
	/** Stake at the block of this number in planck; nothing where there was no such candidate. */
	stakeAt: (block: number) => Promise<bigint | undefined>;
}

/** A state that the node has thrown away. */
export class Forgotten extends Error {}

/** Sessions that are looked back. */
const MOST = 48;
/** Blocks that are asked for at the same time. */
const BATCH = 4;
/** Points that are kept of the time during which a page is open. */
const KEPT = 1_000;

/** The states of a node. The client answers for old blocks too, by the runtime of their time. */
export function statesOf({ client, api }: Line, candidate: string): Source {
	return {
		stakeAt: async (block) => {
			const hash = await client._request<string, [number]>("chain_getBlockHash", [block]);
			await demandState(client, hash);
			return (await api.apis.DposApi.candidate(candidate, { at: hash }))?.stake;
		},
	};
}

/** Asks for the least there is, so that a state that is gone is told from other failures. */
async function demandState(client: Line["client"], hash: string): Promise<void> {
	try {
		await client._request("state_getRuntimeVersion", [hash]);
	} catch (error) {
		const gone = /discarded|UnknownBlock/i.test(String((error as Error).message));
		throw gone ? new Forgotten() : error;
	}
}

/** The block in which a session began, and the blocks of that session. */
export interface Grid {
	start: number;
	length: number;
}

/**
 * Looks back from the beginning of the present session, by as many blocks as it has, and tells each
 * time that more is known.
 */
export async function lookBack(
	source: Source,
	{ start, length }: Grid,
	tell: (past: Past) => void,
	signal: AbortSignal,
): Promise<void> {
	let points: Point[] = [];
	for (let block = start, read = 0; ; read += BATCH, block -= BATCH * length) {
		const wanted = Array.from({ length: BATCH }, (_, index) => block - index * length);
		const answers = await Promise.all(wanted.map((number) => answerOf(source, number)));
		if (signal.aborted) return;
		const last = answers.findIndex((answer) => typeof answer === "string");
		const found = answers.slice(0, last < 0 ? BATCH : last) as Point[];
		points = [...found.toReversed(), ...points];
		const end = last < 0 ? undefined : (answers[last] as PastEnd);
		const over = end ?? (read + BATCH >= MOST ? "enough" : undefined);
		tell({ points, end: over });
		if (over) return;
	}
}

async function answerOf(source: Source, block: number): Promise<Point | PastEnd> {
	if (block < 0) return "first";
	try {
		const stake = await source.stakeAt(block);
		return stake === undefined ? "undeclared" : { block, stake };
	} catch (error) {
		return error instanceof Forgotten ? "forgotten" : "failed";
	}
}

/**
 * Adds a point. Blocks that left the chain go; of too many points every second one stays, the
 * latest always.
 */
export function appended(points: readonly Point[], point: Point): Point[] {
	const all = [...points.filter(({ block }) => block < point.block), point];
	if (all.length <= KEPT) return all;
	return all.filter((_, index) => index % 2 === (all.length - 1) % 2);
}

/** What was looked up, and what was seen since. */
export function joined(past: readonly Point[], seen: readonly Point[]): Point[] {
	const first = seen[0]?.block ?? Number.POSITIVE_INFINITY;
	return [...past.filter(({ block }) => block < first), ...seen];
}
