// Referenda: proposed, voted on and followed as a wallet does it.

import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { type Call, type Included, eventOf, submit } from "./calls.ts";
import { accountOf } from "./keys.ts";
import { nameOf } from "./names.ts";
import { eventually, inBatches } from "./wait.ts";

/** The origins of the tracks, as `referenda.submit` takes them. */
export type Track =
	| "Root"
	| "Parameters"
	| "SmallSpend"
	| "MediumSpend"
	| "BigSpend"
	| "Slashes"
	| "Identities"
	| "Emergency";

/** What a voter says. */
export type Vote = "Aye" | "Nay" | "Abstain";

/** The votes of a referendum, in planck. */
export interface Tally {
	opens: number;
	total: bigint;
	ayes: bigint;
	nays: bigint;
	abstentions: bigint;
}

/** Where a referendum stands. */
export interface Standing {
	/** `ongoing`, `approved`, `rejected`, `cancelled`, `timedOut` or `killed`. */
	state: string;
	/** While it goes on. */
	tally?: Tally;
	deciding?: boolean;
	confirming?: boolean;
}

/** Calls of at most so many bytes can stand in the proposal itself. */
const INLINE = 128;

const MINUTE = 60_000;

interface OngoingJson {
	tally: Record<keyof Tally, string | number>;
	deciding: { confirming: number | null } | null;
}

/** The referenda of one chain, through one node. */
export class Referenda {
	/** The last call of each signer: its calls go one after the other, each with the next nonce. */
	private readonly lastOf = new Map<string, Promise<unknown>>();

	constructor(readonly api: ApiPromise) {}

	/** Signs and submits a call once the signer's last one is in a block. */
	private send(signer: KeyringPair, call: Call): Promise<Included> {
		const submitted = async () => submit(this.api, signer, call, { timeoutMs: 2 * MINUTE });
		const last = this.lastOf.get(signer.address) ?? Promise.resolve();
		const next = last.then(submitted, submitted);
		this.lastOf.set(signer.address, next);
		return next;
	}

	/** Submits a call for a track and leaves the deposits; the number of the referendum. */
	async propose(proposer: KeyringPair, track: Track, call: Call): Promise<number> {
		const proposal = await this.proposal(proposer, call.method.toHex());
		return this.submit(proposer, track, proposal);
	}

	/** The same with a proposal that is made already. */
	async submit(proposer: KeyringPair, track: Track, proposal: unknown): Promise<number> {
		const origin = track === "Root" ? { system: "Root" } : { Governance: track };
		const submission = this.api.tx.referenda.submit(origin as never, proposal as never, { After: 0 });
		const included = await this.send(proposer, submission);
		const index = Number(eventOf(included, "referenda", "Submitted").index);
		await this.send(proposer, this.api.tx.referenda.placeDecisionDeposit(index));
		return index;
	}

	/** How a proposal names a call; notes it first where it is too long to stand there itself. */
	private async proposal(proposer: KeyringPair, bytes: `0x${string}`): Promise<unknown> {
		const len = (bytes.length - 2) / 2;
		if (len <= INLINE) return { Inline: bytes };
		await this.send(proposer, this.api.tx.preimage.notePreimage(bytes));
		const hash = this.api.registry.hash(this.api.createType("Bytes", bytes).toU8a(true));
		return { Lookup: { hash: hash.toHex(), len } };
	}

	/** Where it stands. */
	async standing(index: number): Promise<Standing> {
		const info = (await this.api.query.referenda.referendumInfoFor(index)).toJSON();
		const [state, value] = Object.entries(info as Record<string, unknown>)[0] ?? ["", null];
		if (state !== "ongoing") return { state };
		const { tally, deciding } = value as OngoingJson;
		return {
			state,
			tally: {
				opens: Number(tally.opens),
				total: BigInt(tally.total),
				ayes: BigInt(tally.ayes),
				nays: BigInt(tally.nays),
				abstentions: BigInt(tally.abstentions),
			},
			deciding: deciding !== null,
			confirming: deciding?.confirming != null,
		};
	}

	/** The tally of one that goes on. */
	async tally(index: number): Promise<Tally> {
		const { tally, state } = await this.standing(index);
		if (!tally) throw new Error(`referendum ${index} is ${state}`);
		return tally;
	}

	/** Waits until it takes votes; the power of each seat by name, strongest first, in planck. */
	async opened(index: number): Promise<Map<string, bigint>> {
		const { opens } = await this.tally(index);
		const look = async () => {
			const seats = await this.api.query.stakeVoting.seatsThen.entries(opens);
			return seats.length > 0 && seats;
		};
		const seats = await eventually(`referendum ${index} to open`, look, {
			timeoutMs: 3 * MINUTE,
		});
		const powers = seats.map(([key, seat]): [string, bigint] => {
			const { power } = seat.toJSON() as { power: string | number };
			return [nameOf(String(key.args[1])), BigInt(power)];
		});
		return new Map(powers.sort(([, a], [, b]) => (a < b ? 1 : -1)));
	}

	/** The owners of these candidates vote. */
	async vote(index: number, names: readonly string[], vote: Vote): Promise<void> {
		await inBatches(names, 8, (name) => this.voteAs(accountOf(name), index, vote));
	}

	/** The owner of a candidate votes. */
	voteAs(owner: KeyringPair, index: number, vote: Vote): Promise<Included> {
		return this.send(owner, this.api.tx.stakeVoting.vote(index, vote));
	}

	/** A delegator votes with its stake behind a candidate. */
	voteStake(
		who: KeyringPair,
		index: number,
		candidate: string,
		vote: Vote,
	): Promise<Included> {
		return this.send(who, this.api.tx.stakeVoting.voteStake(index, candidate, vote));
	}

	/** Waits until it has ended; how. */
	async ended(index: number, timeoutMs = 6 * MINUTE): Promise<string> {
		const look = async () => {
			const { state } = await this.standing(index);
			return state !== "ongoing" && state;
		};
		return eventually(`referendum ${index} to end`, look, { timeoutMs, everyMs: 1_000 });
	}
}

/** The fewest of the strongest seats whose power is `part` of all or more, strongest first. */
export function quorum(
	powers: ReadonlyMap<string, bigint>,
	[numerator, denominator]: readonly [bigint, bigint],
	without: readonly string[] = [],
): string[] {
	const total = [...powers.values()].reduce((sum, power) => sum + power, 0n);
	const names: string[] = [];
	let sum = 0n;
	for (const [name, power] of powers) {
		if (without.includes(name)) continue;
		if (sum * denominator >= total * numerator) break;
		names.push(name);
		sum += power;
	}
	return names;
}
