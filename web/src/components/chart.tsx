// A line chart over time or blocks. It comes with its figures as a table, for who cannot see it.

import { type ReactNode, useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { table as texts } from "../texts.ts";

export interface Series {
	title: string;
	/** One for each x; null where it is not known. */
	values: (number | null)[];
}

interface Props {
	/** What the chart shows. */
	title: string;
	/** What x counts: blocks, or seconds since 1970. */
	axis: "blocks" | "time";
	x: number[];
	series: Series[];
	/** How a value is written. */
	format: (value: number) => string;
	height?: number;
}

const HEIGHT = 220;
/** Steps of an axis that counts: there is no half a block. */
const WHOLE = [1, 10, 100, 1_000, 10_000, 100_000].flatMap((step) => [step, 2 * step, 5 * step]);
/** Fewer points make no line. */
const LEAST = 2;
const COLOURS = ["--line-1", "--line-2", "--line-3", "--line-4"];

export default function Chart(props: Props): ReactNode {
	const { title, axis, x, series, format, height = HEIGHT } = props;
	const place = useRef<HTMLDivElement>(null);
	const drawn = useRef<uPlot | undefined>(undefined);
	const shape = `${title}|${axis}|${series.map((one) => one.title).join("|")}`;
	const data = [x, ...series.map(({ values }) => values)] as uPlot.AlignedData;

	// The shape changes seldom; new figures only move the lines.
	useEffect(() => {
		const element = place.current;
		if (!element) return;
		const options = optionsOf(props, element.clientWidth, height);
		const chart = new uPlot(options, data, element);
		drawn.current = chart;
		const watcher = new ResizeObserver(() => {
			chart.setSize({ width: element.clientWidth, height });
		});
		watcher.observe(element);
		return () => {
			watcher.disconnect();
			chart.destroy();
		};
	}, [shape, height]);
	useEffect(() => drawn.current?.setData(data), [data]);

	return (
		<figure className="chart">
			<figcaption>{title}</figcaption>
			{x.length < LEAST && <p className="quiet">{texts.tooFew}</p>}
			<div ref={place} aria-hidden="true" />
			<details>
				<summary>{texts.asTable}</summary>
				<Figures x={x} series={series} axis={axis} format={format} title={title} />
			</details>
		</figure>
	);
}

function optionsOf({ axis, series, format }: Props, width: number, height: number): uPlot.Options {
	const style = getComputedStyle(document.documentElement);
	const colour = (name: string): string => style.getPropertyValue(name).trim();
	const axes = { stroke: colour("--text"), grid: { stroke: colour("--edge") } };
	const whole = axis === "blocks" ? { incrs: WHOLE } : {};
	return {
		width,
		height,
		scales: { x: { time: axis === "time" } },
		axes: [{ ...axes, ...whole }, { ...axes, size: 90, values: (_, ticks) => ticks.map(format) }],
		series: [
			{},
			...series.map(({ title }, index) => ({
				label: title,
				stroke: colour(COLOURS[index % COLOURS.length]!),
				width: 2,
				value: (_: uPlot, value: number | null) => (value === null ? "" : format(value)),
			})),
		],
	};
}

const ROWS = 50;

/** The latest figures as a table. */
function Figures({ x, series, axis, format, title }: Omit<Props, "height">): ReactNode {
	const first = Math.max(0, x.length - ROWS);
	const label = (at: number): string =>
		axis === "blocks" ? at.toLocaleString("en") : new Date(at * 1000).toLocaleString();
	return (
		<div className="scroll" role="region" aria-label={title} tabIndex={0}>
			<table>
				<tbody>
					{x.slice(first).map((at, index) => (
						<tr key={at}>
							<th scope="row">{label(at)}</th>
							{series.map(({ title: name, values }) => {
								const value = values[first + index];
								return <td key={name}>{value == null ? "" : format(value)}</td>;
							})}
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}
