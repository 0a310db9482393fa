// Every crate that the node is built from is under a licence that allows it to be linked into ours.
import { execFileSync } from "node:child_process";

const allowed = new Set([
	"0BSD",
	"Apache-2.0",
	"Apache-2.0 WITH LLVM-exception",
	"BSD-2-Clause",
	"BSD-3-Clause",
	"BSL-1.0",
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

const all = [...crates()];
const wrong = all.filter(([, licence]) => !accepts(licence));
for (const [crate, licence] of wrong) console.error(`error: ${crate}: ${licence || "no licence"}`);
console.log(`${all.length} crates, ${wrong.length} with a licence that is not allowed`);
process.exitCode = wrong.length ? 1 : 0;
