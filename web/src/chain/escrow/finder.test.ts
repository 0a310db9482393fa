import type { Hex } from "viem";
import { encodeAbiParameters, encodeEventTopics, numberToHex } from "viem/utils";
import { expect, test, vi } from "vitest";
import { escrowAbi } from "../../generated/escrow.ts";
import type { Line } from "../connection.ts";
import { NOBODY, NO_HASH } from "./escrow.ts";
import { Finder } from "./finder.ts";

const ESCROW = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
const SELLER = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/** A chain that is longer than what a node looks through at once. */
const FINAL = 25_010;

vi.mock("../connection.ts", () => {
	const block = { hash: "0x01", number: 25_010 };
	const get = () => ({ best: block, finalized: block });
	return { connection: { state: { get, watch: () => () => undefined } } };
});

const terms = {
	seller: SELLER, deliverWithin: 60, confirmWithin: 60, decideWithin: 60, buyer: NOBODY,
	acceptWithin: 60, arbiter: ESCROW, asset: NOBODY, price: 10n, sellerDeposit: 1n, buyerDeposit: 1n,
	arbiterFee: 1n, goods: NO_HASH,
};
const events = escrowAbi.filter((item) => item.type === "event");
const offered = events.find(({ name }) => name === "Offered")!;
const inputs = [...offered.inputs].filter(({ indexed }) => !indexed);
const data = encodeAbiParameters(inputs as never, [terms, 1_000n] as never);

const idOf = (block: number): Hex => numberToHex(block, { size: 32 });

/** The log of an offer to anybody, as a node tells it. */
const offerAt = (block: number) => ({
	blockNumber: numberToHex(block),
	topics: encodeEventTopics({
		abi: escrowAbi,
		eventName: "Offered",
		args: { id: idOf(block), maker: SELLER, arbiter: ESCROW },
	}),
	data,
});

/** A node whose escrow stands from block 1 on, with offers in these blocks. */
function lineOf(blocks: number[]): Line {
	const logs = ([{ fromBlock, toBlock }]: [{ fromBlock: Hex; toBlock: Hex }]) =>
		blocks.filter((block) => block >= Number(fromBlock) && block <= Number(toBlock)).map(offerAt);
	const request = async (method: string, params: never) =>
		method === "eth_getCode" ? "0x01" : logs(params);
	const subscribe = () => ({ unsubscribe: () => undefined });
	const event = { Revive: { ContractEmitted: { watchBest: () => ({ subscribe }) } } };
	return { client: { _request: request }, api: { event } } as unknown as Line;
}

test("the newest offers are those of the latest blocks, though older ones are found later", async () => {
	const finder = new Finder("0x00", ESCROW);
	const stop = finder.run(lineOf([5, 6, 14_000, 24_000, 25_000]));
	await vi.waitFor(() => expect(finder.progress.get()).toMatchObject({ done: FINAL, all: FINAL }));
	stop();
	expect(finder.newest(3)).toEqual([25_000, 24_000, 14_000].map(idOf));
	expect(finder.newest(50)).toEqual([25_000, 24_000, 14_000, 6, 5].map(idOf));
});
