// Measurements: a table for people, a file for machines.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./binary.ts";

/** One measured value. */
export interface Measurement {
	name: string;
	value: number;
	unit: string;
	/** What it is compared with, in the same unit. */
	baseline: number | null;
	/** Whose that value is, where it is somebody's. */
	against: string | null;
	/** `value / baseline`. */
	ratio: number | null;
	/** What is wanted, for instance `<= 3`. */
	goal: string | null;
	/** Whether the goal is met; true where there is none. */
	holds: boolean;
}

/** What a value is compared with. */
type Comparison = Pick<Measurement, "baseline" | "against" | "goal">;

/** Comparisons that a goal may use. */
const COMPARISONS: Record<string, (value: number, limit: number) => boolean> = {
	"<=": (value, limit) => value <= limit,
	">=": (value, limit) => value >= limit,
};

function reaches(value: number, goal: string): boolean {
	const [comparison = "", limit = ""] = goal.split(" ");
	const compare = COMPARISONS[comparison];
	if (!compare) throw new Error(`goal ${goal} is not understood`);
	return compare(value, Number(limit));
}

/** A measurement with its ratio and its verdict. */
export function measured(
	name: string,
	value: number,
	unit: string,
	{ baseline = null, against = null, goal = null }: Partial<Comparison> = {},
): Measurement {
	const holds = goal === null || reaches(value, goal);
	const compared = {
		baseline: baseline === null ? null : rounded(baseline),
		against,
		ratio: baseline === null ? null : rounded(value / baseline),
	};
	return { name, value: rounded(value), unit, ...compared, goal, holds };
}

function rounded(value: number): number {
	return Number(value.toFixed(3));
}

/** The middle value; the mean of the middle two where their number is even. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length / 2;
	if (sorted.length === 0) return Number.NaN;
	if (sorted.length % 2 === 1) return sorted[Math.floor(middle)];
	return (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Prints the table and writes `target/bench/<suite>.json`. */
export function report(suite: string, measurements: readonly Measurement[]): void {
	const header = ["measurement", "value", "unit", "baseline", "of", "ratio", "goal", "holds"];
	const rows = measurements.map(({ name, value, unit, holds, ...rest }) => {
		const { baseline, against, ratio, goal } = rest;
		const compared = [baseline, against, ratio, goal].map((cell) => cell ?? "-");
		return [name, value, unit, ...compared, holds ? "yes" : "NO"].map(String);
	});
	printTable([header, ...rows]);
	const folder = join(repositoryRoot, "target", "bench");
	mkdirSync(folder, { recursive: true });
	const path = join(folder, `${suite}.json`);
	writeFileSync(path, `${JSON.stringify(measurements, null, "\t")}\n`);
	console.log(`written to ${path}`);
}

/** Prints rows with their columns in line. */
export function printTable(rows: readonly string[][]): void {
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	for (const row of rows) {
		console.log(row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd());
	}
}
