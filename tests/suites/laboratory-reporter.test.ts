// The reporter of the network laboratory notices what must never happen, told here by nodes that are
// made up. Takes seconds.

import assert from "node:assert/strict";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, it } from "node:test";
import { blake2AsHex } from "@polkadot/util-crypto";
import { type Followed, Reporter } from "../network/reporter.ts";
import { SLOT_MS } from "../src/blocks.ts";
import { rpc } from "../src/rpc.ts";
import { eventually } from "../src/wait.ts";

const now = (): number => Math.floor(Date.now() / SLOT_MS);

interface Told {
	number: string;
	parentHash: string;
	stateRoot: string;
	extrinsicsRoot: string;
	digest: { logs: string[] };
}

/** The digest of a block that was made in this slot. */
function slotDigest(slot: number): string {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64LE(BigInt(slot));
	return `0x066175726120${bytes.toString("hex")}`;
}

/** A node that tells what it is given. */
class MadeUp implements Followed {
	pid = 1;
	running = true;
	ports = { rpc: 0, p2p: 0 };
	final = 0;
	private readonly blocks: string[] = [];
	private readonly headers = new Map<string, Told>();

	private constructor(
		readonly name: string,
		private readonly server: Server,
	) {
		this.extend("genesis", now() - 100);
	}

	static async start(name: string): Promise<MadeUp> {
		const server = createServer();
		const node = new MadeUp(name, server);
		server.on("request", async (request, response) => {
			const parts: Buffer[] = [];
			for await (const part of request) parts.push(part as Buffer);
			const { method, params } = JSON.parse(Buffer.concat(parts).toString());
			response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result: node.answer(method, params) }));
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		node.ports.rpc = (server.address() as AddressInfo).port;
		return node;
	}

	/** Adds a block; `content` tells it from others of its height. */
	extend(content: string, slot = now(), stateRoot = content): void {
		const number = this.blocks.length;
		const parentHash = this.blocks[number - 1] ?? "0x";
		const hash = blake2AsHex(`${number} ${content}`);
		const digest = { logs: [slotDigest(slot)] };
		const told = { parentHash, stateRoot, extrinsicsRoot: "0x", digest };
		this.headers.set(hash, { number: `0x${number.toString(16)}`, ...told });
		this.blocks.push(hash);
	}

	private answer(method: string, [param]: unknown[]): unknown {
		if (method === "chain_getFinalizedHead") return this.blocks[this.final];
		if (method === "chain_getBlockHash") return this.blocks.at((param as number) ?? -1) ?? null;
		return this.headers.get((param as string) ?? this.blocks.at(-1)!) ?? null;
	}

	call<T>(method: string, params: readonly unknown[] = []): Promise<T> {
		return rpc<T>(this.ports.rpc, method, params);
	}

	stop(): void {
		this.server.close();
		this.server.closeAllConnections();
	}
}

let reporter: Reporter;
let nodes: MadeUp[];

/** Two nodes with the same blocks 1 to 3, of which two are final, and a reporter that knows both. */
async function pair(): Promise<[MadeUp, MadeUp]> {
	nodes = [await MadeUp.start("one"), await MadeUp.start("other")];
	reporter = new Reporter();
	for (const node of nodes) {
		for (const content of ["a", "b", "c"]) node.extend(content);
		node.final = 2;
		reporter.follow(node);
	}
	await eventually("both to be known", () => reporter.lowestFinal(nodes) === 2);
	return nodes as [MadeUp, MadeUp];
}

/** Waits until the reporter knows block `number` of all nodes to be final. */
async function known(number: number): Promise<void> {
	await eventually("all to be known", () => reporter.lowestFinal(nodes) >= number);
}

/** What the reporter complains of, once it does. */
async function complaint(): Promise<string> {
	return eventually("a complaint", () => reporter.problems[0], { timeoutMs: 10_000 });
}

afterEach(async () => {
	const stopped = reporter.stop();
	for (const node of nodes) node.stop();
	await stopped;
});

describe("the reporter", { timeout: 60_000 }, () => {
	it("has nothing to say where all agree, and counts what was lost", async () => {
		const [one, other] = await pair();
		one.extend("d");
		other.extend("another d");
		await eventually("both branches", () => reporter.mark([other]).best === 4);
		await eventually("both branches", () => reporter.mark([one]).best === 4);
		const mark = reporter.mark();
		const whole = await MadeUp.start("third");
		nodes.push(whole);
		for (const content of ["a", "b", "c", "d", "e"]) whole.extend(content);
		whole.final = 5;
		reporter.follow(whole);
		const { finality } = await reporter.recovered([whole], mark, 10_000);
		assert.ok(finality > 0);
		await eventually("finality to be compared", () => reporter.lowestFinal([whole]) === 5);
		assert.deepEqual([reporter.problems, reporter.lost(0), reporter.lost(4)], [[], 1, 0]);
	});

	it("sees two final blocks at one height", async () => {
		const [one, other] = await pair();
		one.extend("d");
		other.extend("another d");
		one.final = other.final = 4;
		assert.match(await complaint(), /finalised 0x[0-9a-f]{64} as #4, (one|other) 0x/);
		assert.equal(reporter.revised, 1);
	});

	it("sees two states after one block", async () => {
		const [one, other] = await pair();
		one.extend("d");
		other.extend("d", now(), "another state");
		one.final = other.final = 4;
		assert.match(await complaint(), /states after #4 differ/);
	});

	it("sees that a running node takes finality back, and forgives one that was killed", async () => {
		const [one, other] = await pair();
		other.pid = 2;
		other.final = 1;
		await eventually("the look at it", () => reporter.forgetful === 1);
		assert.deepEqual(reporter.problems, []);
		one.final = 1;
		assert.equal(await complaint(), "one went back from final #2 to #1");
	});

	it("compares anew what a killed node finalises again", async () => {
		const [, other] = await pair();
		other.pid = 2;
		other.final = 0;
		await eventually("the look at it", () => reporter.forgetful === 1);
		await known(0);
		assert.equal(reporter.lowestFinal([other]), 0);
		other.final = 2;
		await known(2);
		assert.deepEqual(reporter.problems, []);
	});

	it("sees a block that is final before its time", async () => {
		const [one] = await pair();
		one.extend("d", now() + 10);
		one.final = 4;
		assert.match(await complaint(), /^#4 is final \d+ ms before its time$/);
	});

	it("tells who is behind where a network does not recover", async () => {
		await pair();
		const waiting = reporter.recovered(nodes, reporter.mark(), 1_500);
		await assert.rejects(waiting, /in vain for (blocks|finality) above #3; behind are one, other/);
	});
});
