// A chart of finality and block times, from the moment the page was opened.

import { type ReactNode, Suspense, lazy, useEffect, useMemo, useState } from "react";
import type { Reading } from "../../chain/at-block.ts";
import type { BlocksReading } from "../../chain/network/blocks.ts";
import { frame, network as texts } from "../../texts.ts";
import { type Seen, withReading } from "./history.ts";
import { whole } from "./words.ts";

const Chart = lazy(() => import("../../components/chart.tsx"));

interface Props {
	reading: Reading<BlocksReading>;
	/** Number of the final block. */
	finalized: number;
}

const NONE: Seen[] = [];

/**
 * Each reading adds to what was seen before it, and so does each block that becomes final. There is
 * no reading when the node is changed: what was seen of another chain does not belong here.
 */
function useHistory({ reading: { value }, finalized }: Props): Seen[] {
	const [history, setHistory] = useState(NONE);
	useEffect(() => {
		setHistory((before) => (value ? withReading(before, value, finalized) : NONE));
	}, [value, finalized]);
	return history;
}

export function ChartCard(props: Props): ReactNode {
	const history = useHistory(props);
	const [x, series] = useMemo(() => linesOf(history), [history]);
	return (
		<section className="card" data-card="chart">
			<Suspense fallback={<p role="status">{frame.loading}</p>}>
				<Chart title={texts.chart} axis="blocks" x={x} series={series} format={whole} />
			</Suspense>
		</section>
	);
}

function linesOf(history: Seen[]) {
	const series = [
		{ title: texts.lagSeries, values: history.map(({ lag }) => lag) },
		{ title: texts.timeSeries, values: history.map(({ seconds }) => seconds) },
	];
	return [history.map(({ number }) => number), series] as const;
}
