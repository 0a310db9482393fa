// The node's binary: where it is, and running it to its end.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { guardProcess } from "./janitor.ts";

/** The repository's root folder. */
export const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

/** The node under test: `CYBERMILES_BIN`, else the release build in cargo's target folder. */
export function nodeBinary(): string {
	const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
	const targetFolder = process.env["CARGO_TARGET_DIR"] ?? join(cache, "cybermiles", "target");
	const path = resolve(
		process.env["CYBERMILES_BIN"] ?? join(targetFolder, "release", "cybermiles"),
	);
	if (!existsSync(path)) {
		throw new Error(`no node binary at ${path}; build it or set CYBERMILES_BIN`);
	}
	return path;
}

/** How a command ended. */
export interface Ended {
	/** Exit code; none when a signal ended it. */
	code: number | null;
	/** The signal that ended it, if any. */
	signal: NodeJS.Signals | null;
	stdout: string;
	stderr: string;
}

/** What `run` may be told. */
export interface RunOptions {
	/** Killed after so many milliseconds; it then ends with the signal SIGKILL. */
	timeoutMs?: number;
	/** Added to the environment. */
	env?: Record<string, string>;
}

/** Runs the node's binary to its end. */
export function run(
	args: readonly string[],
	{ timeoutMs = 60_000, env = {} }: RunOptions = {},
): Promise<Ended> {
	return new Promise((resolvePromise, reject) => {
		const child = spawn(nodeBinary(), args, {
			stdio: ["ignore", "pipe", "pipe"],
			env: { ...process.env, ...env },
		});
		guardProcess(child);
		const ended: Ended = { code: null, signal: null, stdout: "", stderr: "" };
		child.stdout.setEncoding("utf8").on("data", (text: string) => (ended.stdout += text));
		child.stderr.setEncoding("utf8").on("data", (text: string) => (ended.stderr += text));
		const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
		child.once("error", reject);
		child.once("close", (code, signal) => {
			clearTimeout(timer);
			resolvePromise({ ...ended, code, signal });
		});
	});
}

/** Runs the node's binary and returns what it printed; an error where it failed. */
export async function output(args: readonly string[], options?: RunOptions): Promise<string> {
	const ended = await run(args, options);
	if (ended.code !== 0) {
		const reason = ended.stderr.trim().slice(-2_000);
		throw new Error(`cybermiles ${args.join(" ")} ended with ${ended.code}: ${reason}`);
	}
	return ended.stdout;
}
