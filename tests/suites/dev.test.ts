// The development node: blocks made at once, on demand or by the clock, and nothing left behind.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { ISSUED_PER_BLOCK } from "../src/award-model.ts";
import { nodeBinary } from "../src/binary.ts";
import { SLOT_MS } from "../src/blocks.ts";
import { CMT, freeBalance, submit } from "../src/calls.ts";
import { DevNode } from "../src/dev-node.ts";
import { guardProcess, temporaryFolder } from "../src/janitor.ts";
import { accountOf } from "../src/keys.ts";
import { freePort } from "../src/ports.ts";
import { blockHash, header, heads, rpc } from "../src/rpc.ts";
import { eventually, sleep, within } from "../src/wait.ts";

const alice = accountOf("Alice");
const bob = accountOf("Bob");
/** Blocks in a session of the development chain. */
const SESSION_BLOCKS = 20;
/** Time between blocks by the clock. */
const INTERVAL_MS = 500;

async function timeOf({ api }: DevNode, hash: string): Promise<number> {
	const at = await api.at(hash);
	return (await at.query.timestamp.now()).toNumber();
}

describe("dev node with instant sealing", () => {
	let dev: DevNode;
	before(async () => {
		dev = await DevNode.launch("instant");
	});
	after(() => dev?.stop());

	it("makes no block without a transaction", async () => {
		const { best } = await heads(dev.node.ports.rpc);
		await sleep(4_000);
		assert.equal((await heads(dev.node.ports.rpc)).best, best);
	});

	it("makes and finalises one block as soon as there is a transaction", async () => {
		const { port, start } = { port: dev.node.ports.rpc, start: Date.now() };
		const { best } = await heads(port);
		const call = dev.api.tx.balances.transferKeepAlive(bob.address, CMT);
		const { blockHash: hash } = await dev.submit(alice, call);
		assert.ok(Date.now() - start < SLOT_MS, "a block at once, not in the next slot");
		assert.equal((await header(port, hash)).number, best + 1);
		await eventually("the block to be final", async () => {
			return (await heads(port)).finalized === best + 1;
		});
	});

	it("gives each block the next slot, however fast they come", async () => {
		const slots: number[] = [];
		for (const amount of [1n, 2n]) {
			const call = dev.api.tx.balances.transferKeepAlive(bob.address, amount);
			const time = await timeOf(dev, (await dev.submit(alice, call)).blockHash);
			// The first block of a chain tells the clock's time, which lies within its slot.
			slots.push(Math.floor(time / SLOT_MS));
		}
		assert.equal(slots[1] - slots[0], 1);
	});

	it("goes past the first block of a session, which takes no transaction", async () => {
		const { number } = await dev.api.rpc.chain.getHeader();
		for (let block = number.toNumber(); block <= SESSION_BLOCKS; block += 1) {
			await dev.submit(alice, dev.api.tx.balances.transferKeepAlive(bob.address, 1n));
		}
		const after = await dev.api.rpc.chain.getHeader();
		assert.ok(after.number.toNumber() > SESSION_BLOCKS);
	});

	it("has the whole supply and its awards, and well-known accounts that can spend", async () => {
		const { best } = await heads(dev.node.ports.rpc);
		const issued = (await dev.api.query.balances.totalIssuance()).toBigInt();
		assert.equal(issued, 1_000_000_000n * CMT + BigInt(best) * ISSUED_PER_BLOCK);
		for (const name of ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie"]) {
			const free = await freeBalance(dev.api, accountOf(name).address);
			assert.ok(free >= 100_000n * CMT, `${name} has ${free / CMT} CMT`);
		}
	});
});

describe("dev node with manual sealing", () => {
	let dev: DevNode;
	before(async () => {
		dev = await DevNode.launch("manual");
	});
	after(() => dev?.stop());

	it("lets a transaction wait until a block is asked for", async () => {
		const port = dev.node.ports.rpc;
		const { best } = await heads(port);
		const before = await freeBalance(dev.api, bob.address);
		const call = dev.api.tx.balances.transferKeepAlive(bob.address, CMT);
		await submit(dev.api, alice, call, {
			seal: async () => {
				await sleep(2_000);
				assert.equal((await heads(port)).best, best, "nobody asked for a block yet");
				await dev.seal();
			},
		});
		assert.equal((await freeBalance(dev.api, bob.address)) - before, CMT);
	});

	it("finalises the block that it was asked to finalise", async () => {
		const hash = await dev.seal(3);
		const finalized = await rpc<string>(dev.node.ports.rpc, "chain_getFinalizedHead");
		assert.equal(finalized, hash);
	});

	it("builds on the parent that it is given, so that forks can be tried", async () => {
		const port = dev.node.ports.rpc;
		const parent = await dev.seal();
		const fork = async () => {
			const params = [true, false, parent];
			return (await rpc<{ hash: string }>(port, "engine_createBlock", params)).hash;
		};
		const [first, second] = [await fork(), await fork()];
		assert.notEqual(first, second);
		for (const child of [first, second]) {
			assert.equal((await header(port, child)).parentHash, parent);
			// However many there are, each has the slot after its parent's.
			const slots = [parent, child].map(async (hash) => {
				return Math.floor((await timeOf(dev, hash)) / SLOT_MS);
			});
			assert.equal((await slots[1]!) - (await slots[0]!), 1);
		}
		assert.equal(await blockHash(port, (await header(port, parent)).number), parent);
	});
});

describe("dev node with timed sealing", () => {
	let dev: DevNode;
	before(async () => {
		dev = await DevNode.launch(`${INTERVAL_MS}`);
	});
	after(() => dev?.stop());

	it("makes and finalises blocks by the clock, also empty ones", async () => {
		const port = dev.node.ports.rpc;
		const { best } = await heads(port);
		await eventually("ten more blocks", async () => (await heads(port)).finalized >= best + 10);
	});

	it("keeps the beat, however long a block takes", async () => {
		const arrivals: number[] = [];
		const stop = await dev.api.rpc.chain.subscribeNewHeads(() => {
			arrivals.push(Date.now());
		});
		// Any of them may have come late: the beat is that with which most came. A busy machine leaves
		// beats out, and has a good stretch some time; without a beat each block would come later by
		// the time that it takes, in all stretches.
		const apart = (a: number, b: number): number => {
			const ms = Math.abs(a - b) % INTERVAL_MS;
			return Math.min(ms, INTERVAL_MS - ms);
		};
		const steady = (): boolean => {
			const latest = arrivals.slice(-20);
			const onBeatOf = (one: number): number =>
				latest.filter((other) => apart(one, other) < INTERVAL_MS / 8).length;
			const most = Math.max(...latest.map(onBeatOf));
			if (most >= 14) return true;
			throw new Error(`${most} of ${latest.map((at) => at - latest[0]!)}`);
		};
		await eventually("14 of 20 blocks on the beat", steady, { timeoutMs: 120_000 });
		stop();
	});
});

describe("a throw-away dev node", () => {
	it("leaves nothing behind when it is interrupted", async () => {
		const home = temporaryFolder("home");
		const scratch = join(home, "scratch");
		mkdirSync(scratch);
		const port = await freePort();
		const args = ["--dev", `--rpc-port=${port}`, "--port=0", "--no-prometheus"];
		const child = spawn(nodeBinary(), [...args, "--no-telemetry", "--no-hardware-benchmarks"], {
			stdio: "ignore",
			env: { PATH: process.env["PATH"], HOME: home, TMPDIR: scratch },
		});
		guardProcess(child);
		const ended = once(child, "exit");
		await eventually("an answer", () => rpc(port, "system_health").then(() => true));
		child.kill("SIGINT");
		const [code] = await within("the end of the node", 30_000, ended);
		assert.equal(code, 0);
		assert.deepEqual(readdirSync(scratch), []);
		assert.deepEqual(readdirSync(home), ["scratch"]);
	});
});
