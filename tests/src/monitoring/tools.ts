// The programs of Prometheus: installed, or unpacked by scripts/setup.sh.

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { outputOf } from "../program.ts";
import { monitoringFolder } from "./files.ts";

/** A program that a Debian package of its own brings. */
export type MonitoringTool = "prometheus" | "promtool" | "prometheus-node-exporter";

/** Where one of the programs is. */
export function monitoringTool(name: MonitoringTool): string {
	const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
	const installed = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
	const folders = [...installed, join(cache, "cybermiles", "prometheus", "usr", "bin")];
	const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
	if (found) return found;
	throw new Error(`${name} is missing; run: make setup   (or install Prometheus and node_exporter)`);
}

/** What promtool says of files in docker/monitoring; an error where it finds fault. */
export function promtool(...args: string[]): Promise<string> {
	return outputOf(monitoringTool("promtool"), args, { cwd: monitoringFolder });
}
