// Chain specs, as the node's presets give them.

import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { output } from "./binary.ts";

/** A chain spec in a file. */
export interface SpecFile {
	path: string;
	/** The chain's id, which also names its folder below a base path. */
	id: string;
	/** The parsed file. */
	json: Record<string, unknown>;
}

/** The text of a preset's chain spec. */
export function exportSpec(preset: string, raw: boolean): Promise<string> {
	const args = ["export-chain-spec", `--chain=${preset}`, ...(raw ? ["--raw"] : [])];
	return output(args, { timeoutMs: 120_000 });
}

/**
 * Writes the raw chain spec of a preset, or of a plain spec in a file, into `folder`.
 *
 * Nodes start much faster from it than from the preset, whose genesis each would build anew.
 */
export async function rawSpecFile(preset: string, folder: string): Promise<SpecFile> {
	const text = await exportSpec(preset, true);
	const path = join(folder, `${basename(preset, ".json")}-raw.json`);
	writeFileSync(path, text);
	const json = JSON.parse(text) as Record<string, unknown>;
	return { path, id: String(json["id"]), json };
}
