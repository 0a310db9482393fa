// A candidate in plain words.

import { hexToString } from "@polkadot/util";
import { inCmt } from "./calls.mjs";
import { addressOf, candidateOf, keysOf } from "./candidates.mjs";
import { RpcError, stateOf } from "./node.mjs";
import { startOf } from "./time.mjs";
import { Trouble } from "./trouble.mjs";

const say = (what, text) => console.log(`${what.padEnd(12)} ${text}`);

/** `active, rank 3`. */
function standing({ state, rank }) {
	if (state.isRetired) return `retired; its delegators are paid in era ${state.asRetired.due}`;
	if (state.isInactive) return "inactive: not elected until its owner calls cmtDpos.activate";
	return `active, rank ${rank.unwrap()}`;
}

/** `validator in session 12, none in session 13`. */
async function seats(api, candidate) {
	const part = ({ validators, standbys }) => {
		const has = (seats) => seats.some((seat) => seat.candidate.eq(candidate));
		if (has(validators)) return "validator";
		return has(standbys) ? "standby" : "none";
	};
	const both = await Promise.all([api.call.dposApi.seats(), api.call.dposApi.nextSeats()]);
	return both.map((of) => `${part(of)} in session ${of.session}`).join(", ");
}

/** The value of a protocol parameter. */
async function parameter(api, name) {
	const all = await api.call.dposApi.parameters();
	return all.find((one) => hexToString(one.name.toHex()).endsWith(name))?.value;
}

async function turns(api, { missedTurns }) {
	if (missedTurns.isZero()) return "none missed in a row";
	return `${missedTurns} missed in a row; ${await parameter(api, "DowntimeTurns")} bring jail`;
}

function jail({ tombstoned, jailedUntil }) {
	if (tombstoned.isTrue) return "for good: its keys signed twice; only governance can pardon";
	if (jailedUntil.isNone) return "no";
	const until = new Date(jailedUntil.unwrap().toNumber());
	const over = until < new Date() ? "the term is over" : "then";
	return `until ${until.toISOString()}; ${over}: node cmt.mjs cmtDpos.activate`;
}

/** Whether the node has these keys; where it does not say so, that. */
async function holds({ rpc }, keys) {
	try {
		return (await rpc("author_hasSessionKeys", keys))
			? "this node holds them"
			: "this node does NOT hold them";
	} catch (error) {
		if (!(error instanceof RpcError)) throw error;
		return `this node does not say whether it holds them (${error.message})`;
	}
}

/** What the candidate signs with, now and in the sessions to come. */
async function sayKeys(node, candidate) {
	const { now, then, registered } = await keysOf(node.api, candidate);
	const session = (await node.api.query.session.currentIndex()).toNumber();
	if (!now) say("keys", "none in use: no seat as validator");
	else say("keys", `in use ${now}: ${await holds(node, now)}`);
	if (!registered) return say("", "none registered: node cmt.mjs rotate-keys");
	if (registered === now && (!then || then === now)) return;
	const first = session + (then === registered ? 1 : 2);
	const when = registered === now ? "again" : `${await startOf(node.api, first)}`;
	say("", `from session ${first} on, ${when}: ${registered}: ${await holds(node, registered)}`);
}

async function sayNode(node) {
	const { isSyncing, peers, best, final, validator } = await stateOf(node);
	const sync = isSyncing ? "syncing" : "in sync";
	const role = validator ? "runs as validator" : "runs without --validator";
	say("node", `${sync}, block #${best}, final #${final}, ${peers} peers, ${role}`);
}

/** Tells of the candidate that `who` names or owns. */
export async function status(node, who) {
	if (!who) throw new Trouble("status of whom? node cmt.mjs status <candidate or owner>");
	const { api } = node;
	const found = await candidateOf(api, addressOf(who));
	if (!found) throw new Trouble(`on '${node.chain}' ${who} neither is a candidate nor owns one`);
	const candidate = found.candidate.toString();
	const conduct = await api.call.dposApi.conduct(candidate);
	const profile = await api.call.dposApi.profile(candidate);
	say("candidate", `${candidate} ${hexToString(profile.name.toHex())}`.trim());
	say("owner", found.owner.toString());
	say("state", standing(found));
	say(
		"stake",
		`${inCmt(found.stake)} of at most ${inCmt(found.maxStake)}, its owner's ${inCmt(found.selfStake)}`,
	);
	say("seat", await seats(api, candidate));
	say("turns", await turns(api, conduct));
	say("jail", jail(conduct));
	say("slashes", conduct.slashes.isZero() ? "none" : conduct.slashes.toString());
	await sayKeys(node, candidate);
	await sayNode(node);
}
