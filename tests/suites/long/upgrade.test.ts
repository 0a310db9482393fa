// An upgrade of the runtime on a development node: rehearsed, authorised, applied, migrated over two
// blocks. The sudo key stands for the referendum; with 19 validators and a vote the same is shown by
// `upgrade-network.test.ts`. Takes a minute, and minutes more where the second runtimes are to
// be built first.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { ApiPromise } from "@polkadot/api";
import { CMT, type Included, eventOf, refusal } from "../../src/calls.ts";
import { DevNode } from "../../src/dev-node.ts";
import { removeFolder, temporaryFolder } from "../../src/janitor.ts";
import { accountOf } from "../../src/keys.ts";
import { header, rpc } from "../../src/rpc.ts";
import { codeOf, demandMigrated, rehearse, secondRuntime, stored, told, valueKey } from "../../src/upgrade.ts";
import { eventually } from "../../src/wait.ts";

const alice = accountOf("Alice");
/** Owns nothing but CMT. */
const anybody = accountOf("Ferdie//stash");
/** As many back Alice that a step does not count them all. */
const backers = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie"]
	.flatMap((name) => [name, `${name}//stash`])
	.concat("One", "Two")
	.filter((name) => name !== "Alice");

let dev: DevNode;
let api: ApiPromise;
let port: number;
let folder: string;
let snapshot: string;
/** Files of the second runtimes. */
const runtimes = { trial: "", heavy: "" };
/** The block that applied the upgrade. */
let applied: number;

before(async () => {
	runtimes.trial = await secondRuntime("trial");
	runtimes.heavy = await secondRuntime("heavy");
	folder = temporaryFolder("upgrade");
	snapshot = join(folder, "state.snapshot");
	dev = await DevNode.launch("manual");
	api = dev.api;
	port = dev.node.ports.rpc;
	for (const name of backers) {
		await dev.submit(accountOf(name), api.tx.cmtDpos.delegate(alice.address, 1_000n * CMT));
	}
});
after(async () => {
	await dev?.stop();
	removeFolder(folder);
});

const apply = (file: string): Promise<Included> =>
	dev.submit(anybody, api.tx.system.applyAuthorizedUpgrade(codeOf(file).code));

const migrating = async (hash: string): Promise<boolean> =>
	(await stored(port, valueKey("Migrations", "Cursor"), hash)) !== null;

describe("the rehearsal", () => {
	it("accepts a runtime, on the state of a node and on that state from its file", async (t) => {
		const live = await rehearse(runtimes.trial, "--uri", dev.node.url, "--save", snapshot);
		t.diagnostic(live.stdout);
		assert.equal(live.code, 0, live.stderr);
		assert.equal(told(live).at(-1), "The upgrade can go to the vote.");
		assert.match(live.stdout, /^blocks +2 with migrations/m);
		assert.match(live.stdout, /^storage +ProtocolGenesis 0 -> 1$/m);
		assert.match(live.stdout, /^second run +changed nothing/m);
		assert.match(live.stdout, new RegExp(codeOf(runtimes.trial).hash));
		assert.deepEqual(told(await rehearse(runtimes.trial, "--snapshot", snapshot)), told(live));
	});

	it("refuses what must not be voted on, with its reason", async () => {
		const why = async (runtime: string, ...state: string[]): Promise<string> => {
			const { code, stderr } = await rehearse(runtime, ...state);
			assert.equal(code, 1, stderr);
			return stderr.trim();
		};
		const here = ["--snapshot", snapshot];
		const heavy = /^Error: the migrations .* take 2\d{3}\.\d ms, and a block has 2000\.0 ms/m;
		assert.match(await why(runtimes.heavy, ...here), heavy);
		const missing = join(folder, "missing");
		assert.match(await why(missing, ...here), /^Error: there is no runtime '.*missing'$/m);
		assert.match(await why(snapshot, ...here), /^Error: '.*' is no runtime: /m);
		assert.match(await why(runtimes.trial, "--snapshot", missing), /the state cannot be had/);
		const nobody = "ws://127.0.0.1:1";
		assert.match(await why(runtimes.trial, "--uri", nobody), /the state cannot be had/);
	});

	it("changed nothing on the node", async () => {
		assert.equal(api.runtimeVersion.specVersion.toNumber(), 1);
		const { specVersion } = await rpc<{ specVersion: number }>(port, "state_getRuntimeVersion");
		assert.equal(specVersion, 1);
	});
});

describe("the upgrade", () => {
	it("takes no code without authorisation, and then no other code", async () => {
		assert.equal(await refusal(apply(runtimes.trial)), "System.NothingAuthorized");
		const authorize = api.tx.system.authorizeUpgrade(codeOf(runtimes.trial).hash);
		await dev.submit(alice, api.tx.sudo.sudo(authorize));
		assert.equal(await refusal(apply(runtimes.heavy)), "System.Unauthorized");
	});

	it("is applied by anybody, and takes over with the next block", async () => {
		const included = await apply(runtimes.trial);
		assert.ok(eventOf(included, "system", "CodeUpdated"));
		applied = (await header(port, included.blockHash)).number;
		const known = () => api.runtimeVersion.specVersion.toNumber() === 2;
		await eventually("the client to learn of the new runtime", known);
	});

	it("migrates over two blocks, in which a transfer waits", async () => {
		const call = api.tx.balances.transferKeepAlive(alice.address, 1n);
		await call.signAndSend(accountOf("Bob"), { nonce: -1 });
		const transactions = async (hash: string): Promise<number> => {
			const { block } = await rpc<{ block: { extrinsics: string[] } }>(port, "chain_getBlock", [hash]);
			return block.extrinsics.length;
		};
		const first = await dev.seal();
		assert.deepEqual([await migrating(first), await transactions(first)], [true, 1]);
		const second = await dev.seal();
		assert.deepEqual([await migrating(second), await transactions(second)], [false, 1]);
		const third = await eventually("a block with the transfer", async () => {
			const hash = await dev.seal();
			return (await transactions(hash)) > 1 && hash;
		});
		await demandMigrated(api, port, applied, third);
	});

	it("is over: the same runtime is refused as not newer", async () => {
		const save = join(folder, "after.snapshot");
		const { code, stderr } = await rehearse(runtimes.trial, "--uri", dev.node.url, "--save", save);
		assert.equal(code, 1);
		assert.match(stderr, /has version 2, and the chain's has version 2: raise spec_version/);
	});
});
