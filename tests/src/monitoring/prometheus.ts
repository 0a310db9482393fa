// A Prometheus with the configuration of docker/monitoring, which reads nodes of this machine.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { guardProcess } from "../janitor.ts";
import { freePort } from "../ports.ts";
import { eventually } from "../wait.ts";
import { monitoringFolder } from "./files.ts";
import { type MonitoringTool, monitoringTool } from "./tools.ts";

/** Targets of one port each, with labels. */
export interface TargetGroup {
	targets: string[];
	labels?: Record<string, string>;
}

/** How it is started. */
export interface PrometheusOptions {
	folder: string;
	nodes: TargetGroup[];
	machines: TargetGroup[];
	/** Seconds between two readings. */
	every: number;
}

/** The latest value of a series. */
export interface Sample {
	metric: Record<string, string>;
	value: [time: number, value: string];
}

/** The values of a series over a time. */
export interface Series {
	metric: Record<string, string>;
	values: [time: number, value: string][];
}

/** A rule as Prometheus judges it. */
export interface JudgedRule {
	name: string;
	type: "alerting" | "recording";
	/** Of an alert. */
	state?: "inactive" | "pending" | "firing";
	health: "ok" | "err" | "unknown";
	lastError?: string;
}

interface Answer<T> {
	status: "success" | "error";
	error?: string;
	data: T;
}

/** Runs one of the programs until the harness ends, or until it is told to. */
function daemon(tool: MonitoringTool, args: readonly string[], log: string): ChildProcess {
	const file = openSync(log, "a");
	const child = spawn(monitoringTool(tool), args, { stdio: ["ignore", file, file] });
	closeSync(file);
	guardProcess(child);
	return child;
}

/** The configuration of docker/monitoring in `folder`, with other targets and a quicker beat. */
function configure({ folder, nodes, machines, every }: PrometheusOptions): string {
	const text = readFileSync(join(monitoringFolder, "prometheus.yml"), "utf8");
	const config = parse(text) as { global: Record<string, string> };
	config.global["scrape_interval"] = config.global["evaluation_interval"] = `${every}s`;
	mkdirSync(join(folder, "targets"), { recursive: true });
	symlinkSync(join(monitoringFolder, "rules"), join(folder, "rules"));
	writeFileSync(join(folder, "targets", "nodes.yml"), stringify(nodes));
	writeFileSync(join(folder, "targets", "machines.yml"), stringify(machines));
	const path = join(folder, "prometheus.yml");
	writeFileSync(path, stringify(config));
	return path;
}

/** A node_exporter of this machine. */
export class NodeExporter {
	private constructor(
		private readonly child: ChildProcess,
		readonly port: number,
	) {}

	static async start(folder: string): Promise<NodeExporter> {
		const port = await freePort();
		const args = [`--web.listen-address=127.0.0.1:${port}`];
		const log = join(folder, "node-exporter.log");
		return new NodeExporter(daemon("prometheus-node-exporter", args, log), port);
	}

	stop(): void {
		this.child.kill("SIGTERM");
	}
}

/** A running Prometheus. */
export class Prometheus {
	private constructor(
		private readonly child: ChildProcess,
		readonly url: string,
	) {}

	/** Starts one and waits until it answers. */
	static async start(options: PrometheusOptions): Promise<Prometheus> {
		mkdirSync(options.folder, { recursive: true });
		const port = await freePort();
		const args = [
			`--config.file=${configure(options)}`,
			`--storage.tsdb.path=${join(options.folder, "data")}`,
			`--web.listen-address=127.0.0.1:${port}`,
		];
		const log = join(options.folder, "prometheus.log");
		const child = daemon("prometheus", args, log);
		const prometheus = new Prometheus(child, `http://127.0.0.1:${port}`);
		const ready = async () => (await fetch(`${prometheus.url}/-/ready`)).ok;
		const unless = () => {
			if (child.exitCode !== null) throw new Error(readFileSync(log, "utf8").slice(-2_000));
		};
		await eventually("Prometheus to be ready", ready, { timeoutMs: 30_000, unless });
		return prometheus;
	}

	/** The latest values of an expression. */
	async query(query: string): Promise<Sample[]> {
		return (await this.call<{ result: Sample[] }>("query", { query })).result;
	}

	/** The values of an expression from one time to another, in seconds since 1970. */
	async queryRange(query: string, start: number, end: number, step: number): Promise<Series[]> {
		const times = { start: String(start), end: String(end), step: String(step) };
		return (await this.call<{ result: Series[] }>("query_range", { query, ...times })).result;
	}

	/** Names of all series that were ever read. */
	names(): Promise<string[]> {
		return this.call<string[]>("label/__name__/values", {});
	}

	/** All rules with their state. */
	async rules(): Promise<JudgedRule[]> {
		const { groups } = await this.call<{ groups: { rules: JudgedRule[] }[] }>("rules", {});
		return groups.flatMap((group) => group.rules);
	}

	private async call<T>(path: string, params: Record<string, string>): Promise<T> {
		const response = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(params)}`);
		const answer = (await response.json()) as Answer<T>;
		if (answer.status === "error") throw new Error(`${params["query"] ?? path}: ${answer.error}`);
		return answer.data;
	}

	/** Ends it. */
	stop(): void {
		this.child.kill("SIGTERM");
	}
}
