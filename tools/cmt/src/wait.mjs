// Waits until all that was voted on before is history, so that keys can be used on another machine.

import { NotReady, RpcError, STALE_MS, ageOf, open, stateOf } from "./node.mjs";
import { Trouble } from "./trouble.mjs";

const EVERY_MS = 3_000;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Looks every few seconds until there is nothing more to say. */
async function until(look) {
	for (let missing = await look(); missing; missing = await look()) {
		console.log(missing);
		await sleep(EVERY_MS);
	}
}

/** Connects to a node that may still fetch the state. */
export async function openPatiently(url) {
	let node;
	await until(async () => {
		try {
			node = await open(url);
		} catch (error) {
			if (error instanceof NotReady) return error.message;
			throw error;
		}
	});
	return node;
}

/**
 * What the node lacks to be in sync; nothing where it is. That it is not syncing does not suffice: a
 * warp sync begins from the genesis.
 */
async function lackOf(node) {
	try {
		const { isSyncing, best } = await stateOf(node);
		const late = isSyncing || (await ageOf(node)) > STALE_MS;
		return late && `the node is still syncing: block #${best}`;
	} catch (error) {
		if (error instanceof NotReady) return error.message;
		throw error;
	}
}

/** The round of votes that the node follows; none while it starts. */
async function roundOf({ rpc }) {
	try {
		return (await rpc("grandpa_roundState")).best.round;
	} catch (error) {
		if (error instanceof RpcError) return 0;
		throw error;
	}
}

/** Follows the rounds in which blocks become final; the last one is in `round`. */
async function followFinality({ api }) {
	const seen = { round: undefined };
	seen.leave = await api.rpc.grandpa.subscribeJustifications((justification) => {
		// A justification begins with the number of its round.
		seen.round = Number(Buffer.from(justification.toU8a(true)).readBigUInt64LE());
	});
	return seen;
}

/**
 * Waits until the node, in sync, has finalised so many blocks that are made from now on, and itself is
 * in a later round of votes than the one that did it. Whoever stopped before this began never voted in
 * such a round; the node notes on disk which rounds are over.
 */
export async function waitFinal(node, words = "20") {
	const blocks = Number(words);
	if (!Number.isInteger(blocks) || blocks < 1)
		throw new Trouble(`'${words}' is no number of blocks`);
	await until(() => lackOf(node));
	const finality = await followFinality(node);
	const target = (await stateOf(node)).best + blocks;
	await until(async () => {
		const { final } = await stateOf(node);
		return final < target && `final #${final}, waiting for #${target}`;
	});
	await until(async () => {
		const round = await roundOf(node);
		const over = finality.round !== undefined && round > finality.round;
		return (
			!over &&
			`block #${target} is final; the node follows round ${round}, waiting for a later one`
		);
	});
	finality.leave();
	console.log(`block #${target} is final, and the rounds before it are over`);
}
