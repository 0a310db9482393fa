// Projects of contract developers, `tests/projects`, and the tools that build and run them.

import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./binary.ts";
import { removeFolder, temporaryFolder } from "./janitor.ts";
import { type RunOptions, outputOf } from "./program.ts";

const HOME = join(repositoryRoot, "tests", "projects");
const OUR_PACKAGES = join(repositoryRoot, "tests", "node_modules");
/** Where `contracts/` has Foundry's compiler from. */
const CONTRACTS = join(repositoryRoot, "contracts");

/** What a project takes longest for is compiling. */
const PATIENCE_MS = 180_000;

/** Folders that tools write where somebody used them in the project itself. */
const WRITTEN = /\/(\.openzeppelin|artifacts|broadcast|cache|deployments|node_modules|out)$/;

/** Programs that come as npm packages, and the folders whose packages they are. */
const PROGRAMS = { hardhat: "tests", cast: "tests", forge: "contracts" } as const;

function pathOf(program: keyof typeof PROGRAMS): string {
	const folder = join(repositoryRoot, PROGRAMS[program]);
	const path = join(folder, "node_modules", ".bin", program);
	if (!existsSync(path)) throw new Error(`no ${program}; run: npm --prefix ${folder} ci`);
	return path;
}

/** Settings by which the tools load nothing from elsewhere and ask nobody. */
const OFFLINE = {
	FOUNDRY_OFFLINE: "true",
	FOUNDRY_SOLC: join(CONTRACTS, "tools", "solc.mjs"),
	HARDHAT_DISABLE_TELEMETRY_PROMPT: "true",
	NO_COLOR: "1",
};

/** A project as its developer has it, in a folder that goes away with what the tools write. */
export class Project {
	private readonly folder = temporaryFolder("project");
	private readonly env: Record<string, string>;

	/** `url` is where the chain answers; `env` is what the project is told besides. */
	constructor(name: "hardhat" | "foundry", url: string, env: Record<string, string> = {}) {
		const filter = (path: string): boolean => !WRITTEN.test(path);
		cpSync(join(HOME, name), this.folder, { recursive: true, filter });
		symlinkSync(OUR_PACKAGES, join(this.folder, "node_modules"));
		// Both tools keep something at home too.
		this.env = { ...OFFLINE, HOME: this.folder, CYBERMILES_URL: url, ...env };
	}

	/** Runs a tool in the project and returns what it printed; an error where it failed. */
	run(program: keyof typeof PROGRAMS, args: readonly string[], env = {}): Promise<string> {
		const options: RunOptions = {
			cwd: this.folder,
			env: { ...this.env, ...env },
			timeoutMs: PATIENCE_MS,
		};
		return outputOf(pathOf(program), args, options);
	}

	/** A file that a tool wrote as JSON. */
	json<T>(...path: string[]): T {
		return JSON.parse(readFileSync(join(this.folder, ...path), "utf8")) as T;
	}

	/** Removes the project. */
	discard(): void {
		removeFolder(this.folder);
	}
}
