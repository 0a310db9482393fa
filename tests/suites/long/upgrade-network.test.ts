// An upgrade of the runtime on the local network of 19 validators: rehearsed on its state, voted by
// its stake, applied by somebody without any power, migrated over several blocks, while its users go
// on. Takes about fifteen minutes, and more where the second runtimes are to be built first.

import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { ApiPromise } from "@polkadot/api";
import { hexToU8a } from "@polkadot/util";
import { blake2AsHex } from "@polkadot/util-crypto";
import { output } from "../../src/binary.ts";
import { type Included, eventOf, refusal, submit } from "../../src/calls.ts";
import { Ethereum, keyOf } from "../../src/ethereum.ts";
import { Referenda, quorum } from "../../src/governance.ts";
import { temporaryFolder } from "../../src/janitor.ts";
import { accountOf } from "../../src/keys.ts";
import { localCandidates } from "../../src/names.ts";
import { Network, SEATS } from "../../src/network.ts";
import type { ChainNode } from "../../src/node.ts";
import { blockHash, header, heads } from "../../src/rpc.ts";
import {
	type BusyBlock,
	Traffic,
	afterMissedSlots,
	busyBlocks,
	codeOf,
	compiledIn,
	demandMigrated,
	rehearse,
	secondRuntime,
	told,
} from "../../src/upgrade.ts";
import { eventually } from "../../src/wait.ts";

const MINUTE = 60_000;

/** Whose node is asked. */
const first = localCandidates[0];
const proposer = accountOf("Alice");
/** Applies the upgrade; backs nobody and owns nothing but CMT. */
const anybody = accountOf("Ferdie//stash");
/** Blocks before and after the upgrade that are looked at. */
const WINDOW = 25;
/**
 * Whether the nodes share too few cores. Each takes 0.15 seconds of one to execute the block that
 * holds the new code, and all do so at once: the slot after it can pass meanwhile.
 */
const CROWDED = availableParallelism() < SEATS / 2;
/**
 * Blocks after the migration in which there may be no native transfer: what was signed for the old
 * runtime has to leave the pools before what is signed for the new one has its turn.
 */
const RESIGNING = 4;

/** Files of the second runtimes: the one of the vote, the same for the rehearsal, one too heavy. */
const runtimes = { next: "", trial: "", heavy: "" };
let folder: string;
let network: Network;
let port: number;
let api: ApiPromise;
let referenda: Referenda;
let traffic: Traffic;
/** Syncs before the upgrade, and is off line during it. */
let sleeper: ChainNode;
/** Number of the referendum. */
let poll: number;
/** The block that applied the upgrade, and those around it. */
let applied: number;
let around: BusyBlock[];

const compiledFolder = (): string => join(folder, "compiled");
const compiled = (): string => `--compiled-runtimes=${compiledFolder()}`;

before(async () => {
	runtimes.trial = await secondRuntime("trial");
	runtimes.heavy = await secondRuntime("heavy");
	runtimes.next = await secondRuntime("next");
	folder = temporaryFolder("upgrade");
	network = await Network.prepare({
		folder,
		args: () => ["--no-prometheus", compiled()],
		// The new runtime itself is a transaction.
		pool: ["--pool-limit=1024", "--pool-kbytes=8192"],
	});
	await network.start();
	await network.finalises();
	api = await network.node(first).api();
	port = network.node(first).ports.rpc;
	referenda = new Referenda(api);
	const ethereum = new Ethereum(port);
	const payer = accountOf("One");
	traffic = await new Traffic(api, ethereum, payer, accountOf("Two").address, keyOf(0)).start();
});
after(async () => {
	await traffic?.stop();
	await network?.discard();
});

const apply = (file: string): Promise<Included> =>
	submit(api, anybody, api.tx.system.applyAuthorizedUpgrade(codeOf(file).code), {
		timeoutMs: 2 * MINUTE,
	});

async function numberOf(hash: string): Promise<number> {
	return (await header(port, hash)).number;
}

/** Waits until the node has this finalised block and is not syncing any more. */
async function reaches(node: ChainNode, target: number): Promise<void> {
	await node.answers();
	const look = async () => {
		const { finalized } = await heads(node.ports.rpc);
		const health = await node.call<{ isSyncing: boolean }>("system_health");
		return finalized >= target && !health.isSyncing;
	};
	const patience = { timeoutMs: 4 * MINUTE, everyMs: 500 };
	await eventually(`${node.name} to reach block ${target}`, look, patience);
}

describe("before the vote", () => {
	it("the referendum is proposed, and a node joins", async () => {
		const { hash } = codeOf(runtimes.next);
		const bytes = api.tx.system.authorizeUpgrade(hash).method.toHex();
		await submit(api, proposer, api.tx.preimage.notePreimage(bytes));
		const lookup = { hash: blake2AsHex(bytes, 256), len: hexToU8a(bytes).length };
		poll = await referenda.submit(proposer, "Root", { Lookup: lookup });
		sleeper = await network.joiner("sleeper", [compiled()]);
		sleeper.start(network.bootnodes());
		await reaches(sleeper, 1);
	});

	it("a code that nobody authorised is refused", async () => {
		assert.equal(await refusal(apply(runtimes.next)), "System.NothingAuthorized");
	});

	it("the rehearsal on the network's state accepts the runtime, from a file too", async (t) => {
		const file = join(folder, "state.snapshot");
		const url = network.node(first).url;
		const live = await rehearse(runtimes.trial, "--uri", url, "--save", file);
		t.diagnostic(live.stdout);
		assert.equal(live.code, 0, live.stderr);
		assert.equal(told(live).at(-1), "The upgrade can go to the vote.");
		assert.match(live.stdout, /ProtocolGenesis 0 -> 1/);
		assert.match(live.stdout, /[2-9] with migrations/);
		assert.match(live.stdout, /second run +changed nothing/);
		const again = await rehearse(runtimes.trial, "--snapshot", file);
		assert.deepEqual(told(again), told(live));
	});

	it("the rehearsal refuses a runtime whose migration is too heavy", async () => {
		const file = join(folder, "state.snapshot");
		const { code, stderr } = await rehearse(runtimes.heavy, "--snapshot", file);
		assert.equal(code, 1, stderr);
		assert.match(stderr, /take 2\d{3}\.\d ms, and a block has 2000\.0 ms/);
	});
});

describe("the upgrade", () => {
	it("passes with two thirds of all power, and is authorised", async () => {
		const powers = await referenda.opened(poll);
		await referenda.vote(poll, quorum(powers, [2n, 3n]), "Aye");
		assert.equal(await referenda.ended(poll, 8 * MINUTE), "approved");
		const look = async () => (await api.query.system.authorizedUpgrade()).isSome;
		await eventually("the authorisation", look, { timeoutMs: 5 * MINUTE, everyMs: 1_000 });
	});

	it("takes no other code", async () => {
		assert.equal(await refusal(apply(runtimes.heavy)), "System.Unauthorized");
	});

	it("is compiled beforehand, and applied by anybody", async () => {
		await output(["compile-runtime", runtimes.next, compiled()], { timeoutMs: 3 * MINUTE });
		const beforehand = compiledIn(compiledFolder());
		await sleeper.stop();
		const included = await apply(runtimes.next);
		assert.ok(eventOf(included, "system", "CodeUpdated"));
		applied = await numberOf(included.blockHash);
		const look = async () => (await heads(port)).finalized > applied + WINDOW;
		await eventually("the blocks after", look, { timeoutMs: 4 * MINUTE });
		around = await busyBlocks(api, port, traffic, [applied - WINDOW, applied + WINDOW]);
		assert.deepEqual(compiledIn(compiledFolder()), beforehand, "nodes compiled the runtime");
	});

	it("misses no slot", (t) => {
		const before = afterMissedSlots(around.slice(0, WINDOW + 1));
		const after = afterMissedSlots(around.slice(WINDOW));
		t.diagnostic(`slots missed in the ${WINDOW} blocks before: ${before.length}, after: ${after.length}`);
		assert.deepEqual(after.filter((number) => !CROWDED || number > applied + 1), []);
	});

	it("migrates over several blocks, in which transactions wait", (t) => {
		const migrating = around.filter((block) => block.migrating);
		t.diagnostic(`migrated in blocks ${migrating.map(({ number }) => number).join(" ")}`);
		assert.ok(migrating.length > 1);
		const expected = migrating.map((_, index) => applied + 1 + index);
		assert.deepEqual(migrating.map(({ number }) => number), expected);
		assert.ok(migrating.every(({ transfers, rings }) => transfers + rings === 0));
	});

	it("goes on with transfers, calls of contracts and awards in every other block", (t) => {
		const open = around.filter(({ migrating, session }) => !migrating && !session);
		assert.deepEqual(open.filter(({ rings }) => rings === 0), []);
		const without = open.filter(({ transfers }) => transfers === 0).map(({ number }) => number);
		t.diagnostic(`without transfers: blocks ${without.join(" ")}`);
		const migrated = around.findLast(({ migrating }) => migrating)!.number;
		const resigned = (number: number) => number > migrated && number <= migrated + RESIGNING;
		assert.deepEqual(without.filter((number) => !resigned(number)), []);
		const awarded = around.slice(1).map(({ supply }, index) => supply > around[index]!.supply);
		assert.ok(awarded.every((rose) => rose));
	});

	it("leaves the storage as the new runtime wants it", async () => {
		const at = await blockHash(port, applied + WINDOW);
		assert.ok(at);
		await demandMigrated(api, port, applied, at);
	});
});

describe("after the upgrade", { concurrency: true }, () => {
	async function demandNewRuntime(node: ChainNode): Promise<void> {
		const target = (await heads(port)).finalized;
		await reaches(node, target);
		const { specVersion } = await node.call<{ specVersion: number }>("state_getRuntimeVersion");
		assert.equal(specVersion, 2);
		const hash = await blockHash(port, target);
		assert.deepEqual(await header(node.ports.rpc, hash), await header(port, hash));
	}

	it("a node that was off line catches up", async () => {
		sleeper.start(network.bootnodes());
		try {
			await sleeper.answers();
			await demandNewRuntime(sleeper);
		} finally {
			await sleeper.stop();
		}
	});

	it("a fresh node warp-syncs across it", async () => {
		const node = await network.joiner("fresh", ["--sync=warp", compiled()]);
		node.start(network.bootnodes());
		try {
			await demandNewRuntime(node);
			assert.match(node.log(), /Warp sync is complete/i);
		} finally {
			await node.stop();
		}
	});

	it("the runtime that has taken over is refused by the rehearsal", async () => {
		const file = join(folder, "after.snapshot");
		const url = network.node(first).url;
		const { code, stderr } = await rehearse(runtimes.trial, "--uri", url, "--save", file);
		assert.equal(code, 1);
		assert.match(stderr, /has version 2, and the chain's has version 2: raise spec_version/);
	});
});
