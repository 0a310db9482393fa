// The life of a validator's keys on a running network: rotation, a move to another machine in both
// ways, a lost machine that comes back from its backup, and a validator behind a sentry. Ten seats
// and sessions of half a minute; all parts run beside each other and take about three minutes.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { ApiPromise } from "@polkadot/api";
import { u8aToHex } from "@polkadot/util";
import { submit } from "../src/calls.ts";
import { exportSpec } from "../src/chain-spec.ts";
import { Cmt } from "../src/cmt.ts";
import { Dpos } from "../src/dpos.ts";
import { EventLog } from "../src/event-log.ts";
import { temporaryFolder } from "../src/janitor.ts";
import { accountOf, networkIdentityOf, sessionKeysOf, suriOf, writeKeystore } from "../src/keys.ts";
import { localCandidates } from "../src/names.ts";
import { Network } from "../src/network.ts";
import { ChainNode } from "../src/node.ts";
import { Operator, blockWith } from "../src/operator.ts";
import { freePort } from "../src/ports.ts";
import { heads } from "../src/rpc.ts";
import { type Turn, type Turns, turnsOf } from "../src/turns.ts";
import { eventually } from "../src/wait.ts";

/** Finality needs seven of them. */
const SEATS = 10;
const MINUTE = 60_000;
const names = localCandidates.slice(0, SEATS);

/** Is asked; nothing happens to it. */
const witness = "Alice";
/** Gets new keys on its node. */
const rotated = "Bob";
/** Moves to another machine with new keys, which a proxy of its owner registers. */
const moved = "Charlie";
const keeper = "Ferdie//stash";
/** Moves with its keystore. */
const copied = "Dave";
/** Loses its machine; its node is run as the page for operators says. */
const restored = "Eve";
/** Has one peer, the sentry. */
const hidden = "Validator10";

/** Many nodes on one machine: loopback addresses and small caches. */
const LIGHT = [
	"--allow-private-ip",
	"--discover-local",
	"--db-cache=16",
	`--trie-cache-size=${16 << 20}`,
	"--max-runtime-instances=2",
];
/** What the harness gives the nodes that it starts itself. */
const QUIET = ["--no-mdns", "--no-hardware-benchmarks"];

const cmt = new Cmt();
const addressOf = (name: string): string => accountOf(name).address;
const auraOf = (name: string): string => u8aToHex(sessionKeysOf(suriOf(name)).aura);
const slotsOf = (turns: readonly Turn[]): number[] => turns.map(({ slot }) => slot);
const step = (heading: string, command: string): string =>
	blockWith("operators.md", heading, command);
const drill = (heading: string, command: string): string =>
	blockWith("backup.md", heading, command);

let network: Network;
let sentry: ChainNode;
let operator: Operator;
/** The new machines of those who move. */
let machines: { rotation: ChainNode; copy: ChainNode };
let api: ApiPromise;
let port: number;
let log: EventLog;

/** The local chain with few seats and short sessions, and the main network's patience. */
async function plainSpec(folder: string): Promise<string> {
	const text = await exportSpec("local", false);
	// As text: JavaScript would round the amounts.
	const ours = `"validators": ${SEATS}, "standbys": 0, "downtimeTurns": 21`;
	const spec = text
		.replace(/"downtimeTurns": \d+/, ours)
		.replace(/"sessionLength": \d+/, `"sessionLength": ${SEATS}`)
		// An era has at least 60 blocks.
		.replace(/"sessionsPerEra": \d+/, `"sessionsPerEra": ${60 / SEATS}`);
	assert.ok(spec.includes(ours));
	const path = join(folder, "keys.json");
	writeFileSync(path, spec);
	return path;
}

/** The sentry and the validator behind it know each other's address before either runs. */
async function prepareNetwork(): Promise<void> {
	const folder = temporaryFolder("keys");
	const p2p = await freePort();
	const behind = `/ip4/127.0.0.1/tcp/${p2p}/p2p/${networkIdentityOf("sentry").peerId}`;
	const ours = names.filter((name) => name !== restored);
	const args = (index: number): string[] => [
		"--no-prometheus",
		...(ours[index] === hidden ? ["--reserved-only", `--reserved-nodes=${behind}`] : []),
	];
	network = await Network.prepare({ folder, preset: await plainSpec(folder), names: ours, args });
	sentry = await ChainNode.prepare({
		name: "sentry",
		folder: join(folder, "sentry"),
		chain: network.spec.path,
		ports: { p2p },
		args: [...LIGHT, "--no-prometheus", `--reserved-nodes=${network.node(hidden).address}`],
	});
	machines = {
		rotation: await network.joiner("machine-1", ["--validator"]),
		copy: await network.joiner("machine-2", []),
	};
}

async function prepareOperator(): Promise<void> {
	const args = [...LIGHT, ...QUIET, ...network.bootnodes()];
	operator = await Operator.arrive({ spec: network.spec.path, args });
	await operator.run(step("3. Make the network key", "generate-node-key"));
	const keystore = join(operator.dataFolder, "chains", network.spec.id, "keystore");
	writeKeystore(keystore, suriOf(restored));
	await operator.start(step("4. Start the node", "--validator"));
}

before(async () => {
	await prepareNetwork();
	await network.start();
	sentry.start(network.bootnodes());
	await Promise.all([sentry.answers(), prepareOperator()]);
	await network.finalises();
	port = network.node(witness).ports.rpc;
	api = await network.node(witness).api();
	log = new EventLog(api, port).start();
	for (const machine of Object.values(machines)) machine.start(network.bootnodes());
	await Promise.all(Object.values(machines).map((machine) => inSync(machine)));
});
after(async () => {
	await log?.stop();
	await Promise.all([machines?.rotation, machines?.copy, sentry].map((node) => node?.kill()));
	await operator?.stop("SIGKILL");
	await network?.discard();
});

async function inSync(node: ChainNode): Promise<void> {
	await node.answers();
	const { finalized } = await heads(port);
	const look = async () => (await heads(node.ports.rpc)).finalized >= finalized;
	await eventually(`${node.name} to be in sync`, look, { timeoutMs: 2 * MINUTE });
}

/** Waits until a block of this session is final. */
async function finalIn(session: number): Promise<void> {
	const look = async () => {
		const at = await api.at(await api.rpc.chain.getFinalizedHead());
		return (await at.query.session.currentIndex()).toNumber() >= session;
	};
	await eventually(`session ${session} to be final`, look, {
		timeoutMs: 4 * MINUTE,
		everyMs: 500,
	});
}

/** What `rotate-keys` said: the Aura key, and from which session on it is in use. */
async function rotate(node: ChainNode, args: string[], secret: string) {
	const said = await cmt.run(["rotate-keys", ...args], { url: node.url, secret });
	const [, keys = ""] = /^new keys +(0x[0-9a-f]{192})$/m.exec(said) ?? [];
	const [, session] = /^in use +from session (\d+) on, in about/m.exec(said) ?? [];
	assert.ok(keys && session, said);
	return { keys, aura: keys.slice(0, 66), session: Number(session), said };
}

/** A rotation, and from which block on it is followed. */
interface Change {
	from: number;
	old: string;
	aura: string;
	/** The first one with the new key. */
	session: number;
}

/**
 * Follows a rotation until the new key made a block; demands that the keys changed with the session
 * that was told. The slots of the turns that were missed: a busy machine may cost one, keys that are
 * not in place cost all.
 */
async function follow(name: string, { from, old, aura, session }: Change): Promise<number[]> {
	await finalIn(session + 1);
	const look = async (): Promise<Turns | false> => {
		const { finalized } = await heads(port);
		const turns = await turnsOf(api, port, addressOf(name), from, finalized);
		return turns.made.some(({ key }) => key === aura) && turns;
	};
	const patience = { timeoutMs: 3 * MINUTE, everyMs: 1_000 };
	const { made, missed } = await eventually(`${name} with its new key`, look, patience);
	const all = [...made, ...missed];
	assert.ok(all.some(({ key }) => key === old), `${name} had a turn before`);
	for (const turn of all) assert.equal(turn.key, turn.session < session ? old : aura, name);
	const slots = slotsOf(missed);
	assert.ok(slots.length <= 1, `${name} missed turns ${slots.join(" ")}`);
	return slots;
}

/** Rotates a running validator's keys, of which `old` is the Aura key; also what it missed. */
async function rotateInPlace(name: string, old: string) {
	const node = network.node(name);
	const { best: from } = await heads(port);
	const { keys, aura, session, said } = await rotate(node, [], suriOf(name));
	const oldFile = `61757261${old.slice(2)}`;
	assert.match(said, new RegExp(`files can go[^]*${oldFile}`));
	const status = await cmt.run(["status", addressOf(name)], { url: node.url });
	// Late on a busy machine: then the session has begun.
	const since = `(from session ${session} on.*|in use )`;
	assert.match(status, new RegExp(`${since}${keys}: this node holds them`));
	return { keys, aura, missed: await follow(name, { from, old, aura, session }) };
}

/** Waits until the validator makes a block after block `from`, with the keys it always had. */
async function authorsAgain(name: string, from: number): Promise<void> {
	const look = async (): Promise<Turns | false> => {
		const { best } = await heads(port);
		const turns = await turnsOf(api, port, addressOf(name), from + 1, best);
		return turns.made.length > 0 && turns;
	};
	const { made } = await eventually(`a block by ${name}`, look, { timeoutMs: 3 * MINUTE });
	assert.equal(made[0]?.key, auraOf(name));
}

describe("session keys", { concurrency: true }, () => {
	it("are rotated on a running validator, which misses no turn", async () => {
		const once = await rotateInPlace(rotated, auraOf(rotated));
		// What a rotation costs, it costs each time.
		const busy = once.missed.length > 0;
		const { keys, missed } = busy ? await rotateInPlace(rotated, once.aura) : once;
		assert.deepEqual(missed, [], "each rotation costs a turn");
		const { url } = network.node(rotated);
		const now = await cmt.run(["status", addressOf(rotated)], { url });
		assert.match(now, new RegExp(`in use ${keys}: this node holds them`));
		assert.match(now, /validator in session \d+, validator in session \d+/);
		assert.match(now, /turns +(none|1) missed[^]*jail +no[^]*slashes +none/);
	});

	it("move to another machine by rotation, which misses no turn", async () => {
		const { best: from } = await heads(port);
		const add = api.tx.proxy.addProxy(addressOf(keeper), "Staking", 0);
		const why = /Staking 0$/;
		const by = { url: machines.rotation.url, secret: suriOf(keeper) };
		await cmt.refuses(["rotate-keys", addressOf(moved)], why, by);
		await submit(api, accountOf(moved), add);
		const elsewhere = await cmt.run(["status", addressOf(moved)], {
			url: machines.rotation.url,
		});
		assert.match(elsewhere, /in use 0x[0-9a-f]+: this node does NOT hold them/);
		const { aura, session } = await rotate(machines.rotation, [addressOf(moved)], by.secret);
		await finalIn(session);
		await network.node(moved).stop();
		await follow(moved, { from, old: auraOf(moved), aura, session });
	});

	it("move to another machine by their files, once the old votes are history", async () => {
		const { copy } = machines;
		const keyed = { url: copy.url, secret: suriOf(copied) };
		await cmt.refuses(["rotate-keys"], /without --validator/, keyed);
		const old = network.node(copied);
		await old.stop();
		const keystore = ["chains", network.spec.id, "keystore"];
		cpSync(join(old.dataFolder, ...keystore), join(copy.dataFolder, ...keystore), {
			recursive: true,
		});
		await cmt.run(["wait-final"], { url: copy.url });
		await copy.stop();
		copy.start(["--validator", ...network.bootnodes()]);
		await copy.answers();
		await authorsAgain(copied, (await heads(port)).best);
	});

	it("come back with the node's address from a backup onto an empty disk", async () => {
		const peerId = await operator.call("system_localPeerId");
		await operator.run(drill("Back up", "tar -czf"));
		await operator.stop("SIGKILL");
		rmSync(operator.dataFolder, { recursive: true });
		mkdirSync(operator.dataFolder);
		await operator.run(drill("Restore", "-xzf"));
		await operator.start(drill("Restore", "--sync warp"));
		assert.equal(await operator.call("system_localPeerId"), peerId);
		assert.deepEqual(await operator.call("system_nodeRoles"), ["Full"]);
		const { folder } = cmt;
		await operator.run(`cd '${folder}'\n${drill("Restore", "wait-final")}`);
		await operator.stop();
		await operator.start(step("4. Start the node", "--validator"));
		assert.equal(await operator.call("system_localPeerId"), peerId);
		await authorsAgain(restored, (await heads(port)).best);
	});

	it("are not made by a node that knows nobody", async () => {
		const node = await network.joiner("machine-3", ["--validator"]);
		node.start();
		try {
			await node.answers();
			const by = { url: node.url, secret: suriOf(rotated) };
			await cmt.refuses(["rotate-keys"], /has no peers: see to port 30333/, by);
		} finally {
			await node.stop();
		}
	});

	it("work behind a sentry: one peer, and no turn is missed", async () => {
		const node = network.node(hidden);
		const { best } = await heads(port);
		const peers: string[][] = [];
		const look = async () => {
			const answer = await node.call<{ peerId: string }[]>("system_peers");
			peers.push(answer.map(({ peerId }) => peerId));
			return (await heads(node.ports.rpc)).finalized >= best + 2 * SEATS;
		};
		await eventually("two turns", look, { timeoutMs: 3 * MINUTE, everyMs: 2_000 });
		const only = [networkIdentityOf("sentry").peerId];
		// The connection may have broken for a moment, but nobody else is ever there.
		for (const seen of peers) {
			assert.ok(seen.every((peer) => only.includes(peer)), seen.join(" "));
		}
		assert.ok(peers.some((seen) => seen.length === 1), "the sentry is its peer");
		const turns = (to: number) => turnsOf(api, port, addressOf(hidden), best, to);
		const missed = slotsOf((await turns(best + 2 * SEATS)).missed);
		// A busy machine may cost a turn, a sentry that keeps blocks back costs both.
		assert.ok(missed.length <= 1, `missed turns ${missed.join(" ")}`);
		const made = async () => (await turns((await heads(port)).finalized)).made.length > 0;
		await eventually("a block of it", made, { timeoutMs: 2 * MINUTE, everyMs: 1_000 });
	});
});

describe("after all that", () => {
	it("no offence was recorded, and nobody is in jail", async () => {
		const { best } = await heads(port);
		await eventually("the events of all blocks", () => log.height >= best - 2);
		const offences = ["offences.Offence", "slashing.Slashed", "slashing.Tombstoned"];
		for (const name of [...offences, "slashing.Jailed"]) assert.deepEqual(log.all(name), []);
		const chain = new Dpos(api);
		assert.deepEqual(await chain.slashes(), []);
		for (const name of names) {
			const { tombstoned, jailedUntil } = await chain.conduct(addressOf(name));
			assert.deepEqual({ tombstoned, jailedUntil }, { tombstoned: false, jailedUntil: null });
		}
	});

	it("no node has heard of two signatures", () => {
		const nodes = [...network.nodes, sentry, ...Object.values(machines)];
		for (const text of [...nodes.map((node) => node.log()), operator.log()]) {
			assert.doesNotMatch(text, /equivocat|made two blocks/i);
		}
	});
});
