// New session keys for a candidate: made by its node, registered by its owner or the owner's proxy.

import { addressOf, candidateOf, filesOf, keysOf } from "./candidates.mjs";
import { inCmt } from "./calls.mjs";
import { RpcError, STALE_MS, ageOf, stateOf } from "./node.mjs";
import { submit } from "./sign.mjs";
import { startOf } from "./time.mjs";
import { Trouble } from "./trouble.mjs";

/** Kinds of proxies that may register session keys. */
const PROXIES = ["Any", "NonTransfer", "Staking"];

/** Public keys in the answer: aura, grandpa and authority discovery, 32 bytes each. */
const KEYS = /^0x[0-9a-f]{192}$/;
/** A proof is three signatures of 64 bytes. */
const PROOF = `0x${"00".repeat(3 * 64)}`;

/** Demands a node on which new keys can be of use. */
async function demandReady(node) {
	const { isSyncing, peers, validator, best } = await stateOf(node);
	if (!validator) {
		throw new Trouble(
			"the node runs without --validator and would not use the keys: restart it with the flag",
		);
	}
	if (isSyncing) {
		throw new Trouble(`the node is still syncing (block #${best}): wait until it logs 'Idle'`);
	}
	// A chain on one machine, of which blocks come when they are asked for.
	if ((await node.rpc("system_chainType")) === "Development") return best;
	if (peers === 0)
		throw new Trouble(
			"the node has no peers: see to port 30333, --bootnodes and the chain spec",
		);
	if (best === 0)
		throw new Trouble(
			"the node has no block but the genesis: it finds no blocks, or the chain has not begun",
		);
	const age = await ageOf(node);
	if (age > STALE_MS) {
		const seconds = Math.round(age / 1000);
		throw new Trouble(
			`the newest block of the node is ${seconds} s old: it lacks blocks, or its clock or the chain stands`,
		);
	}
	return best;
}

/** Whose keys are made: the owner in whose name the call is, and the candidate that it has. */
async function ownerOf(api, named) {
	const address = addressOf(named);
	const found = await candidateOf(api, address);
	if (!found) return { owner: address };
	if (found.state.isRetired) {
		throw new Trouble(
			`the candidate of ${address} has retired: declare again when it is paid out`,
		);
	}
	return { owner: found.owner.toString(), candidate: found.candidate.toString() };
}

/** Demands that `signer` may register keys in the name of `owner`. */
async function demandRight(api, chain, signer, owner) {
	if (signer === owner) return;
	const [proxies] = await api.query.proxy.proxies(owner);
	const mine = proxies.filter(
		({ delegate, proxyType }) => delegate.eq(signer) && PROXIES.includes(proxyType.type),
	);
	if (mine.some(({ delay }) => delay.isZero())) return;
	const why =
		mine.length > 0 ? "is a proxy that must announce its calls first" : "is no proxy of it";
	throw new Trouble(
		`on '${chain}' the keys are a matter of ${owner}; SECRET is that of ${signer}, which ${why}. ` +
			`Sign as the owner, or let the owner call: node cmt.mjs proxy.addProxy ${signer} Staking 0`,
	);
}

/** What an account can pay with, and still exist. */
async function spendable(api, who) {
	const { free, frozen, reserved } = (await api.query.system.account(who)).data;
	const held = frozen.toBigInt() - reserved.toBigInt();
	const least = api.consts.balances.existentialDeposit.toBigInt();
	return free.toBigInt() - (held > least ? held : least);
}

function demandCmt(who, has, needs, what) {
	if (has >= needs) return;
	throw new Trouble(
		`${who} can spend ${inCmt(has < 0n ? 0n : has)} and needs ${inCmt(needs)}: ${what}`,
	);
}

/** Demands the fee and, where the owner has no keys yet, the deposit for them. */
async function demandMoney(api, call, signer, owner, isFirst) {
	const fee = (await call.paymentInfo(signer)).partialFee.toBigInt();
	const deposit = isFirst ? api.consts.session.keyDeposit.toBigInt() : 0n;
	const lent = "a deposit for the keys, which session.purgeKeys gives back";
	if (signer === owner) {
		const what = isFirst ? `${lent}, and the fee` : "the fee";
		return demandCmt(signer, await spendable(api, signer), deposit + fee, what);
	}
	demandCmt(signer, await spendable(api, signer), fee, "the fee");
	demandCmt(owner, await spendable(api, owner), deposit, lent);
}

/** Has the node make keys, with the proof that it holds them for `owner`. */
async function newKeys({ api, rpc, url }, owner) {
	try {
		const publicKey = api.createType("AccountId32", owner).toHex();
		const { keys, proof } = await rpc("author_rotateKeysWithOwner", publicKey);
		if (!KEYS.test(keys))
			throw new Trouble(`the node made keys of another kind of chain: ${keys}`);
		return { keys, proof };
	} catch (error) {
		if (!(error instanceof RpcError)) throw error;
		throw new Trouble(
			/unsafe/i.test(error.message)
				? `${url} is open to others, so the node makes no keys there: ask on its own machine, ` +
					"at an --rpc-port without --rpc-external and without --rpc-methods safe"
				: `the node makes no keys (${error.message}): its keystore must be writable, and its release new enough`,
		);
	}
}

/** Demands that node and chain agree about the new keys. */
async function demandRegistered(node, owner, keys) {
	const held = await node.rpc("author_hasSessionKeys", keys);
	const candidate = (await candidateOf(node.api, owner))?.candidate.toString() ?? owner;
	const { registered } = await keysOf(node.api, candidate);
	if (!held)
		throw new Trouble(
			`the keystore has lost the keys ${keys}: look at disk and rights, and rotate again`,
		);
	if (registered !== keys)
		throw new Trouble(`the chain has other keys by now (${registered}): rotate again`);
}

/** Tells from when on the new keys are in use, and until when the old ones are needed. */
async function tellTimes(node, candidate, old, session) {
	const first = session + 2;
	if (!candidate)
		return console.log(`next         declare the candidate: node cmt.mjs cmtDpos.declare ...`);
	console.log(`in use       from session ${first} on, ${await startOf(node.api, first)}`);
	const needed = [...new Set([old.now, old.then, old.registered])].filter(Boolean);
	if (needed.length === 0) return;
	console.log(`old keys     needed until a block of session ${first} is final: leave the node that has them running.
             Then these files can go from its keystore:`);
	for (const file of needed.flatMap(filesOf)) console.log(`             ${file}`);
	console.log(`to check     node cmt.mjs status ${candidate}`);
}

/** Makes session keys on the node and registers them for `named`, by default the signer. */
export async function rotateKeys(node, signer, named = signer.address) {
	const { api } = node;
	const best = await demandReady(node);
	const { owner, candidate } = await ownerOf(api, named);
	await demandRight(api, node.chain, signer.address, owner);
	console.log(`node         ${node.url}, '${node.chain}', in sync, block #${best}`);
	console.log(
		`owner        ${owner}, ${candidate ? `of candidate ${candidate}` : "has no candidate yet"}`,
	);

	const old = await keysOf(api, candidate ?? owner);
	const call = (keys, proof) => {
		const set = api.tx.session.setKeys(keys, proof);
		return signer.address === owner ? set : api.tx.proxy.proxy(owner, null, set);
	};
	// Before any key is made: one that is never registered would stay in the keystore.
	const alike = call(`0x${"00".repeat(96)}`, PROOF);
	await demandMoney(api, alike, signer.address, owner, old.registered === null);

	const { keys, proof } = await newKeys(node, owner);
	console.log(`new keys     ${keys}`);
	const { hash } = await submit(api, signer, call(keys, proof), (block) =>
		console.log(`in block     ${block}`),
	);
	const at = await api.at(hash);
	const session = (await at.query.session.currentIndex()).toNumber();
	console.log(`final        registered in session ${session}`);
	await demandRegistered(node, owner, keys);
	console.log(`check        the node holds them, and the chain has them`);
	await tellTimes(node, candidate, old, session);
}
