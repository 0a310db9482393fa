// A thousand connections to one validator from peers that are none. It keeps its honest peers and
// makes its block.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { SLOT_MS, authoritiesAfter, blocksOf } from "../../src/blocks.ts";
import { nameOf } from "../../src/names.ts";
import type { ChainNode } from "../../src/node.ts";
import { blockHash } from "../../src/rpc.ts";
import { eventually } from "../../src/wait.ts";
import { Crowd } from "../crowd.ts";
import type { Laboratory } from "../laboratory.ts";
import type { Scenario } from "../scenario.ts";

const CONNECTIONS = 1_000;
/** Of those, on a host that vanishes without a word. */
const HALF_OPEN = 250;
/** The turn of the victim comes so many slots after it was chosen. */
const TURNS_AHEAD = 6;
/** Honest peers that may leave meanwhile for reasons of their own. */
const CHURN = 2;
/** File descriptors that may be in use afterwards beyond those before. */
const FILES = 60;
const PATIENCE = { timeoutMs: 120_000, everyMs: 1_000 };

/** What junk peers tell once a second. */
interface Count {
	open: number;
	opened: number;
	closed: number;
	failed: number;
}

/** The validator whose turn comes soon. */
async function nextInTurn(laboratory: Laboratory): Promise<ChainNode> {
	const { rpc } = laboratory.node(0).ports;
	const authorities = await authoritiesAfter(rpc, (await blockHash(rpc))!);
	const slot = Math.floor(Date.now() / SLOT_MS) + TURNS_AHEAD;
	return laboratory.network.node(nameOf(authorities[slot % authorities.length]!));
}

async function peersOf(node: ChainNode): Promise<string[]> {
	const peers = await node.call<{ peerId: string }[]>("system_peers");
	return peers.map(({ peerId }) => peerId);
}

function filesOf({ pid }: ChainNode): number {
	return readdirSync(`/proc/${pid}/fd`).length;
}

/** Waits for a final block of this node above `from`. */
async function makesBlock(laboratory: Laboratory, victim: ChainNode, from: number): Promise<void> {
	const { rpc } = laboratory.node(0).ports;
	const look = async () => {
		const { final } = laboratory.reporter.mark();
		const blocks = await blocksOf(rpc, from + 1, final);
		return blocks.some(({ author }) => author === victim.name);
	};
	await eventually(`a final block of ${victim.name}`, look, PATIENCE);
}

function sum(crowds: readonly Crowd<Count>[], field: keyof Count): number {
	return crowds.reduce((total, { count }) => total + (count?.[field] ?? 0), 0);
}

/** Lets a crowd come, of which a part vanishes. */
async function surround(laboratory: Laboratory, victim: ChainNode): Promise<Crowd<Count>[]> {
	const address = laboratory.addressOf(victim);
	const sizes = [CONNECTIONS - HALF_OPEN, HALF_OPEN];
	const crowds: Crowd<Count>[] = [];
	for (const [index, size] of sizes.entries()) {
		const launcher = await laboratory.attacker(`junk-${index}`);
		crowds.push(new Crowd("junk-peers.mjs", [address, victim.ports.p2p, size], launcher));
	}
	const enough = () => sum(crowds, "opened") >= CONNECTIONS;
	await eventually(`${CONNECTIONS} connections`, enough, PATIENCE);
	return crowds;
}

/** Demands that the victim makes its block and keeps these peers, while a part of a crowd vanishes. */
async function demandService(
	laboratory: Laboratory,
	victim: ChainNode,
	peers: readonly string[],
	crowds: readonly Crowd<Count>[],
): Promise<void> {
	const from = laboratory.reporter.mark().final;
	laboratory.vanish("junk-1");
	await makesBlock(laboratory, victim, from);
	const still = await peersOf(victim);
	const kept = peers.filter((peer) => still.includes(peer));
	const [made, closed] = [sum(crowds, "opened"), sum(crowds, "closed")];
	laboratory.note(`${victim.name}: ${made} connections made, ${closed} closed by it`);
	laboratory.note(`${kept.length} of ${peers.length} honest peers kept`);
	assert.ok(kept.length >= peers.length - CHURN, `only ${kept.length} peers stayed`);
}

export const junkPeers: Scenario = {
	name: "junk-peers",
	what: `${CONNECTIONS} connections to one validator that are silent, garbage, or half open`,
	needs: [],
	minutes: 1,
	async run(laboratory) {
		const victim = await nextInTurn(laboratory);
		const [files, peers] = [filesOf(victim), await peersOf(victim)];
		const crowds = await surround(laboratory, victim);
		try {
			await demandService(laboratory, victim, peers, crowds);
		} finally {
			for (const crowd of crowds) crowd.end();
		}
		const mark = laboratory.reporter.mark();
		const look = () => filesOf(victim) <= files + FILES;
		await eventually("the node to close what is dead", look, PATIENCE);
		laboratory.note(`${filesOf(victim)} files open after it, ${files} before`);
		return mark;
	},
};
