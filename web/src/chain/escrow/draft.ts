// An offer as it is written in the form, and what the contract would say of it.

import type { Hex } from "viem";
import { parseAddress } from "../../wallets/account.ts";
import { type Asset, parseUnits } from "./asset.ts";
import { NOBODY, PERIODS, type Period, type Terms } from "./escrow.ts";
import { LONGEST_TEXT, textHash } from "./texts.ts";

/** Units in which periods are written, in seconds. */
export const UNITS = { minutes: 60, hours: 3_600, days: 86_400 } as const;
export type Unit = keyof typeof UNITS;

/** A period as it is written. */
export interface PeriodText {
	count: string;
	unit: Unit;
}

export interface Draft extends Record<Period, PeriodText> {
	side: "seller" | "buyer";
	/** Address of the other side, of either kind; empty: anybody. */
	other: string;
	arbiter: string;
	/** Address of an ERC-20 token; empty: CMT. */
	token: string;
	price: string;
	sellerDeposit: string;
	buyerDeposit: string;
	arbiterFee: string;
	goods: string;
}

export const FIRST_DRAFT: Draft = {
	side: "seller",
	other: "",
	arbiter: "",
	token: "",
	price: "",
	sellerDeposit: "",
	buyerDeposit: "",
	arbiterFee: "",
	goods: "",
	acceptWithin: { count: "3", unit: "days" },
	deliverWithin: { count: "14", unit: "days" },
	confirmWithin: { count: "5", unit: "days" },
	decideWithin: { count: "14", unit: "days" },
};

/** What is wrong with a field: the contract's reasons, and those of the form. */
export type DraftProblem =
	| "notAnAddress"
	| "sellerIsBuyer"
	| "arbiterMissing"
	| "arbiterIsParty"
	| "notAnAmount"
	| "tooLarge"
	| "priceIsZero"
	| "feeAboveDeposit"
	| "periodOutOfRange"
	| "goodsMissing"
	| "goodsTooLong"
	| "notAToken";

export type DraftProblems = Partial<Record<keyof Draft, DraftProblem>>;

/** A draft that was read: the terms, where nothing is wrong with it. */
export interface ReadDraft {
	terms: Terms | undefined;
	problems: DraftProblems;
}

const SHORTEST_PERIOD = 60;
const LONGEST_PERIOD = 365 * UNITS.days;
/** Amounts of the contract are smaller than this. */
const AMOUNT_LIMIT = 1n << 128n;
const AMOUNTS = ["price", "sellerDeposit", "buyerDeposit", "arbiterFee"] as const;

/** Reads a draft of `self`; `asset` is what its token is, or nothing where there is no such token. */
export function readDraft(draft: Draft, self: Hex, asset: Asset | undefined): ReadDraft {
	const problems: DraftProblems = {};
	const people = readPeople(draft, self, problems);
	const amounts = readAmounts(draft, asset, problems);
	const periods = readPeriods(draft, problems);
	const goods = draft.goods.trim();
	if (goods === "") problems.goods = "goodsMissing";
	if (goods.length > LONGEST_TEXT) problems.goods = "goodsTooLong";
	const sound = Object.keys(problems).length === 0 && asset !== undefined;
	const terms = { ...people, ...amounts, ...periods, goods: textHash(goods) };
	return { terms: sound ? { ...terms, asset: asset.address } : undefined, problems };
}

type People = Pick<Terms, "seller" | "buyer" | "arbiter">;

function readPeople(draft: Draft, self: Hex, problems: DraftProblems): People {
	const other = addressOf(draft.other);
	const arbiter = addressOf(draft.arbiter);
	if (other === undefined) problems.other = "notAnAddress";
	if (other === self) problems.other = "sellerIsBuyer";
	if (arbiter === undefined) problems.arbiter = "notAnAddress";
	else if (arbiter === NOBODY) problems.arbiter = "arbiterMissing";
	else if (arbiter === self || arbiter === other) problems.arbiter = "arbiterIsParty";
	const [seller, buyer] = draft.side === "seller" ? [self, other] : [other, self];
	return { seller: seller ?? NOBODY, buyer: buyer ?? NOBODY, arbiter: arbiter ?? NOBODY };
}

/** The Ethereum form of an address, nobody's where none is written; nothing where it is no address. */
function addressOf(text: string): Hex | undefined {
	return text.trim() === "" ? NOBODY : parseAddress(text)?.ethereum;
}

type Amounts = Pick<Terms, (typeof AMOUNTS)[number]>;

function readAmounts(draft: Draft, asset: Asset | undefined, problems: DraftProblems): Amounts {
	if (!asset) problems.token = "notAToken";
	const amounts: Amounts = { price: 0n, sellerDeposit: 0n, buyerDeposit: 0n, arbiterFee: 0n };
	for (const name of AMOUNTS) {
		const value = parseUnits(draft[name], asset?.decimals ?? 0);
		if (value === undefined) problems[name] = "notAnAmount";
		else if (value >= AMOUNT_LIMIT) problems[name] = "tooLarge";
		amounts[name] = value ?? 0n;
	}
	const { price, sellerDeposit, buyerDeposit, arbiterFee } = amounts;
	if (price === 0n) problems.price ??= "priceIsZero";
	if (arbiterFee > sellerDeposit || arbiterFee > buyerDeposit) {
		problems.arbiterFee ??= "feeAboveDeposit";
	}
	return amounts;
}

function readPeriods(draft: Draft, problems: DraftProblems): Record<Period, number> {
	const read = (name: Period): [Period, number] => {
		const seconds = secondsOf(draft[name]);
		if (!(seconds >= SHORTEST_PERIOD && seconds <= LONGEST_PERIOD)) {
			problems[name] = "periodOutOfRange";
		}
		return [name, seconds];
	};
	return Object.fromEntries(PERIODS.map(read)) as Record<Period, number>;
}

/** Seconds of a period as it is written; not a number where it is none. */
export const secondsOf = ({ count, unit }: PeriodText): number =>
	/^\s*\d+\s*$/.test(count) ? Number(count) * UNITS[unit] : Number.NaN;
