// The classes of delegations behind a candidate, and its slashes.

import type { ReactNode } from "react";
import { type Column, Table } from "../../components/table.tsx";
import { amount, perbill, rate } from "../../format/amounts.ts";
import { validators as texts } from "../../texts.ts";
import type { Class, Slash } from "./page.ts";

const PLACES = 4;

export function ClassSection({ classes }: { classes: Class[] }): ReactNode {
	return (
		<section className="card">
			<h2>{texts.classes}</h2>
			<p className="hint">{texts.classesHint}</p>
			<Table
				caption={texts.classes}
				columns={CLASS_COLUMNS}
				rows={classes}
				keyOf={({ owners, agreed }) => (owners ? "owner" : String(agreed))}
			/>
		</section>
	);
}

const CLASS_COLUMNS: Column<Class>[] = [
	{
		key: "whose",
		title: texts.whose,
		cell: ({ owners }) => (owners ? texts.owners : texts.delegators),
		by: ({ owners }) => Number(owners),
	},
	{
		key: "agreed",
		title: texts.agreed,
		cell: ({ owners, agreed }) => (owners ? texts.none : rate(agreed)),
		by: ({ owners, agreed }) => (owners ? -1 : agreed),
		figures: true,
	},
	{
		key: "rate",
		title: texts.pays,
		cell: ({ owners, rate: paid }) => (owners ? texts.none : rate(paid)),
		by: ({ owners, rate: paid }) => (owners ? -1 : paid),
		figures: true,
	},
	{
		key: "stake",
		title: texts.figures.stake,
		cell: ({ stake }) => amount(stake, PLACES),
		by: ({ stake }) => stake,
		figures: true,
	},
];

export function SlashSection({ slashes }: { slashes: Slash[] }): ReactNode {
	return (
		<section className="card">
			<h2>{texts.slashes}</h2>
			<Table
				caption={texts.slashes}
				columns={SLASH_COLUMNS}
				rows={slashes}
				keyOf={({ index }) => String(index)}
				empty={texts.noSlashes}
			/>
		</section>
	);
}

function stateWords({ state }: Slash): string {
	if (state.type === "Held") return texts.slashStates.Held(String(state.value.due));
	return texts.slashStates[state.type];
}

const SLASH_COLUMNS: Column<Slash>[] = [
	{
		key: "index",
		title: texts.number,
		cell: ({ index }) => String(index),
		by: ({ index }) => index,
		figures: true,
	},
	{
		key: "kind",
		title: texts.offence,
		cell: ({ kind }) => texts.kinds[kind.type],
		by: ({ kind }) => texts.kinds[kind.type],
	},
	{
		key: "era",
		title: texts.era,
		cell: ({ era }) => String(era),
		by: ({ era }) => era,
		figures: true,
	},
	{
		key: "session",
		title: texts.session,
		cell: ({ session }) => String(session),
		by: ({ session }) => session,
		figures: true,
		minor: true,
	},
	{
		key: "fraction",
		title: texts.fraction,
		cell: ({ fraction }) => perbill(fraction),
		by: ({ fraction }) => fraction,
		figures: true,
	},
	{
		key: "amount",
		title: texts.amount,
		cell: ({ amount: taken }) => amount(taken, PLACES),
		by: ({ amount: taken }) => taken,
		figures: true,
	},
	{ key: "state", title: texts.figures.state, cell: stateWords, by: stateWords },
];
