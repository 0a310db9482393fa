// One node as a process: its folder, its ports, its log, its life.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ApiPromise, WsProvider } from "@polkadot/api";
import { nodeBinary } from "./binary.ts";
import { guardProcess, temporaryFolder } from "./janitor.ts";
import { type KeyType, networkIdentityOf, writeKeystore } from "./keys.ts";
import { freePort } from "./ports.ts";
import { rpc } from "./rpc.ts";
import { eventually, within } from "./wait.ts";

/** Extensions of transactions that polkadot.js does not know. They carry nothing, and it warns of them. */
const none = { extrinsic: {}, payload: {} };
const signedExtensions = { AuthorizeCall: none, EthSetOrigin: none };

/** What a node is started with. */
export interface NodeOptions {
	/** Shown in its log, and the source of its network identity. */
	name: string;
	/** Holds its data (`data/`). */
	folder: string;
	/** Where its output goes; default `<folder>/node.log`. */
	logFile?: string;
	/** Chain to run: a preset's name or the path of a chain spec; none with `--dev`. */
	chain?: string;
	/** Flags of this node beyond those that every test node gets. */
	args?: readonly string[];
	/** Default: ports that are free. */
	ports?: Partial<Ports>;
	/** Where it runs; default in the network of this machine, on 127.0.0.1. */
	place?: Place;
	/** Told when the process ends although nobody here asked it to. */
	onUnaskedEnd?: (node: ChainNode) => void;
}

/** A place of a node that is not the network of this machine. */
export interface Place {
	/** Its address among the nodes. */
	address: string;
	/** Program with arguments that runs the command after them in that place. */
	launcher: readonly string[];
}

/** The ports of a node, all on 127.0.0.1 unless it has a place of its own. */
export interface Ports {
	/** JSON-RPC over HTTP and WebSocket. */
	rpc: number;
	/** Other nodes. */
	p2p: number;
}

// Nothing measured, nothing sent elsewhere, nothing that one user on one machine does not need.
const QUIET = [
	"--no-hardware-benchmarks",
	"--no-telemetry",
	"--no-mdns",
	"--rpc-cors=all",
	"--rpc-methods=unsafe",
];

let compiled: string | undefined;

/**
 * All nodes of a harness share what the first one compiled, which takes seconds of a core; unless
 * their flags say otherwise. `COMPILED_RUNTIMES` names a folder that several harnesses share.
 */
function sharedRuntimes(args: readonly string[] = []): string[] {
	if (args.some((arg) => arg.startsWith("--compiled-runtimes"))) return [];
	compiled ??= process.env["COMPILED_RUNTIMES"] || temporaryFolder("compiled");
	return [`--compiled-runtimes=${compiled}`];
}

/** Resident memory of a process in bytes; 0 where it does not run. */
export function memoryOf(pid: number): number {
	const path = `/proc/${pid}/status`;
	if (!existsSync(path)) return 0;
	const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(path, "utf8"))?.[1];
	return Number(kilobytes ?? 0) * 1024;
}

/** A node process that can be stopped, killed and started again on the same folder. */
export class ChainNode {
	readonly name: string;
	readonly logFile: string;
	/** Base path of its database and keystore. */
	readonly dataFolder: string;
	private child: ChildProcess | undefined;
	private exited: Promise<number | null> = Promise.resolve(null);
	private connection: Promise<ApiPromise> | undefined;
	/** Whether this harness asked the process to end. */
	private ending = false;

	private constructor(
		private readonly options: NodeOptions,
		readonly ports: Ports,
	) {
		this.name = options.name;
		this.dataFolder = join(options.folder, "data");
		this.logFile = options.logFile ?? join(options.folder, "node.log");
		mkdirSync(this.dataFolder, { recursive: true });
	}

	/** Prepares a node; `start` runs it. */
	static async prepare(options: NodeOptions): Promise<ChainNode> {
		const ports = {
			rpc: options.ports?.rpc ?? (await freePort()),
			p2p: options.ports?.p2p ?? (await freePort()),
		};
		return new ChainNode(options, ports);
	}

	/** Prepares and starts a node, and waits until it answers. */
	static async launch(options: NodeOptions): Promise<ChainNode> {
		const node = await ChainNode.prepare(options);
		node.start();
		await node.answers();
		return node;
	}

	/** Where polkadot.js connects to. */
	get url(): string {
		return `ws://127.0.0.1:${this.ports.rpc}`;
	}

	/** Where other nodes connect to. */
	get address(): string {
		return `${this.listensOn}/p2p/${networkIdentityOf(this.name).peerId}`;
	}

	private get listensOn(): string {
		return `/ip4/${this.options.place?.address ?? "127.0.0.1"}/tcp/${this.ports.p2p}`;
	}

	/** The process, while it runs. */
	get pid(): number | undefined {
		return this.child?.pid;
	}

	/** Whether the process runs. */
	get running(): boolean {
		return this.child !== undefined;
	}

	/** Puts the session keys of a secret, or those of some types, into the keystore of a chain. */
	insertKeys(chainId: string, suri: string, types?: readonly KeyType[]): void {
		writeKeystore(join(this.dataFolder, "chains", chainId, "keystore"), suri, types);
	}

	/**
	 * Starts the process; its log goes on where it ended. `wrapper` is a program with arguments that
	 * runs the node's command.
	 */
	start(extra: readonly string[] = [], wrapper: readonly string[] = []): void {
		if (this.running) throw new Error(`${this.name} runs already`);
		const log = openSync(this.logFile, "a");
		// In a process group of its own: a terminal's Ctrl-C is for the harness, which stops nodes
		// in order.
		const launcher = [...(this.options.place?.launcher ?? []), ...wrapper];
		const command = [...launcher, nodeBinary(), ...this.arguments(), ...extra];
		const child = spawn(command[0]!, command.slice(1), {
			stdio: ["ignore", log, log],
			detached: true,
		});
		closeSync(log);
		guardProcess(child);
		this.child = child;
		this.ending = false;
		this.exited = new Promise((resolve) => {
			child.once("exit", (code) => {
				this.child = undefined;
				if (!this.ending) this.options.onUnaskedEnd?.(this);
				resolve(code);
			});
		});
	}

	private arguments(): string[] {
		const { name, options, ports } = this;
		return [
			`--name=${name}`,
			...(options.chain === undefined ? [] : [`--chain=${options.chain}`]),
			`--base-path=${this.dataFolder}`,
			`--rpc-port=${ports.rpc}`,
			`--listen-addr=${this.listensOn}`,
			...(options.place ? ["--unsafe-rpc-external"] : []),
			`--node-key=${networkIdentityOf(name).nodeKey}`,
			...QUIET,
			...sharedRuntimes(options.args),
			...(options.args ?? []),
		];
	}

	/** Waits until the node answers calls; an error with the end of its log where it ends first. */
	async answers(timeoutMs = 120_000): Promise<void> {
		const look = () => this.call<string>("system_localPeerId");
		const unless = () => this.demandRunning();
		const peerId = await eventually(`an answer of ${this.name}`, look, { timeoutMs, unless });
		// A node whose port is taken chooses another one by itself.
		if (peerId !== networkIdentityOf(this.name).peerId) {
			throw new Error(`another node answers on ${this.name}'s port ${this.ports.rpc}`);
		}
	}

	private demandRunning(): void {
		if (!this.running) throw new Error(`${this.name} ended by itself:\n${this.logTail()}`);
	}

	/** Calls a JSON-RPC method. */
	call<T>(method: string, params: readonly unknown[] = []): Promise<T> {
		return rpc<T>(this.ports.rpc, method, params);
	}

	/** The node's polkadot.js API, connected once and reconnected by itself. */
	api(): Promise<ApiPromise> {
		this.connection ??= this.connect();
		return this.connection;
	}

	private connect(): Promise<ApiPromise> {
		const provider = new WsProvider(this.url);
		const api = ApiPromise.create({ provider, signedExtensions, noInitWarn: true });
		const connected = within(`connecting to ${this.name}`, 60_000, api);
		connected.catch(() => {
			this.connection = undefined;
		});
		return connected;
	}

	/** Asks the process to end and kills it where it does not; its exit code, if it has one. */
	async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
		this.ending = true;
		await this.disconnect();
		this.child?.kill(signal);
		const ended = within(`stopping ${this.name}`, 30_000, this.exited);
		return ended.catch(() => this.kill());
	}

	/** Ends the process at once, as a power cut would. */
	async kill(): Promise<null> {
		this.ending = true;
		await this.disconnect();
		this.child?.kill("SIGKILL");
		await this.exited;
		return null;
	}

	private async disconnect(): Promise<void> {
		const connection = this.connection;
		this.connection = undefined;
		await connection?.then((api) => api.disconnect()).catch(() => undefined);
	}

	/** Resident memory of the process in bytes; 0 where it does not run. */
	memory(): number {
		return this.pid === undefined ? 0 : memoryOf(this.pid);
	}

	/** The whole log. */
	log(): string {
		return existsSync(this.logFile) ? readFileSync(this.logFile, "utf8") : "";
	}

	/** The last lines of the log. */
	logTail(lines = 20): string {
		return this.log().trimEnd().split("\n").slice(-lines).join("\n");
	}
}
