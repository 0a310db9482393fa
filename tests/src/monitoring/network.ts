// Nodes of this machine with their metrics, and a Prometheus that reads them.

import { join } from "node:path";
import { removeFolder, temporaryFolder } from "../janitor.ts";
import { Network, SEATS } from "../network.ts";
import { localCandidates } from "../names.ts";
import { freePort } from "../ports.ts";
import { inBatches } from "../wait.ts";
import { NodeExporter, Prometheus, type TargetGroup } from "./prometheus.ts";

/** What is watched. */
export interface WatchedOptions {
	/** Preset of the chain; default `local`. */
	preset?: string;
	/** Who runs a node; default the 19 validators of the local preset. */
	names?: readonly string[];
	/** Seconds between two readings. */
	every: number;
	/** Further labels of all nodes. */
	labels?: Record<string, string>;
}

/** A network that Prometheus watches. */
export class WatchedNetwork {
	private constructor(
		readonly network: Network,
		readonly prometheus: Prometheus,
		private readonly machine: NodeExporter,
		private readonly folder: string,
	) {}

	/** Starts the nodes and Prometheus, and waits for the first final block. */
	static async start(options: WatchedOptions): Promise<WatchedNetwork> {
		const folder = temporaryFolder("watched");
		const names = options.names ?? localCandidates.slice(0, SEATS);
		const ports = await inBatches(names, 1, freePort);
		const network = await Network.prepare({
			folder: join(folder, "nodes"),
			...(options.preset && { preset: options.preset }),
			names,
			args: (index) => [`--prometheus-port=${ports[index]}`],
		});
		const targets = names.map((instance, index): TargetGroup => {
			const labels = { instance, ...options.labels };
			return { targets: [`127.0.0.1:${ports[index]}`], labels };
		});
		const machine = await NodeExporter.start(folder);
		const prometheus = await Prometheus.start({
			folder: join(folder, "prometheus"),
			nodes: targets,
			machines: [{ targets: [`127.0.0.1:${machine.port}`], labels: { instance: "machine" } }],
			every: options.every,
		});
		await network.start();
		await network.finalises();
		return new WatchedNetwork(network, prometheus, machine, folder);
	}

	/** Ends everything and removes its data. */
	async discard(): Promise<void> {
		this.prometheus.stop();
		this.machine.stop();
		await this.network.discard();
		removeFolder(this.folder);
	}
}
