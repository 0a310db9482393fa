#!/usr/bin/env node
// Speaks the part of the Solidity compiler's command line that Foundry uses, with the compiler of the
// npm package `solc`: the same version on each machine, and nothing to download beside npm packages.
import { readFileSync } from "node:fs";
import solc from "solc";

const args = process.argv.slice(2);

if (args.includes("--version")) {
	console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else if (args.includes("--standard-json")) {
	// Foundry sends the text of each file along: there is no import left to look up.
	process.stdout.write(solc.compile(readFileSync(0, "utf8")));
} else {
	console.error(`solc.mjs: neither --version nor --standard-json in: ${args.join(" ")}`);
	process.exitCode = 1;
}
