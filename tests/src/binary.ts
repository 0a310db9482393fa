// The node's binary: where it is, and running it to its end.

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Ended, type RunOptions, outputOf, runProgram } from "./program.ts";

/** The repository's root folder. */
export const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

/** Cargo's target folder. */
export function targetFolder(): string {
	const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
	return process.env["CARGO_TARGET_DIR"] ?? join(cache, "cybermiles", "target");
}

/** A binary: the environment's, else the release build in cargo's target folder. */
function binary(name: string, variable: string): string {
	const path = resolve(process.env[variable] ?? join(targetFolder(), "release", name));
	if (!existsSync(path)) throw new Error(`no binary at ${path}; build it or set ${variable}`);
	return path;
}

/** The node under test. */
export function nodeBinary(): string {
	return binary("cybermiles", "CYBERMILES_BIN");
}

/** The tool that rehearses upgrades. */
export function rehearsalBinary(): string {
	return binary("cybermiles-rehearsal", "REHEARSAL_BIN");
}

/** Runs the node's binary to its end. */
export function run(args: readonly string[], options?: RunOptions): Promise<Ended> {
	return runProgram(nodeBinary(), args, options);
}

/** Runs the node's binary and returns what it printed; an error where it failed. */
export function output(args: readonly string[], options?: RunOptions): Promise<string> {
	return outputOf(nodeBinary(), args, options);
}
