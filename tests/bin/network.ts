// `make run`: the local network of 19 validators (with STANDBYS=1 also the 5 standbys) as
// processes on this machine, and one line per block until Ctrl-C.

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { PAGE_FOLDER, PAGE_PORT, serveFolder } from "../../web/scripts/serve.mjs";
import { nodeBinary, repositoryRoot } from "../src/binary.ts";
import { type Block, BlockFeed } from "../src/blocks.ts";
import { introduce } from "../src/identities.ts";
import { guardFolder, removeFolder } from "../src/janitor.ts";
import { localCandidates } from "../src/names.ts";
import { Network, SEATS, STANDBYS } from "../src/network.ts";
import type { ChainNode } from "../src/node.ts";
import { isFree } from "../src/ports.ts";

const FIRST_RPC_PORT = Number(process.env["RPC_PORT"] ?? 9944);
const FIRST_P2P_PORT = Number(process.env["P2P_PORT"] ?? 30333);
/** By which Ethereum's tools name the local network. */
const CHAIN_ID = 1234;
const METRICS_PORT = Number(process.env["METRICS_PORT"] ?? 9615);

const withStandbys = !["", "0", undefined].includes(process.env["STANDBYS"]);
const names = localCandidates.slice(0, SEATS + (withStandbys ? STANDBYS : 0));
// A second network beside the first has its own folder too.
const suffix = FIRST_RPC_PORT === 9944 ? "" : `-${FIRST_RPC_PORT}`;
const folder = join(repositoryRoot, "target", `network${suffix}`);
const dataFolder = join(folder, "nodes");
const logFolder = join(folder, "logs");
const interactive = process.stdout.isTTY;

let network: Network | undefined;
let feed: BlockFeed | undefined;
let stopping = false;

/** Another network on the same ports would mix with ours, or keep it from starting. */
async function demandFreePorts(): Promise<void> {
	const ports = names.flatMap((_, i) => [FIRST_RPC_PORT + i, FIRST_P2P_PORT + i]);
	for (const port of [...ports, METRICS_PORT]) {
		if (await isFree(port)) continue;
		throw new Error(
			`port ${port} of 127.0.0.1 is taken; stop what listens there, or choose others ` +
				"with RPC_PORT, P2P_PORT and METRICS_PORT",
		);
	}
}

async function prepare(): Promise<Network> {
	removeFolder(folder);
	mkdirSync(logFolder, { recursive: true });
	guardFolder(dataFolder);
	return Network.prepare({
		folder: dataFolder,
		names,
		ports: (index) => ({ rpc: FIRST_RPC_PORT + index, p2p: FIRST_P2P_PORT + index }),
		args: (index) =>
			index === 0 ? [`--prometheus-port=${METRICS_PORT}`] : ["--no-prometheus"],
		logFile: (name) => join(logFolder, `${name}.log`),
		onAnswer: showProgress,
		onUnaskedEnd: ({ name, logFile }) => console.log(`${name} ended; its log: ${logFile}`),
	});
}

function showProgress({ name }: ChainNode, count: number): void {
	const text = `  ${String(count).padStart(2)} of ${names.length} nodes answer (${name})`;
	if (!interactive) console.log(text);
	else process.stdout.write(`\r${text.padEnd(60)}${count === names.length ? "\n" : ""}`);
}

/** Serves the page for as long as the network runs, and says where, or why not. */
async function page(): Promise<string> {
	if (!existsSync(join(PAGE_FOLDER, "index.html"))) return "not built; make web does it";
	try {
		await serveFolder(PAGE_FOLDER, PAGE_PORT);
	} catch {
		return `not served: port ${PAGE_PORT} is taken; WEB_PORT chooses another`;
	}
	// Without a name the page asks the usual port.
	const node = encodeURIComponent(`ws://127.0.0.1:${FIRST_RPC_PORT}`);
	return `http://127.0.0.1:${PAGE_PORT}${FIRST_RPC_PORT === 9944 ? "" : `/?node=${node}`}`;
}

function sayWhereToConnect(page: string): void {
	const url = `ws://127.0.0.1:${FIRST_RPC_PORT}`;
	const last = names.length - 1;
	const span = (first: number) => `${first} (${names[0]}) to ${first + last} (${names[last]})`;
	console.log(`The network finalises. Connect to it:
  polkadot.js   ${url}  or  https://polkadot.js.org/apps/?rpc=${encodeURIComponent(url)}
  MetaMask      http://127.0.0.1:${FIRST_RPC_PORT}  chain id ${CHAIN_ID}, symbol CMT
  web page      ${page}
  RPC           127.0.0.1, ports ${span(FIRST_RPC_PORT)}
  node to node  127.0.0.1, ports ${span(FIRST_P2P_PORT)}
  metrics       http://127.0.0.1:${METRICS_PORT}/metrics (${names[0]})
  logs          ${logFolder}
  secrets       //${names[0]} ... //${names[last]}: everybody knows them
Ctrl-C stops everything.`);
}

function seatsChanged({ came, went }: Block["seats"]): string {
	if (came.length + went.length === 0) return "";
	const changes = [...came.map((name) => `+${name}`), ...went.map((name) => `-${name}`)];
	return `  seats ${changes.join(" ")}`;
}

function showBlock(block: Block): void {
	const number = `#${block.number}`.padEnd(8);
	const author = block.author.padEnd(13);
	const finalized = `final #${block.finalized}`.padEnd(14);
	console.log(`${number} ${author} ${finalized}${seatsChanged(block.seats)}`.trimEnd());
}

/** The RPC port of a node that runs. */
function livePort(): number {
	const node = network?.nodes.find(({ running }) => running);
	return node?.ports.rpc ?? FIRST_RPC_PORT;
}

async function stop(code: number): Promise<never> {
	// Asked a second time: leave at once; the watchdog does the rest.
	if (stopping) process.exit(130);
	stopping = true;
	console.log("\nStopping the network ...");
	await feed?.stop();
	await network?.discard();
	console.log(`Stopped. The logs stay in ${logFolder}`);
	process.exit(code);
}

async function main(): Promise<void> {
	await demandFreePorts();
	console.log(`CyberMiles local network: ${names.length} nodes of ${nodeBinary()}`);
	network = await prepare();
	await network.start();
	console.log("Waiting for the first final block ...");
	await network.finalises();
	await introduce(await network.nodes[0]!.api());
	sayWhereToConnect(await page());
	feed = await new BlockFeed(livePort, showBlock).start();
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
	process.on(signal, () => void stop(0));
}
// Whoever reads our lines has gone.
process.stdout.on("error", () => process.exit(0));

main().catch((error: Error) => {
	if (stopping) return;
	console.error(`Error: ${error.message}`);
	void stop(1);
});
