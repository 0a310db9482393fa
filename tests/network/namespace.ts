// Network namespaces that vanish with the process that holds them: nothing of them is left behind,
// however a run ends. `ip netns add` would leave a name in the system.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { guardProcess } from "../src/janitor.ts";
import { within } from "../src/wait.ts";

/** Runs lines of `ip` at once, in the network of this machine or by a launcher in another. */
export function ip(lines: readonly string[], launcher: readonly string[] = []): void {
	const [program, ...args] = [...launcher, "ip", "-batch", "-"];
	execFileSync(program!, args, { input: lines.join("\n"), stdio: ["pipe", "pipe", "pipe"] });
}

/** A network, and mounts, of its own. */
export class Namespace {
	private constructor(
		readonly name: string,
		private readonly holder: ChildProcess,
	) {}

	/** Makes a namespace; an error where the system does not allow it. */
	static async create(name: string): Promise<Namespace> {
		const script = "echo held; exec sleep infinity";
		const holder = spawn("unshare", ["--net", "--mount", "sh", "-c", script], {
			stdio: ["ignore", "pipe", "pipe"],
			// A terminal's Ctrl-C is for the harness.
			detached: true,
		});
		guardProcess(holder);
		let reason = "";
		holder.stderr.setEncoding("utf8").on("data", (text: string) => (reason += text));
		const held = once(holder.stdout, "data").then(() => true);
		const failed = once(holder, "close").then(() => false);
		if (await within(`the namespace of ${name}`, 10_000, Promise.race([held, failed]))) {
			return new Namespace(name, holder);
		}
		throw new Error(`no namespace for ${name}: ${reason.trim()}`);
	}

	/** The process that holds it, by which `ip` names it. */
	get pid(): number {
		return this.holder.pid!;
	}

	/** Runs the command after it inside. */
	get launcher(): readonly string[] {
		const at = `/proc/${this.pid}/ns`;
		return ["nsenter", `--net=${at}/net`, `--mount=${at}/mnt`, "--"];
	}

	/** Runs a program inside to its end; what it printed. */
	run(program: string, ...args: string[]): string {
		const [first, ...rest] = [...this.launcher, program, ...args];
		return execFileSync(first!, rest, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
	}

	/** Runs lines of `ip` inside. */
	ip(...lines: string[]): void {
		ip(lines, this.launcher);
	}

	/** Ends it; what still runs inside keeps it until it ends too. */
	end(): void {
		this.holder.kill("SIGKILL");
	}
}
