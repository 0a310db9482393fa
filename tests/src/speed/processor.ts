// Time of the processors, as Linux counts it. Elsewhere nothing is known and nothing is said.

import { existsSync, readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";

/** In which `/proc` counts. */
const TICKS_A_SECOND = 100;
const GIBIBYTE = 1024 ** 3;

/** Seconds of processor time since some moment in the past. */
export interface Spent {
	/** The nodes'. */
	node: number;
	/** This process's. */
	client: number;
	/** Everybody's. */
	machine: number;
}

/** User and system time of a process. */
function ofProcess(pid: number): number {
	const path = `/proc/${pid}/stat`;
	if (!existsSync(path)) return Number.NaN;
	const text = readFileSync(path, "utf8");
	// The name of the program, in brackets, may hold spaces: counted from behind it.
	const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
	return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

/** All time in which a processor did not wait. */
function ofMachine(): number {
	if (!existsSync("/proc/stat")) return Number.NaN;
	const [first = ""] = readFileSync("/proc/stat", "utf8").split("\n");
	const [user, nice, system, , , irq, softirq] = first.split(/\s+/).slice(1).map(Number);
	const busy = [user, nice, system, irq, softirq].reduce<number>((sum, it) => sum + it!, 0);
	return busy / TICKS_A_SECOND;
}

/** What was spent until now. */
export function spent(pids: readonly number[]): Spent {
	const { user, system } = process.cpuUsage();
	return {
		node: pids.reduce((sum, pid) => sum + ofProcess(pid), 0),
		client: (user + system) / 1e6,
		machine: ofMachine(),
	};
}

/** What was spent between two moments. */
export function between(before: Spent, after: Spent): Spent {
	return {
		node: after.node - before.node,
		client: after.client - before.client,
		machine: after.machine - before.machine,
	};
}

/** The machine in a few words, and how busy it is. */
export function machine(): string {
	const [first] = cpus();
	const memory = Math.round(totalmem() / GIBIBYTE);
	return `${cpus().length} cores of ${first?.model.trim()}, ${memory} GiB, ${load()}`;
}

/** Load average of the last minute. */
export function load(): string {
	return `load ${loadavg()[0]?.toFixed(1)}`;
}
