// Follows all nodes of a network at once, and holds what they say against each other.
//
// Safety: no two nodes ever finalise different blocks at one height, their states at a final block
// are equal, and no node takes back what it told to be final. Liveness is what a scenario demands of
// the heights and pauses that are measured here.

import { hexToU8a } from "@polkadot/util";
import { blake2AsHex } from "@polkadot/util-crypto";
import { SLOT_MS, slotOf } from "../src/blocks.ts";
import type { ChainNode } from "../src/node.ts";
import { type Header, blockHash, header, rpc } from "../src/rpc.ts";
import { eventually, sleep } from "../src/wait.ts";

const EVERY_MS = 700;
/** By how much a final block may be ahead of the clock; nodes take the block of the next slot. */
const EARLY_MS = SLOT_MS;
/** How far back an unknown branch is followed; no branch of a scenario is longer. */
const MAX_BRANCH = 5_000;

/** What is asked of a node that is followed. */
export type Followed = Pick<ChainNode, "name" | "pid" | "running" | "ports" | "call">;

/** A final block, and who told it first. */
interface Final {
	hash: string;
	stateRoot: string;
	by: string;
}

/** What is known of a node. */
interface Sight {
	/** The process that was asked. */
	pid: number | undefined;
	/** Number of its best block. */
	best: number;
	/** Hash of its best block. */
	head: string;
	/** Number of its final block. */
	final: number;
	/** Number of the last final block that was compared with the others'. */
	compared: number;
}

/** A moment of the chain. */
export interface Mark {
	at: number;
	/** Highest number of a block on any node, and of a final one. */
	best: number;
	final: number;
}

/** How long it took, in seconds, until every node had something new. */
export interface Recovery {
	blocks: number;
	finality: number;
}

/** The longest stretches, in seconds, in which no node told anything new. */
export interface Pauses {
	blocks: number;
	finality: number;
}

class Stopwatch {
	private height = 0;
	private since = Date.now();
	private longestMs = 0;

	reset(): void {
		this.since = Date.now();
		this.longestMs = 0;
	}

	sees(height: number): void {
		this.longestMs = Math.max(this.longestMs, Date.now() - this.since);
		if (height <= this.height) return;
		this.height = height;
		this.since = Date.now();
	}

	get longest(): number {
		return Math.max(this.longestMs, Date.now() - this.since) / 1_000;
	}
}

/** Follows nodes until it is stopped. */
export class Reporter {
	/** What went wrong with safety, in sentences. */
	readonly problems: string[] = [];
	/** Final blocks that another one took the place of. */
	revised = 0;
	/** How many times a node that was killed knew less finality than before. */
	forgetful = 0;
	private readonly finals = new Map<number, Final>();
	/** Numbers of the blocks that were on the best chain of some node. */
	private readonly seen = new Map<string, number>();
	private readonly sights = new Map<Followed, Sight>();
	private readonly watches = { blocks: new Stopwatch(), finality: new Stopwatch() };
	private readonly loops: Promise<void>[] = [];
	private stopped = false;

	/** Follows a node from now on. */
	follow(node: Followed): void {
		this.sights.set(node, { pid: node.pid, best: 0, head: "", final: 0, compared: 0 });
		this.loops.push(this.watch(node));
	}

	/** Ends the following. */
	async stop(): Promise<void> {
		this.stopped = true;
		await Promise.all(this.loops);
	}

	private async watch(node: Followed): Promise<void> {
		while (!this.stopped) {
			// A node that is down or busy answers later: the gap is filled then.
			await this.look(node).catch(() => {});
			await sleep(EVERY_MS);
		}
	}

	private async look(node: Followed): Promise<void> {
		if (!node.running) return;
		const { pid } = node;
		const { rpc: port } = node.ports;
		const finalHash = await rpc<string>(port, "chain_getFinalizedHead");
		const final = await header(port, finalHash);
		const head = await rpc<string>(port, "chain_getBlockHash");
		const best = await header(port, head);
		// Whoever ended meanwhile is asked again once it is back.
		if (node.pid !== pid) return;
		const sight = this.sights.get(node)!;
		this.demandOnward(node, sight, final.number, pid);
		Object.assign(sight, { pid, best: best.number, head, final: final.number });
		this.watches.blocks.sees(best.number);
		this.watches.finality.sees(final.number);
		await this.remember(port, head, best);
		await this.compare(node, sight);
	}

	/** A node never takes back finality; one that was killed may not have written all of it. */
	private demandOnward(node: Followed, sight: Sight, final: number, pid?: number): void {
		if (final >= sight.final) return;
		// What it finalises again is compared again.
		sight.compared = Math.min(sight.compared, final);
		if (pid !== sight.pid) this.forgetful += 1;
		else this.problem(`${node.name} went back from final #${sight.final} to #${final}`);
	}

	private problem(text: string): void {
		this.problems.push(text);
	}

	/** Notes a block and its ancestors up to one that is noted already. */
	private async remember(port: number, head: string, top: Header): Promise<void> {
		const branch = new Map<string, number>();
		let [hash, block] = [head, top];
		while (!this.seen.has(hash) && branch.size < MAX_BRANCH) {
			branch.set(hash, block.number);
			if (block.number <= 1) break;
			hash = block.parentHash;
			block = await header(port, hash);
		}
		// Not before all of them are known: what failed half way is begun anew.
		for (const [known, number] of branch) this.seen.set(known, number);
	}

	/** Holds the final blocks of a node against those that others told. */
	private async compare(node: Followed, sight: Sight): Promise<void> {
		const { rpc: port } = node.ports;
		for (let number = sight.compared + 1; number <= sight.final; number++) {
			const hash = await blockHash(port, number);
			if (hash === undefined) throw new Error(`no block ${number}`);
			const block = await header(port, hash);
			this.hold(node.name, block, hash);
			sight.compared = number;
		}
	}

	private hold(name: string, block: Header, hash: string): void {
		const { number, stateRoot } = block;
		const known = this.finals.get(number);
		if (known === undefined) {
			this.finals.set(number, { hash, stateRoot, by: name });
			const early = slotOf(block) * SLOT_MS - Date.now();
			if (early > EARLY_MS) this.problem(`#${number} is final ${early} ms before its time`);
			return;
		}
		if (known.hash !== hash) {
			this.revised += 1;
			this.problem(`${known.by} finalised ${known.hash} as #${number}, ${name} ${hash}`);
		} else if (known.stateRoot !== stateRoot) {
			this.problem(`states after #${number} differ: ${known.by} and ${name}`);
		}
	}

	/** Begins to measure pauses anew. */
	resetPauses(): void {
		this.watches.blocks.reset();
		this.watches.finality.reset();
	}

	/** The longest pauses since they were reset. */
	pauses(): Pauses {
		return { blocks: this.watches.blocks.longest, finality: this.watches.finality.longest };
	}

	/** The heights of these nodes, or of all, as last seen. */
	mark(nodes: Iterable<Followed> = this.sights.keys()): Mark {
		const sights = [...nodes].map((node) => this.sights.get(node)!);
		const best = Math.max(0, ...sights.map((sight) => sight.best));
		const final = Math.max(0, ...sights.map((sight) => sight.final));
		return { at: Date.now(), best, final };
	}

	/** The hash of a node's best block, as last seen. */
	headOf(node: Followed): string {
		return this.sights.get(node)!.head;
	}

	/** The highest number that all these nodes have compared as final. */
	lowestFinal(nodes: readonly Followed[]): number {
		return Math.min(...nodes.map((node) => this.sights.get(node)!.compared));
	}

	/**
	 * Waits until each of the nodes has a block above all that were there at the mark, and has
	 * finalised one; the seconds since the mark.
	 */
	async recovered(nodes: readonly Followed[], mark: Mark, timeoutMs: number): Promise<Recovery> {
		const until = async (what: string, of: (sight: Sight) => number): Promise<number> => {
			const behind = () =>
				nodes.filter((node) => of(this.sights.get(node)!) <= mark.best || !node.running);
			const look = () => behind().length === 0;
			const patience = { timeoutMs, everyMs: 200 };
			try {
				await eventually(`${what} above #${mark.best}`, look, patience);
			} catch (error) {
				const names = behind().map(({ name }) => name);
				throw new Error(`${(error as Error).message}; behind are ${names.join(", ")}`);
			}
			return (Date.now() - mark.at) / 1_000;
		};
		const [blocks, finality] = await Promise.all([
			until("blocks", ({ best }) => best),
			until("finality", ({ final }) => final),
		]);
		return { blocks, finality };
	}

	/** How many blocks above `from` were on some node's best chain and did not become final. */
	lost(from: number): number {
		const last = Math.max(0, ...this.finals.keys());
		const gone = [...this.seen].filter(
			([hash, number]) =>
				number > from && number <= last && this.finals.get(number)?.hash !== hash,
		);
		return gone.length;
	}

	/**
	 * Demands that all nodes hold the same state after a final block, read from their databases: the
	 * values of some keys with a proof that begins with the root of that state.
	 */
	async demandSameState(nodes: readonly Followed[], number: number): Promise<void> {
		const { hash, stateRoot } = this.finals.get(number)!;
		const [first] = nodes;
		const keys = await first!.call<string[]>("state_getKeysPaged", ["0x", 1_000, null, hash]);
		const sample = keys.filter((_, index) => index % 25 === 0);
		const proofs = nodes.map(async (node) => {
			const { proof } = await node.call<{ proof: string[] }>("state_getReadProof", [sample, hash]);
			return proof.sort();
		});
		const [known = [], ...others] = await Promise.all(proofs);
		if (!known.some((part) => blake2AsHex(hexToU8a(part)) === stateRoot)) {
			this.problem(`no proof of the state after #${number} begins with its root`);
		}
		for (const [place, proof] of others.entries()) {
			if (proof.join() === known.join()) continue;
			this.problem(`${nodes[place + 1]!.name} has another state after #${number}`);
		}
	}
}
