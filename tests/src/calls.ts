// Signed calls, and how the chain refuses them.

import "@polkadot/api-augment";
import type { ApiPromise } from "@polkadot/api";
import type { SubmittableExtrinsic } from "@polkadot/api/types";
import type { KeyringPair } from "@polkadot/keyring/types";
import type { EventRecord } from "@polkadot/types/interfaces";
import type { DispatchError } from "@polkadot/types/interfaces/system";
import type { ISubmittableResult } from "@polkadot/types/types";
import { within } from "./wait.ts";

/** A call, not signed yet. */
export type Call = SubmittableExtrinsic<"promise">;

/** One CMT in planck. */
export const CMT = 10n ** 18n;

/** A call that was included and failed; `reason` is for instance `CmtDpos.NotOwner`. */
export class Refusal extends Error {
	constructor(readonly reason: string) {
		super(`refused: ${reason}`);
	}
}

/** An included call. */
export interface Included {
	/** The block that holds it. */
	blockHash: string;
	events: EventRecord[];
}

/** The name of a dispatch error: `Pallet.Error`, or the kind of error itself. */
export function reasonOf(api: ApiPromise, error: DispatchError): string {
	if (!error.isModule) return error.toString();
	const { section, name } = api.registry.findMetaError(error.asModule);
	const pallet = section.charAt(0).toUpperCase() + section.slice(1);
	return `${pallet}.${name}`;
}

/** How a call gets into a block. */
export interface SubmitOptions {
	/** Makes a block once the call is in the pool (manual sealing). */
	seal?: () => Promise<unknown>;
	/** Gives up after so many milliseconds. */
	timeoutMs?: number;
}

/** Signs and submits a call and waits for its block; throws `Refusal` where the chain refuses. */
export async function submit(
	api: ApiPromise,
	signer: KeyringPair,
	call: Call,
	{ seal, timeoutMs = 60_000 }: SubmitOptions = {},
): Promise<Included> {
	let leave: () => void = () => {};
	const included = new Promise<ISubmittableResult>((resolve, reject) => {
		const onStatus = (result: ISubmittableResult): void => {
			if (result.status.isInBlock || result.status.isFinalized) resolve(result);
			else if (result.isError) reject(new Error(`dropped: ${result.status.type}`));
		};
		call.signAndSend(signer, { nonce: -1 }, onStatus)
			.then((unsubscribe) => {
				leave = unsubscribe;
				return seal?.();
			})
			.catch(reject);
	});
	const result = await within(call.method.method, timeoutMs, included).finally(() => leave());
	if (result.dispatchError) throw new Refusal(reasonOf(api, result.dispatchError));
	const { status, events } = result;
	const hash = status.isInBlock ? status.asInBlock : status.asFinalized;
	return { blockHash: hash.toHex(), events };
}

/** The reason for which the chain refuses a call; an error where it accepts it. */
export async function refusal(promise: Promise<Included>): Promise<string> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof Refusal) return error.reason;
		throw error;
	}
	throw new Error("the chain accepted what it should refuse");
}

/** The data of the first event of this kind, as plain JSON. */
export function eventOf(
	{ events }: Included,
	section: string,
	method: string,
): Record<string, unknown> {
	const found = events.find(({ event }) => event.section === section && event.method === method);
	if (!found) throw new Error(`no event ${section}.${method}`);
	return found.event.data.toHuman() as Record<string, unknown>;
}

/** The free balance of an account in planck. */
export async function freeBalance(api: ApiPromise, who: string): Promise<bigint> {
	return (await api.query.system.account(who)).data.free.toBigInt();
}
