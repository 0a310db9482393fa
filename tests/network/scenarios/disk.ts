// The disk of one validator fills up. Its node ends in order before the database comes to harm, does
// not start on a full disk, and goes on once there is room again.

import assert from "node:assert/strict";
import { join } from "node:path";
import type { ChainNode } from "../../src/node.ts";
import { eventually, sleep } from "../../src/wait.ts";
import type { Laboratory } from "../laboratory.ts";
import type { Scenario } from "../scenario.ts";

const VICTIM = 10;
/** Size of its disk in MiB, of which a node wants 1,024 to be free if nothing else is said. */
const DISK = 1_536;
/** What somebody else writes to that disk. */
const BALLAST = 640;
const PATIENCE = { timeoutMs: 60_000 };
const AWAY_MS = 15_000;

/** Puts the folder of a node that is down on a small disk. */
function moveToSmallDisk(laboratory: Laboratory, node: ChainNode): void {
	const { namespace } = laboratory.hostOf(node);
	const disk = join(node.dataFolder, "..", "small-disk");
	namespace.run("mkdir", disk);
	namespace.run("mount", "-t", "tmpfs", "-o", `size=${DISK}m`, "tmpfs", disk);
	namespace.run("cp", "-a", `${node.dataFolder}/.`, disk);
	namespace.run("mount", "--bind", disk, node.dataFolder);
}

/** Demands that the node ended, or ends, because the disk is full. */
async function demandEnd(node: ChainNode, since: number): Promise<void> {
	await eventually(`${node.name} to end`, () => !node.running, PATIENCE);
	const said = node.log().slice(since);
	assert.match(said, /Available space \d+MiB .* dropped below threshold: 1024MiB/);
}

export const fullDisk: Scenario = {
	name: "full-disk",
	what: "the disk of one validator fills up, and is freed",
	needs: ["namespaces", "mounts"],
	minutes: 1,
	async run(laboratory) {
		const { network, reporter } = laboratory;
		const node = laboratory.node(VICTIM);
		const { namespace } = laboratory.hostOf(node);
		await node.stop();
		moveToSmallDisk(laboratory, node);
		await network.restart(node);
		const ballast = join(node.dataFolder, "ballast");
		const since = node.log().length;
		namespace.run("fallocate", "--length", `${BALLAST}MiB`, ballast);
		await demandEnd(node, since);
		const again = node.log().length;
		node.start(network.bootnodes(node));
		await demandEnd(node, again);
		const before = reporter.mark();
		await sleep(AWAY_MS);
		assert.ok(reporter.mark().final > before.final, "the others must finalise");
		namespace.run("rm", ballast);
		const mark = reporter.mark();
		await network.restart(node);
		return mark;
	},
};
