// The worth of a position over time: looked up once it is asked for, and followed from then on.

import { type ReactNode, Suspense, lazy, useEffect, useMemo, useState } from "react";
import { connection } from "../../chain/connection.ts";
import { type Past, type Point, appended, joined, lookBack } from "../../chain/past.ts";
import { worthOf } from "../../chain/positions-past.ts";
import { useStore } from "../../chain/store.ts";
import { exact } from "../../format/amounts.ts";
import { frame, stake as texts } from "../../texts.ts";

const Chart = lazy(() => import("../../components/chart.tsx"));

/** Charts count in ten-thousandths of a CMT: whole numbers, which a float holds exactly. */
const UNIT = 10n ** 14n;
const plotted = (planck: bigint): number => Number(planck / UNIT);
const readable = (units: number): string => exact(BigInt(Math.round(units)) * UNIT);

interface Props {
	/** Native address of the delegator. */
	who: string;
	candidate: string;
	/** The worth in planck, and the block at which it was read. */
	value: bigint;
	block: number;
}

/** Costs nothing before somebody opens it. */
export function WorthOverTime(props: Props): ReactNode {
	const [open, setOpen] = useState(false);
	return (
		<details data-chart="worth" onToggle={(event) => setOpen(event.currentTarget.open)}>
			<summary>{texts.worthOverTime}</summary>
			{open && <WorthChart {...props} />}
		</details>
	);
}

function WorthChart({ who, candidate, value, block }: Props): ReactNode {
	const past = usePast(who, candidate);
	const [seen, setSeen] = useState<Point[]>([]);
	useEffect(() => setSeen((before) => appended(before, { block, stake: value })), [block, value]);
	const points = useMemo(() => joined(past.points, seen), [past, seen]);
	const values = useMemo(() => points.map(({ stake }) => plotted(stake)), [points]);
	return (
		<Suspense fallback={<p>{frame.loading}</p>}>
			<Chart
				title={texts.worthChart}
				axis="blocks"
				x={points.map((point) => point.block)}
				series={[{ title: texts.worth, values }]}
				format={readable}
			/>
			<p className="quiet" data-points={points.length}>
				{past.end ? texts.pastEnds[past.end] : frame.loading}
			</p>
		</Suspense>
	);
}

const NOTHING: Past = { points: [], end: undefined };

/** One point for each session that the node remembers; more of them with each answer. */
function usePast(who: string, candidate: string): Past {
	const line = useStore(connection.line);
	const [past, setPast] = useState(NOTHING);
	useEffect(() => {
		if (!line) return;
		const stop = new AbortController();
		const look = async (): Promise<void> => {
			const grid = await line.api.query.CmtDpos.Clock.getValue({ at: "best" });
			await lookBack(worthOf(line, who, candidate), grid, setPast, stop.signal);
		};
		look().catch(() => stop.signal.aborted || setPast({ points: [], end: "failed" }));
		return () => stop.abort();
	}, [line, who, candidate]);
	return past;
}
