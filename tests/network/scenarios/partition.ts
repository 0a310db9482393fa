// The network falls into two halves, neither of which has the votes of more than two thirds.

import assert from "node:assert/strict";
import type { ChainNode } from "../../src/node.ts";
import { sleep } from "../../src/wait.ts";
import type { Laboratory } from "../laboratory.ts";
import type { Scenario } from "../scenario.ts";

const LENGTH_MS = 75_000;
/** Votes that were under way when the cable was cut may still finalise a block. */
const GRACE_MS = 12_000;
const LEFT = 9;
/** Blocks that a half must make meanwhile: it has about half of the turns. */
const MIN_BLOCKS = 5;

/** Demands that both halves made blocks, other ones, and that neither finalised anything. */
async function demandTwoBranches(
	{ reporter }: Laboratory,
	halves: readonly (readonly ChainNode[])[],
): Promise<void> {
	await sleep(GRACE_MS);
	const before = halves.map((half) => reporter.mark(half));
	await sleep(LENGTH_MS - GRACE_MS);
	const after = halves.map((half) => reporter.mark(half));
	for (const [place, { best, final }] of after.entries()) {
		const made = best - before[place]!.best;
		const half = `the half of ${halves[place]!.length}`;
		assert.equal(final, before[place]!.final, `${half} must not finalise`);
		assert.ok(made >= MIN_BLOCKS, `${half} made ${made} blocks`);
	}
	const heads = halves.map((half) => new Set(half.map((node) => reporter.headOf(node))));
	const common = [...heads[0]!].filter((hash) => heads[1]!.has(hash));
	assert.deepEqual(common, [], "the halves are on one branch");
}

export const partition: Scenario = {
	name: "partition",
	what: "the network falls into halves of 9 and 10, and heals",
	needs: ["namespaces"],
	minutes: 2,
	async run(laboratory) {
		const halves = [laboratory.nodes.slice(0, LEFT), laboratory.nodes.slice(LEFT)];
		laboratory.fabric.split(halves[1]!.map(({ name }) => name));
		await demandTwoBranches(laboratory, halves);
		laboratory.fabric.heal();
		return laboratory.reporter.mark();
	},
};
