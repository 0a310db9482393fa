// `make test-long`, `make bench`: 19 validators for ten minutes (MINUTES to change it) with nobody
// failing. How far is finality behind, how many slots are missed, how much memory is used?

import { BlockFeed, type Block, blocksOf } from "../src/blocks.ts";
import { type Measurement, measured, median, report } from "../src/bench.ts";
import { temporaryFolder } from "../src/janitor.ts";
import { Network, SEATS } from "../src/network.ts";
import { sleep } from "../src/wait.ts";

const MINUTES = Number(process.env["MINUTES"] ?? 10);
const MEBIBYTE = 1024 * 1024;

/** What was seen while the network ran. */
interface Observation {
	/** Finality lag at the moment when each block was first seen, in blocks. */
	lags: number[];
	/** Resident memory of each node at the end, in MiB. */
	memory: number[];
	/** The chain from the first block seen to the last. */
	blocks: Block[];
}

async function observe(network: Network): Promise<Observation> {
	const port = network.nodes[0].ports.rpc;
	const seen: Block[] = [];
	const feed = await new BlockFeed(() => port, (block) => void seen.push(block)).start();
	for (let minute = 1; minute <= MINUTES; minute++) {
		await sleep(60_000);
		const lag = Math.max(...seen.map(({ number, finalized }) => number - finalized));
		console.log(`minute ${minute}: ${seen.length} blocks, finality lag at most ${lag}`);
	}
	await feed.stop();
	return {
		lags: seen.map(({ number, finalized }) => number - finalized),
		memory: network.nodes.map((node) => node.memory() / MEBIBYTE),
		blocks: await blocksOf(port, seen[0].number, seen[seen.length - 1].number),
	};
}

/** The most different authors in any stretch of 19 consecutive slots that holds 19 blocks. */
function mostAuthorsInTurn(blocks: readonly Block[]): number {
	const counts = blocks.map((first, index) => {
		const turn = blocks.slice(index, index + SEATS);
		const whole = turn.length === SEATS && turn[SEATS - 1].slot - first.slot === SEATS - 1;
		return whole ? new Set(turn.map(({ author }) => author)).size : 0;
	});
	return Math.max(...counts);
}

function measurements({ lags, memory, blocks }: Observation): Measurement[] {
	const slots = blocks[blocks.length - 1].slot - blocks[0].slot + 1;
	const total = memory.reduce((sum, value) => sum + value, 0);
	return [
		measured("finality lag, least", Math.min(...lags), "blocks"),
		measured("finality lag, median", median(lags), "blocks"),
		measured("finality lag, most", Math.max(...lags), "blocks", { goal: "<= 3" }),
		measured("blocks made", blocks.length, "blocks", { baseline: slots }),
		measured("slots missed", slots - blocks.length, "slots"),
		measured("authors in 19 consecutive slots", mostAuthorsInTurn(blocks), "authors", {
			baseline: SEATS,
			goal: `>= ${SEATS}`,
		}),
		measured("memory of a node, least", Math.min(...memory), "MiB"),
		measured("memory of a node, median", median(memory), "MiB"),
		measured("memory of a node, most", Math.max(...memory), "MiB"),
		measured("memory of all nodes", total, "MiB"),
	];
}

async function main(): Promise<void> {
	const network = await Network.prepare({ folder: temporaryFolder("lag") });
	console.log(`starting ${network.nodes.length} validators`);
	await network.start();
	// The nodes' start is not what is measured: one session passes first.
	await network.finalises(20);
	console.log(`observing them for ${MINUTES} minutes`);
	const results = measurements(await observe(network));
	await network.discard();
	report("network", results);
	if (results.some(({ holds }) => !holds)) process.exitCode = 1;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
	process.on(signal, () => process.exit(130));
}
await main();
process.exit();
