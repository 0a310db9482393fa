// Every crate that the node is built from, and every npm package of the page, is under a licence that
// allows it to be linked into ours.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const allowed = new Set([
	"0BSD",
	"Apache-2.0",
	"Apache-2.0 WITH LLVM-exception",
	"BSD-2-Clause",
	"BSD-3-Clause",
	"BSL-1.0",
	"BlueOak-1.0.0",
	"CC-BY-3.0",
	"CC0-1.0",
	"CDLA-Permissive-2.0",
	"GPL-3.0-or-later WITH Classpath-exception-2.0",
	"ISC",
	"MIT",
	"MIT-0",
	"MPL-2.0",
	"OpenSSL",
	"Unicode-3.0",
	"Unlicense",
	"Zlib",
]);

// Crates whose files say another licence than their manifest: that of the files.
const ofFiles = new Map([["pallet-migrations", "Apache-2.0"]]);

/** Reads an SPDX expression; the old `A/B` means `A OR B`. AND binds closer than OR. */
function accepts(expression) {
	const tokens = expression
		.replaceAll("/", " OR ")
		.split(/\s+(?:(OR|AND))\s+|([()])/)
		.map((token) => token?.trim())
		.filter(Boolean);
	const any = () => {
		let value = all();
		while (tokens[0] === "OR") value = [tokens.shift(), all()][1] || value;
		return value;
	};
	const all = () => {
		let value = one();
		while (tokens[0] === "AND") value = [tokens.shift(), one()][1] && value;
		return value;
	};
	const one = () => {
		const token = tokens.shift();
		return token === "(" ? [any(), tokens.shift()][0] : allowed.has(token);
	};
	return any();
}

/** Name and licence of each crate, ours among them; tools outside the default build are left out. */
function crates() {
	const args = ["tree", "--locked", "--edges=normal,build", "--prefix=none", "--format={p}|{l}"];
	const text = execFileSync("cargo", args, { encoding: "utf8", maxBuffer: 1 << 28 });
	const rows = text.split("\n").filter(Boolean).map((row) => row.replace(/ \(\*\)$/, "").split("|"));
	return new Map(rows.map(([crate, licence]) => [crate, ofFiles.get(crate.split(" ")[0]) ?? licence]));
}

/** Name and licence of each package that the page names; tools for its development are left out. */
function packages() {
	const lock = new URL("../web/package-lock.json", import.meta.url);
	const rows = Object.entries(JSON.parse(readFileSync(lock, "utf8")).packages);
	const others = rows.filter(([path, { dev }]) => path && !dev);
	return others.map(([path, { license }]) => [path.replace("node_modules/", ""), license]);
}

/** Tells of those with another licence; how many they are. */
function judge(all, what) {
	const wrong = all.filter(([, licence]) => !accepts(licence ?? ""));
	for (const [name, licence] of wrong) console.error(`error: ${name}: ${licence || "no licence"}`);
	console.log(`${all.length} ${what}, ${wrong.length} with a licence that is not allowed`);
	return wrong.length;
}

const wrong = judge([...crates()], "crates") + judge(packages(), "npm packages of the page");
process.exitCode = wrong ? 1 : 0;
