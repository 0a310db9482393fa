import type { Abi, Hex } from "viem";
import { bytesToHex, decodeFunctionData, encodeFunctionResult, hexToBytes } from "viem/utils";
import { describe, expect, it, vi } from "vitest";
import type { Line } from "../chain/connection.ts";
import { type Asset, CMT } from "../chain/escrow/asset.ts";
import { NOBODY, NO_HASH, type Stage, type Terms } from "../chain/escrow/escrow.ts";
import { escrowAbi } from "../generated/escrow.ts";
import { type Account, ethereumOf, nativeOf } from "../wallets/account.ts";
import type { Action } from "./action.ts";
import { Refused } from "./problems.ts";
import { type Context, agree, giveIn, propose, withdraw } from "./trade.ts";

vi.mock("../chain/connection.ts", () => ({ connection: {} }));

const ESCROW = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
const TOKEN: Asset = { address: ESCROW, symbol: "CENT", decimals: 6 };
const BOB = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
const from: Account = {
	kind: "native", name: "Bob", wallet: "", native: BOB, ethereum: ethereumOf(BOB),
};
const terms: Terms = {
	seller: from.ethereum, buyer: "0x2222222222222222222222222222222222222222", arbiter: ESCROW,
	asset: NOBODY, price: 1_000n, sellerDeposit: 100n, buyerDeposit: 100n, arbiterFee: 30n,
	goods: NO_HASH, acceptWithin: 60, deliverWithin: 60, confirmWithin: 60, decideWithin: 60,
};
const told = { terms, maker: terms.seller };
const STAGES: Stage[] = ["None", "Offered", "Open", "Active", "Delivered", "Disputed", "Closed"];

/** What the escrow answers to a question while its only trade is in a stage. */
function answerOf(input: Uint8Array, stage: Stage): Uint8Array {
	const { functionName } = decodeFunctionData({ abi: escrowAbi as Abi, data: bytesToHex(input) });
	const trade = { ...told, deadline: 1_000n, stage: STAGES.indexOf(stage), outcome: 0 };
	const result = { trade, proposal: { refund: 0n, stage: 0 } }[functionName];
	if (!result) return new Uint8Array();
	return hexToBytes(encodeFunctionResult({ abi: escrowAbi as Abi, functionName, result }));
}

/** A node that refuses nothing, where the trade is in a stage and some native accounts exist. */
function lineOf(stage: Stage, accounts: string[] = []): Line {
	const weight = { ref_time: 1n, proof_size: 1n };
	const call = async (...[, , , , , input]: [...unknown[], Uint8Array]) => ({
		result: { success: true, value: { flags: 0, data: answerOf(input as Uint8Array, stage) } },
		weight_required: weight,
		max_storage_deposit: { type: "Charge", value: 0n },
	});
	const getValue = async (address: Hex) => accounts.find((native) => ethereumOf(native) === address);
	return {
		client: {
			_request: async () => "0x",
			getBestBlocks: async () => [{ hash: "0x01", number: 1 }],
			hodlBlock: () => () => undefined,
		},
		api: {
			apis: { ReviveApi: { call } },
			query: { Revive: { OriginalAccount: { getValue } } },
			tx: { Revive: { call: (fields: object) => fields } },
		},
	} as unknown as Line;
}

/** Demands that an action comes as far as a wallet's signature, or is refused by this name. */
async function expectOf(action: Action, line: Line, problem?: string): Promise<void> {
	for (const make of [action.native, action.ethereum]) {
		const made = await make(line, from).catch((error: unknown) => error);
		const name = made instanceof Refused ? made.problem.name : undefined;
		expect(name).toBe(problem);
		if (!problem) expect(made).not.toBeInstanceOf(Error);
	}
}

describe("a step whose shares depend on the stage", () => {
	const context = (stage: Stage): Context => ({
		escrow: ESCROW,
		trade: { ...told, id: NO_HASH, deadline: 1_000, stage, outcome: "None", proposals: {} },
		asset: CMT,
	});
	const steps: [string, (context: Context) => Action][] = [
		["giveBack", (now) => giveIn(now, "giveBack")],
		["confirm", (now) => giveIn(now, "confirm")],
		["propose", (now) => propose(now, 5n)],
		["agree", (now) => agree(now, 5n)],
	];

	it.each(steps)("%s is not signed in another stage than was shown", async (_, make) => {
		const action = make(context("Delivered"));
		await expectOf(action, lineOf("Delivered"));
		await expectOf(action, lineOf("Disputed"), "WrongStage");
	});
});

describe("taking money out", () => {
	const address = { native: nativeOf(terms.buyer), ethereum: terms.buyer };

	it("sends CMT to an SS58 address only where its account exists", async () => {
		const action = withdraw(ESCROW, CMT, from, 5n);
		await expectOf(action, lineOf("Closed"), "NoSuchReceiver");
		await expectOf(action, lineOf("Closed", [BOB]));
	});

	it("sends CMT to any Ethereum address, by either of its forms", async () => {
		await expectOf(withdraw(ESCROW, CMT, address, 5n), lineOf("Closed"));
	});

	it("sends a token to any address: its key reaches it later too", async () => {
		await expectOf(withdraw(ESCROW, TOKEN, from, 5n), lineOf("Closed"));
	});

	it("names the receiver as the contract knows it", async () => {
		const { data } = await withdraw(ESCROW, CMT, from, 5n).ethereum(lineOf("Closed", [BOB]), from);
		const { functionName, args } = decodeFunctionData({ abi: escrowAbi as Abi, data });
		expect(functionName).toBe("withdraw");
		expect(args?.map((arg) => String(arg).toLowerCase())).toEqual([NOBODY, from.ethereum, "5"]);
	});
});
