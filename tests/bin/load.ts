// `make bench SUITE=load`: transactions of every kind a second, and how soon they are final, on one
// validator and on 19; what nodes take of the machine; import of blocks and growth of the database.
//
// All nodes and the client share this machine. "Under load" is half of what the chain took when it
// was sent as much as it would take: above that, transactions only wait in line.

import { type Measurement, measured, report } from "../src/bench.ts";
import { removeFolder, temporaryFolder } from "../src/janitor.ts";
import {
	type Signed,
	delegations,
	ethereum,
	mixed,
	seated,
	transfers,
	transfersAndDelegations,
} from "../src/load/senders.ts";
import {
	type Trial,
	finalities,
	lost,
	overall,
	quantile,
	steady,
	trial,
} from "../src/load/trial.ts";
import { atRest, imports, resident } from "../src/load/upkeep.ts";
import type { Contender } from "../src/speed/contender.ts";
import { type Chain, nineteenValidators, oneValidator } from "../src/speed/ours.ts";
import { machine } from "../src/speed/processor.ts";
import { erc20, token } from "../src/speed/token.ts";

/** Transactions of a run on one validator, and where 19 nodes share the machine. */
const MANY = 20_000;
const FEWER = 2_400;
/** Kinds to send, by name and parted by commas; without it all. */
const KINDS = (process.env["LOAD_KINDS"] || undefined)?.split(",").map((name) => name.trim());
/** Seconds of a run at half of what a chain takes. */
const LOADED = 60;
/** Candidates that are delegated to. */
const CANDIDATES = 10;

/** Native transfers a second that are asked for, and seconds until a transaction is final. */
const TRANSFERS_GOAL = ">= 800";
const MEDIAN_GOAL = "<= 6";
const MOST_GOAL = "<= 12";

const NATIVE = "native transfers";

type Kind = [string, (chain: Chain, count: number) => Promise<Signed[]>];

/** What is sent; the token is made first. */
async function kinds(chain: Chain): Promise<Kind[]> {
	const at = await token(chain);
	const candidates = seated(chain.pids.length > 1 ? CANDIDATES : 1);
	const native = ({ api }: Chain, count: number) => transfers(api, count);
	const tokens = ({ client }: Chain, count: number) => ethereum(client, erc20(at), count);
	const stakes = ({ api }: Chain, count: number) => delegations(api, candidates, count);
	return [
		[NATIVE, native],
		["ERC-20 transfers", tokens],
		["delegations", stakes],
		[
			"mixed",
			async (on, count) =>
				mixed(
					await transfersAndDelegations(on.api, candidates, Math.round(0.7 * count)),
					await tokens(on, Math.round(0.3 * count)),
				),
		],
	];
}

function told(done: Trial): Trial {
	const { what, contender, sent, final, seconds, elapsed, blocks, spent } = done;
	const cores = (time: number) => (time / elapsed).toFixed(1);
	console.log(
		`${what}, ${contender}: ${final} of ${sent} in ${seconds.toFixed(1)} s, ` +
			`${blocks.length} blocks; ` +
			`cores: nodes ${cores(spent.node)}, client ${cores(spent.client)}, ` +
			`all ${cores(spent.machine)}`,
	);
	return done;
}

function losses(done: Trial, name: string): Measurement {
	return measured(`${name}: lost`, lost(done), "transactions", { goal: "<= 0" });
}

function rate(done: Trial, goal: string | null): Measurement[] {
	const name = `${done.what}, ${done.contender}`;
	return [
		measured(`${name}: in blocks`, overall(done), "a second", { goal }),
		measured(`${name}: between full blocks`, steady(done), "a second"),
		measured(`${name}: fullest block`, Math.max(...done.counts), "transactions"),
		losses(done, name),
	];
}

function soon(done: Trial, goals: boolean): Measurement[] {
	const { latencies, contender, what } = done;
	const name = `${what}, ${contender}, ${overall(done).toFixed(0)} a second`;
	const most = { goal: goals ? MOST_GOAL : null };
	return [
		measured(`${name}: sent to final, median`, quantile(latencies, 0.5), "s", {
			goal: goals ? MEDIAN_GOAL : null,
		}),
		measured(`${name}: sent to final, 99 %`, quantile(latencies, 0.99), "s", most),
		measured(`${name}: block to final, median`, quantile(finalities(done), 0.5), "s"),
		measured(`${name}: block to final, 99 %`, quantile(finalities(done), 0.99), "s"),
		losses(done, name),
	];
}

/** What the nodes used while they were under load. */
function used({ spent, elapsed, contender, what }: Trial, { pids }: Contender): Measurement[] {
	const cores = spent.node / elapsed / pids.length;
	const name = `${contender} under load, ${what}`;
	return [
		measured(`${name}: processor of a node`, 100 * cores, "% of a core"),
		measured(`${name}: memory of a node`, resident(pids), "MiB"),
	];
}

/** Those of all kinds that are to be sent. */
function chosen(all: readonly Kind[]): readonly Kind[] {
	const names = all.map(([name]) => name);
	const unknown = KINDS?.filter((name) => !names.includes(name)) ?? [];
	if (unknown.length === 0) return all.filter(([name]) => KINDS?.includes(name) ?? true);
	throw new Error(`no kind ${unknown.join(", ")}; there are ${names.join(", ")}`);
}

/**
 * Everything on one chain; to the first kind of which something is lost, since all that the same
 * senders send after it would wait for it.
 */
async function all(chain: Chain): Promise<Measurement[]> {
	const single = chain.pids.length === 1;
	const rows = await atRest(chain);
	for (const [what, sign] of chosen(await kinds(chain))) {
		const signed = await sign(chain, single ? MANY : FEWER);
		const done = told(await trial(chain, what, signed));
		rows.push(...rate(done, single && what === NATIVE ? TRANSFERS_GOAL : null));
		if (lost(done) > 0) break;
		const half = overall(done) / 2;
		const calm = await sign(chain, Math.round(half * LOADED));
		const loaded = told(await trial(chain, what, calm, half));
		rows.push(...soon(loaded, !single), ...used(loaded, chain));
		if (lost(loaded) > 0) break;
	}
	return rows;
}

async function on(chain: Chain): Promise<Measurement[]> {
	try {
		return await all(chain);
	} finally {
		await chain.stop();
	}
}

/** One validator, and then its chain as others import it. */
async function alone(): Promise<Measurement[]> {
	const [chain, scratch] = [await oneValidator(), temporaryFolder("load")];
	try {
		const rows = await all(chain);
		return [...rows, ...(await imports(await chain.rest(), scratch))];
	} finally {
		await chain.stop();
		removeFolder(scratch);
	}
}

async function main(): Promise<void> {
	console.log(machine());
	const single = await alone();
	// What is known should the rest fail.
	report("load", single);
	const results = [...single, ...(await on(await nineteenValidators()))];
	report("load", results);
	process.exitCode = results.every(({ holds }) => holds) ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
	process.on(signal, () => process.exit(130));
}
await main();
process.exit();
