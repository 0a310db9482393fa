// What scenarios need of the machine, and whether it is there.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Something that not every machine allows or has. */
export type Need = "namespaces" | "wide area" | "clock" | "mounts";

/** Debian's library that shows a program another time. */
const FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

/** Makes a switch and a cable as `Fabric` does, in a network of its own. */
const CABLES = "ip link add lan0 type bridge && ip link add lan-1 type veth peer name lan";

/** Makes a tunnel as `WideArea` does, in a network of its own. */
const TUNNEL = "--net ip link add wan type vxlan id 7 dstport 14789 remote 198.18.0.254";

/** Why this command cannot be run; nothing where it can. */
function failure(program: string, ...args: string[]): string | undefined {
	const { status, error, stderr } = spawnSync(program, args, { encoding: "utf8" });
	if (status === 0) return undefined;
	const missing = (error as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
	return missing ? `there is no ${program}` : (error?.message ?? stderr).trim();
}

const checks: Record<Need, () => string | undefined> = {
	namespaces: () => failure("unshare", "--net", "--mount", "sh", "-c", CABLES),
	"wide area": () => failure("unshare", ...TUNNEL.split(" ")) ?? failure("ethtool", "--version"),
	mounts: () => failure("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"),
	clock: () => (existsSync(FAKETIME) ? undefined : "there is no libfaketime (Debian: faketime)"),
};

const found = new Map<Need, string | undefined>();

/** Why a need is not met here; nothing where it is. */
export function lacking(need: Need): string | undefined {
	if (process.platform !== "linux") return `${need}: this is not Linux`;
	if (!found.has(need)) found.set(need, checks[need]());
	const reason = found.get(need);
	return reason === undefined ? undefined : `${need}: ${reason}`;
}

/** Runs the command after it with a clock that is wrong by so many seconds. */
export function withClock(seconds: number): readonly string[] {
	const shift = `${seconds < 0 ? "-" : "+"}${Math.abs(seconds)}s`;
	// Only the time of day: how long something takes is measured as before.
	return ["env", `LD_PRELOAD=${FAKETIME}`, `FAKETIME=${shift}`, "DONT_FAKE_MONOTONIC=1"];
}
