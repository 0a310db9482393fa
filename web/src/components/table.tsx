// A table that sorts by any column. Rows beyond a screenful are drawn when asked for, so that hundreds
// of candidates and thousands of events cost nothing before somebody looks at them.

import { type ReactNode, useMemo, useState } from "react";
import { table as texts } from "../texts.ts";

export interface Column<Row> {
	/** Names the column in code and tests. */
	key: string;
	title: string;
	/** What the cell shows. */
	cell: (row: Row) => ReactNode;
	/** What rows are sorted by; without it the column does not sort. */
	by?: (row: Row) => bigint | number | string;
	/** Figures stand at the right. */
	figures?: boolean;
	/** Left out on narrow screens. */
	minor?: boolean;
}

interface Props<Row> {
	/** Says what the table holds, for who cannot see it. */
	caption: string;
	columns: Column<Row>[];
	rows: Row[];
	keyOf: (row: Row) => string;
	/** What it is sorted by at first; without it rows keep their order. */
	sortedBy?: { key: string; falling: boolean };
	/** Rows that are drawn at once, and with each click on "more". */
	page?: number;
	/** What stands where there are no rows. */
	empty?: string;
}

interface Order {
	key: string;
	falling: boolean;
}

const PAGE = 100;

export function Table<Row>(props: Props<Row>): ReactNode {
	const { caption, columns, rows, keyOf, page = PAGE, empty } = props;
	const [order, setOrder] = useState<Order | undefined>(props.sortedBy);
	const [limit, setLimit] = useState(page);
	const all = useMemo(() => sorted(rows, columns, order), [rows, columns, order]);
	if (rows.length === 0) return <p className="quiet">{empty ?? texts.empty}</p>;
	const shown = all.slice(0, limit);
	return (
		<div className="scroll" role="region" aria-label={caption} tabIndex={0}>
			<table>
				<caption className="unseen">{caption}</caption>
				<thead>
					<tr>
						{columns.map((column) => (
							<Head key={column.key} column={column} order={order} onOrder={setOrder} />
						))}
					</tr>
				</thead>
				<tbody>
					{shown.map((row) => (
						<tr key={keyOf(row)} data-row={keyOf(row)}>
							{columns.map(({ key, cell, figures, minor }) => (
								<td key={key} data-cell={key} className={classes(figures, minor)}>
									{cell(row)}
								</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
			{rows.length > limit && (
				<button type="button" onClick={() => setLimit(limit + page)}>
					{texts.more(String(Math.min(page, rows.length - limit)), String(rows.length))}
				</button>
			)}
		</div>
	);
}

const classes = (figures = false, minor = false): string | undefined =>
	[figures && "figures", minor && "minor"].filter(Boolean).join(" ") || undefined;

interface HeadProps<Row> {
	column: Column<Row>;
	order: Order | undefined;
	onOrder: (order: Order) => void;
}

function Head<Row>({ column, order, onOrder }: HeadProps<Row>): ReactNode {
	const { key, title, by, figures, minor } = column;
	const active = order?.key === key ? order : undefined;
	const direction = active?.falling ? "descending" : "ascending";
	// Figures are wanted from the largest on first, names from A on.
	const falling = active ? !active.falling : (figures ?? false);
	return (
		<th
			scope="col"
			className={classes(figures, minor)}
			aria-sort={active ? direction : by ? "none" : undefined}
		>
			{by ? (
				<button type="button" className="sort" onClick={() => onOrder({ key, falling })}>
					{title}
					<span aria-hidden="true">{active ? (active.falling ? " ▾" : " ▴") : ""}</span>
				</button>
			) : (
				title
			)}
		</th>
	);
}

/** What rows are sorted by is worked out once for each: thousands of rows are compared far more often. */
function sorted<Row>(rows: Row[], columns: Column<Row>[], order: Order | undefined): Row[] {
	const by = columns.find(({ key }) => key === order?.key)?.by;
	if (!order || !by) return rows;
	const sign = order.falling ? -1 : 1;
	return rows
		.map((row) => ({ row, value: by(row) }))
		.sort((a, b) => sign * compared(a.value, b.value))
		.map(({ row }) => row);
}

// Several times as fast as `localeCompare`.
const { compare } = new Intl.Collator("en");

function compared(a: bigint | number | string, b: bigint | number | string): number {
	if (typeof a === "string" || typeof b === "string") return compare(String(a), String(b));
	return a < b ? -1 : a > b ? 1 : 0;
}
