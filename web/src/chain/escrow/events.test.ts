import type { Hex } from "viem";
import { encodeAbiParameters, encodeEventTopics, numberToHex } from "viem/utils";
import { describe, expect, it } from "vitest";
import { escrowAbi } from "../../generated/escrow.ts";
import { NOBODY } from "./escrow.ts";
import { isOfTrade, isPublicOffer, logOf, peopleOf, readLog } from "./events.ts";
import { firstBlock, logsOf } from "./logs.ts";
import { asAddress, escrowOn, placesOf } from "./place.ts";
import { textHash, textsOf, tradeLink } from "./texts.ts";

const ESCROW = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
const SELLER = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const ARBITER = "0xcccccccccccccccccccccccccccccccccccccccc";
const ID: Hex = `0x${"12".repeat(32)}`;

const events = escrowAbi.filter((item) => item.type === "event");
const offered = events.find(({ name }) => name === "Offered")!;
const BUYER = "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const terms = {
	seller: SELLER, deliverWithin: 60, confirmWithin: 60, decideWithin: 60, buyer: NOBODY,
	acceptWithin: 60, arbiter: ARBITER, asset: NOBODY, price: 10n, sellerDeposit: 1n, buyerDeposit: 1n,
	arbiterFee: 1n, goods: ID,
};
const inputs = [...offered.inputs].filter(({ indexed }) => !indexed);
const dataOf = (buyer: Hex): Hex =>
	encodeAbiParameters(inputs as never, [{ ...terms, buyer }, 1_000n] as never);
const log = {
	block: 7,
	topics: encodeEventTopics({
		abi: escrowAbi,
		eventName: "Offered",
		args: { id: ID, maker: SELLER, arbiter: ARBITER },
	}) as Hex[],
	data: dataOf(NOBODY),
};
const taken = encodeEventTopics({
	abi: escrowAbi,
	eventName: "Accepted",
	args: { id: ID, taker: BUYER },
}) as Hex[];

describe("a log of the escrow", () => {
	it("names its trade, and who has a part in it", () => {
		expect(isOfTrade(log)).toBe(true);
		expect(peopleOf(log)).toEqual([SELLER, NOBODY, ARBITER]);
		expect(isPublicOffer(log)).toBe(true);
		const invites = { ...log, data: dataOf(BUYER) };
		expect(peopleOf(invites)).toEqual([SELLER, BUYER, ARBITER]);
		expect(isPublicOffer(invites)).toBe(false);
		expect(peopleOf({ ...log, topics: taken, data: `0x${"0".repeat(64)}` })).toEqual([BUYER]);
		const event = readLog(log);
		expect(event?.name).toBe("Offered");
		expect(event?.id).toBe(ID);
		expect(event?.args["deadline"]).toBe(1_000n);
	});

	it("of another event is none of a trade", () => {
		const other = { ...log, topics: [ID, ID] };
		expect(isOfTrade(other)).toBe(false);
		expect(readLog(other)).toBeUndefined();
		expect(peopleOf(other)).toEqual([]);
	});

	it("comes by the chain's events too, from this contract only", () => {
		const emitted = { contract: ESCROW, data: Uint8Array.of(1, 2), topics: [ID] };
		expect(logOf(emitted, ESCROW, 3)).toEqual({ block: 3, topics: [ID], data: "0x0102" });
		expect(logOf({ ...emitted, contract: SELLER }, ESCROW, 3)).toBeUndefined();
	});
});

/** A node that gives at most so many blocks' logs at once, one log in each block. */
function node(limit: number, asked: [number, number][] = []) {
	const answer = ([{ fromBlock, toBlock }]: [{ fromBlock: Hex; toBlock: Hex }]): unknown => {
		const [from, to] = [Number(fromBlock), Number(toBlock)];
		asked.push([from, to]);
		if (to - from >= limit) throw Object.assign(new Error("too many"), { code: -32_005 });
		const blocks = Array.from({ length: to - from + 1 }, (_, place) => from + place);
		return blocks.map((block) => ({ ...log, blockNumber: numberToHex(block) }));
	};
	const request = async (_: string, params: [never]) => answer(params);
	return { client: { _request: request } } as unknown as Parameters<typeof logsOf>[0];
}

describe("questions about the past", () => {
	it("are cut into halves where the node gives no more", async () => {
		const asked: [number, number][] = [];
		const logs = await logsOf(node(3, asked), ESCROW, 10, 17);
		expect(logs.map(({ block }) => block)).toEqual([10, 11, 12, 13, 14, 15, 16, 17]);
		expect(asked[0]).toEqual([10, 17]);
		expect(asked.length).toBe(7);
	});

	it("fail where the node gives not even one block", async () => {
		await expect(logsOf(node(0), ESCROW, 10, 11)).rejects.toThrow("too many");
	});

	it("find the block of the contract, or begin with the first where states are gone", async () => {
		const client = (made: number, forgotten: number) =>
			({
				client: {
					_request: async (_: string, [, block]: [Hex, Hex]) => {
						if (Number(block) < forgotten) throw new Error("state discarded");
						return Number(block) >= made ? "0x60" : "0x";
					},
				},
			}) as unknown as Parameters<typeof firstBlock>[0];
		expect(await firstBlock(client(321, 0), ESCROW, 1_000)).toBe(321);
		expect(await firstBlock(client(321, 900), ESCROW, 1_000)).toBe(0);
	});
});

describe("a link", () => {
	it("carries the escrow, the trade and its texts, and nothing of the sender's page", () => {
		const told = ["a bicycle? 100 % & more", "ünï #2"];
		const link = new URL(tradeLink("http://host/x/?node=ws%3A%2F%2Fa#/stake", ESCROW, ID, told));
		expect(link.origin + link.pathname).toBe("http://host/x/");
		expect(link.search).toBe(`?escrow=${ESCROW}`);
		const [path, query] = link.hash.split("?");
		expect(path).toBe(`#/trade/${ID}`);
		expect(textsOf(new URLSearchParams(query))).toEqual(told);
	});

	it("names texts by what does not change when they are copied with blanks", () => {
		expect(textHash(" a bicycle\n")).toBe(textHash("a bicycle"));
	});
});

describe("the place of the escrow", () => {
	it("is what the page's address names, else what was kept, else what the file says", () => {
		const filed = placesOf({ "0xAB": ESCROW.toUpperCase().replace("0X", "0x"), "0xcd": "nonsense" });
		expect(filed).toEqual({ "0xab": ESCROW });
		const state = { named: undefined, kept: {}, filed };
		expect(escrowOn(state, "0xab")).toBe(ESCROW);
		expect(escrowOn(state, "0xcd")).toBeUndefined();
		expect(escrowOn({ ...state, kept: { "0xab": SELLER } }, "0xab")).toBe(SELLER);
		expect(escrowOn({ ...state, named: ARBITER }, "0xab")).toBe(ARBITER);
		expect(asAddress("0x12")).toBeUndefined();
	});
});
