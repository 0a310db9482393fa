// What a trade is paid in: CMT, or an ERC-20 token with a symbol and decimals of its own.

import { type Abi, type Hex, parseAbi } from "viem";
import { wholePattern } from "../../format/amounts.ts";
import { short } from "../../format/names.ts";
import type { At } from "../at-block.ts";
import { NOBODY, BadAnswer, readContract } from "./escrow.ts";

export interface Asset {
	/** The token; zero means CMT. */
	address: Hex;
	/** What amounts are in: of a token with its address, as any token may call itself CMT. */
	symbol: string;
	decimals: number;
}

export const CMT: Asset = { address: NOBODY, symbol: "CMT", decimals: 18 };

/** The part of ERC-20 that a trade needs, and the refusals of OpenZeppelin's. */
export const tokenAbi: Abi = parseAbi([
	"function symbol() view returns (string)",
	"function decimals() view returns (uint8)",
	"function balanceOf(address) view returns (uint256)",
	"function allowance(address, address) view returns (uint256)",
	"function approve(address, uint256) returns (bool)",
	"error ERC20InsufficientAllowance(address, uint256, uint256)",
	"error ERC20InsufficientBalance(address, uint256, uint256)",
]);

const known = new Map<string, Asset>();
/** Characters of a symbol that are shown: a token may call itself anything. */
const SYMBOL = 12;
/** The most that ERC-20 allows. A token may claim billions of them, which no browser can write. */
const DECIMALS = 255;

/** The asset at an address, or nothing where no token answers there. Fails where the node does. */
export async function readAsset(at: At, address: Hex): Promise<Asset | undefined> {
	if (address === NOBODY) return CMT;
	const key = `${at.facts.genesis} ${address}`;
	const met = known.get(key);
	if (met) return met;
	const ask = <T>(name: string): Promise<T> => readContract<T>(at, address, tokenAbi, name);
	try {
		const [symbol, decimals] = await Promise.all([ask<string>("symbol"), ask<number>("decimals")]);
		if (decimals > DECIMALS) return undefined;
		const asset = { address, symbol: named(shown(symbol), address), decimals };
		known.set(key, asset);
		return asset;
	} catch (error) {
		if (error instanceof BadAnswer) return undefined;
		throw error;
	}
}

/** The asset of a trade whose token does not tell about itself: counted in its smallest units. */
export const unnamed = (address: Hex): Asset => ({
	address,
	symbol: named("units", address),
	decimals: 0,
});

const named = (symbol: string, address: Hex): string => `${symbol} (${short(address)})`;

const shown = (symbol: string): string =>
	symbol.replace(/\p{C}/gu, "").trim().slice(0, SYMBOL) || "?";

/** What a holder has of a token, and how much of it the escrow may take, in its units. */
export interface Holding {
	balance: bigint;
	allowance: bigint;
}

export async function readHolding(at: At, token: Hex, holder: Hex, escrow: Hex): Promise<Holding> {
	const ask = (name: string, ...args: Hex[]): Promise<bigint> =>
		readContract<bigint>(at, token, tokenAbi, name, args);
	const [balance, allowance] = await Promise.all([
		ask("balanceOf", holder),
		ask("allowance", holder, escrow),
	]);
	return { balance, allowance };
}

/** An amount with all its decimals, without zeros at the end: `1234500` with 3 is `1,234.5`. */
export function unitsText(value: bigint, decimals: number): string {
	const digits = value.toString().padStart(decimals + 1, "0");
	const cut = digits.length - decimals;
	const whole = digits.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, ",");
	const part = digits.slice(cut).replace(/0+$/, "");
	return part ? `${whole}.${part}` : whole;
}

/** An amount with the name of its asset. */
export const money = (value: bigint, { symbol, decimals }: Asset): string =>
	`${unitsText(value, decimals)} ${symbol}`;

const AMOUNT = new RegExp(String.raw`^\s*(${wholePattern})(?:\.(\d+))?\s*$`);

/** Reads what a user typed, such as `1,000.5`, in units; nothing where it is no amount. */
export function parseUnits(text: string, decimals: number): bigint | undefined {
	const [, whole, part = ""] = AMOUNT.exec(text) ?? [];
	if (whole === undefined || part.length > decimals) return undefined;
	return BigInt(whole.replace(/[, ]/g, "") + part.padEnd(decimals, "0"));
}
