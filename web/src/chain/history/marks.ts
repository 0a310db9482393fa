// What shows that a block may concern an account before its events are decoded: most need not be.

import { bytesToHex } from "viem/utils";
import { keyOf } from "../../wallets/account.ts";
import type { Line } from "../connection.ts";
import type { Blocks, StoredBlock } from "./blocks.ts";
import type { Concerned, HistoryEvent } from "./events.ts";

const hexOf = (address: string): string => bytesToHex(keyOf(address)).slice(2);

/** Where an event begins in an encoded list of one: the count, and a phase of one byte. */
const HEAD = 2 + 2 * 2;
/** Digits of a pallet, an event and its first field of four bytes. */
const MARK = 2 * (1 + 1 + 4);

/** An account with the candidates behind whom it is known to have, or have had, stake. */
export class Marks implements Concerned {
	readonly candidates = new Set<string>();
	readonly slashes = new Map<number, string>();
	private readonly texts: string[];

	constructor(
		private readonly line: Line,
		private readonly blocks: Blocks,
		readonly who: string,
	) {
		this.texts = [hexOf(who)];
	}

	/** Whether the events of a block, encoded in hexadecimal digits, may concern the account. */
	mayConcern(events: string): boolean {
		return this.texts.some((text) => events.includes(text));
	}

	/** Learns the candidates of the present positions, and of the events that are known. */
	async begin(known: HistoryEvent[]): Promise<void> {
		const positions = await this.line.api.apis.DposApi.positions(this.who, { at: "best" });
		for (const { candidate } of positions) await this.add(candidate);
		await this.learn(known);
	}

	/** Learns the candidates that events tell of. */
	async learn(events: HistoryEvent[]): Promise<void> {
		for (const { candidate } of events) if (candidate) await this.add(candidate);
		if (events.some(({ name }) => name === "Slashing.Slashed")) {
			for (const candidate of this.candidates) await this.addSlashes(candidate);
		}
	}

	/** The candidates behind whom the account has stake at a block. */
	async candidatesAt(block: StoredBlock): Promise<Set<string>> {
		const key = await this.line.api.query.CmtDpos.PositionsOf.getKey(this.who);
		const { query } = await this.blocks.codecsOf(block);
		const stored = (await this.blocks.storage(block.number, block.hash, [key])).get(key);
		return new Set(stored ? query.CmtDpos.PositionsOf.value.dec(stored) : []);
	}

	private async add(candidate: string): Promise<void> {
		if (this.candidates.has(candidate)) return;
		this.candidates.add(candidate);
		this.texts.push(hexOf(candidate));
		await this.addSlashes(candidate);
	}

	/** That a slash was cancelled is told by its number only. */
	private async addSlashes(candidate: string): Promise<void> {
		const { api } = this.line;
		const slashes = await api.apis.DposApi.slashes_of(candidate, { at: "best" });
		for (const { index } of slashes) {
			if (this.slashes.has(index)) continue;
			this.texts.push(await this.markOfCancel(index));
			this.slashes.set(index, candidate);
		}
	}

	private async markOfCancel(index: number): Promise<string> {
		const [best] = await this.line.client.getBestBlocks();
		const { query } = await this.blocks.codecsOf(
			await this.blocks.block(best!.number, best!.hash),
		);
		const fields = { index, returned: 0n, to_pot: 0n };
		const event = {
			type: "Slashing",
			value: { type: "SlashCancelled", value: fields },
		} as const;
		const phase = { type: "Finalization", value: undefined } as const;
		const list = query.System.Events.value.enc([{ phase, event, topics: [] }] as never);
		return bytesToHex(list).slice(HEAD, HEAD + MARK);
	}
}
