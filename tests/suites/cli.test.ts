// The command line: what it does, and how it refuses what it cannot do.

import assert from "node:assert/strict";
import {
	appendFileSync,
	existsSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { stringToU8a, u8aConcat } from "@polkadot/util";
import { encodeAddress } from "@polkadot/util-crypto";
import { output, run } from "../src/binary.ts";
import { exportSpec, rawSpecFile } from "../src/chain-spec.ts";
import { temporaryFolder } from "../src/janitor.ts";
import { networkIdentityOf, sessionKeysOf, suriOf } from "../src/keys.ts";
import { ChainNode } from "../src/node.ts";
import { demandRefusal } from "../src/refused.ts";
import { heads } from "../src/rpc.ts";
import { eventually } from "../src/wait.ts";

/** What `chain-info` prints. */
interface ChainInfo {
	best_hash: string;
	best_number: number;
	finalized_number: number;
}

async function chainInfo(folder: string): Promise<ChainInfo> {
	const text = await output(["chain-info", "--chain=dev", `--base-path=${folder}`]);
	return JSON.parse(text) as ChainInfo;
}

describe("cybermiles --version and --help", () => {
	it("tells name and version", async () => {
		assert.match(await output(["--version"]), /^cybermiles \d+\.\d+\.\d+/);
	});

	it("lists every subcommand", async () => {
		const help = await output(["--help"]);
		const commands = ["key", "export-chain-spec", "export-blocks", "import-blocks", "revert"];
		for (const command of [...commands, "purge-chain", "chain-info"]) {
			assert.match(help, new RegExp(`^ +${command}\\b`, "m"));
		}
	});
});

describe("a node that is interrupted", () => {
	for (const signal of ["SIGINT", "SIGTERM"] as const) {
		it(`ends in order on ${signal}`, async () => {
			const folder = temporaryFolder("interrupt");
			const args = ["--dev", "--sealing=500", "--no-prometheus"];
			const node = await ChainNode.launch({ name: "Alice", folder, args });
			await eventually("blocks", async () => (await heads(node.ports.rpc)).best >= 2);
			assert.equal(await node.stop(signal), 0, node.logTail());
			assert.doesNotMatch(node.log(), /panicked/);
			const { best_number } = await chainInfo(node.dataFolder);
			assert.ok(best_number >= 2, "what was made is kept");
		});
	}
});

// One authority with real consensus, but without finality: blocks that can be reverted.
describe("blocks in a file", () => {
	const folder = temporaryFolder("blocks");
	const file = join(folder, "blocks.bin");
	let source = "";
	let exported: ChainInfo;

	before(async () => {
		const node = await ChainNode.launch({
			name: "Alice",
			folder,
			chain: "dev",
			args: ["--alice", "--force-authoring", "--no-grandpa", "--no-prometheus"],
		});
		await eventually("8 blocks", async () => (await heads(node.ports.rpc)).best >= 8);
		await node.stop();
		source = node.dataFolder;
		exported = await chainInfo(source);
	});

	it("are written by export-blocks", async () => {
		await output(["export-blocks", "--chain=dev", `--base-path=${source}`, "--binary", file]);
		assert.ok(statSync(file).size > 1_000);
	});

	it("are read by import-blocks into an empty folder, up to the same block", async () => {
		const target = join(folder, "imported");
		await output(["import-blocks", "--chain=dev", `--base-path=${target}`, "--binary", file]);
		const imported = await chainInfo(target);
		assert.equal(imported.best_hash, exported.best_hash);
		assert.equal(imported.best_number, exported.best_number);
	});

	it("are verified by check-block", async () => {
		await output(["check-block", "--chain=dev", `--base-path=${source}`, "3"]);
	});

	it("are taken back by revert", async () => {
		await output(["revert", "--chain=dev", `--base-path=${source}`, "3"]);
		assert.equal((await chainInfo(source)).best_number, exported.best_number - 3);
	});

	it("are removed by purge-chain, which keeps the keys", async () => {
		const chain = join(source, "chains", "cybermiles_dev");
		const keystore = join(chain, "keystore");
		assert.ok(existsSync(join(chain, "paritydb", "full")));
		mkdirSync(keystore, { recursive: true });
		writeFileSync(join(keystore, "kept"), "");
		await output(["purge-chain", "--chain=dev", `--base-path=${source}`, "-y"]);
		assert.ok(!existsSync(join(chain, "paritydb", "full")), "the blocks are gone");
		assert.ok(existsSync(join(keystore, "kept")), "the keys are not");
	});

	it("that were cut short are refused after the whole ones", async () => {
		const cut = join(folder, "cut.bin");
		writeFileSync(cut, readFileSync(file).subarray(0, statSync(file).size - 100));
		const target = join(folder, "cut");
		const args = ["import-blocks", "--chain=dev", `--base-path=${target}`, "--binary", cut];
		await demandRefusal(args, /reading block #\d+/);
	});
});

describe("a chain spec that cannot be used", () => {
	const folder = temporaryFolder("specs");
	let spec = "";
	let plain: Record<string, unknown>;

	before(async () => {
		spec = (await rawSpecFile("dev", folder)).path;
		plain = JSON.parse(await exportSpec("dev", false)) as Record<string, unknown>;
	});

	function written(name: string, text: string): string {
		const path = join(folder, name);
		writeFileSync(path, text);
		return path;
	}

	function start(chain: string, ...args: string[]): string[] {
		const base = `--base-path=${join(folder, "base")}`;
		return [`--chain=${chain}`, base, "--no-hardware-benchmarks", "--no-prometheus", ...args];
	}

	it("is refused when missing", async () => {
		await demandRefusal(start(join(folder, "nowhere.json")), /nowhere\.json.*No such file/);
	});

	it("is refused when its name is mistyped", async () => {
		await demandRefusal(start("lcoal"), /no chain 'lcoal'/);
	});

	it("is refused when cut short", async () => {
		const text = readFileSync(spec, "utf8");
		const cut = written("cut.json", text.slice(0, text.length / 2));
		await demandRefusal(start(cut), /cut\.json.*cut short/);
	});

	it("is refused when it is something else", async () => {
		await demandRefusal(start(written("empty.json", "{}")), /empty\.json.*no runtime/);
		await demandRefusal(start(written("text.json", "hello")), /text\.json.*not valid/);
	});

	it("is refused with a key that occurs twice", async () => {
		const text = readFileSync(spec, "utf8").replace('"id"', '"id": "other",\n"id"');
		await demandRefusal(start(written("twice.json", text)), /'id' occurs twice/);
	});

	it("is refused when two validators share a session key", async () => {
		const text = withSharedKey(await exportSpec("local", false));
		const args = ["export-chain-spec", `--chain=${written("shared.json", text)}`, "--raw"];
		await demandRefusal(args, /have the same grandpa key/);
	});

	/** Writes the plain spec of `dev` with another runtime. */
	function withRuntime(name: string, code: Uint8Array): string {
		const spec = structuredClone(plain) as { genesis: { runtimeGenesis: { code: string } } };
		spec.genesis.runtimeGenesis.code = `0x${Buffer.from(code).toString("hex")}`;
		return written(name, JSON.stringify(spec));
	}

	it("is refused when its runtime is that of another chain, or none", async () => {
		const foreign = withRuntime("foreign.json", emptyRuntime("polkadot"));
		await demandRefusal(start(foreign), /another chain: its runtime is 'polkadot'/);
		const none = withRuntime("none.json", Uint8Array.of(1, 2, 3));
		await demandRefusal(start(none), /none\.json.*runtime/);
	});

	it("is refused when its genesis is nonsense", async () => {
		const wrong = structuredClone(plain) as { genesis: { runtimeGenesis: object } };
		Object.assign(wrong.genesis.runtimeGenesis, { patch: { balances: { balances: "none" } } });
		const path = written("wrong.json", JSON.stringify(wrong));
		await demandRefusal(start(path), /genesis .* is refused/);
	});

	it("is refused when the folder holds another chain of the same id", async () => {
		const folderOfOther = temporaryFolder("other");
		const args = ["--dev", "--sealing=500", "--no-prometheus"];
		const node = await ChainNode.launch({ name: "Alice", folder: folderOfOther, args });
		await eventually("a block", async () => (await heads(node.ports.rpc)).best >= 1);
		await node.stop();
		const local = await exportSpec("local", true);
		const path = written("other.json", local.replace("cybermiles_local", "cybermiles_dev"));
		const base = `--base-path=${node.dataFolder}`;
		const refused = [`--chain=${path}`, base, "--no-hardware-benchmarks", "--no-prometheus"];
		await demandRefusal(refused, /another|other chain|different genesis/i);
	});

	it("is refused for sealing unless it is a development chain", async () => {
		await demandRefusal(start("local", "--sealing=instant"), /development chains only/);
	});
});

/** A plain spec in which Bob has Alice's GRANDPA key. */
function withSharedKey(text: string): string {
	const [alice, bob] = ["Alice", "Bob"].map((name) =>
		encodeAddress(sessionKeysOf(suriOf(name)).gran, 42),
	);
	assert.ok(text.includes(bob), "the exported spec lists the session keys");
	return text.replaceAll(bob, alice);
}

/** A WASM file that does nothing and says that it is the runtime of this chain. */
function emptyRuntime(chain: string): Uint8Array {
	const name = stringToU8a("runtime_version");
	const text = u8aConcat(Uint8Array.of(chain.length * 4), stringToU8a(chain));
	// Twice the name; three versions, no APIs, two more versions.
	const version = u8aConcat(text, text, new Uint8Array(12), new Uint8Array(1 + 4 + 1));
	const section = u8aConcat(Uint8Array.of(name.length), name, version);
	const header = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
	return u8aConcat(header, Uint8Array.of(0, section.length), section);
}

describe("keys that cannot be used", () => {
	const folder = temporaryFolder("keys");
	let spec = "";
	before(async () => {
		spec = (await rawSpecFile("dev", folder)).path;
	});

	const start = (...args: string[]) => [
		`--chain=${spec}`,
		"--validator",
		`--base-path=${join(folder, "base")}`,
		"--no-hardware-benchmarks",
		"--no-prometheus",
		...args,
	];

	it("are refused as the node's network key", async () => {
		await demandRefusal(start("--node-key=abcd"), /node.?key|hex|ed25519/i);
		const missing = join(folder, "nowhere", "key");
		await demandRefusal(start(`--node-key-file=${missing}`), /nowhere/);
		const cut = join(folder, "cut");
		writeFileSync(cut, "12345");
		await demandRefusal(start(`--node-key-file=${cut}`), /key/);
	});

	it("are refused by `key insert` and `key inspect`", async () => {
		const base = `--base-path=${join(folder, "insert")}`;
		const insert = ["key", "insert", "--chain=dev", base, "--key-type=aura"];
		const scheme = "--scheme=sr25519";
		await demandRefusal([...insert, scheme, "--suri=not a phrase"], /phrase/);
		const longType = ["key", "insert", "--chain=dev", base, "--key-type=toolong", scheme];
		await demandRefusal([...longType, "--suri=//Alice"], /key type/);
		const inspected = await run(["key", "inspect", "not a phrase"]);
		assert.doesNotMatch(inspected.stdout + inspected.stderr, /panicked/);
	});

	it("are inserted under their type's and their own name", async () => {
		const base = join(folder, "inserted");
		const args = ["key", "insert", "--chain=dev", `--base-path=${base}`, "--key-type=aura"];
		await output([...args, "--scheme=sr25519", "--suri=//Alice"]);
		const keystore = join(base, "chains", "cybermiles_dev", "keystore");
		const publicKey = Buffer.from(sessionKeysOf("//Alice").aura).toString("hex");
		assert.deepEqual(readdirSync(keystore), [`61757261${publicKey}`]);
	});

	for (const [what, content] of [
		["cut short", '"//Ali'],
		["empty", ""],
		["for another key", '"//Bob"'],
	]) {
		it(`are refused in a validator's keystore when ${what}`, async () => {
			const base = join(folder, what.replaceAll(" ", "-"));
			const keystore = join(base, "chains", "cybermiles_dev", "keystore");
			mkdirSync(keystore, { recursive: true });
			const publicKey = Buffer.from(sessionKeysOf("//Alice").aura).toString("hex");
			appendFileSync(join(keystore, `61757261${publicKey}`), content);
			const args = start().filter((arg) => !arg.startsWith("--base-path"));
			const network = `--node-key=${networkIdentityOf("Alice").nodeKey}`;
			const why = new RegExp(`aura key 0x${publicKey} in the keystore cannot be used`);
			await demandRefusal([...args, network, `--base-path=${base}`], why);
		});
	}
});

describe("a command line that is not understood", () => {
	it("is refused by name", async () => {
		await demandRefusal(["--no-such-flag"], /./);
		await demandRefusal(["bogus"], /./);
		await demandRefusal(["--dev", "--sealing=soon"], /./);
	});

	it("is refused where the folder is another node's", async () => {
		const folder = temporaryFolder("taken");
		const args = ["--dev", "--no-prometheus"];
		const node = await ChainNode.launch({ name: "Alice", folder, args });
		after(() => node.stop());
		const second = [...args, `--base-path=${node.dataFolder}`, "--no-hardware-benchmarks"];
		await demandRefusal(second, /in use/);
	});
});
