// Programs that are run to their end.

import { spawn } from "node:child_process";
import { basename } from "node:path";
import { guardProcess } from "./janitor.ts";
import { patient } from "./wait.ts";

/** How a program ended. */
export interface Ended {
	/** Exit code; none when a signal ended it. */
	code: number | null;
	/** The signal that ended it, if any. */
	signal: NodeJS.Signals | null;
	stdout: string;
	stderr: string;
}

/** What `runProgram` may be told. */
export interface RunOptions {
	/** Killed after so many milliseconds, made `patient`; it then ends with the signal SIGKILL. */
	timeoutMs?: number;
	/** Added to the environment. */
	env?: Record<string, string>;
	/** The folder in which it runs; default the present one. */
	cwd?: string;
}

/** Runs the program at `path` to its end. */
export function runProgram(
	path: string,
	args: readonly string[],
	{ timeoutMs = 60_000, env = {}, cwd }: RunOptions = {},
): Promise<Ended> {
	return new Promise((resolve, reject) => {
		const child = spawn(path, args, {
			stdio: ["ignore", "pipe", "pipe"],
			env: { ...process.env, ...env },
			cwd,
		});
		guardProcess(child);
		const ended: Ended = { code: null, signal: null, stdout: "", stderr: "" };
		child.stdout.setEncoding("utf8").on("data", (text: string) => (ended.stdout += text));
		child.stderr.setEncoding("utf8").on("data", (text: string) => (ended.stderr += text));
		const timer = setTimeout(() => child.kill("SIGKILL"), patient(timeoutMs));
		child.once("error", reject);
		child.once("close", (code, signal) => {
			clearTimeout(timer);
			resolve({ ...ended, code, signal });
		});
	});
}

/** Runs the program at `path` and returns what it printed; an error where it failed. */
export async function outputOf(
	path: string,
	args: readonly string[],
	options?: RunOptions,
): Promise<string> {
	const { code, signal, stdout, stderr } = await runProgram(path, args, options);
	if (code === 0) return stdout;
	// Some programs tell on standard output what went wrong.
	const reason = (stderr.trim() || stdout.trim()).slice(-2_000);
	throw new Error(`${basename(path)} ${args.join(" ")} ended with ${code ?? signal}: ${reason}`);
}
