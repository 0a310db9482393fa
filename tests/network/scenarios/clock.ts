// Two validators whose clocks are wrong: one is ahead, one behind.

import assert from "node:assert/strict";
import { SLOT_MS } from "../../src/blocks.ts";
import { sleep } from "../../src/wait.ts";
import { withClock } from "../needs.ts";
import type { Scenario } from "../scenario.ts";

const AHEAD = 5;
const BEHIND = 6;
/** By how many seconds they are wrong: ten turns and more. */
const SHIFT = 45;
const LENGTH_MS = 90_000;
/** The part of turns that must bring a block that all see: two of 19 make none. */
const MIN_BLOCKS = 0.6;

export const wrongClock: Scenario = {
	name: "wrong-clock",
	what: `the clock of one validator is ${SHIFT} s ahead, that of another ${SHIFT} s behind`,
	needs: ["clock"],
	minutes: 2,
	// They miss their turns: where that makes three, jail is right.
	spoils: true,
	provokes: ["Downtime"],
	async run({ network, nodes, reporter, note }) {
		const [ahead, behind] = [nodes[AHEAD]!, nodes[BEHIND]!];
		const others = nodes.filter((node) => node !== ahead && node !== behind);
		await Promise.all([ahead.stop(), behind.stop()]);
		await Promise.all([
			network.restart(ahead, withClock(SHIFT)),
			network.restart(behind, withClock(-SHIFT)),
		]);
		const before = reporter.mark(others);
		await sleep(LENGTH_MS);
		const after = reporter.mark(others);
		for (const node of [ahead, behind]) {
			const { best, final } = reporter.mark([node]);
			note(`${node.name} is at #${best}, final #${final}; the others at #${after.best}`);
		}
		const turns = LENGTH_MS / SLOT_MS;
		const [made, final] = [after.best - before.best, after.final - before.final];
		assert.ok(made >= MIN_BLOCKS * turns, `${made} blocks in ${turns} turns`);
		assert.ok(final >= MIN_BLOCKS * turns, `${final} final blocks in ${turns} turns`);
		await Promise.all([ahead.stop(), behind.stop()]);
		const mark = reporter.mark(others);
		await Promise.all([network.restart(ahead), network.restart(behind)]);
		return mark;
	},
};
