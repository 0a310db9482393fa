// Six of 19 are gone for so long that they are jailed, and those who take their seats are too. The
// rest has just the votes to finalise.

import assert from "node:assert/strict";
import { submit } from "../../src/calls.ts";
import { accountOf } from "../../src/keys.ts";
import { nameOf } from "../../src/names.ts";
import type { ChainNode } from "../../src/node.ts";
import { eventually, sleep } from "../../src/wait.ts";
import type { Laboratory } from "../laboratory.ts";
import type { Scenario } from "../scenario.ts";

const MINUTE = 60_000;
/** How long they are gone, in minutes of chain time, which runs as all time does. */
export const DEFAULT_MINUTES = 60;
const FIRST = 9;
const GONE = 6;
/** The longest that blocks and finality may stand still, in seconds: all who are gone, in a row. */
const MAX_PAUSE = 45;
/** Three missed turns, the session that runs, and the one after it. */
const JAILED_AFTER = 4 * MINUTE;

function minutes(): number {
	const text = process.env["ABSENCE_MINUTES"] ?? String(DEFAULT_MINUTES);
	const value = Number(text);
	if (Number.isInteger(value) && value >= 5) return value;
	throw new Error(`ABSENCE_MINUTES is '${text}'; give whole minutes from 5 on, such as 60`);
}

/** Demands that those who are gone were slashed for it and stand aside; their jail may be over. */
async function demandPunishment(
	laboratory: Laboratory,
	gone: readonly ChainNode[],
): Promise<void> {
	const dpos = await laboratory.dpos();
	for (const { name } of gone) {
		const { address } = accountOf(name);
		const kinds = (await dpos.slashesOf(address)).map(({ kind }) => kind);
		assert.deepEqual(kinds, ["Downtime"], `slashes of ${name}`);
		assert.equal((await dpos.candidate(address))?.state, "inactive", name);
	}
}

/** Has the owners of those who came back activate them, and waits until they sit again. */
async function comeBack(laboratory: Laboratory, gone: readonly ChainNode[]): Promise<void> {
	const api = await laboratory.api();
	for (const { name } of gone) await submit(api, accountOf(name), api.tx.cmtDpos.activate());
	const dpos = await laboratory.dpos();
	const look = async () => {
		const { validators } = await dpos.seats();
		const names = validators.map(({ candidate }) => nameOf(candidate));
		return gone.every(({ name }) => names.includes(name));
	};
	const patience = { timeoutMs: 5 * MINUTE, everyMs: 3_000 };
	await eventually("those who came back to sit again", look, patience);
}

export const absence: Scenario = {
	name: "absence",
	what: "6 of 19 are gone for an hour, or for ABSENCE_MINUTES, and come back",
	needs: [],
	minutes: DEFAULT_MINUTES + 5,
	spoils: true,
	provokes: ["Downtime"],
	async run(laboratory) {
		const length = minutes() * MINUTE;
		const { network, nodes, reporter } = laboratory;
		const gone = nodes.slice(FIRST, FIRST + GONE);
		await Promise.all(gone.map((node) => node.stop()));
		const before = reporter.mark();
		await sleep(Math.max(length, JAILED_AFTER));
		const after = reporter.mark();
		const { blocks, finality } = reporter.pauses();
		const made = after.best - before.best;
		laboratory.note(`${made} blocks in ${length / MINUTE} minutes without them`);
		assert.ok(blocks <= MAX_PAUSE, `no block for ${blocks} s`);
		assert.ok(finality <= MAX_PAUSE, `no finality for ${finality} s`);
		await demandPunishment(laboratory, gone);
		const mark = reporter.mark();
		await Promise.all(gone.map((node) => network.restart(node)));
		return mark;
	},
	afterwards: (laboratory) => comeBack(laboratory, laboratory.nodes.slice(FIRST, FIRST + GONE)),
};
