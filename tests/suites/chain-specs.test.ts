// The files in chain-specs/ are what the node's presets give.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { repositoryRoot } from "../src/binary.ts";
import { exportSpec } from "../src/chain-spec.ts";

const folder = join(repositoryRoot, "chain-specs");
const files = existsSync(folder)
	? readdirSync(folder).filter((name) => name.endsWith(".json"))
	: [];

/** Where a raw and a plain spec keep the runtime; contracts of the genesis are shorter. */
const CODE = /("0x3a636f6465"|"code"): "0x[0-9a-f]{100000,}"/g;

/**
 * A spec without its runtime: the same source gives other bytes with another build of the standard
 * library, and everything that the runtime makes of a preset is compared anyway.
 */
function withoutRuntime(text: string): unknown {
	let runtimes = 0;
	const bare = text.replace(CODE, (_, key: string) => {
		runtimes += 1;
		return `${key}: "the runtime"`;
	});
	assert.equal(runtimes, 1, "a spec carries one runtime");
	return JSON.parse(bare);
}

/** File names of the specs: a preset's name on the command line, and whether it is raw. */
const SPEC = /^(?:cybermiles[-_])?(dev|local|staging)[a-z]*(-raw|\.raw)?\.json$/;

describe("chain-specs/", () => {
	it("holds a plain and a raw spec of each preset", () => {
		for (const preset of ["dev", "local", "staging"]) {
			for (const raw of [false, true]) {
				const found = files.some((name) => {
					const [, ofPreset, suffix] = SPEC.exec(name) ?? [];
					return ofPreset === preset && (suffix !== undefined) === raw;
				});
				assert.ok(found, `no ${raw ? "raw" : "plain"} spec of ${preset}`);
			}
		}
	});

	for (const name of files) {
		it(`${name} equals what the preset gives`, async () => {
			const [, preset, suffix] = SPEC.exec(name) ?? [];
			assert.ok(preset, `${name} is named after no preset`);
			const text = await exportSpec(preset, suffix !== undefined);
			const committed = readFileSync(join(folder, name), "utf8");
			assert.deepEqual(withoutRuntime(committed), withoutRuntime(text));
		});
	}
});
