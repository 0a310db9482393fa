// What must not outlive the harness: node processes and temporary folders.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Started with the first thing to guard; see watchdog.mjs. */
let watchdog: ChildProcess | undefined;

function order(line: string): void {
	watchdog ??= startWatchdog();
	watchdog.stdin?.write(`${line}\n`);
}

function startWatchdog(): ChildProcess {
	const script = fileURLToPath(new URL("watchdog.mjs", import.meta.url));
	const child = spawn(process.execPath, [script], {
		// A session of its own: the terminal's signals must not reach it.
		detached: true,
		// No inherited output: whoever waits for ours to close shall not wait for the watchdog.
		stdio: ["pipe", "ignore", "ignore"],
		env: { PATH: process.env["PATH"] },
	});
	child.unref();
	(child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
	return child;
}

/** Has `child` killed should the harness end before it. */
export function guardProcess(child: ChildProcess): void {
	const { pid } = child;
	if (pid === undefined) return;
	order(`process ${pid}`);
	child.once("exit", () => order(`ended ${pid}`));
}

/** Has the folder removed when the harness ends, in whatever way. */
export function guardFolder(path: string): void {
	order(`folder ${path}`);
}

/** A new empty folder that goes away with the harness. */
export function temporaryFolder(purpose: string): string {
	const path = mkdtempSync(join(tmpdir(), `cybermiles-${purpose}-`));
	guardFolder(path);
	return path;
}

/** Removes a guarded folder now. */
export function removeFolder(path: string): void {
	rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	order(`forget ${path}`);
}
