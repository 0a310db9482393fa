import type { Transaction } from "polkadot-api";
import type { Abi } from "viem";
import { decodeFunctionData } from "viem/utils";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../chain/clock.ts";
import type { Line } from "../chain/connection.ts";
import { cmt } from "../format/amounts.ts";
import { stakingAbi } from "../generated/staking.ts";
import { type Account, ethereumOf } from "../wallets/account.ts";
import type { Action, ChainEvent } from "./action.ts";
import { acceptRate, delegate, harvest, rebond, undelegate, withdraw } from "./staking.ts";

const ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const BOB = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
const TO = { candidate: ALICE, name: "Alice" };
const STAKING = "0x000000000000000000000000000000000a000000";
const from: Account = {
	kind: "native",
	name: "Bob",
	wallet: "",
	native: BOB,
	ethereum: ethereumOf(BOB),
};

const clock: Clock = {
	era: 5,
	session: 720,
	sessionLength: 200,
	sessionDone: 0,
	sessionsPerEra: 144,
	eraDone: 0,
	unbondingEras: 7,
	minDelegation: cmt(1_000),
};

/** What newcomers behind any candidate agree to at present. */
let defaultRate = 150;

/** An api whose calls are what they were asked for, and encode to one byte. */
const line = {
	api: {
		apis: { DposApi: { candidate: async () => ({ default_rate: defaultRate }) } },
		tx: new Proxy(
			{},
			{
				get: (_, pallet: string) =>
					new Proxy(
						{},
						{
							get: (__, name: string) => (fields: object) => ({
								call: `${pallet}.${name}`,
								fields,
								getEncodedData: async () => Uint8Array.of(0x2a),
							}),
						},
					),
			},
		),
	},
} as unknown as Line;

/** What a Polkadot wallet signs. */
async function native(action: Action): Promise<unknown> {
	const { call, fields } = (await action.native(line, from)) as Transaction & {
		call: string;
		fields: object;
	};
	return { call, fields };
}

/** What an Ethereum wallet signs. */
async function ethereum(action: Action): Promise<unknown> {
	const { to, data, value } = await action.ethereum(line, from);
	expect(value).toBe(0n);
	expect(to).toBe(STAKING);
	return decodeFunctionData({ abi: stakingAbi as Abi, data });
}

const event = (name: string, value: object): ChainEvent[] => {
	const [type = "", variant = ""] = name.split(".");
	return [{ type, value: { type: variant, value } }];
};

describe("both wallet kinds sign the same", () => {
	const address = expect.stringMatching(new RegExp(ethereumOf(ALICE), "i"));
	const cases: [string, Action, unknown, unknown][] = [
		[
			"delegate",
			delegate(TO, 5n, 150, clock),
			{ call: "CmtDpos.delegate", fields: { candidate: ALICE, amount: 5n } },
			{ functionName: "delegate", args: [address, 5n] },
		],
		[
			"undelegate",
			undelegate(TO, 5n, clock),
			{ call: "CmtDpos.undelegate", fields: { candidate: ALICE, amount: 5n } },
			{ functionName: "undelegate", args: [address, 5n] },
		],
		[
			"undelegate everything",
			undelegate(TO, undefined, clock),
			{ call: "CmtDpos.undelegate", fields: { candidate: ALICE, amount: undefined } },
			{ functionName: "undelegateAll", args: [address] },
		],
		[
			"rebond",
			rebond(TO, 5n),
			{ call: "CmtDpos.rebond", fields: { candidate: ALICE, amount: 5n } },
			{ functionName: "rebond", args: [address, 5n] },
		],
		[
			"rebond all that waits",
			rebond(TO, undefined),
			{ call: "CmtDpos.rebond", fields: { candidate: ALICE, amount: undefined } },
			{ functionName: "rebondAll", args: [address] },
		],
		[
			"harvest",
			harvest(TO, 5n),
			{ call: "ValidatorCompensation.harvest", fields: { candidate: ALICE } },
			{ functionName: "harvest", args: [address] },
		],
		[
			"accept a rate",
			acceptRate(TO, 150, 175),
			{ call: "ValidatorCompensation.accept_rate", fields: { candidate: ALICE, rate: 175 } },
			{ functionName: "acceptRate", args: [address, 175] },
		],
	];
	test.each(cases)("%s", async (_, action, byNative, byEthereum) => {
		expect(await native(action)).toEqual(byNative);
		expect(await ethereum(action)).toEqual(byEthereum);
	});

	test("collect what is due, for which there is no function but the call itself", async () => {
		const action = withdraw(BOB);
		const fields = { who: BOB };
		expect(await native(action)).toEqual({ call: "CmtDpos.withdraw_unbonded", fields });
		const { to, data } = await action.ethereum(line, from);
		expect(to).toBe("0x6d6f646c70792f70616464720000000000000000");
		expect(data).toBe("0x2a");
	});
});

describe("a delegation whose candidate raised its rate since it was entered", () => {
	beforeEach(() => {
		defaultRate = 151;
	});
	afterEach(() => {
		defaultRate = 150;
	});
	const name = "RateRose";

	test("is refused to a newcomer, with either wallet", async () => {
		const action = delegate(TO, 5n, 150, clock);
		await expect(action.native(line, from)).rejects.toMatchObject({ problem: { name } });
		await expect(action.ethereum(line, from)).rejects.toMatchObject({ problem: { name } });
	});

	test("is none of the business of a position, which keeps its rate", async () => {
		const call = "CmtDpos.delegate";
		expect(await native(delegate(TO, 5n, 150, clock, 120))).toMatchObject({ call });
	});
});

describe("before they are signed, actions say", () => {
	test("what is locked, the rate that is agreed to, and the wait", () => {
		const { title, explains, spends } = delegate(TO, cmt(5_000), 155, clock);
		expect(title).toBe("Delegate");
		expect(spends).toBe(cmt(5_000));
		expect(explains).toContain("Locks 5,000 CMT behind Alice.");
		expect(explains.join(" ")).toContain("rate of 15.5 %");
		expect(explains.join(" ")).toContain("you wait 7 eras for it: about 7 days.");
	});

	test("that a position keeps its rate", () => {
		const { title, explains } = delegate(TO, cmt(5_000), 155, clock, 120);
		expect(title).toBe("Add stake");
		expect(explains).toContain("Your rate stays 12.0 %.");
		expect(explains.join(" ")).not.toContain("15.5 %");
	});

	test("until when it waits", () => {
		expect(undelegate(TO, cmt(1), clock).explains.join(" ")).toContain(
			"until era 12, about 7 days",
		);
	});
});

describe("afterwards they tell what the chain did", () => {
	const words = (action: Action, ...events: ChainEvent[]): string => action.tells(events, from);

	test("by its events, not by what was asked for", () => {
		const undelegated = event("CmtDpos.Undelegated", { amount: cmt(7), due: 12 });
		expect(words(undelegate(TO, undefined, clock), ...undelegated)).toBe(
			"7 CMT wait now, and arrive by themselves in era 12.",
		);
		const harvested = event("ValidatorCompensation.Harvested", { amount: cmt(3) });
		expect(words(harvest(TO, cmt(2)), ...harvested)).toBe("You were paid 3 CMT.");
		const changed = event("ValidatorCompensation.RateChanged", { from: 150, to: 175 });
		expect(words(acceptRate(TO, 150, 175), ...changed)).toBe(
			"You pay 17.5 % from the next award on.",
		);
	});

	test("all that an account was paid, of each of its positions and of nobody else", () => {
		const paid = [[BOB, 5_000], [ALICE, 20], [BOB, 1_000]] as const;
		const events = paid.flatMap(([who, whole]) =>
			event("CmtDpos.Withdrawn", { who, amount: cmt(whole) }),
		);
		expect(words(withdraw(BOB), ...events)).toBe("You were paid 6,000 CMT.");
		expect(words(withdraw(from.native), ...events.slice(1, 2))).toBe("Done.");
	});

	test("no more than that it is done where the event is missing", () => {
		expect(words(rebond(TO, 5n), ...event("CmtDpos.Delegated", { amount: 5n }))).toBe("Done.");
	});
});
