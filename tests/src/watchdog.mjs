// Cleans up behind a harness that ended in whatever way, SIGKILL included: it outlives its parent,
// notices the closed pipe, ends the processes and removes the folders that were entrusted to it.
// Plain JavaScript, so that it needs no loader.

import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const processes = new Set();
const folders = new Set();

const orders = {
	process: (pid) => processes.add(Number(pid)),
	ended: (pid) => processes.delete(Number(pid)),
	folder: (path) => folders.add(path),
	forget: (path) => folders.delete(path),
};

/** Sends a signal; false where the process is gone. Signal 0 only asks. */
function signal(pid, name) {
	try {
		process.kill(pid, name);
		return true;
	} catch {
		return false;
	}
}

async function cleanUp() {
	for (const pid of processes) signal(pid, "SIGKILL");
	for (let tries = 0; tries < 50 && [...processes].some((pid) => signal(pid, 0)); tries++) {
		await sleep(100);
	}
	for (const path of folders) {
		rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	}
}

// The terminal's Ctrl-C and a closing terminal are the parent's affair.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => {});

for await (const line of createInterface({ input: process.stdin })) {
	const space = line.indexOf(" ");
	orders[line.slice(0, space)]?.(line.slice(space + 1));
}
await cleanUp();
