// Events of a history in words.

import type { HistoryEvent } from "../../chain/history/events.ts";
import { amount, perbill, rate } from "../../format/amounts.ts";
import { short } from "../../format/names.ts";
import { moment } from "../../format/times.ts";
import { stake as texts } from "../../texts.ts";

/** What to call a candidate, by its address. */
export type NameOf = (address: string) => string;

const offences: Record<string, string> = texts.offences;

/** What happened, in words. */
export function words(event: HistoryEvent, nameOf: NameOf): string {
	const { candidate = "", other = "", incoming = false, due, before, offence = "" } = event;
	return texts.words[event.name]({
		candidate: nameOf(candidate),
		other: short(other),
		incoming,
		due: String(due),
		before: rate(before ?? 0),
		rate: rate(event.rate ?? 0),
		poll: String(event.poll),
		vote: event.vote ?? "",
		power: amount(event.power ?? 0n),
		fraction: perbill(event.fraction ?? 0),
		offence: offences[offence] ?? offence,
		until: moment(event.until ?? 0),
		reason: event.reason ?? "",
	});
}
