// Signs by a Polkadot wallet, sends, and finds the transaction in the blocks.

import type { TxEvent } from "polkadot-api";
import { type Hex, bytesToHex } from "viem";
import { type Line, connection } from "../chain/connection.ts";
import { Store } from "../store.ts";
import type { Account } from "../wallets/account.ts";
import { signerOf } from "../wallets/native.ts";
import type { Action } from "./action.ts";
import { fieldsOf } from "./events.ts";
import { type Block, hashAt, insist, news } from "./follow.ts";
import { Refused, problem, problemOf, problemOfDispatch } from "./problems.ts";
import { type Included, type Sent, placeOf } from "./sent.ts";

/** Has the wallet sign an action, and the node send it. */
export async function sendNative(line: Line, from: Account, action: Action): Promise<Sent> {
	const transaction = await action.native(line, from);
	// The final block's nonce, which is the default, is old while an earlier transaction waits.
	const nonce = await line.client._request<number, string[]>("system_accountNextIndex", [from.native]);
	const sent = new SentNative(line, await transaction.sign(signerOf(from), { nonce }));
	return sent.accepted();
}

interface Place extends Block {
	/** Among the transactions of the block. */
	index: number;
}

/** What polkadot-api says of a transaction at present. */
interface Said {
	/** The node took it. */
	accepted: boolean;
	/** Where it is on the best chain. */
	place: Place | undefined;
	/** Why it is followed no more. */
	failure: Refused | undefined;
}

class SentNative implements Sent {
	private readonly said = new Store<Said>({ accepted: false, place: undefined, failure: undefined });
	/** The last block that cannot hold it, as it was final before. */
	private since: number;
	/** polkadot-api does not hear of blocks that came while the node was away. */
	private away = false;
	private readonly leaves: (() => void)[];

	constructor(
		private readonly line: Line,
		private readonly signed: Uint8Array,
	) {
		this.since = connection.state.get().finalized?.number ?? 0;
		const unwatch = connection.state.watch(() => {
			if (connection.state.get().health.kind === "offline") this.away = true;
		});
		const subscription = line.client.submitAndWatch(signed).subscribe({
			error: (error: unknown) => this.said.patch({ failure: refusal(error) }),
			next: (event) => this.said.patch(saidBy(event)),
		});
		this.leaves = [unwatch, () => subscription.unsubscribe()];
	}

	stop(): void {
		for (const leave of this.leaves) leave();
	}

	/** Waits until the node took it. */
	async accepted(): Promise<this> {
		try {
			while (!this.said.get().accepted) {
				this.demandFollowed(this.said.get());
				await news(this.said);
			}
			return this;
		} catch (error) {
			this.stop();
			throw error;
		}
	}

	async look(): Promise<Included> {
		for (;;) {
			const said = this.said.get();
			const found = said.place ?? (this.away || said.failure ? await this.search() : undefined);
			if (found) return insist(this.line, () => includedAt(this.line, found));
			this.demandFollowed(said);
			await news(this.said);
		}
	}

	private demandFollowed({ failure }: Said): void {
		if (failure) throw failure;
		if (connection.line.get() !== this.line) throw new Refused(problem("ConnectionLost"));
	}

	/** Looks for it in each block that may hold it. */
	private async search(): Promise<Place | undefined> {
		const { best, finalized } = connection.state.get();
		const last = best?.number ?? this.since;
		const signed = bytesToHex(this.signed);
		const place = await insist(this.line, () => placeIn(this.line, signed, this.since, last));
		if (!place) this.since = Math.max(this.since, finalized?.number ?? 0);
		return place;
	}
}

/** What an event changes. */
function saidBy(event: TxEvent): Partial<Said> {
	if (event.type === "broadcasted") return { accepted: true };
	if (event.type === "finalized") return { place: event.block };
	if (event.type !== "txBestBlocksState") return {};
	return { place: event.found ? event.block : undefined };
}

/** The chain's reason; where there is none, the node went away, and nobody knows. */
function refusal(error: unknown): Refused {
	const known = typeof Object(error).error === "object";
	return new Refused(known ? problemOf(error) : problem("ConnectionLost"));
}

/** Where a transaction is in the blocks after `since`, up to `last`; nothing where it is in none. */
async function placeIn(line: Line, signed: Hex, since: number, last: number): Promise<Place | undefined> {
	for (let number = since + 1; number <= last; number++) {
		const hash = await hashAt(line, number);
		// The best chain may have become shorter.
		if (hash === null) return undefined;
		const { block } = await line.client._request<FullBlock, string[]>("chain_getBlock", [hash]);
		const index = block.extrinsics.indexOf(signed);
		if (index >= 0) return { hash, number, index };
	}
	return undefined;
}

interface FullBlock {
	block: { extrinsics: Hex[] };
}

/** What came of a transaction whose place is known. */
async function includedAt(line: Line, { hash, number, index }: Place): Promise<Included> {
	const records = await line.api.query.System.Events.getValue({ at: hash });
	const events = records.filter((record) => placeOf(record) === index).map(({ event }) => event);
	const failure = fieldsOf<Failure>(events, "System.ExtrinsicFailed");
	const refused = failure && problemOfDispatch(failure.dispatch_error);
	return { block: { hash, number }, events, problem: refused };
}

interface Failure {
	dispatch_error: { type: string; value?: unknown };
}
