// Where the money of a trade is and goes: what was paid in, and what each end pays to whom.

import type { ReactNode } from "react";
import { money } from "../../chain/escrow/asset.ts";
import type { EscrowEvent } from "../../chain/escrow/events.ts";
import { type End, type Shares, endsOf, expiryShares, paidIn } from "../../chain/escrow/money.ts";
import { isOver } from "../../chain/escrow/steps.ts";
import { type Column, Table } from "../../components/table.tsx";
import { trade as texts } from "../../texts.ts";
import type { View } from "./trade-view.tsx";

interface Row {
	key: string;
	title: string;
	shares: Shares;
}

export function MoneyCard({ view, events }: { view: View; events: EscrowEvent[] }): ReactNode {
	const { trade, asset } = view;
	const column = (role: keyof Shares): Column<Row> => ({
		key: role,
		title: texts[role],
		figures: true,
		cell: ({ shares }) => money(shares[role], asset),
	});
	const columns: Column<Row>[] = [
		{ key: "end", title: texts.end, cell: ({ title }) => title },
		column("seller"),
		column("buyer"),
		column("arbiter"),
	];
	const rows = rowsOf(view, events);
	const untold = trade.stage === "Closed" && rows.length === 0;
	return (
		<section className="card trade-wrap" data-list="money">
			<h3>{texts.money}</h3>
			{untold ? (
				<p>{texts.moneyUnknown}</p>
			) : (
				<Table caption={texts.moneyOf} columns={columns} rows={rows} keyOf={({ key }) => key} />
			)}
			<p className="hint">{texts.moneyNote}</p>
		</section>
	);
}

function rowsOf({ trade, now }: View, events: EscrowEvent[]): Row[] {
	if (trade.stage === "Closed") {
		const ended = events.find(({ name }) => name === "TradeClosed");
		return ended ? [{ key: "closed", title: texts.closedWith, shares: sharesOf(ended) }] : [];
	}
	const paid = { key: "paid", title: texts.paid, shares: paidIn(trade) };
	if (isOver(trade, now)) {
		return [paid, { key: "expired", title: texts.titles.expire, shares: expiryShares(trade) }];
	}
	const row = ({ name, shares }: End): Row => ({ key: name, title: texts.ends[name], shares });
	return [paid, ...endsOf(trade).map(row)];
}

/** What the event of the end says that was credited. */
export function sharesOf({ args }: EscrowEvent): Shares {
	return {
		seller: args["toSeller"] as bigint,
		buyer: args["toBuyer"] as bigint,
		arbiter: args["toArbiter"] as bigint,
	};
}
