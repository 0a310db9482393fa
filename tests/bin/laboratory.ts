// `npm run laboratory`: what 19 validators do when things break. Runs all scenarios or only those that
// are named, each on a calm network, prints a table, and writes `target/bench/laboratory.json`. Ends
// with 1 where one of them failed, with 2 where a name is unknown.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Laboratory } from "../network/laboratory.ts";
import { type Result, type Scenario, hindrance, runScenario } from "../network/scenario.ts";
import { scenarios } from "../network/scenarios/index.ts";
import { printTable } from "../src/bench.ts";
import { nodeBinary, repositoryRoot } from "../src/binary.ts";

const FILE = join(repositoryRoot, "target", "bench", "laboratory.json");
const HEADER = ["scenario", "outcome", "lost", "final lost", "blocks after", "finality after"];
const MORE = ["pause of blocks", "pause of finality", "took"];

/** The scenarios of these names, in the order of the list; all where none is named. */
function chosen(names: readonly string[]): Scenario[] {
	const known = scenarios.map(({ name }) => name);
	const unknown = names.filter((name) => !known.includes(name));
	if (unknown.length === 0) {
		return scenarios.filter(({ name }) => names.length === 0 || names.includes(name));
	}
	console.error(`error: no scenario ${unknown.join(", ")}; there are ${known.join(", ")}`);
	process.exit(2);
}

function list(): void {
	const rows = scenarios.map((scenario) => {
		const reason = hindrance(scenario);
		const here = reason === undefined ? "" : `skipped here: ${reason}`;
		return [scenario.name, `${scenario.minutes} min`, scenario.what, here];
	});
	printTable([["scenario", "takes", "what happens", ""], ...rows]);
}

function rowOf(result: Result): string[] {
	const { scenario, outcome, lostNonFinal, lostFinal, ...rest } = result;
	const seconds = (value?: number) => (value === undefined ? "-" : `${value.toFixed(1)} s`);
	const times = [rest.untilBlocks, rest.untilFinality, rest.pauseOfBlocks, rest.pauseOfFinality];
	const counts = [lostNonFinal, lostFinal].map((count) => String(count ?? "-"));
	return [scenario, outcome, ...counts, ...[...times, rest.seconds].map(seconds)];
}

/** Tells the table, and what else there is to say. */
function tell(results: readonly Result[]): void {
	console.log();
	printTable([[...HEADER, ...MORE], ...results.map(rowOf)]);
	for (const { scenario, reason, notes = [] } of results) {
		const lines = reason === undefined ? notes : [reason, ...notes];
		for (const line of lines) console.log(`${scenario}: ${line}`);
	}
	console.log(`written to ${FILE}`);
}

/** Notes all results so far: a run may be ended long before its last scenario. */
function write(results: readonly Result[]): void {
	mkdirSync(dirname(FILE), { recursive: true });
	writeFileSync(FILE, `${JSON.stringify(results, null, "\t")}\n`);
}

/** Runs scenarios one after the other, on a network that is used as long as it is good. */
async function runAll(todo: readonly Scenario[]): Promise<Result[]> {
	const results: Result[] = [];
	let laboratory: Laboratory | undefined;
	for (const scenario of todo) {
		const { name, what, spoils } = scenario;
		const reason = hindrance(scenario);
		if (reason !== undefined) {
			console.log(`${name}: skipped: ${reason}`);
			results.push({ scenario: name, outcome: "skipped", reason });
			continue;
		}
		if (!laboratory) console.log("starting 19 validators");
		laboratory ??= await Laboratory.start();
		console.log(`${name}: ${what}`);
		const result = await runScenario(laboratory, scenario);
		console.log(`${name}: ${result.outcome}${result.reason ? `: ${result.reason}` : ""}`);
		results.push(result);
		write(results);
		if (!spoils && result.outcome === "passed") continue;
		await laboratory.end();
		laboratory = undefined;
	}
	await laboratory?.end();
	return results;
}

async function main(): Promise<void> {
	const names = process.argv.slice(2);
	if (names.includes("--list")) return list();
	const todo = chosen(names);
	console.log(`laboratory: ${todo.map(({ name }) => name).join(", ")} with ${nodeBinary()}`);
	const results = await runAll(todo);
	write(results);
	tell(results);
	process.exitCode = results.some(({ outcome }) => outcome === "failed") ? 1 : 0;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
	process.on(signal, () => process.exit(130));
}
try {
	await main();
} catch (error) {
	console.error(`error: ${(error as Error).message}`);
	process.exitCode = 1;
}
process.exit();
