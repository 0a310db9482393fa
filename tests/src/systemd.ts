// The units of docker/systemd.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dockerFolder } from "./compose.ts";

/** The service of a node. */
export const UNIT = "cybermiles.service";
/** What makes it a validator, a validator behind a sentry, or a sentry. */
export const DROP_INS = ["validator.conf", "hidden-validator.conf", "sentry.conf"] as const;

const INSTALLED = "/usr/local/bin/cybermiles";

/** The text of a file in docker/systemd. */
export function unitText(name: string): string {
	return readFileSync(join(dockerFolder, "systemd", name), "utf8");
}

/** The flags with which a unit or drop-in starts the node, variables not filled in. */
export function flagsOf(name: string): string[] {
	const command = new RegExp(`^ExecStart=${INSTALLED} (.*)$`, "m").exec(unitText(name))?.[1];
	if (!command) throw new Error(`${name} starts no node`);
	return command.split(" ");
}

/**
 * Writes the unit, and a drop-in, into `folder` as they are installed, but for another program:
 * systemd's own checks want one that is there. The path of the unit.
 */
export function install(folder: string, program: string, dropIn?: string): string {
	const write = (path: string, name: string) => {
		writeFileSync(path, unitText(name).replaceAll(INSTALLED, program));
		return path;
	};
	mkdirSync(join(folder, `${UNIT}.d`), { recursive: true });
	if (dropIn) write(join(folder, `${UNIT}.d`, "role.conf"), dropIn);
	return write(join(folder, UNIT), UNIT);
}
