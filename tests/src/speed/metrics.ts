// Times that a node tells through Prometheus.

import { eventually } from "../wait.ts";

/** A histogram: how often something was measured, and the seconds of all of it. */
interface Histogram {
	count: number;
	seconds: number;
}

async function histogram(port: number, name: string): Promise<Histogram> {
	const response = await fetch(`http://127.0.0.1:${port}/metrics`);
	const text = await response.text();
	const value = (part: string): number => {
		const line = new RegExp(`^${name}_${part}(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(text);
		if (!line) throw new Error(`no metric ${name}_${part}`);
		return Number(line[1]);
	};
	return { count: value("count"), seconds: value("sum") };
}

/** What a histogram took up between two moments. */
export class Stopwatch {
	private constructor(
		private readonly port: number,
		private readonly name: string,
		private before: Histogram,
	) {}

	/** Starts to measure. */
	static async start(port: number, name: string): Promise<Stopwatch> {
		return new Stopwatch(port, name, await histogram(port, name));
	}

	/** Waits until something was measured; its number, and milliseconds in all. Starts again. */
	async lap(atLeast: number): Promise<{ count: number; milliseconds: number }> {
		const look = async () => {
			const after = await histogram(this.port, this.name);
			return after.count - this.before.count >= atLeast && after;
		};
		const after = await eventually(`${atLeast} measurements of ${this.name}`, look);
		const { count, seconds } = this.before;
		this.before = after;
		return { count: after.count - count, milliseconds: 1_000 * (after.seconds - seconds) };
	}
}
