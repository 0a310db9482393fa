// Three regions of the world, with long and lossy lines between them.

import assert from "node:assert/strict";
import { SLOT_MS } from "../../src/blocks.ts";
import { sleep } from "../../src/wait.ts";
import type { Scenario } from "../scenario.ts";
import { WideArea } from "../wide-area.ts";

const LENGTH_MS = 120_000;
const LINE = { delayMs: 200, loss: 0.05 };
const REGIONS = 3;
/** What connections may need to get used to it. */
const GRACE_MS = 20_000;
/** The part of turns that must bring a block, of which the last must be final. */
const MIN_BLOCKS = 0.6;
/** How far finality may be behind at the end. */
const MAX_LAG = 8;

export const regions: Scenario = {
	name: "regions",
	what: "200 ms each way and 5 % loss of packets between three regions",
	needs: ["namespaces", "wide area"],
	minutes: 3,
	async run(laboratory) {
		const { fabric, nodes, reporter } = laboratory;
		const hosts = nodes.map((node) => laboratory.hostOf(node));
		const split = Array.from({ length: REGIONS }, (_, region) =>
			hosts.filter((_, index) => index % REGIONS === region),
		);
		const area = await WideArea.lay(fabric, split, LINE);
		await sleep(GRACE_MS);
		const before = reporter.mark();
		await sleep(LENGTH_MS - GRACE_MS);
		const after = reporter.mark();
		await area.remove();
		const turns = (LENGTH_MS - GRACE_MS) / SLOT_MS;
		const made = after.best - before.best;
		const { packets, dropped } = area.traffic;
		const final = after.final - before.final;
		laboratory.note(`${made} blocks and ${final} final ones in ${turns.toFixed(0)} turns`);
		laboratory.note(`${packets} packets between regions, ${dropped} of them lost`);
		assert.ok(packets > 1_000 && dropped > 0, `${packets} packets took the lines`);
		assert.ok(made >= MIN_BLOCKS * turns, `${made} blocks in ${turns} turns`);
		const lag = after.best - after.final;
		assert.ok(lag <= MAX_LAG, `finality is ${lag} blocks behind`);
		return reporter.mark();
	},
};
