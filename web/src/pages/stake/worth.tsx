// The worth of a position over time: looked up once it is asked for, and followed from then on.

import { type ReactNode, Suspense, lazy, useEffect, useMemo, useState } from "react";
import { type Point, appended, joined } from "../../chain/past.ts";
import { worthOf } from "../../chain/positions-past.ts";
import { usePast } from "../../chain/use-past.ts";
import { plotted, plottedText } from "../../format/amounts.ts";
import { frame, stake as texts } from "../../texts.ts";

const Chart = lazy(() => import("../../components/chart.tsx"));

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
	const past = usePast(`${who} ${candidate}`, (line) => worthOf(line, who, candidate));
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
				format={plottedText}
			/>
			<p className="quiet" data-points={points.length}>
				{past.end ? texts.pastEnds[past.end] : frame.loading}
			</p>
		</Suspense>
	);
}
