// Foundry's anvil and Hardhat's node: what developers compare a node with. Both keep their state in
// memory, are one process, and have no consensus. A machine may lack them.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "../binary.ts";
import { CHAIN_ID, quantity } from "../ethereum.ts";
import { guardProcess } from "../janitor.ts";
import { freePort } from "../ports.ts";
import { eventually } from "../wait.ts";
import { Client } from "./client.ts";
import type { Contender, Sealing } from "./contender.ts";

/** So large that it never binds: the rivals show what they can do, not what they are set to. */
export const GAS_LIMIT = 1_000_000_000;

const TESTS = join(repositoryRoot, "tests");
const HARDHAT_CONFIG = fileURLToPath(new URL("hardhat.config.cjs", import.meta.url));

interface Rival {
	name: string;
	/** Its command, in the folder of npm's. */
	command: string;
	args(port: number, sealing: Sealing): string[];
	/** The method that makes blocks. */
	mine: string;
	/** Run once it answers. */
	prepare?(client: Client): Promise<unknown>;
}

const RIVALS: readonly Rival[] = [
	{
		name: "anvil",
		command: "anvil",
		args: (port, sealing) => [
			"--quiet",
			`--port=${port}`,
			`--chain-id=${CHAIN_ID}`,
			`--gas-limit=${GAS_LIMIT}`,
			sealing === "manual" ? "--no-mining" : `--block-time=${sealing / 1_000}`,
		],
		mine: "anvil_mine",
	},
	{
		name: "Hardhat",
		command: "hardhat",
		args: (port) =>
			["--config", HARDHAT_CONFIG, "node", "--hostname", "127.0.0.1", "--port", String(port)],
		mine: "hardhat_mine",
		// It writes a paragraph for each request, which would cost more than many of them.
		prepare: (client) => client.call("hardhat_setLoggingEnabled", false),
	},
];

function environment(sealing: Sealing): NodeJS.ProcessEnv {
	return {
		...process.env,
		HARDHAT_DISABLE_TELEMETRY_PROMPT: "true",
		RIVAL_INTERVAL: sealing === "manual" ? "0" : String(sealing),
		RIVAL_GAS_LIMIT: String(GAS_LIMIT),
		RIVAL_CHAIN_ID: String(CHAIN_ID),
	};
}

async function ended(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = new Promise((resolve) => void child.once("exit", resolve));
	child.kill("SIGKILL");
	await gone;
}

async function launch(rival: Rival, path: string, sealing: Sealing): Promise<Contender> {
	const port = await freePort();
	const child = spawn(path, rival.args(port, sealing), {
		cwd: TESTS,
		env: environment(sealing),
		stdio: "ignore",
		detached: true,
	});
	guardProcess(child);
	const client = new Client(port);
	const unless = () => {
		if (child.exitCode !== null) throw new Error(`${rival.name} ended with ${child.exitCode}`);
	};
	await eventually(`${rival.name}'s answer`, () => client.call<string>("eth_chainId"), { unless });
	await rival.prepare?.(client);
	return {
		name: rival.name,
		client,
		pids: [child.pid!],
		...(sealing === "manual" && {
			mine: async (count: number) => void (await client.call(rival.mine, quantity(count))),
		}),
		stop: async () => {
			client.close();
			await ended(child);
		},
	};
}

/** Whether a command is there and runs on this machine. */
function works(path: string): boolean {
	return spawnSync(path, ["--version"], { cwd: TESTS, stdio: "ignore" }).status === 0;
}

/** What starts each rival that this machine has; says which one it lacks. */
export function rivals(): ((sealing: Sealing) => Promise<Contender>)[] {
	return RIVALS.flatMap((rival) => {
		const path = join(TESTS, "node_modules", ".bin", rival.command);
		if (works(path)) return [(sealing: Sealing) => launch(rival, path, sealing)];
		console.log(`${rival.name} does not run here: nothing is compared with it`);
		return [];
	});
}
