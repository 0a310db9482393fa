// The charts of a candidate's page: stake over time, and awards session by session.

import { type ReactNode, Suspense, lazy, useMemo } from "react";
import { useAtBest } from "../../chain/at-block.ts";
import { SLOT_SECONDS } from "../../chain/clock.ts";
import { type Past, type Point, joined, statesOf } from "../../chain/past.ts";
import { usePast } from "../../chain/use-past.ts";
import { Read } from "../../components/notice.tsx";
import { type Column, Table } from "../../components/table.tsx";
import { amount, plotted, plottedText } from "../../format/amounts.ts";
import { duration } from "../../format/times.ts";
import { frame, validators as texts } from "../../texts.ts";
import { type Award, readAwards } from "./awards.ts";

const Chart = lazy(() => import("../../components/chart.tsx"));

const PLACES = 4;

/** Stake over time. `seen` are the points since the page was opened. */
export function StakeSection({ address, seen }: { address: string; seen: Point[] }): ReactNode {
	const past = usePast(address, (line) => statesOf(line, address));
	const points = useMemo(() => joined(past.points, seen), [past, seen]);
	const values = points.map(({ stake }) => plotted(stake));
	const first = points[0];
	const latest = points.at(-1);
	return (
		<section className="card">
			<h2>{texts.stakeOverTime}</h2>
			<Suspense fallback={<p>{frame.loading}</p>}>
				<Chart
					title={texts.stakeChart}
					axis="blocks"
					x={points.map(({ block }) => block)}
					series={[{ title: texts.figures.stake, values }]}
					format={plottedText}
				/>
			</Suspense>
			{first && latest && (
				<p className="quiet" data-past={past.end ?? "reading"} data-points={points.length}>
					{reach(past, first.block, latest.block)}
				</p>
			)}
		</section>
	);
}

/** How far back the node remembers, in words. */
function reach({ end }: Past, first: number, latest: number): string {
	const block = first.toLocaleString("en");
	const age = duration((latest - first) * SLOT_SECONDS);
	return `${texts.reaches(block, age)} ${end ? texts.pastEnds[end] : texts.pastReading}`;
}

/** Awards of the last sessions. */
export function AwardSection({ address }: { address: string }): ReactNode {
	const reading = useAtBest(`awards ${address}`, (at) => readAwards(at, address));
	return (
		<section className="card">
			<h2>{texts.awards}</h2>
			<Read reading={reading}>{(awards) => <Awards awards={awards} />}</Read>
		</section>
	);
}

function Awards({ awards }: { awards: Award[] }): ReactNode {
	// The running session would always look like a fall.
	const over = useMemo(() => awards.filter(({ running }) => !running).toReversed(), [awards]);
	const values = (field: "award" | "compensation") =>
		over.map(({ seat }) => (seat ? plotted(seat[field]) : null));
	const rows = awards.filter(({ seat }) => seat);
	if (rows.length === 0) return <p>{texts.noAwards(awards.length.toLocaleString("en"))}</p>;
	return (
		<>
			<Suspense fallback={<p>{frame.loading}</p>}>
				<Chart
					title={texts.awardChart}
					axis="blocks"
					x={over.map(({ session }) => session)}
					series={[
						{ title: texts.award, values: values("award") },
						{ title: texts.compensation, values: values("compensation") },
					]}
					format={plottedText}
				/>
			</Suspense>
			<Table
				caption={texts.awards}
				columns={AWARD_COLUMNS}
				rows={rows}
				keyOf={({ session }) => String(session)}
				page={12}
			/>
		</>
	);
}

const AWARD_COLUMNS: Column<Award>[] = [
	{
		key: "session",
		title: texts.session,
		cell: ({ session, running }) => texts.sessionOf(session.toLocaleString("en"), running),
		by: ({ session }) => session,
		figures: true,
	},
	{
		key: "seat",
		title: texts.seat,
		cell: ({ seat }) => texts.roles[seat?.validator ? "Validator" : "Standby"],
		by: ({ seat }) => Number(seat?.validator ?? false),
	},
	{
		key: "award",
		title: texts.award,
		cell: ({ seat }) => amount(seat?.award ?? 0n, PLACES),
		by: ({ seat }) => seat?.award ?? 0n,
		figures: true,
	},
	{
		key: "compensation",
		title: texts.compensation,
		cell: ({ seat }) => amount(seat?.compensation ?? 0n, PLACES),
		by: ({ seat }) => seat?.compensation ?? 0n,
		figures: true,
	},
];
