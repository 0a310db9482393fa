// Programs of this folder that make trouble until they are ended, and tell their counts as they go.

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { guardProcess } from "../src/janitor.ts";

/** A program that tells a line of JSON once a second. */
export class Crowd<Count> {
	private latest: Count | undefined;
	private readonly child: ChildProcess;

	/** Runs a program of this folder, by a launcher that puts it on some host. */
	constructor(
		program: string,
		args: readonly (string | number)[],
		launcher: readonly string[] = [],
	) {
		const script = fileURLToPath(new URL(program, import.meta.url));
		const [first, ...rest] = [...launcher, process.execPath, script, ...args.map(String)];
		const child = spawn(first!, rest, { stdio: ["ignore", "pipe", "inherit"] });
		guardProcess(child);
		const lines = createInterface({ input: child.stdout });
		lines.on("line", (line) => (this.latest = JSON.parse(line) as Count));
		this.child = child;
	}

	/** What it told last. */
	get count(): Count | undefined {
		return this.latest;
	}

	end(): void {
		this.child.kill("SIGKILL");
	}
}
