// The compose files of docker/, as an engine for containers reads them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { repositoryRoot } from "./binary.ts";

/** The folder of images, compose files, units and monitoring. */
export const dockerFolder = join(repositoryRoot, "docker");

/** What is read of a service. */
export interface Service {
	image: string;
	user?: string;
	entrypoint?: string[];
	command?: string[];
	environment?: Record<string, string>;
	read_only?: boolean;
	cap_drop?: string[];
	security_opt?: string[];
	privileged?: boolean;
	ports?: string[];
	networks?: string[];
	volumes?: string[];
	restart?: string;
	healthcheck?: { test?: string[]; disable?: boolean };
}

/** A compose file. */
export interface ComposeFile {
	services: Record<string, Service>;
	volumes: Record<string, unknown>;
	networks?: Record<string, { internal?: boolean }>;
}

/** Lines such as `NAME=value`; comments and empty ones are left out. */
export function environmentFile(path: string): Record<string, string> {
	const lines = readFileSync(join(dockerFolder, path), "utf8").split("\n");
	const entries = lines.map((line) => /^([A-Z_]+)=(.*)$/.exec(line)).filter((match) => match !== null);
	return Object.fromEntries(entries.map(([, name, value]) => [name!, value!]));
}

/** The compose file in a folder of docker/, with the values of these variables. */
export function composeFile(folder: string, variables: Record<string, string> = {}): ComposeFile {
	const text = readFileSync(join(dockerFolder, folder, "compose.yaml"), "utf8");
	const filled = text.replace(/\$\{(\w+)(?::\?[^}]*)?\}/g, (_, name: string) => {
		const value = variables[name];
		if (value === undefined) throw new Error(`${folder}: no value for ${name}`);
		return value;
	});
	// Our own file: its many aliases are no attack.
	return parse(filled, { merge: true, maxAliasCount: -1 }) as ComposeFile;
}
