// Figures as the page writes them, made anew from what a second client reads; and reading them off the
// page together with the block that they belong to.

import type { Locator } from "playwright-core";

const PLANCK = 10n ** 18n;

/** An amount in CMT with four decimals or others, cut off. */
export function cmt(planck: bigint, places = 4): string {
	const decimals = (planck % PLANCK).toString().padStart(18, "0").slice(0, places);
	const whole = (planck / PLANCK).toLocaleString("en");
	return places > 0 ? `${whole}.${decimals}` : whole;
}

/** A rate in tenths of a per cent. */
export const rate = (tenths: number): string => `${(tenths / 10).toFixed(1)} %`;

/** Millionths in per cent with two decimals, cut off. */
export function millionths(count: bigint | number): string {
	const hundredths = BigInt(count) / 100n;
	return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, "0")} %`;
}

/** Figures by their names, of one drawing. */
export interface Drawn {
	/** Hash of the block of which they are. */
	at: string;
	figures: Record<string, string>;
}

/** What runs in the page: all texts that have a hook, by its name, and the block around them. */
const READ = `(element, hook) => {
	const all = [...element.querySelectorAll("[" + hook + "]")];
	const of = (one) => [one.getAttribute(hook), one.textContent.trim()];
	return {
		at: element.closest("[data-at]")?.dataset.at ?? "",
		figures: Object.fromEntries(all.map(of)),
	};
}`;

/** Rows of a table by their keys, each with its cells by their columns. */
export interface DrawnRows {
	/** Hash of the block of which they are. */
	at: string;
	rows: Record<string, Record<string, string>>;
}

const READ_ROWS = `(element) => {
	const cells = (row) => [...row.querySelectorAll("[data-cell]")];
	const of = (row) => [
		row.dataset.row,
		Object.fromEntries(cells(row).map((cell) => [cell.dataset.cell, cell.textContent.trim()])),
	];
	return {
		at: element.closest("[data-at]")?.dataset.at ?? "",
		rows: Object.fromEntries([...element.querySelectorAll("[data-row]")].map(of)),
	};
}`;

/** Reads the rows of a table. */
export async function drawnRows(element: Locator): Promise<DrawnRows> {
	const read = new Function(`return ${READ_ROWS}`)() as (element: unknown) => DrawnRows;
	return (await element.elementHandle())!.evaluate(read);
}

/** Reads the figures inside an element. The hook is `data-figure` or another attribute. */
export async function drawn(element: Locator, hook = "data-figure"): Promise<Drawn> {
	const handle = await element.elementHandle();
	// Evaluated as a text: a function would be compiled for Node.js first.
	const read = new Function(`return ${READ}`)() as (element: unknown, hook: string) => Drawn;
	return handle!.evaluate(read, hook);
}
