// The local network: 19 validators (and one candidate that waits) as processes on this machine.
// Takes about seven minutes; the parts build on each other.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Block, BlockFeed, SLOT_MS, blocksOf } from "../src/blocks.ts";
import { CMT, submit } from "../src/calls.ts";
import { Dpos, type Seats } from "../src/dpos.ts";
import { temporaryFolder } from "../src/janitor.ts";
import { accountOf } from "../src/keys.ts";
import { localCandidates, nameOf } from "../src/names.ts";
import { Network, SEATS } from "../src/network.ts";
import type { ChainNode } from "../src/node.ts";
import { blockHash, header, heads, rpc } from "../src/rpc.ts";
import { eventually, sleep } from "../src/wait.ts";

// The weakest that sits at first, and the strongest that does not.
const displaced = localCandidates[SEATS - 1];
const lifted = localCandidates[SEATS];
const first = localCandidates[0];

const MINUTE = 60_000;

let network: Network;
/** RPC port of a node that no test stops. */
let port: number;

before(async () => {
	const names = localCandidates.slice(0, SEATS + 1);
	network = await Network.prepare({ folder: temporaryFolder("network"), names });
	port = network.node(first).ports.rpc;
	await network.start();
	await network.finalises();
});
after(() => network?.discard());

async function dpos(): Promise<Dpos> {
	return new Dpos(await network.node(first).api());
}

/** Names of those who author in these seats, in alphabetical order. */
function validatorNames({ validators }: Seats): string[] {
	return validators.map(({ candidate }) => nameOf(candidate)).sort();
}

async function reachesSession(index: number): Promise<void> {
	const api = await network.node(first).api();
	const look = async () => (await api.query.session.currentIndex()).toNumber() >= index;
	await eventually(`session ${index}`, look, { timeoutMs: 2 * MINUTE });
}

/** Waits until a block whose author is `name` follows block `from`, and returns it. */
async function authoredBy(name: string, from: number, timeoutMs = 3 * MINUTE): Promise<Block> {
	let next = from + 1;
	const look = async (): Promise<Block | undefined> => {
		const { best } = await heads(port);
		const blocks = await blocksOf(port, next, best);
		next = best + 1;
		return blocks.find(({ author }) => author === name);
	};
	return eventually(`a block by ${name}`, look, { timeoutMs, everyMs: 1_000 });
}

describe("with nobody failing", { concurrency: true }, () => {
	it("19 different authors make the blocks of 19 consecutive slots", async () => {
		const from = (await heads(port)).best + 1;
		const isWholeTurn = (turn: Block[]) =>
			turn.length === SEATS &&
			turn[SEATS - 1].slot - turn[0].slot === SEATS - 1 &&
			new Set(turn.map(({ author }) => author)).size === SEATS;
		const look = async () => {
			const blocks = await blocksOf(port, from, (await heads(port)).best);
			return blocks.some((_, index) => isWholeTurn(blocks.slice(index, index + SEATS)));
		};
		const patience = { timeoutMs: 4 * MINUTE, everyMs: 3_000 };
		await eventually("a whole turn of 19 authors", look, patience);
	});

	it("the finalised head is never more than 3 blocks behind, 40 blocks long", async () => {
		const lags: number[] = [];
		const onBlock = ({ number, finalized }: Block) => void lags.push(number - finalized);
		const feed = await new BlockFeed(() => port, onBlock).start();
		// A busy machine may stand still for a moment: finality is near before and after it.
		const look = () => {
			const latest = lags.slice(-40);
			if (latest.every((lag) => lag <= 3)) return latest.length === 40;
			throw new Error(`finality lags: ${latest.join(" ")}`);
		};
		const near = eventually("40 blocks with finality near", look, { timeoutMs: 6 * MINUTE });
		await near.finally(() => feed.stop());
	});

	it("a candidate lifted by a delegation sits and authors, the displaced one stops", async () => {
		const chain = await dpos();
		const initial = await chain.seats();
		assert.deepEqual(validatorNames(initial), localCandidates.slice(0, SEATS).sort());
		const session = await lift();
		await reachesSession(session + 1);
		assert.deepEqual(validatorNames(await chain.seats()), validatorNames(initial));
		const expected = [...localCandidates.slice(0, SEATS - 1), lifted].sort();
		assert.deepEqual(validatorNames(await chain.nextSeats()), expected);
		await reachesSession(session + 2);
		assert.deepEqual(validatorNames(await chain.seats()), expected);
		await authorsInsteadOfTheDisplaced();
	});

	/** Delegates enough to put the 20th before the 19th; the session in which this happened. */
	async function lift(): Promise<number> {
		const api = await network.node(first).api();
		const chain = await dpos();
		const address = accountOf(lifted).address;
		const stronger = await chain.candidate(accountOf(displaced).address);
		const weaker = await chain.candidate(address);
		assert.ok(stronger && weaker && stronger.stake > weaker.stake);
		const amount = stronger.stake - weaker.stake + 1_000n * CMT;
		const call = api.tx.cmtDpos.delegate(address, amount);
		const { blockHash: hash } = await submit(api, accountOf("Ferdie"), call);
		const at = await api.at(hash);
		return (await at.query.session.currentIndex()).toNumber();
	}

	async function authorsInsteadOfTheDisplaced(): Promise<void> {
		const { best } = await heads(port);
		await authoredBy(lifted, best);
		await eventually("a whole turn", async () => (await heads(port)).best >= best + SEATS, {
			timeoutMs: 2 * MINUTE,
		});
		const blocks = await blocksOf(port, 1, best + SEATS);
		const changes = blocks.map(({ seats }) => seats).filter(({ came }) => came.length > 0);
		assert.deepEqual(changes, [{ came: [lifted], went: [displaced] }]);
		const turn = blocks.slice(best);
		assert.ok(!turn.some(({ author }) => author === displaced), `${displaced} still authors`);
	}
});

describe("while nodes come and go", { concurrency: true }, () => {
	for (const mode of ["warp", "full"] as const) {
		it(`a fresh node joins by ${mode} sync and reaches the same state`, async () => {
			const node = await network.joiner(`joins-by-${mode}`, [`--sync=${mode}`]);
			const target = (await heads(port)).finalized;
			node.start(network.bootnodes());
			try {
				await reaches(node, target);
				await demandSameState(node);
				if (mode === "warp") await demandWarpThenHistory(node);
			} finally {
				await node.stop();
			}
		});
	}

	it("a validator that was killed catches up from its own folder and authors again", async () => {
		const node = network.node("Validator07");
		await node.kill();
		const { best } = await heads(port);
		await eventually("blocks without it", async () => (await heads(port)).best >= best + 4);
		await network.restart(node);
		const target = (await heads(port)).finalized;
		await reaches(node, target);
		await authoredBy(node.name, (await heads(port)).best);
	});

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

	/** After a warp the older blocks come too. */
	async function demandWarpThenHistory(node: ChainNode): Promise<void> {
		assert.match(node.log(), /Warp sync is complete/i);
		const hash = await blockHash(port, 1);
		const look = async () => (await node.call("chain_getBlock", [hash])) !== null;
		await eventually("the history of the chain", look, { timeoutMs: 2 * MINUTE });
	}

	/** Compares the state itself, not only the hash that names it. */
	async function demandSameState(node: ChainNode): Promise<void> {
		const hash = await rpc<string>(node.ports.rpc, "chain_getFinalizedHead");
		const mine = await stateAt(node.ports.rpc, hash);
		const theirs = await stateAt(port, hash);
		assert.deepEqual(mine, theirs);
		const { number } = await header(node.ports.rpc, hash);
		assert.equal(await blockHash(port, number), hash);
	}
});

/** Root, all keys and a proof of some values of the state after a block. */
async function stateAt(rpcPort: number, hash: string): Promise<unknown> {
	const { stateRoot } = await header(rpcPort, hash);
	const keys: string[] = [];
	for (let more = true; more; ) {
		const start = keys[keys.length - 1] ?? null;
		const page = await rpc<string[]>(rpcPort, "state_getKeysPaged", ["0x", 1_000, start, hash]);
		keys.push(...page);
		more = page.length === 1_000;
	}
	assert.ok(keys.length > 100, `only ${keys.length} keys in the state`);
	const sample = keys.filter((_, index) => index % 20 === 0);
	const proof = await rpc<{ proof: string[] }>(rpcPort, "state_getReadProof", [sample, hash]);
	return { stateRoot, keys, proof: proof.proof.sort() };
}

describe("with validators stopped", () => {
	// None of them is the node that is asked, nor the displaced one.
	const stopped = localCandidates.slice(8, 15);

	it("6 of 19: blocks and finality go on", async () => {
		await Promise.all(stopped.slice(0, 6).map((name) => network.node(name).stop()));
		const before = await heads(port);
		const look = async () => {
			const now = await heads(port);
			return now.best >= before.best + 10 && now.finalized >= before.finalized + 10;
		};
		await eventually("ten more blocks, all final", look, { timeoutMs: 3 * MINUTE });
	});

	it("7 of 19: blocks go on, finality waits", async () => {
		await network.node(stopped[6]).stop();
		// Votes that were under way may still finalise a block.
		await sleep(8_000);
		const before = await heads(port);
		// A whole turn: the seven who are gone have slots in a row.
		await sleep(SEATS * SLOT_MS);
		const now = await heads(port);
		assert.equal(now.finalized, before.finalized, "12 of 19 must not finalise");
		assert.ok(now.best >= before.best + 3, `${now.best - before.best} blocks in a whole turn`);
	});

	it("one of them comes back: finality returns by itself", async () => {
		const { best } = await heads(port);
		await network.restart(network.node(stopped[6]));
		const look = async () => (await heads(port)).finalized > best;
		await eventually("finality to return", look, { timeoutMs: 4 * MINUTE });
	});
});
