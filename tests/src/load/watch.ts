// Which transactions are in blocks, and which of those are final, from when on.
//
// A block counts from the moment at which it was seen. One that a longer branch replaced is read
// anew when its height is final.

import { type EthBlock, quantity } from "../ethereum.ts";
import { heads } from "../rpc.ts";
import { type Client, Refused } from "../speed/client.ts";
import { sleep } from "../wait.ts";

/** How often to look, in milliseconds. */
const EVERY = 50;

/** A block as it was seen. */
export interface Seen {
	number: number;
	hash: string;
	/** Keys of all transactions in it, those of nobody here too. */
	keys: string[];
	/** When it was seen, and when it was seen to be final, in milliseconds. */
	at: number;
	finalAt: number;
}

/** Keys of a block's transactions; nothing where the node cannot tell of it yet. */
async function keysOf(client: Client, hash: string, number: number): Promise<string[] | undefined> {
	const read = client.call<EthBlock | null>("eth_getBlockByNumber", quantity(number), false);
	const [substrate, ethereum] = await Promise.all([
		client.call<{ block: { extrinsics: string[] } } | null>("chain_getBlock", hash),
		read.catch((error: Error) => {
			if (error instanceof Refused) return null;
			throw error;
		}),
	]);
	if (!substrate || !ethereum) return undefined;
	return [...substrate.block.extrinsics, ...ethereum.transactions];
}

/** Follows a chain through one of its nodes. */
export class Watch {
	/** The blocks after the first, by their numbers. */
	readonly blocks = new Map<number, Seen>();
	private best: number;
	private finalized: number;
	private stopped = false;

	constructor(
		private readonly client: Client,
		first: number,
	) {
		this.best = first;
		this.finalized = first;
	}

	/** Starts at the block that is the best now. */
	static async start(client: Client): Promise<Watch> {
		const { best } = await heads(client.port);
		return new Watch(client, best);
	}

	stop(): void {
		this.stopped = true;
	}

	/** Looks until it is stopped. */
	async run(): Promise<void> {
		while (!this.stopped) {
			const { best, finalized } = await heads(this.client.port);
			const at = performance.now();
			while (this.best < best && (await this.see(this.best + 1, at))) this.best += 1;
			while (this.finalized < Math.min(finalized, this.best)) {
				if (!(await this.settle(this.finalized + 1, at))) break;
				this.finalized += 1;
			}
			await sleep(EVERY);
		}
	}

	/** Takes up the block of this number; false where the node cannot tell of it yet. */
	private async see(number: number, at: number): Promise<boolean> {
		const hash = await this.client.call<string | null>("chain_getBlockHash", number);
		const keys = hash === null ? undefined : await keysOf(this.client, hash, number);
		if (hash === null || !keys) return false;
		this.blocks.set(number, { number, hash, keys, at, finalAt: Number.NaN });
		return true;
	}

	/** Notes that the block of this number is final. */
	private async settle(number: number, at: number): Promise<boolean> {
		const hash = await this.client.call<string>("chain_getBlockHash", number);
		if (this.blocks.get(number)?.hash !== hash && !(await this.see(number, at))) return false;
		this.blocks.get(number)!.finalAt = at;
		return true;
	}

	/** The final blocks in their order. */
	finals(): Seen[] {
		return [...this.blocks.values()]
			.filter(({ finalAt }) => !Number.isNaN(finalAt))
			.sort((a, b) => a.number - b.number);
	}
}
