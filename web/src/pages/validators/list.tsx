// The list of all candidates: filters, every figure, and two picks to compare.

import { type ReactNode, useMemo } from "react";
import { useAtBest } from "../../chain/at-block.ts";
import { type Candidate, readCandidates } from "../../chain/candidates.ts";
import { Read } from "../../components/notice.tsx";
import { type Column, Table } from "../../components/table.tsx";
import { usePlace } from "../../router.ts";
import { validators as texts } from "../../texts.ts";
import { FIGURES, type Figure, written } from "./figures.ts";
import { FilterForm } from "./filter-form.tsx";
import { NameLink } from "./name.tsx";
import {
	PAIR,
	addressesOf,
	changeQuery,
	filtersOf,
	passing,
	picked,
	withoutPicks,
} from "./query.ts";

export function ListPage(): ReactNode {
	const reading = useAtBest("candidates", readCandidates);
	return (
		<>
			<h1>{texts.title}</h1>
			<p>{texts.intro}</p>
			<Read reading={reading}>{(candidates) => <List candidates={candidates} />}</Read>
		</>
	);
}

function List({ candidates }: { candidates: Candidate[] }): ReactNode {
	const { query } = usePlace();
	const asked = query.toString();
	const rows = useMemo(
		() => passing(candidates, filtersOf(new URLSearchParams(asked))),
		[candidates, asked],
	);
	const counts = [rows.length, candidates.length].map((count) => count.toLocaleString("en"));
	return (
		<>
			<FilterForm query={query} />
			<p role="status" data-figure="shown">
				{texts.shown(counts[0]!, counts[1]!)}
			</p>
			<Picks candidates={candidates} query={query} />
			<Rows rows={rows} picks={query.get("picked") ?? ""} />
		</>
	);
}

interface PicksProps {
	candidates: Candidate[];
	query: URLSearchParams;
}

/** What was picked to compare. */
function Picks({ candidates, query }: PicksProps): ReactNode {
	const addresses = addressesOf(query, "picked");
	if (addresses.length === 0) return <p className="quiet">{texts.pickHint}</p>;
	const nameOf = (address: string): string =>
		candidates.find((one) => one.address === address)?.name ?? address;
	const names = addresses.map(nameOf);
	const target = `#/validators?${new URLSearchParams({ compare: addresses.join(",") })}`;
	return (
		<p className="buttons" data-picks={addresses.length}>
			{addresses.length === PAIR ? (
				<a className="button main" href={target}>
					{texts.compareThese(names[0]!, names[1]!)}
				</a>
			) : (
				<span>{texts.pickAnother(names[0]!)}</span>
			)}
			<button type="button" onClick={() => changeQuery(withoutPicks)}>
				{texts.dropPicks}
			</button>
		</p>
	);
}

const SORTED = { key: "rank", falling: false };
/** Who has no rank comes after all that have one. */
const LAST = Number.MAX_SAFE_INTEGER;

function Rows({ rows, picks }: { rows: Candidate[]; picks: string }): ReactNode {
	const columns = useMemo(() => {
		const [rank, ...others] = FIGURES.map(columnOf);
		return [pickColumn(picks.split(",").filter(Boolean)), rank!, NAME, ...others];
	}, [picks]);
	return (
		<div className="card candidates">
			<Table
				caption={texts.caption}
				columns={columns}
				rows={rows}
				keyOf={({ address }) => address}
				sortedBy={SORTED}
				empty={texts.nonePasses}
			/>
		</div>
	);
}

const NAME: Column<Candidate> = {
	key: "name",
	title: texts.figures.name,
	cell: (one) => <NameLink of={one} />,
	by: ({ name }) => name,
};

function columnOf(figure: Figure): Column<Candidate> {
	const { key, value, kind, minor = false } = figure;
	const missing = key === "rank" ? LAST : -1;
	return {
		key,
		title: texts.figures[key],
		cell: (one) => written(figure, one, 0),
		by: (one) => value(one) ?? missing,
		figures: kind !== "words",
		minor,
	};
}

function pickColumn(picks: string[]): Column<Candidate> {
	return {
		key: "pick",
		title: texts.figures.pick,
		cell: ({ address, name }) => {
			const on = picks.includes(address);
			return (
				<input
					type="checkbox"
					aria-label={texts.pick(name)}
					checked={on}
					disabled={!on && picks.length === PAIR}
					onChange={({ target: { checked } }) =>
						changeQuery((query) => picked(query, address, checked))
					}
				/>
			);
		},
	};
}
