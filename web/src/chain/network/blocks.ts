// The latest blocks with their authors, the slots that nobody used, and whose turn is next.

import type { At } from "../at-block.ts";
import { type Names, OncePerSession, readNames } from "../names.ts";
import { type BlockMemory, type Header, memoryOf } from "./blocks-memory.ts";

/** A slot and whose turn it was or will be; nobody where the node cannot tell. */
export interface Turn {
	slot: number;
	candidate: string | undefined;
}

/** Tells whose turn a slot is. */
type Turns = (slot: number) => string | undefined;

export interface SeenBlock {
	hash: string;
	number: number;
	slot: number;
	author: string | undefined;
	/** When its slot began, in milliseconds since 1970. */
	time: number;
	/** Slots without a block right before it, the earliest first; none where they are many. */
	missed: Turn[];
	/** How many slots before it had no block. */
	skipped: number;
}

export interface BlocksReading {
	/** The newest first. */
	blocks: SeenBlock[];
	/** The turns after the best block's slot, the soonest first. */
	next: Turn[];
	/** Number of the best block. */
	best: number;
	names: Names;
}

/** How many blocks are shown. */
export const SHOWN = 20;
/** More missed turns in a row than this are counted, not told one by one. */
const TOLD = 6;
/** Turns to come that are told. */
const NEXT = 3;

/** `count` turns from a slot on. */
const turnsFrom = (slot: number, count: number, whose: Turns): Turn[] =>
	Array.from({ length: count }, (_, index) => slot + index).map((each) => ({
		slot: each,
		candidate: whose(each),
	}));

/**
 * Blocks by their headers, the newest first. `whose` tells the turns of the session of each;
 * `length` is that of a slot in milliseconds. One header more tells what was missed after it.
 */
export function seenBlocks(
	headers: readonly Header[],
	whose: readonly Turns[],
	length: number,
): SeenBlock[] {
	return headers.slice(0, SHOWN).map(({ hash, number, slot = 0 }, index) => {
		const before = headers[index + 1]?.slot ?? slot - 1;
		const skipped = slot - before - 1;
		const turns = whose[index]!;
		const missed = skipped > TOLD ? [] : turnsFrom(before + 1, skipped, turns);
		return { hash, number, slot, author: turns(slot), time: slot * length, missed, skipped };
	});
}

const candidates = new OncePerSession<string | undefined>();

/** The candidate that registered an Aura key. */
const candidateWith = (at: At, session: number, key: string): Promise<string | undefined> =>
	candidates.get(at, session, key, () =>
		at.api.apis.DposApi.candidate_with_key(key as never, { at: at.hash }),
	);

/** The turns after a block; nobody's where the node has no state of it. */
async function turnsAfter(
	memory: BlockMemory,
	at: At,
	session: number,
	hash: string,
): Promise<Turns> {
	const keys = await memory.authoritiesAfter(hash).catch((): string[] => []);
	const owners = await Promise.all(keys.map((key) => candidateWith(at, session, key)));
	return (slot) => owners[slot % owners.length];
}

/** Everybody who is told of. */
function mentioned(blocks: readonly SeenBlock[], next: readonly Turn[]): string[] {
	const turns = [...blocks.flatMap(({ missed }) => missed), ...next];
	const all = [...blocks.map(({ author }) => author), ...turns.map((turn) => turn.candidate)];
	return all.filter((candidate) => candidate !== undefined);
}

/** The latest blocks as the best one sees them. */
export async function readBlocks(at: At): Promise<BlocksReading> {
	const memory = memoryOf(at);
	const block = { at: at.hash };
	const [session, length, headers] = await Promise.all([
		at.api.query.CmtDpos.CurrentSession.getValue(block),
		at.api.apis.AuraApi.slot_duration(block),
		memory.chainFrom(at.hash, at.number, SHOWN + 1),
	]);
	const after = (hash: string): Promise<Turns> => turnsAfter(memory, at, session, hash);
	const whose = await Promise.all(headers.map(({ parent }) => after(parent)));
	const blocks = seenBlocks(headers, whose, Number(length));
	const next = turnsFrom((blocks[0]?.slot ?? 0) + 1, NEXT, await after(at.hash));
	const names = await readNames(at, session, mentioned(blocks, next));
	return { blocks, next, best: at.number, names };
}
