// An operator at a terminal, who types what the pages of the docs say.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeBinary } from "./binary.ts";
import { pageOf, shellIn } from "./docs.ts";
import { guardProcess, temporaryFolder } from "./janitor.ts";
import { freePort } from "./ports.ts";
import { outputOf } from "./program.ts";
import { rpc } from "./rpc.ts";
import { eventually, within } from "./wait.ts";

/** The blocks of shell commands below a heading of `docs/<page>`, in their order. */
export function blocksBelow(page: string, heading: string): string[] {
	const [, section] = pageOf(page).split(new RegExp(`^#+ ${heading}\n`, "m"));
	if (section === undefined) throw new Error(`docs/${page} has no heading '${heading}'`);
	const [own = ""] = section.split(/^#+ /m);
	return shellIn(own);
}

/** The one block below a heading that holds `command`. */
export function blockWith(page: string, heading: string, command: string): string {
	const found = blocksBelow(page, heading).filter((block) => block.includes(command));
	const [block] = found;
	if (found.length !== 1 || block === undefined) {
		throw new Error(
			`${found.length} blocks with '${command}' below '${heading}' of docs/${page}`,
		);
	}
	return block;
}

/** How an operator's node differs from what the page says: it shares its machine with others. */
export interface OperatorOptions {
	/** The chain spec, which the page calls mainnet.json. */
	spec: string;
	/** Further flags of the node. */
	args: readonly string[];
}

/** A home, a shell and a node in it. */
export class Operator {
	readonly home = temporaryFolder("operator");
	/** Where the page has the node's data. */
	readonly dataFolder = join(this.home, "cybermiles", "data");
	readonly logFile = join(this.home, "node.log");
	private child: ChildProcess | undefined;
	private exited: Promise<void> = Promise.resolve();

	private constructor(
		readonly ports: { rpc: number; p2p: number; metrics: number },
		{ spec, args }: OperatorOptions,
	) {
		const bin = join(this.home, "bin");
		for (const folder of [bin, join(this.home, "cybermiles")]) mkdirSync(folder);
		writeFileSync(join(this.home, "cybermiles", "mainnet.json"), readFileSync(spec));
		const flags = [...args, ...this.portFlags()].map((flag) => `'${flag}'`).join(" ");
		const lines = [
			"#!/bin/sh",
			"# Only a node, not a command, has ports and peers.",
			`case "$1" in --*) set -- "$@" ${flags} ;; esac`,
			`exec '${nodeBinary()}' "$@"`,
		];
		writeFileSync(join(bin, "cybermiles"), `${lines.join("\n")}\n`, { mode: 0o755 });
	}

	/** An operator on a machine with a binary and the network's chain spec. */
	static async arrive(options: OperatorOptions): Promise<Operator> {
		const ports = { rpc: await freePort(), p2p: await freePort(), metrics: await freePort() };
		return new Operator(ports, options);
	}

	private portFlags(): string[] {
		const { rpc: rpcPort, p2p, metrics } = this.ports;
		return [
			`--rpc-port=${rpcPort}`,
			`--listen-addr=/ip4/127.0.0.1/tcp/${p2p}`,
			`--prometheus-port=${metrics}`,
		];
	}

	/** The page's block with this operator's ports, and no address outside of this machine. */
	private adapted(block: string): string {
		const { rpc: rpcPort, p2p, metrics } = this.ports;
		return block
			.replaceAll("9944", `${rpcPort}`)
			.replaceAll("9615", `${metrics}`)
			.replace(/\/ip4\/203\.0\.113\.\d+\/tcp\/30333/g, `/ip4/127.0.0.1/tcp/${p2p}`);
	}

	private environment(): Record<string, string> {
		const path = `${join(this.home, "bin")}:${process.env["PATH"]}`;
		const chain = join(this.home, "cybermiles", "mainnet.json");
		const url = `ws://127.0.0.1:${this.ports.rpc}`;
		return { HOME: this.home, PATH: path, NODE: url, CHAIN: chain, DATA: this.dataFolder };
	}

	/** Types a block, and `typed` where it asks for something; what it printed. */
	run(block: string, env: Record<string, string> = {}, typed = ""): Promise<string> {
		writeFileSync(join(this.home, "typed"), `${typed}\n`, { mode: 0o600 });
		const script = `set -euo pipefail\nexec <"$HOME/typed"\n${this.adapted(block)}`;
		const options = {
			cwd: this.home,
			env: { ...this.environment(), ...env },
			timeoutMs: 240_000,
		};
		return outputOf("bash", ["-c", script], options);
	}

	/** Types the command that runs the node, with further flags, and waits until it answers. */
	async start(command: string, flags: readonly string[] = []): Promise<void> {
		const log = openSync(this.logFile, "a");
		const script = `exec ${[this.adapted(command), ...flags].join(" ")}`;
		const child = spawn("bash", ["-c", script], {
			stdio: ["ignore", log, log],
			detached: true,
			cwd: this.home,
			env: { ...process.env, ...this.environment() },
		});
		closeSync(log);
		guardProcess(child);
		this.child = child;
		this.exited = new Promise((resolve) => {
			child.once("exit", () => {
				this.child = undefined;
				resolve();
			});
		});
		const unless = (): void => {
			if (!this.child)
				throw new Error(`the node ended by itself:\n${this.log().slice(-2_000)}`);
		};
		const look = () => this.call<string>("system_localPeerId");
		await eventually("an answer of the node", look, { timeoutMs: 120_000, unless });
	}

	/** Calls a JSON-RPC method of the node. */
	call<T>(method: string, params: readonly unknown[] = []): Promise<T> {
		return rpc<T>(this.ports.rpc, method, params);
	}

	/** Ends the node as Ctrl-C does, or at once. */
	async stop(signal: NodeJS.Signals = "SIGINT"): Promise<void> {
		this.child?.kill(signal);
		const ended = within("stopping the node", 30_000, this.exited);
		await ended.catch(() => this.child?.kill("SIGKILL"));
	}

	/** What the node logged. */
	log(): string {
		return existsSync(this.logFile) ? readFileSync(this.logFile, "utf8") : "";
	}
}
