// What happened in a trade, by its events, with the texts of notes as far as they are known here.

import type { ReactNode } from "react";
import type { Hex } from "viem";
import { type Asset, money } from "../../chain/escrow/asset.ts";
import { NO_HASH, type Trade } from "../../chain/escrow/escrow.ts";
import { type EscrowEvent, readLog } from "../../chain/escrow/events.ts";
import type { Progress } from "../../chain/escrow/finder.ts";
import { roleOf } from "../../chain/escrow/steps.ts";
import { texts as keptTexts } from "../../chain/escrow/texts.ts";
import { type Column, Table } from "../../components/table.tsx";
import { moment } from "../../format/times.ts";
import { useStore } from "../../store.ts";
import { trade as texts } from "../../texts.ts";
import { Comparison } from "./goods.tsx";
import { useBlockTimes, useFinder } from "./hooks.tsx";
import { sharesOf } from "./money.tsx";
import { SearchNote } from "./overview.tsx";
import { Told } from "./parts.tsx";
import type { View } from "./trade-view.tsx";

export interface TradeHistory {
	/** The events that are known, the oldest first. */
	events: EscrowEvent[];
	progress: Progress;
}

export function useHistory(genesis: string, escrow: Hex, id: Hex): TradeHistory {
	const { finder, progress } = useFinder(genesis, escrow);
	const events = finder.logsOf(id).map(readLog).filter((event) => event !== undefined);
	return { events, progress };
}

/** The hashes of notes. */
export const notesOf = (events: EscrowEvent[]): Hex[] =>
	events
		.map(({ args }) => args["note"] as Hex | undefined)
		.filter((hash) => hash !== undefined)
		.filter((hash) => hash !== NO_HASH);

/** Who did it: the field of an event that names an account. */
const DOERS = ["maker", "taker", "seller", "buyer", "party", "arbiter"] as const;

function doerOf(trade: Trade, { args, name }: EscrowEvent): string {
	if (name === "TradeClosed") return "";
	const doer = DOERS.map((field) => args[field]).find((value) => value !== undefined);
	const role = roleOf(trade, doer as Hex);
	return role === "none" ? "" : texts.roles[role];
}

function detailsOf({ name, args }: EscrowEvent, asset: Asset): ReactNode {
	if (name === "TradeClosed") return closing(args, asset);
	const note = args["note"] as Hex | undefined;
	const refund = args["refund"] as bigint | undefined;
	return (
		<>
			{refund !== undefined && `${texts.refundOf(money(refund, asset))} `}
			{note && <Told hash={note} />}
		</>
	);
}

function closing(args: EscrowEvent["args"], asset: Asset): string {
	const { seller, buyer, arbiter } = sharesOf({ args } as EscrowEvent);
	return texts.sharesOf(money(seller, asset), money(buyer, asset), money(arbiter, asset));
}

interface Row {
	key: string;
	event: EscrowEvent;
}

export function History({ view, history }: { view: View; history: TradeHistory }): ReactNode {
	const { trade, asset } = view;
	const { events, progress } = history;
	const times = useBlockTimes([...new Set(events.map(({ block }) => block))]);
	const rows = events.map((event, place) => ({ key: `${place} ${event.name}`, event }));
	const timeOf = (block: number): string => {
		const time = times.get(block);
		return time === undefined ? "" : moment(time);
	};
	const columns: Column<Row>[] = [
		{ key: "block", title: texts.inBlock, cell: ({ event }) => event.block.toLocaleString("en") },
		{ key: "time", title: texts.time, cell: ({ event }) => timeOf(event.block), minor: true },
		{ key: "event", title: texts.event, cell: ({ event }) => texts.eventNames[event.name] },
		{ key: "by", title: texts.by, cell: ({ event }) => doerOf(trade, event) },
		{ key: "note", title: texts.note, cell: ({ event }) => detailsOf(event, asset) },
	];
	const keyOf = ({ key }: Row): string => key;
	const kept = useStore(keptTexts);
	const untold = notesOf(events).filter((hash) => kept[hash] === undefined);
	return (
		<section className="card trade-wrap" data-list="events">
			<h3>{texts.events}</h3>
			<Table
				caption={texts.events}
				columns={columns}
				rows={rows}
				keyOf={keyOf}
				empty={texts.noEvents}
			/>
			<SearchNote progress={progress} />
			<p className="hint">{texts.eventsNote}</p>
			{untold.length > 0 && <Comparison hashes={untold} explains={texts.notesUnknown} />}
		</section>
	);
}
