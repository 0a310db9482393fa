#!/usr/bin/env node
// The command line of delegators and validators; `node cmt.mjs` alone tells what it can do.

import { amountsIn, ask, callOf } from "./src/calls.mjs";
import { open } from "./src/node.mjs";
import { rotateKeys } from "./src/rotate.mjs";
import { signerOf, submit } from "./src/sign.mjs";
import { status } from "./src/status.mjs";
import { Trouble } from "./src/trouble.mjs";
import { openPatiently, waitFinal } from "./src/wait.mjs";

const { NODE = "ws://127.0.0.1:9944", SECRET } = process.env;

const HELP = `node cmt.mjs <question> <argument> ...         asks DposApi, for instance: candidates 0 10
node cmt.mjs <pallet>.<call> <argument> ...    signs and sends a call, and waits until it is final
node cmt.mjs rotate-keys [<owner>]             makes session keys on the node and registers them
node cmt.mjs status <candidate or owner>       rank, seat, missed turns, jail, keys
node cmt.mjs wait-final [<blocks>]             waits until so many blocks from now on are final: 20

An argument is a word, an amount such as 1000CMT or 0.5CMT, none, or JSON in braces or brackets.
NODE     the node to ask; default ${NODE}
SECRET   the phrase of the account that signs; only calls and rotate-keys need it`;

/** What is done, by its name: a pallet's call, or a question where the name is none of these. */
const verbs = {
	"rotate-keys": (node, [owner]) => rotateKeys(node, signerOf(SECRET), owner),
	status: (node, [who]) => status(node, who),
	"wait-final": (node, [blocks]) => waitFinal(node, blocks),
};

/** Signs a call and prints its events. */
async function send(node, name, args) {
	const signer = signerOf(SECRET);
	const { events } = await submit(node.api, signer, callOf(node.api, name, args));
	for (const { event } of events) {
		console.log(`${event.section}.${event.method} ${JSON.stringify(event.data.toHuman())}`);
	}
}

/** Prints the answer to a question. */
async function answer(node, name, args) {
	console.log(JSON.stringify((await ask(node.api, name, args)).toHuman(), null, 2));
}

async function run([name, ...words]) {
	if (name === undefined || name === "--help" || name === "help") return console.log(HELP);
	const node = await (name === "wait-final" ? openPatiently(NODE) : open(NODE));
	try {
		if (Object.hasOwn(verbs, name)) await verbs[name](node, words);
		else if (name.includes(".")) await send(node, name, amountsIn(words));
		else await answer(node, name, amountsIn(words));
	} finally {
		await node.close();
	}
}

// polkadot.js writes there what it throws as well.
console.error = console.warn = () => {};

try {
	await run(process.argv.slice(2));
} catch (error) {
	// What is not foreseen keeps its trace: it is a fault of this program.
	process.stderr.write(`${error instanceof Trouble ? `Error: ${error.message}` : error.stack}\n`);
	process.exitCode = 1;
}
