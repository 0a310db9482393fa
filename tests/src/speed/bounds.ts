// What bounds a figure: told by the node's own log, the gas of its blocks, and the processors.

import { cpus } from "node:os";
import { median } from "../bench.ts";
import type { Contender } from "./contender.ts";
import { type Run, fullest, overall } from "./load.ts";

/** A node that uses so much of what it can use is bound by it. */
const BUSY = 0.9;
const MILLION = 1e6;

/** How a node made a block, as its log says. */
interface Made {
	milliseconds: number;
	/** Why it took no more transactions. */
	end: string;
}

/** Reasons to end a block, as the log calls them, in words. */
const ENDS: Record<string, string> = {
	HitBlockWeightLimit: "the weight limit of blocks",
	HitBlockSizeLimit: "the size limit of blocks",
	HitDeadline: "the time for making a block",
	NoMoreTransactions: "what waited",
};

/** The blocks that a log tells of, by their numbers. */
export function madeBlocks(log: string): Map<number, Made> {
	const line = /Prepared block for proposing at (\d+) \((\d+) ms\).* end: (\w+)/g;
	const found = [...log.matchAll(line)];
	return new Map(
		found.map(([, number, milliseconds, end]) => [
			Number(number),
			{ milliseconds: Number(milliseconds), end: end! },
		]),
	);
}

/** How the blocks of a run that hold many transactions were made. */
function made(run: Run, { log }: Contender): Made[] {
	const all = madeBlocks(log?.() ?? "");
	const many = fullest(run).transactions / 2;
	const large = run.blocks.filter(({ transactions }) => transactions >= many);
	return large.flatMap(({ number }) => all.get(number) ?? []);
}

function tally(words: readonly string[]): [string, number][] {
	const counts = new Map<string, number>();
	for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
	return [...counts].sort(([, a], [, b]) => b - a);
}

/** What keeps a node from more where its blocks have room. */
function boundOutside(run: Run, processes: number, end: string | undefined): string {
	const { spent, sending, seconds } = run;
	const cores = cpus().length;
	if (spent.machine / seconds >= BUSY * cores) return "the processors, all of them busy";
	if (end === "HitDeadline") return ENDS[end]!;
	if (spent.node / seconds >= BUSY * Math.min(processes, cores)) return "the node's own time";
	return sending >= BUSY * seconds ? "how fast the pool takes transactions" : "the time of blocks";
}

function boundOf(run: Run, contender: Contender, blocks: readonly Made[]): string {
	const { gasUsed, gasLimit } = fullest(run);
	const [most] = tally(blocks.map(({ end }) => end));
	if (most?.[0].endsWith("Limit")) return ENDS[most[0]] ?? most[0];
	if (!most && gasUsed >= BUSY * gasLimit) return "the gas limit of blocks";
	return boundOutside(run, contender.pids.length, most?.[0]);
}

/** The usual time between the blocks of a run, in milliseconds. */
function spacing({ blocks }: Run): number {
	return median(blocks.slice(1).map(({ at }, index) => at - blocks[index]!.at));
}

function processors({ spent, seconds, transactions }: Run): string {
	if (Number.isNaN(spent.node)) return "processor time unknown here";
	const cores = (time: number) => (time / seconds).toFixed(1);
	const others = spent.machine - spent.node - spent.client;
	return (
		`${((1_000 * spent.node) / transactions).toFixed(2)} ms of processor a transaction; ` +
		`cores: node ${cores(spent.node)}, client ${cores(spent.client)}, others ${cores(others)}`
	);
}

/** How long blocks took, and what ended them. */
function making(blocks: readonly Made[]): string[] {
	if (blocks.length === 0) return [];
	const build = median(blocks.map(({ milliseconds }) => milliseconds));
	const ends = tally(blocks.map(({ end }) => ENDS[end] ?? end));
	const told = ends.map(([end, count]) => `${count} by ${end}`).join(", ");
	return [`made in ${build.toFixed(0)} ms, ended ${told}`];
}

/** A line that says what bounds a run, and what that is read from. */
export function bounds(run: Run, contender: Contender): string {
	const most = fullest(run);
	const blocks = made(run, contender);
	const gas = (amount: number) => (amount / MILLION).toFixed(1);
	return [
		`${run.what}, ${run.contender}: ${overall(run).toFixed(0)} a second, bound by ` +
			boundOf(run, contender, blocks),
		`fullest block ${most.transactions}, ${gas(most.gasUsed)} of ${gas(most.gasLimit)} million gas`,
		run.blocks.length > 1
			? `${run.blocks.length} blocks, ${(spacing(run) / 1_000).toFixed(2)} s apart`
			: "1 block",
		...making(blocks),
		...(run.full ? [`pool full ${run.full} times`] : []),
		...(run.late ? [`a new block not readable yet ${run.late} times`] : []),
		processors(run),
		run.load,
	].join("; ");
}
