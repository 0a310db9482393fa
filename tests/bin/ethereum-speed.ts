// `make bench SUITE=ethereum`: how many Ethereum transactions a second end in blocks, and how long
// reads take, beside Foundry's anvil and Hardhat's node on the same machine under the same client.
//
// Client and nodes share the machine. A line says for each run what bounds it.

import { type Measurement, report } from "../src/bench.ts";
import { bounds } from "../src/speed/bounds.ts";
import type { Contender } from "../src/speed/contender.ts";
import { costs, indexed } from "../src/speed/cost.ts";
import { type Run, run } from "../src/speed/load.ts";
import { devNode, nineteenValidators, oneValidator } from "../src/speed/ours.ts";
import { machine } from "../src/speed/processor.ts";
import { compare } from "../src/speed/reads.ts";
import { latencyRows, rowsOf } from "../src/speed/results.ts";
import { GAS_LIMIT, rivals } from "../src/speed/rivals.ts";
import { erc20, plain, token } from "../src/speed/token.ts";

/** Milliseconds between blocks: those of the networks. */
const BLOCK_TIME = 3_000;
/** Transactions of each of the ten senders, and those where 19 nodes share the machine. */
const EACH = 1_000;
const EACH_OF_MANY = 300;

const PLAIN = "plain transfers";
const ERC20 = "ERC-20 transfers";

type Launch = () => Promise<Contender>;

/** Starts a node, has work done on it, and stops it, whatever comes. */
async function on<T>(launch: Launch, work: (contender: Contender) => Promise<T>): Promise<T> {
	const contender = await launch();
	try {
		return await work(contender);
	} finally {
		await contender.stop();
	}
}

function told(done: Run, contender: Contender): Run {
	console.log(bounds(done, contender));
	return done;
}

/** Both kinds of transactions on one node; what the index took, where the node tells it. */
async function loads(contender: Contender): Promise<[Run[], Measurement[]]> {
	const at = await token(contender);
	const count = contender.pids.length > 1 ? EACH_OF_MANY : EACH;
	const cheap = told(await run(contender, PLAIN, plain, count), contender);
	const transfers = (): Promise<Run> => run(contender, ERC20, erc20(at), count);
	const [dear, index] =
		contender.metricsPort === undefined
			? [await transfers(), []]
			: await indexed(contender, transfers);
	return [[cheap, told(dear, contender)], index];
}

/** Every form of the node under load, beside the rivals. */
async function throughput(others: readonly Launch[]): Promise<Measurement[]> {
	const baselines: Run[] = [];
	for (const launch of others) baselines.push(...(await on(launch, loads))[0]);
	const rows: Measurement[] = [];
	const forms: [Launch, boolean][] = [
		[() => devNode(BLOCK_TIME), true],
		[oneValidator, true],
		// As many nodes as these would not share one machine.
		[nineteenValidators, false],
	];
	for (const [launch, goal] of forms) {
		const [runs, index] = await on(launch, loads);
		rows.push(...runs.flatMap((done) => rowsOf(done, baselines, goal && done.what === ERC20)));
		rows.push(...index);
	}
	return rows;
}

/** Latencies, and what a transaction costs a node that does nothing else. */
async function latencies(others: readonly Launch[]): Promise<Measurement[]> {
	const contenders: Contender[] = [];
	try {
		for (const launch of [() => devNode("manual"), ...others]) contenders.push(await launch());
		const cost = await costs(contenders[0]!);
		return [...cost, ...(await compare(contenders)).flatMap(latencyRows)];
	} finally {
		for (const contender of contenders) await contender.stop();
	}
}

async function main(): Promise<void> {
	console.log(`${machine()}; gas limit of the rivals' blocks ${GAS_LIMIT / 1e6} million`);
	const others = rivals();
	const results = [
		...(await throughput(others.map((launch) => () => launch(BLOCK_TIME)))),
		...(await latencies(others.map((launch) => () => launch("manual")))),
	];
	report("ethereum", results);
	process.exitCode = results.every(({ holds }) => holds) ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
	process.on(signal, () => process.exit(130));
}
await main();
process.exit();
