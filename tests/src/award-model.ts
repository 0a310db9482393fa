// How awards are shared, written down once more in plain numbers, to compare the chain with.

import { CMT } from "./calls.ts";
import type { Class } from "./dpos.ts";

const SLOT_SECONDS = 3n;
const YEAR_SECONDS = 365n * 24n * 60n * 60n;
/** Fraction bits of the index that a group of seats shares its awards by. */
const INDEX_BITS = 128n;
/** What rates are counted in: tenths of a per cent. */
const RATE_UNIT = 1_000n;

/** New CMT of one block, in planck: the slot's part of 8 % a year of 1,000,000,000 CMT. */
export const ISSUED_PER_BLOCK = (80_000_000n * CMT * SLOT_SECONDS) / YEAR_SECONDS;

/** What a seat that weighs `weight` earns of these awards, shared by seats that weigh `total`. */
export function earnedBySeat(awards: readonly bigint[], weight: bigint, total: bigint): bigint {
	const growth = awards.reduce((sum, award) => sum + (award << INDEX_BITS) / total, 0n);
	return (growth * weight) >> INDEX_BITS;
}

/** What is left of `amount` after a rate in tenths of a per cent, rounded down. */
export function afterRate(amount: bigint, rate: number): bigint {
	return (amount * (RATE_UNIT - BigInt(rate))) / RATE_UNIT;
}

/** How what a seat earned falls to the classes behind it. */
export interface Split {
	/** What each class keeps, in the order of the classes; without compensation. */
	kept: bigint[];
	/** What the owner gets as compensation from all classes. */
	compensation: bigint;
}

/** Splits what a seat earned over its classes by stake, and each part by the class's rate. */
export function split(earned: bigint, classes: readonly Class[]): Split {
	const total = classes.reduce((sum, { stake }) => sum + stake, 0n);
	const parts = classes.map(({ stake, rate }) => ({ part: (earned * stake) / total, rate }));
	return {
		kept: parts.map(({ part, rate }) => afterRate(part, rate)),
		compensation: parts.reduce(
			(sum, { part, rate }) => sum + (part * BigInt(rate)) / RATE_UNIT,
			0n,
		),
	};
}

/** The classes once they have what a seat earned, compensation added to the owner's own. */
export function folded(earned: bigint, classes: readonly Class[]): Class[] {
	const { kept, compensation } = split(earned, classes);
	return classes.map((of, index) => {
		const own = of.owners ? compensation : 0n;
		return { ...of, stake: of.stake + (kept[index] ?? 0n) + own };
	});
}

/** Millionths a year of `stake` that who pays `rate` earns, if a session of `blocks` is like all. */
export function yearlyYield(award: bigint, stake: bigint, rate: number, blocks: bigint): number {
	const ofStake = (afterRate(award, rate) * 1_000_000n) / stake;
	return Number((ofStake * (YEAR_SECONDS / SLOT_SECONDS)) / blocks);
}
