// The shorter scenarios of the network laboratory, on one network of 19 validators. Takes about two
// minutes; `npm run laboratory` runs all of them.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Laboratory } from "../network/laboratory.ts";
import { type Scenario, hindrance, runScenario } from "../network/scenario.ts";
import { invalidExtrinsics } from "../network/scenarios/invalid-extrinsics.ts";
import { junkPeers } from "../network/scenarios/junk-peers.ts";
import { powerCut } from "../network/scenarios/restarts.ts";

const short: readonly Scenario[] = [junkPeers, invalidExtrinsics, powerCut];

let laboratory: Laboratory;

before(async () => {
	laboratory = await Laboratory.start();
});
after(() => laboratory?.end());

describe("19 validators lose nothing that was final", () => {
	for (const scenario of short) {
		it(scenario.what, { skip: hindrance(scenario) ?? false }, async (test) => {
			const result = await runScenario(laboratory, scenario);
			const { outcome, reason, notes = [], ...measures } = result;
			for (const line of notes) test.diagnostic(line);
			test.diagnostic(JSON.stringify(measures));
			assert.equal(outcome, "passed", reason);
			assert.equal(measures.lostFinal, 0);
		});
	}
});
