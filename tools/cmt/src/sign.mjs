// Signs calls and follows them until they are final.

import { Keyring } from "@polkadot/api";
import { isHex } from "@polkadot/util";
import { keyExtractSuri, mnemonicValidate } from "@polkadot/util-crypto";
import { Trouble } from "./trouble.mjs";

/** A call that is not final by then is left to the chain. */
const FINAL_MS = 10 * 60_000;

/** Whether it is words with a checksum, a seed, or a name for trying. Keyrings take any text. */
function isSecret(text) {
	if (text.startsWith("//")) return true;
	try {
		const { phrase } = keyExtractSuri(text);
		return isHex(phrase, 256) || mnemonicValidate(phrase);
	} catch {
		return false;
	}
}

/** The account of a secret phrase. */
export function signerOf(secret) {
	if (!secret) {
		throw new Trouble("nothing signs: read -rs SECRET && export SECRET, and type the phrase");
	}
	if (!isSecret(secret)) {
		// It is not repeated: it must not end up in a log.
		throw new Trouble(
			"what is in SECRET is no secret phrase: 12 or 24 words, or //Name on a test network",
		);
	}
	return new Keyring({ type: "sr25519", ss58Format: 42 }).addFromUri(secret);
}

/** What a dispatch error means. */
function why(api, error) {
	if (!error.isModule) return error.toString();
	const { section, name, docs } = api.registry.findMetaError(error.asModule);
	return `${section}.${name}: ${docs.join(" ")}`;
}

/** The error of a call, be it its own or that of the one that a proxy carried. */
function errorOf({ dispatchError, events }) {
	if (dispatchError) return dispatchError;
	const carried = events.find(
		({ event }) => event.section === "proxy" && event.method === "ProxyExecuted",
	);
	const result = carried?.event.data[0];
	return result?.isErr ? result.asErr : undefined;
}

/** Why a node takes no such call into its pool. */
function refusalOf(error) {
	const reason = error.message ?? String(error);
	const remedy = /Inability to pay/.test(reason)
		? ": the account has too little free CMT for the fee"
		: "";
	return new Trouble(`the node refuses the call (${reason})${remedy}`);
}

/** Ends a wait that a status ends; does nothing for the other ones. */
function judge(api, result, done, fail) {
	const { status } = result;
	if (status.isFinalityTimeout || status.isDropped || status.isInvalid || status.isUsurped) {
		fail(
			new Trouble(
				`the call was given up (${status.type}): look whether it took effect, then try again`,
			),
		);
	}
	if (!status.isFinalized) return;
	const error = errorOf(result);
	if (error) fail(new Trouble(why(api, error)));
	else done({ events: result.events, hash: status.asFinalized });
}

/** Signs and sends a call, and waits until it is final; its events and its block. */
export async function submit(api, signer, call, onBlock = () => {}) {
	let leave = () => {};
	let timer;
	try {
		return await new Promise((done, fail) => {
			const look = (result) => {
				if (result.status.isInBlock) onBlock(result.status.asInBlock);
				judge(api, result, done, fail);
			};
			const late = `the call is not final after ${FINAL_MS / 60_000} minutes: does the chain finalise?`;
			timer = setTimeout(fail, FINAL_MS, new Trouble(late));
			call.signAndSend(signer, { nonce: -1 }, look)
				.then((unsubscribe) => (leave = unsubscribe))
				.catch((error) => fail(refusalOf(error)));
		});
	} finally {
		clearTimeout(timer);
		leave();
	}
}
