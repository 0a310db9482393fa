// One validator runs on two machines with the same keys, another one is there and says nothing.

import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { join } from "node:path";
import type { Dpos } from "../../src/dpos.ts";
import { accountOf, suriOf } from "../../src/keys.ts";
import type { ChainNode } from "../../src/node.ts";
import { eventually } from "../../src/wait.ts";
import type { Laboratory } from "../laboratory.ts";
import type { Scenario } from "../scenario.ts";

const MINUTE = 60_000;
const TWIN = 8;
const SILENT = 12;
/** The longest that finality may stand still, in seconds, while both misbehave. */
const MAX_PAUSE = 45;
/** Three turns for the silent one; twins meet in one slot sooner or later. */
const PATIENCE = { timeoutMs: 8 * MINUTE, everyMs: 2_000 };
const DOUBLE = ["DoubleAuthoring", "GrandpaEquivocation"];

/** Takes a node's keys away, or gives them back; it must be down. */
function moveKeys({ network }: Laboratory, { dataFolder }: ChainNode, away: boolean): void {
	const folder = join(dataFolder, "chains", network.spec.id, "keystore");
	const paths: [string, string] = [folder, `${folder}-away`];
	if (away) renameSync(...paths);
	else renameSync(paths[1], paths[0]);
}

/** Runs a second node with the keys of the first. The two hear of each other's blocks late. */
async function duplicate(laboratory: Laboratory, { name }: ChainNode): Promise<ChainNode> {
	const second = await laboratory.guest(`${name}-again`, ["--validator"]);
	second.insertKeys(laboratory.network.spec.id, suriOf(name));
	const peers = [4, 5].map((index) => laboratory.node(index).address);
	second.start(["--reserved-only", "--reserved-nodes", ...peers]);
	await second.answers();
	return second;
}

/** Waits until this candidate was slashed for one of these offences; the one it was. */
async function slashed(
	dpos: Dpos,
	{ name }: ChainNode,
	offences: readonly string[],
): Promise<string> {
	const look = async () => {
		const slashes = await dpos.slashesOf(accountOf(name).address);
		return slashes.find(({ kind }) => offences.includes(kind))?.kind;
	};
	return eventually(`${name} to be slashed for ${offences.join(" or ")}`, look, PATIENCE);
}

export const offenders: Scenario = {
	name: "offenders",
	what: "one validator runs twice, and another is silent, at the same time",
	needs: [],
	minutes: 4,
	spoils: true,
	provokes: ["Downtime", ...DOUBLE],
	async run(laboratory) {
		const { network, reporter, note } = laboratory;
		const [twin, silent] = [laboratory.node(TWIN), laboratory.node(SILENT)];
		await silent.stop();
		moveKeys(laboratory, silent, true);
		await network.restart(silent);
		const second = await duplicate(laboratory, twin);
		reporter.follow(second);
		const dpos = await laboratory.dpos();
		const [offence] = await Promise.all([
			slashed(dpos, twin, DOUBLE),
			slashed(dpos, silent, ["Downtime"]),
		]);
		note(`${twin.name} was slashed for ${offence}, ${silent.name} for Downtime`);
		const { finality } = reporter.pauses();
		assert.ok(finality <= MAX_PAUSE, `no finality for ${finality} s`);
		assert.equal((await dpos.conduct(accountOf(twin.name).address)).tombstoned, true);
		const mark = reporter.mark();
		await Promise.all([second.stop(), silent.stop()]);
		moveKeys(laboratory, silent, false);
		await network.restart(silent);
		return mark;
	},
};
