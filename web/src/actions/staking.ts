// What a delegator does: delegate, take out, take back, harvest, accept a rate, collect.

import type { Abi, Hex } from "viem";
import { type Clock, secondsOfUnbonding } from "../chain/clock.ts";
import type { Line } from "../chain/connection.ts";
import { exact, rate as rateText } from "../format/amounts.ts";
import { duration } from "../format/times.ts";
import { stakingAbi } from "../generated/staking.ts";
import { staking as texts } from "../texts.ts";
import { ethereumOf } from "../wallets/account.ts";
import { type Action, type EthereumCall, contractCall, dispatched } from "./action.ts";
import { allOf, fieldsOf } from "./events.ts";
import { Refused, problem } from "./problems.ts";

/** Where the chain answers to `IStaking`. */
const STAKING: Hex = "0x000000000000000000000000000000000a000000";

/** A candidate, as far as an action needs it. */
export interface Target {
	/** The address that names it. */
	candidate: string;
	/** What to call it. */
	name: string;
}

interface Amount {
	amount: bigint;
}

const precompile =
	(name: string, ...args: unknown[]): (() => Promise<EthereumCall>) =>
	async () =>
		contractCall(STAKING, stakingAbi as Abi, name, args);

/** What is told where the event is missing, which no version of the chain should do. */
const told = <T>(fields: T | undefined, words: (fields: T) => string): string =>
	fields === undefined ? texts.done : words(fields);

/** Refuses where newcomers would agree to more than was said before: the call itself names no rate. */
async function refuseHigher({ api }: Line, candidate: string, rate: number): Promise<void> {
	const now = await api.apis.DposApi.candidate(candidate, { at: "best" });
	if ((now?.default_rate ?? rate) > rate) throw new Refused(problem("RateRose"));
}

/**
 * Locks planck behind a candidate, at `rate` in tenths of a per cent. `held` is the rate that a position
 * of the account keeps.
 */
export function delegate(
	to: Target,
	amount: bigint,
	rate: number,
	clock: Clock,
	held?: number,
): Action {
	const { candidate, name } = to;
	const wait = texts.waitsLater(duration(secondsOfUnbonding(clock)), String(clock.unbondingEras));
	const unless = (line: Line): Promise<void> =>
		held === undefined ? refuseHigher(line, candidate, rate) : Promise.resolve();
	return {
		title: held === undefined ? texts.delegate : texts.add,
		explains: [
			texts.locks(exact(amount), name),
			held === undefined ? texts.agrees(rateText(rate)) : texts.keepsRate(rateText(held)),
			wait,
			texts.risk,
		],
		spends: amount,
		native: async (line) => {
			await unless(line);
			return line.api.tx.CmtDpos.delegate({ candidate, amount });
		},
		ethereum: async (line) => {
			await unless(line);
			return precompile("delegate", ethereumOf(candidate), amount)();
		},
		tells: (events) =>
			told(fieldsOf<Amount>(events, "CmtDpos.Delegated"), (fields) =>
				texts.delegated(exact(fields.amount), name),
			),
	};
}

/** Takes planck out, or everything where no amount is given. */
export function undelegate(from: Target, amount: bigint | undefined, clock: Clock): Action {
	const { candidate, name } = from;
	const due = String(clock.era + clock.unbondingEras);
	const call = amount === undefined ? "undelegateAll" : "undelegate";
	return {
		title: texts.undelegate,
		explains: [
			amount === undefined ? texts.takesAll(name) : texts.takesOut(exact(amount), name),
			texts.waits(duration(secondsOfUnbonding(clock)), due),
		],
		spends: 0n,
		native: async ({ api }) => api.tx.CmtDpos.undelegate({ candidate, amount }),
		ethereum: precompile(call, ...argumentsOf(candidate, amount)),
		tells: (events) =>
			told(fieldsOf<Amount & { due: number }>(events, "CmtDpos.Undelegated"), (fields) =>
				texts.undelegated(exact(fields.amount), String(fields.due)),
			),
	};
}

/** Takes planck that wait back, or all of them where no amount is given. */
export function rebond(to: Target, amount: bigint | undefined): Action {
	const { candidate, name } = to;
	const call = amount === undefined ? "rebondAll" : "rebond";
	return {
		title: texts.rebond,
		explains: [
			amount === undefined ? texts.takesAllBack(name) : texts.takesBack(exact(amount), name),
			texts.earnsAgain,
		],
		spends: 0n,
		native: async ({ api }) => api.tx.CmtDpos.rebond({ candidate, amount }),
		ethereum: precompile(call, ...argumentsOf(candidate, amount)),
		tells: (events) =>
			told(fieldsOf<Amount>(events, "CmtDpos.Rebonded"), (fields) =>
				texts.rebonded(exact(fields.amount), name),
			),
	};
}

const argumentsOf = (candidate: string, amount: bigint | undefined): unknown[] =>
	amount === undefined ? [ethereumOf(candidate)] : [ethereumOf(candidate), amount];

/** Pays what a position has earned; `earned` is what it was in planck when the user looked. */
export function harvest({ candidate }: Target, earned: bigint): Action {
	return {
		title: texts.harvest,
		explains: [texts.pays(exact(earned)), texts.staysBonded],
		spends: 0n,
		native: async ({ api }) => api.tx.ValidatorCompensation.harvest({ candidate }),
		ethereum: precompile("harvest", ethereumOf(candidate)),
		tells: (events) =>
			told(fieldsOf<Amount>(events, "ValidatorCompensation.Harvested"), (fields) =>
				texts.harvested(exact(fields.amount)),
			),
	};
}

/** Agrees to a higher rate, in tenths of a per cent; `now` is the rate that is paid. */
export function acceptRate({ candidate, name }: Target, now: number, rate: number): Action {
	return {
		title: texts.acceptRate,
		explains: [texts.raises(rateText(now), rateText(rate), name), texts.cannotUndo],
		spends: 0n,
		native: async ({ api }) => api.tx.ValidatorCompensation.accept_rate({ candidate, rate }),
		ethereum: precompile("acceptRate", ethereumOf(candidate), rate),
		tells: (events) =>
			told(fieldsOf<{ to: number }>(events, "ValidatorCompensation.RateChanged"), (fields) =>
				texts.rateAccepted(rateText(fields.to)),
			),
	};
}

/** What an account was paid: one event for each position; nothing where there is none. */
function sumOf(paid: (Amount & { who: string })[], who: string): bigint | undefined {
	const own = paid.filter((one) => one.who === who);
	return own.length > 0 ? own.reduce((sum, { amount }) => sum + amount, 0n) : undefined;
}

/** Pays what is due to an account, where the chain has not done so by itself yet. */
export function withdraw(who: string): Action {
	return {
		title: texts.withdraw,
		explains: [texts.collects],
		spends: 0n,
		native: async ({ api }) => api.tx.CmtDpos.withdraw_unbonded({ who }),
		ethereum: async ({ api }) => dispatched(api.tx.CmtDpos.withdraw_unbonded({ who })),
		tells: (events) =>
			told(sumOf(allOf<Amount & { who: string }>(events, "CmtDpos.Withdrawn"), who), (sum) =>
				texts.collected(exact(sum)),
			),
	};
}
