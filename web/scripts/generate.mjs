// What the page takes from the rest of the project: the runtime's types, by its WASM, and the ABIs of
// the precompiles and of the trade escrow, with its code. Nothing of it is kept under version control.
//
//   node scripts/generate.mjs [<runtime.wasm>]
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("..", import.meta.url));
const contracts = resolve(web, "../contracts");
const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
const target = process.env.CARGO_TARGET_DIR ?? join(cache, "cybermiles/target");
const built = join(target, "release/wbuild/cybermiles-runtime/cybermiles_runtime.compact.compressed.wasm");

const run = (folder, program, ...args) =>
	execFileSync(program, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });

/** Writes a file only where it would change, so that nothing is built anew for nothing. */
function write(file, text) {
	if (existsSync(file) && readFileSync(file, "utf8") === text) return;
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
}

function descriptors(wasm) {
	if (!existsSync(wasm)) throw new Error(`there is no runtime at ${wasm}: run make build first`);
	const papi = join(web, "node_modules/.bin/papi");
	const metadata = join(web, ".papi/metadata/cmt.scale");
	mkdirSync(dirname(metadata), { recursive: true });
	// Writes into the configuration too, which is the same afterwards.
	const config = readFileSync(join(web, ".papi/polkadot-api.json"));
	run(web, papi, "add", "cmt", "--wasm", wasm, "--skip-codegen");
	writeFileSync(join(web, ".papi/polkadot-api.json"), config);
	run(web, papi, "generate");
}

const artifacts = join(web, "node_modules/.cache/contracts");
const artifact = (name) => JSON.parse(readFileSync(join(artifacts, `${name}.sol/${name}.json`), "utf8"));
const constant = (name, value) => `export const ${name} = ${JSON.stringify(value, null, "\t")} as const;\n`;

function abis() {
	const places = ["--out", artifacts, "--cache-path", `${artifacts}-cache`];
	run(contracts, "npx", "--no-install", "forge", "build", "interfaces", "src", ...places);
	const staking = artifact("IStaking").abi;
	const voting = artifact("IVoting").abi;
	const { abi, bytecode, deployedBytecode } = artifact("TradeEscrow");
	const folder = join(web, "src/generated");
	const head = "// Made by scripts/generate.mjs.\n\n";
	write(join(folder, "staking.ts"), head + constant("stakingAbi", staking));
	write(join(folder, "voting.ts"), head + constant("votingAbi", voting));
	write(join(folder, "escrow.ts"), head + constant("escrowAbi", abi));
	const code = constant("escrowBytecode", bytecode.object) + constant("escrowCode", deployedBytecode.object);
	write(join(folder, "escrow-code.ts"), head + code);
}

descriptors(resolve(process.argv[2] ?? built));
abis();
