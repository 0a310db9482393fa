// What a node costs its operator: import of blocks, growth of the database, memory and processor.

import { lstatSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Measurement, measured, median } from "../bench.ts";
import { output } from "../binary.ts";
import { memoryOf } from "../node.ts";
import type { Contender } from "../speed/contender.ts";
import type { Stored } from "../speed/ours.ts";
import { between, spent } from "../speed/processor.ts";
import { sleep } from "../wait.ts";

const MEBIBYTE = 1024 * 1024;
const GIBIBYTE = 1024 * MEBIBYTE;
const MINUTE = 60_000;
/** How long a network is watched that has nothing to do. */
const REST = MINUTE;

/** Bytes of disk that a folder takes, holes in files not counted. */
function size(folder: string): number {
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.map((name) => lstatSync(join(folder, name)))
		.reduce((sum, { blocks }) => sum + 512 * blocks, 0);
}

/** Imports a file of blocks into a new database; seconds and bytes that it took. */
async function importOnce(
	chain: string,
	blocks: string,
	folder: string,
	pruning: string,
): Promise<{ seconds: number; bytes: number }> {
	const start = performance.now();
	await output(
		[
			...["import-blocks", `--chain=${chain}`, `--base-path=${folder}`, "--binary"],
			...[`--state-pruning=${pruning}`, blocks],
		],
		{ timeoutMs: 30 * MINUTE },
	);
	const seconds = (performance.now() - start) / 1_000;
	const bytes = size(folder);
	rmSync(folder, { recursive: true });
	return { seconds, bytes };
}

/** Imports a chain twice: as a node does that keeps 256 states, and as an archive. */
export async function imports(
	{ chain, folder, blocks, transactions }: Stored,
	scratch: string,
): Promise<Measurement[]> {
	const [file, none] = [join(scratch, "blocks.bin"), join(scratch, "none.bin")];
	// A binary export begins with the number of its blocks, in eight bytes.
	writeFileSync(none, Buffer.alloc(8));
	const source = [`--chain=${chain}`, `--base-path=${folder}`];
	await output(["export-blocks", ...source, "--binary", file], { timeoutMs: 10 * MINUTE });
	const rows: Measurement[] = [];
	for (const [kind, pruning] of [["256 states", "256"], ["archive", "archive"]] as const) {
		const genesis = await importOnce(chain, none, join(scratch, kind), pruning);
		const all = await importOnce(chain, file, join(scratch, kind), pruning);
		// The start of the node is in both.
		const seconds = all.seconds - genesis.seconds;
		const million = (1e6 * (all.bytes - genesis.bytes)) / transactions / GIBIBYTE;
		rows.push(
			measured(`import, ${kind}: transactions`, transactions / seconds, "a second"),
			measured(`import, ${kind}: blocks`, blocks / seconds, "a second"),
			measured(`database, ${kind}: a million transactions`, million, "GiB"),
		);
	}
	return rows;
}

/** What each node of a chain uses in a minute in which nobody asks it anything. */
export async function atRest({ name, pids }: Contender): Promise<Measurement[]> {
	const before = spent(pids);
	await sleep(REST);
	const cores = (1_000 * between(before, spent(pids)).node) / REST / pids.length;
	return [
		measured(`${name} at rest: processor of a node`, 100 * cores, "% of a core"),
		measured(`${name} at rest: memory of a node`, resident(pids), "MiB"),
	];
}

/** The memory of the process in the middle, in MiB. */
export function resident(pids: readonly number[]): number {
	return median(pids.map((pid) => memoryOf(pid) / MEBIBYTE));
}
