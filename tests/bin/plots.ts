// `make plots`: runs the network of 19 validators for some minutes (MINUTES, at least 5; default 8)
// under a Prometheus, and draws what the rows of the main dashboard show, by its own queries, into
// docs/images/monitoring-*.svg. In the middle one validator is away for three minutes.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../src/binary.ts";
import { panels, pictureName } from "../src/monitoring/files.ts";
import { WatchedNetwork } from "../src/monitoring/network.ts";
import { type Question, type Span, picture } from "../src/monitoring/plot.ts";
import { Visitor } from "../src/monitoring/visitor.ts";
import { sleep } from "../src/wait.ts";

const MINUTES = Number(process.env["MINUTES"] ?? 8);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const AWAY_MINUTES = 3;
/** Seconds between two points of a line. */
const STEP = 10;

const folder = join(repositoryRoot, "docs", "images");

/** Visitors come until the time is up; whatever they cannot do is told and does not stop the run. */
async function use(watched: WatchedNetwork, until: number): Promise<void> {
	const visitor = new Visitor(watched.network);
	const complain = (error: Error) => console.log(`a visitor: ${error.message}`);
	await visitor.propose().catch(complain);
	while (Date.now() < until) {
		await visitor.visit().catch(complain);
		await sleep(SECOND);
	}
}

/** The last validator goes away and comes back. */
async function stayAway(watched: WatchedNetwork): Promise<void> {
	const node = watched.network.nodes.at(-1)!;
	await sleep(2 * MINUTE);
	await node.stop();
	console.log(`${node.name} is away`);
	await sleep(AWAY_MINUTES * MINUTE);
	await watched.network.restart(node);
	console.log(`${node.name} is back`);
}

/** The panels by the row that they stand in. */
function rows(): Map<string, Question[]> {
	const found = new Map<string, Question[]>();
	for (const { row, panel } of panels()) {
		found.set(row, [...(found.get(row) ?? []), panel]);
	}
	return found;
}

async function draw(watched: WatchedNetwork, span: Span): Promise<void> {
	mkdirSync(folder, { recursive: true });
	for (const [row, questions] of rows()) {
		const name = pictureName(row);
		writeFileSync(join(folder, name), await picture(watched.prometheus, questions, span));
		console.log(`docs/images/${name}: ${questions.length} panels`);
	}
}

async function main(): Promise<void> {
	if (!(MINUTES >= 5)) throw new Error("MINUTES must be a number and at least 5");
	console.log("starting 19 validators");
	const watched = await WatchedNetwork.start({ every: 5 });
	const began = Date.now();
	console.log(`watching them for ${MINUTES} minutes`);
	await Promise.all([use(watched, began + MINUTES * MINUTE), stayAway(watched)]);
	const [start, end] = [began, Date.now()].map((time) => Math.floor(time / SECOND));
	await draw(watched, { start: start!, end: end!, step: STEP });
	await watched.discard();
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
	process.on(signal, () => process.exit(130));
}
await main();
process.exit();
