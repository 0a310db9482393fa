// A network under test: every validator on a host of its own, and a reporter that follows them all.
// Where namespaces are not allowed the nodes share 127.0.0.1, and scenarios that need hosts say so.

import type { ApiPromise } from "@polkadot/api";
import { Dpos } from "../src/dpos.ts";
import { temporaryFolder } from "../src/janitor.ts";
import { localCandidates } from "../src/names.ts";
import { Network, SEATS } from "../src/network.ts";
import type { ChainNode, Place } from "../src/node.ts";
import { eventually } from "../src/wait.ts";
import { Door } from "./door.ts";
import { Fabric, type Host } from "./fabric.ts";
import { lacking } from "./needs.ts";
import { Reporter } from "./reporter.ts";

const MINUTE = 60_000;
/** How far finality may be behind before a scenario begins. */
const CALM_LAG = 4;

/** The hosts that a network needs before it is made. */
async function hosts(names: readonly string[]): Promise<Fabric | undefined> {
	if (lacking("namespaces") !== undefined) return undefined;
	const fabric = await Fabric.create();
	for (const name of names) await fabric.attach(name);
	return fabric;
}

/** 19 validators, their hosts, and who watches them. */
export class Laboratory {
	readonly reporter = new Reporter();
	/** What scenarios tell besides their measures. */
	readonly notes: string[] = [];
	private readonly doors: Door[] = [];
	private readonly guests: ChainNode[] = [];

	private constructor(
		readonly network: Network,
		/** Where the nodes have hosts of their own. */
		private readonly fabricIfAny: Fabric | undefined,
	) {}

	/** Starts the network and waits until all is calm. */
	static async start(): Promise<Laboratory> {
		const names = localCandidates.slice(0, SEATS);
		const fabric = await hosts(names);
		const place = (name: string): Place | undefined => fabric?.host(name).place;
		const folder = temporaryFolder("laboratory");
		const network = await Network.prepare({ folder, names, place });
		const laboratory = new Laboratory(network, fabric);
		try {
			for (const node of network.nodes) await laboratory.open(node);
			await network.start();
			for (const node of network.nodes) laboratory.reporter.follow(node);
			await laboratory.calm();
		} catch (error) {
			await laboratory.end();
			throw error;
		}
		return laboratory;
	}

	private async open(node: ChainNode): Promise<void> {
		if (this.fabricIfAny === undefined) return;
		const { management } = this.fabricIfAny.host(node.name);
		this.doors.push(await Door.open(node.ports.rpc, management));
	}

	/** The hosts; only for scenarios that need namespaces. */
	get fabric(): Fabric {
		if (!this.fabricIfAny) throw new Error("the nodes have no hosts of their own");
		return this.fabricIfAny;
	}

	get nodes(): readonly ChainNode[] {
		return this.network.nodes;
	}

	/** The validator with this place among the nodes, which follows their stake. */
	node(index: number): ChainNode {
		const found = this.nodes[index];
		if (!found) throw new Error(`no node ${index}`);
		return found;
	}

	/** The host of a node. */
	hostOf({ name }: ChainNode): Host {
		return this.fabric.host(name);
	}

	/** Runs the command after it on a new host of this name. */
	async attacker(name: string): Promise<readonly string[]> {
		return (await this.fabricIfAny?.attach(name))?.namespace.launcher ?? [];
	}

	/** Pulls the cable of a host; on 127.0.0.1 there is none. */
	vanish(name: string): void {
		this.fabricIfAny?.unplug(name);
	}

	/** The address at which others meet a node. */
	addressOf({ name }: ChainNode): string {
		return this.fabricIfAny?.host(name).address ?? "127.0.0.1";
	}

	/** Where this machine reaches the RPC of a node without a door. */
	rpcOf({ name, ports }: ChainNode): string {
		return `http://${this.fabricIfAny?.host(name).management ?? "127.0.0.1"}:${ports.rpc}`;
	}

	/** A further node on a host of its own; its maker starts it. */
	async guest(name: string, args: readonly string[]): Promise<ChainNode> {
		await this.fabricIfAny?.attach(name);
		const node = await this.network.joiner(name, args);
		await this.open(node);
		this.guests.push(node);
		return node;
	}

	/** The API of a node that runs. */
	api(node = this.node(0)): Promise<ApiPromise> {
		return node.api();
	}

	/** The chain's own view of validators, as a node tells it. */
	async dpos(node = this.node(0)): Promise<Dpos> {
		return new Dpos(await node.api());
	}

	/** Tells something besides the measures. */
	readonly note = (text: string): void => void this.notes.push(text);

	/** Waits until all nodes are near the top, and finality is near the blocks. */
	async calm(): Promise<void> {
		const look = () => {
			const { best } = this.reporter.mark();
			const marks = this.nodes.map((node) => this.reporter.mark([node]));
			return best > 1 && marks.every(({ final }) => final >= best - CALM_LAG);
		};
		const unless = () => this.demandRunning();
		await eventually("a calm network", look, { timeoutMs: 4 * MINUTE, unless });
	}

	private demandRunning(): void {
		const gone = this.nodes.filter(({ running }) => !running);
		if (gone.length === 0) return;
		const tails = gone.map((node) => `${node.name}:\n${node.logTail(8)}`);
		throw new Error(`ended by themselves: ${tails.join("\n")}`);
	}

	/** Ends everything. */
	async end(): Promise<void> {
		const stopped = this.reporter.stop();
		await Promise.all(this.guests.map((node) => node.kill()));
		await this.network.discard();
		for (const door of this.doors) door.close();
		await stopped;
		this.fabricIfAny?.end();
	}
}
