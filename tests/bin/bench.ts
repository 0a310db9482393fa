// `make bench`: every benchmark, or only the suites that are named. Each prints a table and writes
// `target/bench/<suite>.json`. Ends with 1 where a goal is missed.
//
// A suite is one of those below or a bench target of a crate (`harness = false`), which prints one
// line of JSON per measurement: {"name", "value", "unit", "baseline"?, "goal"?}, with goals such as
// "<= 3" for the value.

import { execFileSync, spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { type Measurement, measured, report } from "../src/bench.ts";
import { nodeBinary, repositoryRoot } from "../src/binary.ts";

const KIBIBYTE = 1024;
/** What a runtime upgrade may weigh, in KiB. */
const WASM_GOAL = 2048;

type Suite = () => boolean;

interface Target {
	name: string;
	kind: string[];
}

interface Package {
	id: string;
	name: string;
	targets: Target[];
}

/** Reports what was measured; false where a goal is missed. */
function finish(suite: string, results: readonly Measurement[]): boolean {
	report(suite, results);
	return results.every(({ holds }) => holds);
}

function kibibytes(path: string): number {
	return statSync(path).size / KIBIBYTE;
}

/** How large are the things that are shipped? */
function size(): boolean {
	const folder = join(nodeBinary(), "..", "wbuild", "cybermiles-runtime");
	const runtime = (ending: string) => kibibytes(join(folder, `cybermiles_runtime.${ending}`));
	const plain = runtime("compact.wasm");
	return finish("size", [
		measured("runtime, compressed", runtime("compact.compressed.wasm"), "KiB", {
			baseline: plain,
			goal: `<= ${WASM_GOAL}`,
		}),
		measured("runtime", plain, "KiB"),
		measured("node", kibibytes(nodeBinary()), "KiB"),
	]);
}

/** A script of this folder that reports by itself. */
function script(name: string): boolean {
	const args = ["--import", "tsx", `bin/${name}.ts`];
	const { status } = spawnSync(process.execPath, args, {
		cwd: join(repositoryRoot, "tests"),
		stdio: "inherit",
	});
	return status === 0;
}

function cargo(...args: string[]): string {
	return execFileSync("cargo", args, {
		cwd: repositoryRoot,
		encoding: "utf8",
		maxBuffer: 1 << 28,
		stdio: ["ignore", "pipe", "inherit"],
	});
}

/** Runs a bench target of a crate and reads its lines. */
function crateSuite(crate: string, bench: string): boolean {
	const text = cargo("bench", "--locked", "--package", crate, "--bench", bench);
	const lines = text.split("\n").filter((line) => line.startsWith("{"));
	const results = lines.map((line) => {
		const { name, value, unit, baseline, goal } = JSON.parse(line) as Measurement;
		return measured(name, value, unit, { baseline, goal });
	});
	return finish(bench, results);
}

function crateSuites(): [string, Suite][] {
	const text = cargo("metadata", "--locked", "--no-deps", "--format-version=1");
	const { packages } = JSON.parse(text) as { packages: Package[] };
	return packages.flatMap(({ name: crate, targets }) =>
		targets
			.filter(({ kind }) => kind.includes("bench"))
			.map(({ name }): [string, Suite] => [name, () => crateSuite(crate, name)]),
	);
}

const suites = new Map<string, Suite>([
	["size", size],
	...crateSuites(),
	["ethereum", () => script("ethereum-speed")],
	["load", () => script("load")],
	// 19 validators for ten minutes.
	["network", () => script("lag")],
]);
const named = process.argv.slice(2);
const unknown = named.filter((name) => !suites.has(name));
if (unknown.length > 0) {
	console.error(`error: no suite ${unknown.join(", ")}; there are ${[...suites.keys()].join(", ")}`);
	process.exit(2);
}

/** Runs a suite; false where a goal is missed or nothing could be measured. */
function holds(name: string): boolean {
	console.log(`\nbench: ${name}`);
	try {
		return suites.get(name)?.() ?? false;
	} catch (error) {
		console.error(`error: ${(error as Error).message}`);
		return false;
	}
}

const chosen = named.length > 0 ? named : [...suites.keys()];
const failed = chosen.filter((name) => !holds(name));
if (failed.length > 0) {
	console.error(`error: without its goal: ${failed.join(", ")}`);
	process.exitCode = 1;
}
