// A history as a file that spreadsheets read.

import type { HistoryEvent } from "../../chain/history/events.ts";
import { exact } from "../../format/amounts.ts";
import { stake as texts } from "../../texts.ts";
import { type NameOf, words } from "./words.ts";

/** What a spreadsheet takes for a formula: candidates are called as their owners wrote. */
const FORMULA = /^[=+\-@\t\r]/;

const field = (text: string): string => {
	const harmless = FORMULA.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

const lineOf = (fields: readonly string[]): string => `${fields.map(field).join(",")}\r\n`;

/** Amounts in CMT with all decimals, times in UTC. Blocks to `final` are final. */
export function csvOf(events: readonly HistoryEvent[], final: number, nameOf: NameOf): string {
	const rows = events.map((event) =>
		lineOf([
			String(event.block),
			new Date(event.time).toISOString(),
			event.name,
			words(event, nameOf),
			event.amount === undefined ? "" : exact(event.amount).replaceAll(",", ""),
			event.candidate ?? "",
			event.other ?? "",
			event.hash,
			event.block <= final ? texts.yes : texts.no,
		]),
	);
	return lineOf(texts.csvHead) + rows.join("");
}

/** Has the browser save a text as a file. */
export function saveCsv(name: string, text: string): void {
	const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
	const link = document.createElement("a");
	link.href = url;
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(url));
}
