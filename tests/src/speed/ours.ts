// CyberMiles in three forms: without consensus, with that of one validator, and with 19 of them.

import type { ApiPromise } from "@polkadot/api";
import { DevNode } from "../dev-node.ts";
import { rawSpecFile } from "../chain-spec.ts";
import { removeFolder, temporaryFolder } from "../janitor.ts";
import { suriOf } from "../keys.ts";
import { Network } from "../network.ts";
import { ChainNode } from "../node.ts";
import { freePort } from "../ports.ts";
import { eventually } from "../wait.ts";
import { Client, each } from "./client.ts";
import type { Contender, Sealing } from "./contender.ts";

/**
 * A pool has room for a tenth of its limit of transactions whose turn has not come yet, and drops
 * the oldest beyond. What a dozen senders send by many connections comes out of order: at a thousand
 * a second far more than the usual 819.
 */
const LARGE_POOL: readonly string[] = ["--pool-limit=262144", "--pool-kbytes=524288"];
/** Requests for blocks on their way to the node, so that it never waits for one. */
const MINING = 8;

/** A chain with consensus, through its first node. */
export interface Chain extends Contender {
	readonly api: ApiPromise;
	/** Ends its first node in order, and tells what it left on disk. */
	rest(): Promise<Stored>;
}

/** A chain on disk. */
export interface Stored {
	/** What `--chain` and `--base-path` of its node are. */
	chain: string;
	folder: string;
	/** Number of its last block, and transactions in all of them, those of the chain itself too. */
	blocks: number;
	transactions: number;
}

/** Ends a node in order; what it left on disk. */
async function stored(node: ChainNode, client: Client, chain: string): Promise<Stored> {
	const { number } = await client.call<{ number: string }>("chain_getHeader");
	const blocks = Number(number);
	let transactions = 0;
	for (let height = 1; height <= blocks; height++) {
		const hash = await client.call<string>("chain_getBlockHash", height);
		type Answer = { block: { extrinsics: string[] } };
		const { block } = await client.call<Answer>("chain_getBlock", hash);
		transactions += block.extrinsics.length;
	}
	await node.stop();
	return { chain, folder: node.dataFolder, blocks, transactions };
}

/** One node that seals by itself: `make dev` with other blocks. */
export async function devNode(sealing: Sealing): Promise<Contender> {
	const dev = await DevNode.launch(String(sealing), ...LARGE_POOL);
	const client = new Client(dev.node.ports.rpc);
	const seal = () => client.call("engine_createBlock", true, true, null);
	const mine = (count: number) => each(Array(count).keys(), MINING, seal);
	return {
		name: "dev node",
		client,
		pids: [dev.node.pid!],
		...(sealing === "manual" && { mine }),
		log: () => dev.node.log(),
		stop: async () => {
			client.close();
			await dev.stop();
		},
	};
}

/** One validator with Aura and GRANDPA: a block in each slot of three seconds. */
export async function oneValidator(): Promise<Chain> {
	const [folder, port] = [temporaryFolder("speed"), await freePort()];
	const spec = await rawSpecFile("dev", folder);
	const node = await ChainNode.prepare({
		name: "Alice",
		folder,
		chain: spec.path,
		// Without peers a node takes itself for offline, and makes blocks only where it is told to.
		args: ["--validator", "--force-authoring", `--prometheus-port=${port}`, ...LARGE_POOL],
	});
	node.insertKeys(spec.id, suriOf("Alice"));
	node.start();
	await node.answers();
	const client = new Client(node.ports.rpc);
	await eventually("a block", async () => (await client.number("eth_blockNumber")) > 1);
	return {
		name: "1 validator",
		client,
		api: await node.api(),
		pids: [node.pid!],
		rest: () => stored(node, client, spec.path),
		log: () => node.log(),
		metricsPort: port,
		stop: async () => {
			client.close();
			await node.kill();
			removeFolder(folder);
		},
	};
}

/** The local network of 19 validators, of which the first is asked. */
export async function nineteenValidators(): Promise<Chain> {
	const port = await freePort();
	const args = (index: number) => [index === 0 ? `--prometheus-port=${port}` : "--no-prometheus"];
	const folder = temporaryFolder("speed");
	const network = await Network.prepare({ folder, args, pool: LARGE_POOL });
	await network.start();
	await network.finalises(2);
	const first = network.nodes[0]!;
	const client = new Client(first.ports.rpc);
	return {
		name: "19 validators",
		client,
		api: await first.api(),
		rest: () => stored(first, client, network.spec.path),
		pids: network.nodes.map(({ pid }) => pid!),
		log: () => network.nodes.map((node) => node.log()).join("\n"),
		metricsPort: port,
		stop: async () => {
			client.close();
			await network.discard();
		},
	};
}
