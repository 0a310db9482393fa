// From what was seen to the rows of the table.

import { type Measurement, measured } from "../bench.ts";
import { type Run, fullest, overall, steady } from "./load.ts";
import { type Comparison, FLOOR, type Latency } from "./reads.ts";

/** ERC-20 transfers a second that Frontier's template is reported to reach. */
const GOAL = ">= 340";
/** A read may take so many times as long as anvil's, which stands first. */
const TIMES = 2;

/** A value beside that of each rival, in a row of its own; the goal stands in the first. */
function beside(
	name: string,
	value: number,
	unit: string,
	rivals: readonly (readonly [string, number])[],
	goal: string | null,
): Measurement[] {
	if (rivals.length === 0) return [measured(name, value, unit, { goal })];
	return rivals.map(([against, baseline], index) =>
		measured(name, value, unit, { baseline, against, goal: index === 0 ? goal : null }),
	);
}

/** The rows of one run; `others` are those of the rivals. */
export function rowsOf(run: Run, others: readonly Run[], goal: boolean): Measurement[] {
	const name = `${run.what}, ${run.contender}`;
	const same = others.filter(({ what }) => what === run.what);
	// A rival whose blocks take thousands has too few of them for every figure.
	const rivals = (figure: (run: Run) => number) =>
		same
			.map((other) => [other.contender, figure(other)] as const)
			.filter(([, value]) => !Number.isNaN(value));
	const pool = (it: Run): number => it.sent / it.sending;
	return [
		...beside(`${name}: in blocks`, overall(run), "a second", rivals(overall), goal ? GOAL : null),
		...beside(`${name}: steady`, steady(run), "a second", rivals(steady), null),
		...beside(`${name}: into the pool`, pool(run), "a second", rivals(pool), null),
		measured(`${name}: fullest block`, fullest(run).transactions, "transactions"),
		measured(`${name}: lost`, run.sent - run.transactions, "transactions", { goal: "<= 0" }),
	];
}

/** The rows of one question, of the node beside each of the rivals. */
export function latencyRows(comparison: Comparison): Measurement[] {
	const { method, clients, latencies } = comparison;
	const [[, own], ...others] = [...latencies] as [[string, Latency], ...[string, Latency][]];
	const name = `${method}, ${clients} client${clients > 1 ? "s" : ""}`;
	const rivals = (figure: "median" | "most") =>
		others.map(([rival, latency]) => [rival, latency[figure]] as const);
	const anvil = latencies.get("anvil");
	const goal = anvil && method !== FLOOR ? `<= ${(TIMES * anvil.median).toFixed(3)}` : null;
	return [
		...beside(`${name}, median`, own.median, "ms", rivals("median"), goal),
		...beside(`${name}, 99 %`, own.most, "ms", rivals("most"), null),
	];
}
