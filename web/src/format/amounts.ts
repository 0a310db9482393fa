// Amounts, rates and parts as people read them. All arithmetic is in integers.

const DECIMALS = 18;
const PLANCK = 10n ** BigInt(DECIMALS);

/** An amount in whole CMT. */
export const cmt = (whole: bigint | number): bigint => BigInt(whole) * PLANCK;

/**
 * An amount in CMT with `places` decimals, cut off and never rounded up: nobody is shown more than
 * there is. `1234.5` is `1,234.5000` with four places.
 */
export function amount(planck: bigint, places = 4): string {
	const negative = planck < 0n;
	const absolute = negative ? -planck : planck;
	const whole = grouped(absolute / PLANCK);
	const part = (absolute % PLANCK).toString().padStart(DECIMALS, "0").slice(0, places);
	return `${negative ? "−" : ""}${whole}${places > 0 ? `.${part}` : ""}`;
}

/** An amount with all its decimals, without zeros at the end. */
export function exact(planck: bigint): string {
	const full = amount(planck, DECIMALS);
	return full.replace(/\.?0+$/, "") || "0";
}

function grouped(whole: bigint): string {
	return whole.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The whole part of an amount, in groups of three or in one: a comma is never a decimal point. */
export const wholePattern = String.raw`(?:\d+|\d{1,3}(?:[, ]\d{3})+)`;
const AMOUNT = new RegExp(String.raw`^\s*(${wholePattern})(?:\.(\d{1,18}))?\s*$`);

/** Reads what a user typed, such as `1,000.5`, in planck; nothing where it is no amount. */
export function parseAmount(text: string): bigint | undefined {
	const [, whole, part = ""] = AMOUNT.exec(text) ?? [];
	if (whole === undefined) return undefined;
	return BigInt(whole.replace(/[, ]/g, "")) * PLANCK + BigInt(part.padEnd(DECIMALS, "0"));
}

/** A rate in tenths of a per cent, such as `155`, as `15.5 %`. */
export const rate = (tenths: number): string => `${(tenths / 10).toFixed(1)} %`;

/** Reads a rate in per cent with one decimal at most, in tenths; nothing where it is none. */
export function parseRate(text: string): number | undefined {
	const [, whole, part = "0"] = /^\s*(\d{1,3})(?:\.(\d))?\s*%?\s*$/.exec(text) ?? [];
	if (whole === undefined) return undefined;
	const tenths = Number(whole) * 10 + Number(part);
	return tenths <= 1000 ? tenths : undefined;
}

/** Millionths as per cent with two decimals, cut off. */
export function millionths(count: bigint): string {
	return `${count / 10_000n}.${((count / 100n) % 100n).toString().padStart(2, "0")} %`;
}

/** `part` of `whole` in per cent with two decimals, cut off. */
export function share(part: bigint, whole: bigint): string {
	if (whole === 0n) return "0.00 %";
	return millionths((part * 1_000_000n) / whole);
}

/** Parts per billion as per cent. */
export const perbill = (parts: number): string => millionths(BigInt(Math.trunc(parts / 1000)));

/** What charts count in: ten-thousandths of a CMT, whole numbers that a float holds exactly. */
const CHART_UNIT = 10n ** 14n;

/** An amount in planck as a chart takes it. */
export const plotted = (planck: bigint): number => Number(planck / CHART_UNIT);

/** A value of a chart in CMT. */
export const plottedText = (units: number): string => exact(BigInt(Math.round(units)) * CHART_UNIT);
