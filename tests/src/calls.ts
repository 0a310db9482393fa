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

/** An included call. */
export interface Included {
	/** The block that holds it. */
	blockHash: string;
	/** Its own events. */
	events: EventRecord[];
}

/** A call that was included and failed; `reason` is for instance `CmtDpos.NotOwner`. */
export class Refusal extends Error {
	constructor(
		readonly reason: string,
		readonly included: Included,
	) {
		super(`refused: ${reason}`);
	}
}

/** The name of a dispatch error: `Pallet.Error`, or the kind of error itself. */
export function reasonOf(api: ApiPromise, error: DispatchError): string {
	if (!error.isModule) return error.type;
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
	/** Paid to the block besides the fee, in planck. */
	tip?: bigint;
}

/** Signs and submits a call and waits for its block; throws `Refusal` where the chain refuses. */
export async function submit(
	api: ApiPromise,
	signer: KeyringPair,
	call: Call,
	{ seal, timeoutMs = 60_000, tip = 0n }: SubmitOptions = {},
): Promise<Included> {
	let leave: () => void = () => {};
	const answer = new Promise<ISubmittableResult>((resolve, reject) => {
		const onStatus = (result: ISubmittableResult): void => {
			if (result.status.isInBlock || result.status.isFinalized) resolve(result);
			else if (result.isError) reject(new Error(`dropped: ${result.status.type}`));
		};
		call.signAndSend(signer, { nonce: -1, tip }, onStatus)
			.then((unsubscribe) => {
				leave = unsubscribe;
				return seal?.();
			})
			.catch(reject);
	});
	const result = await within(call.method.method, timeoutMs, answer).finally(() => leave());
	const { status, events } = result;
	const hash = status.isInBlock ? status.asInBlock : status.asFinalized;
	const included = { blockHash: hash.toHex(), events };
	if (result.dispatchError) throw new Refusal(reasonOf(api, result.dispatchError), included);
	return included;
}

/** How the chain refuses a call; an error where it accepts it. */
export async function refused(promise: Promise<Included>): Promise<Refusal> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof Refusal) return error;
		throw error;
	}
	throw new Error("the chain accepted what it should refuse");
}

/** The reason for which the chain refuses a call; an error where it accepts it. */
export async function refusal(promise: Promise<Included>): Promise<string> {
	return (await refused(promise)).reason;
}

/** The fields of an event by name, in plain values; large numbers are decimal strings. */
export function fieldsOf({ event }: EventRecord): Record<string, unknown> {
	const { data } = event;
	const entries = data.names?.map((name, place) => [name, data[place]?.toPrimitive()]);
	return Object.fromEntries(entries ?? []);
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

/** The fee that a call paid, its tip included, in planck; nothing where it paid none. */
export function feeOf({ events }: Included): bigint {
	const paid = events.find(({ event }) => event.method === "TransactionFeePaid")?.event.data;
	return paid === undefined ? 0n : (paid[1] as unknown as { toBigInt(): bigint }).toBigInt();
}

/** The free balance of an account in planck. */
export async function freeBalance(api: ApiPromise, who: string): Promise<bigint> {
	return (await api.query.system.account(who)).data.free.toBigInt();
}
