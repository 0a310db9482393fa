// Questions to the node about the escrow's past.

import type { Hex } from "viem";
import { numberToHex } from "viem/utils";
import type { Line } from "../connection.ts";
import { type RawLog, TRADE_TOPICS } from "./events.ts";

/** An error of JSON-RPC: more blocks or logs than the node gives at once. */
const LIMIT_CODE = -32_005;

interface WireLog {
	blockNumber: Hex;
	topics: Hex[];
	data: Hex;
}

/** What asks a node. */
type Asker = Pick<Line, "client">;

/** The logs of trades in some blocks, in as many questions as the node wants. */
export async function logsOf(line: Asker, escrow: Hex, from: number, to: number): Promise<RawLog[]> {
	if (from > to) return [];
	const [fromBlock, toBlock] = [numberToHex(from), numberToHex(to)];
	const filter = { address: escrow, topics: [TRADE_TOPICS], fromBlock, toBlock };
	try {
		const logs = await line.client._request<WireLog[], unknown[]>("eth_getLogs", [filter]);
		return logs.map(({ blockNumber, ...log }) => ({
			block: Number(blockNumber),
			topics: log.topics,
			data: log.data,
		}));
	} catch (error) {
		if ((error as { code?: number }).code !== LIMIT_CODE || from === to) throw error;
		const middle = Math.floor((from + to) / 2);
		const early = await logsOf(line, escrow, from, middle);
		return [...early, ...(await logsOf(line, escrow, middle + 1, to))];
	}
}

/** The block that made the escrow, as far as the node still knows; else the chain's first. */
export async function firstBlock(line: Asker, escrow: Hex, final: number): Promise<number> {
	const stands = async (block: number): Promise<boolean> => {
		const params = [escrow, numberToHex(block)];
		return (await line.client._request<Hex, Hex[]>("eth_getCode", params)) !== "0x";
	};
	let [without, having] = [0, final];
	try {
		while (having - without > 1) {
			const middle = Math.floor((without + having) / 2);
			if (await stands(middle)) having = middle;
			else without = middle;
		}
		return having;
	} catch {
		// States this old are gone: all blocks are looked through.
		return 0;
	}
}
