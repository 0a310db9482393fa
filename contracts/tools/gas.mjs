// Measures each step of the escrow and writes the table of README.md; with --check it only says whether
// the table is what would be written.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const readme = new URL("../README.md", import.meta.url);
const frame = /(<!-- gas -->\n\n)[\s\S]*?(<!-- end of gas -->)/;

/** Gas by step, once per asset, each as a transaction of its own. */
function measure() {
	const folder = mkdtempSync(join(tmpdir(), "gas-"));
	try {
		const env = { ...process.env, FOUNDRY_SNAPSHOTS: folder, FORGE_SNAPSHOT_EMIT: "true" };
		const args = ["test", "--isolate", "--match-contract", "GasTest", "--fuzz-seed", "1"];
		execFileSync("forge", args, { env, stdio: ["ignore", "ignore", "inherit"] });
		return ["CMT", "ERC-20"].map((name) => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")));
	} finally {
		rmSync(folder, { recursive: true });
	}
}

function table([cmt, token]) {
	const order = [
		...["deploy", "offer", "agreeToArbitrate", "accept", "claimDelivery", "confirm", "giveBack", "dispute"],
		...["decide", "propose", "withdrawProposal", "agree", "cancel", "expire", "withdraw"],
	];
	const shown = (gas) => (gas === undefined ? "" : Number(gas).toLocaleString("en-GB"));
	const rows = order.map((step) => `| \`${step}\` | ${shown(cmt[step])} | ${shown(token[step])} |`);
	return ["| Step | CMT | ERC-20 |", "|---|---:|---:|", ...rows, "", ""].join("\n");
}

const before = readFileSync(readme, "utf8");
const measured = table(measure());
const after = before.replace(frame, (_, head, foot) => head + measured + foot);

if (!process.argv.includes("--check")) {
	writeFileSync(readme, after);
	console.log(measured);
} else if (after !== before) {
	console.error("gas: the table of README.md is old. Run: npm run gas");
	process.exitCode = 1;
} else {
	console.log("gas: the table of README.md is up to date");
}
