// The command line of delegators and validators, `tools/cmt`, as a user has copied it.

import assert from "node:assert/strict";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./binary.ts";
import { temporaryFolder } from "./janitor.ts";
import { type Ended, runProgram } from "./program.ts";

const HOME = join(repositoryRoot, "tools", "cmt");
const OUR_FOLDER = join(repositoryRoot, "tests");

/** What is waited for longest: a session's call to be final. */
const PATIENCE_MS = 240_000;

function packagesOf(folder: string): Record<string, string> {
	const text = readFileSync(join(folder, "package.json"), "utf8");
	return (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies;
}

/** Whose phrase signs, and which node is asked. */
export interface CmtOptions {
	/** The address of a node's WebSocket. */
	url: string;
	secret?: string;
}

/** A copy of the tool in a folder of its own. */
export class Cmt {
	/** Where the copy is. */
	readonly folder: string;

	/** `folder` must not be there yet; by default it is a new one that goes away by itself. */
	constructor(folder = join(temporaryFolder("cmt"), "cmt")) {
		this.folder = folder;
		const ours = packagesOf(OUR_FOLDER);
		for (const [name, version] of Object.entries(packagesOf(HOME))) {
			assert.equal(ours[name], version, `tests/ and tools/cmt pin the same ${name}`);
		}
		const filter = (path: string): boolean => !path.endsWith("node_modules");
		cpSync(HOME, folder, { recursive: true, filter });
		// The same packages: nothing is fetched.
		symlinkSync(join(OUR_FOLDER, "node_modules"), join(folder, "node_modules"));
	}

	private end(args: readonly string[], { url, secret = "" }: CmtOptions): Promise<Ended> {
		const options = {
			cwd: this.folder,
			env: { NODE: url, SECRET: secret },
			timeoutMs: PATIENCE_MS,
		};
		return runProgram(process.execPath, ["cmt.mjs", ...args], options);
	}

	/** Runs it to its end and returns what it printed; an error where it failed. */
	async run(args: readonly string[], options: CmtOptions): Promise<string> {
		const { code, signal, stdout, stderr } = await this.end(args, options);
		assert.equal(code, 0, `cmt ${args.join(" ")}: ${signal ?? ""} ${stdout} ${stderr}`);
		return stdout;
	}

	/** Demands that it refuses, with one sentence that matches `why`. */
	async refuses(args: readonly string[], why: RegExp, options: CmtOptions): Promise<void> {
		const { code, stdout, stderr } = await this.end(args, options);
		const context = `cmt ${args.join(" ")}: ${code} ${stdout} ${stderr}`;
		assert.equal(code, 1, context);
		const lines = stderr.trim().split("\n");
		assert.equal(lines.length, 1, `one sentence: ${context}`);
		assert.match(lines[0] ?? "", /^Error: /, context);
		assert.match(lines[0] ?? "", why, context);
	}
}
