// Nodes end, in order or not, and come back with what they have on disk.

import assert from "node:assert/strict";
import type { ChainNode } from "../../src/node.ts";
import { rpc } from "../../src/rpc.ts";
import { eventually } from "../../src/wait.ts";
import type { Laboratory } from "../laboratory.ts";
import type { Scenario } from "../scenario.ts";

const MINUTE = 60_000;
/** The longest that finality may stand still, in seconds, while one of 19 is away. */
const MAX_PAUSE = 30;

/** Waits until a node that came back is as far as the others. */
async function catchesUp({ reporter }: Laboratory, node: ChainNode): Promise<void> {
	const { final } = reporter.mark();
	const look = () => reporter.mark([node]).final >= final;
	await eventually(`${node.name} to finalise #${final}`, look, { timeoutMs: 3 * MINUTE });
}

export const rolling: Scenario = {
	name: "rolling-restart",
	what: "all 19 validators are stopped and started, one after the other",
	needs: [],
	minutes: 5,
	async run(laboratory) {
		const { network, reporter } = laboratory;
		const { forgetful } = reporter;
		for (const node of network.nodes) {
			const code = await node.stop();
			assert.equal(code, 0, `${node.name} ended with ${code}`);
			await network.restart(node);
			await catchesUp(laboratory, node);
		}
		assert.equal(reporter.forgetful, forgetful, "a node that ended in order has lost finality");
		const { blocks, finality } = reporter.pauses();
		assert.ok(blocks <= MAX_PAUSE, `no block for ${blocks} s`);
		assert.ok(finality <= MAX_PAUSE, `no finality for ${finality} s`);
		return reporter.mark();
	},
};

export const powerCut: Scenario = {
	name: "kill-all",
	what: "kill -9 of every node at once, and a restart of all",
	needs: [],
	minutes: 1,
	async run({ network, reporter }) {
		await Promise.all(network.nodes.map((node) => node.kill()));
		for (const { name, ports } of network.nodes) {
			await assert.rejects(rpc(ports.rpc, "system_health"), `${name} answers yet`);
		}
		const mark = reporter.mark();
		await network.start();
		return mark;
	},
};
