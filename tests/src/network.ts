// A network of authorities on this machine, one process each.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type SpecFile, rawSpecFile } from "./chain-spec.ts";
import { removeFolder } from "./janitor.ts";
import { suriOf } from "./keys.ts";
import { localCandidates } from "./names.ts";
import { ChainNode, type Place, type Ports } from "./node.ts";
import { heads } from "./rpc.ts";
import { eventually, inBatches } from "./wait.ts";

/** Seats of the local preset. */
export const SEATS = 19;
/** Standbys of the local preset. */
export const STANDBYS = 5;

const MEBIBYTE = 1024 * 1024;

// Two dozen nodes on one machine: small caches and pools, few peers, and only loopback addresses.
const LIGHT = [
	"--allow-private-ip",
	"--discover-local",
	"--out-peers=5",
	"--in-peers=12",
	`--trie-cache-size=${16 * MEBIBYTE}`,
	"--db-cache=16",
	"--max-runtime-instances=2",
	"--rpc-max-connections=64",
	"--state-pruning=256",
];

const SMALL_POOL: readonly string[] = ["--pool-limit=1024", "--pool-kbytes=2048"];

// Starting compiles the runtime, which keeps a core busy for seconds.
const STARTED_AT_ONCE = 4;

const withoutMetrics = (): readonly string[] => ["--no-prometheus"];

/** How a network is made. */
export interface NetworkOptions {
	/** Holds the nodes' folders. */
	folder: string;
	/** Preset; default `local`. */
	preset?: string;
	/** Who runs a node; default the first 19 of the local preset's candidates. */
	names?: readonly string[];
	/** Ports of the node with this place in `names`; default free ones. */
	ports?: (index: number) => Partial<Ports>;
	/** Where the node of this name runs; default in the network of this machine. */
	place?: (name: string) => Place | undefined;
	/** Further flags of the node with this place in `names`; default no metrics. */
	args?: (index: number) => readonly string[];
	/** Flags of the pools of transactions; default small ones. */
	pool?: readonly string[];
	/** The log of a node; default in the node's folder. */
	logFile?: (name: string) => string;
	/** Told when a node answers. */
	onAnswer?: (node: ChainNode, count: number) => void;
	/** Told when a node ends although nobody here asked it to. */
	onUnaskedEnd?: (node: ChainNode) => void;
}

/** Validators of one chain, each with its own folder, keys and ports. */
export class Network {
	private constructor(
		readonly spec: SpecFile,
		/** In the order of their names. */
		readonly nodes: readonly ChainNode[],
		private readonly options: NetworkOptions,
	) {}

	/** Writes keys and chain spec; `start` runs the nodes. */
	static async prepare(options: NetworkOptions): Promise<Network> {
		mkdirSync(options.folder, { recursive: true });
		const spec = await rawSpecFile(options.preset ?? "local", options.folder);
		const names = options.names ?? localCandidates.slice(0, SEATS);
		const nodes: ChainNode[] = [];
		for (const [index, name] of names.entries()) {
			nodes.push(await Network.validator(spec, name, index, options));
		}
		return new Network(spec, nodes, options);
	}

	private static async validator(
		spec: SpecFile,
		name: string,
		index: number,
		options: NetworkOptions,
	): Promise<ChainNode> {
		const { folder, ports, logFile, onUnaskedEnd, args = withoutMetrics } = options;
		const { pool = SMALL_POOL } = options;
		const place = options.place?.(name);
		const node = await ChainNode.prepare({
			name,
			folder: join(folder, name),
			chain: spec.path,
			args: ["--validator", ...LIGHT, ...pool, ...args(index)],
			...(ports && { ports: ports(index) }),
			...(place && { place }),
			...(logFile && { logFile: logFile(name) }),
			...(onUnaskedEnd && { onUnaskedEnd }),
		});
		node.insertKeys(spec.id, suriOf(name));
		return node;
	}

	/** Starts all nodes and waits until each answers. */
	async start(): Promise<void> {
		let count = 0;
		await inBatches(this.nodes, STARTED_AT_ONCE, async (node) => {
			node.start(this.bootnodes(node));
			await node.answers();
			count += 1;
			this.options.onAnswer?.(node, count);
		});
	}

	/** Flags that lead a node to the others. */
	bootnodes(node?: ChainNode): string[] {
		const others = this.nodes.filter((other) => other !== node);
		return others.length ? ["--bootnodes", ...others.map(({ address }) => address)] : [];
	}

	/** A further node without keys that is to join; `launch` runs it. */
	async joiner(name: string, args: readonly string[]): Promise<ChainNode> {
		const place = this.options.place?.(name);
		return ChainNode.prepare({
			name,
			folder: join(this.options.folder, name),
			chain: this.spec.path,
			args: [...LIGHT, ...SMALL_POOL, ...withoutMetrics(), ...args],
			...(place && { place }),
		});
	}

	/** The node of this name. */
	node(name: string): ChainNode {
		const found = this.nodes.find((node) => node.name === name);
		if (!found) throw new Error(`no node of ${name}`);
		return found;
	}

	/**
	 * Starts a stopped node of this network again and waits until it answers; `wrapper` is a program
	 * with arguments that runs it.
	 */
	async restart(node: ChainNode, wrapper: readonly string[] = []): Promise<void> {
		node.start(this.bootnodes(node), wrapper);
		await node.answers();
	}

	/** Waits until the first node's finalised head has reached this number. */
	async finalises(number = 1, timeoutMs = 240_000): Promise<void> {
		const [first] = this.nodes;
		if (!first) throw new Error("a network without nodes");
		const look = async () => (await heads(first.ports.rpc)).finalized >= number;
		const unless = () => this.demandRunning();
		await eventually(`block ${number} to be final`, look, { timeoutMs, everyMs: 500, unless });
	}

	private demandRunning(): void {
		const gone = this.nodes.filter((node) => !node.running).map(({ name }) => name);
		if (gone.length > 0) throw new Error(`ended by themselves: ${gone.join(", ")}`);
	}

	/** Ends all nodes at once and removes their data. */
	async discard(): Promise<void> {
		await Promise.all(this.nodes.map((node) => node.kill()));
		removeFolder(this.options.folder);
	}
}
