// Contracts of the tests, compiled as they are needed.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { JsonFragment } from "ethers";
import solc from "solc";
import type { Abi } from "viem";

const require = createRequire(import.meta.url);

/** Interfaces that the chain ships, and contracts that only tests need. */
const FOLDERS = [
	new URL("../contracts/", import.meta.url),
	new URL("../../contracts/interfaces/", import.meta.url),
];

/** A contract as the compiler gives it. */
export interface Compiled {
	/** Interface, as ethers, viem and web3.js read it. */
	abi: Abi & JsonFragment[];
	/** Code that makes it, without the constructor's arguments. */
	bytecode: `0x${string}`;
}

interface Output {
	contracts: Record<
		string,
		Record<string, { abi: Compiled["abi"]; evm: { bytecode: { object: string } } }>
	>;
	errors?: { severity: string; formattedMessage: string }[];
}

function textOf(path: string): string {
	if (path.startsWith("@")) return readFileSync(require.resolve(path), "utf8");
	for (const folder of FOLDERS) {
		try {
			return readFileSync(new URL(path, folder), "utf8");
		} catch {
			// In the other folder, or nowhere.
		}
	}
	throw new Error(`no Solidity file ${path}`);
}

function lookUp(path: string): { contents: string } | { error: string } {
	try {
		return { contents: textOf(path) };
	} catch (error) {
		return { error: (error as Error).message };
	}
}

/** Compiles files of `contracts/` and what they import; the contracts by their names. */
export function compile(...files: string[]): Record<string, Compiled> {
	const input = {
		language: "Solidity",
		sources: Object.fromEntries(files.map((file) => [file, { content: textOf(file) }])),
		settings: {
			evmVersion: "cancun",
			optimizer: { enabled: true, runs: 200 },
			outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
		},
	};
	const output = JSON.parse(solc.compile(JSON.stringify(input), { import: lookUp })) as Output;
	const faults = output.errors?.filter(({ severity }) => severity === "error") ?? [];
	if (faults.length > 0) throw new Error(faults.map((it) => it.formattedMessage).join("\n"));
	const all = Object.values(output.contracts).flatMap((contracts) => Object.entries(contracts));
	return Object.fromEntries(
		all.map(([name, { abi, evm }]) => [name, { abi, bytecode: `0x${evm.bytecode.object}` }]),
	);
}
