// Pictures of what panels of the dashboard show, drawn from their own questions.

import { type Config, type TopLevelSpec, compile } from "vega-lite";
import { View, parse } from "vega";
import { type Panel, type Target, withVariables } from "./files.ts";
import type { Prometheus, Series } from "./prometheus.ts";

/** A value of a line at a time. */
interface Point {
	/** Minutes since the beginning of the picture. */
	minute: number;
	/** None where the line has a gap. */
	value: number | null;
	line: string;
}

/** A stretch of time, in seconds since 1970. */
export interface Span {
	start: number;
	end: number;
	step: number;
}

/** A panel with its questions. */
export type Question = Panel & { targets: Target[] };

const COLUMNS = 2;
/** With more lines a legend would hide them: they are the nodes or candidates of a network. */
const LINES_NAMED = 5;

// Units of Grafana as axes write them.
const FORMATS: Record<string, string> = { percentunit: ".0%", none: ",~r" };
const NAMES: Record<string, string> = { s: "s", "µs": "µs", bytes: "B", Bps: "B/s" };

const CONFIG: Config = {
	background: "white",
	font: "sans-serif",
	view: { stroke: "#ddd" },
	axis: { gridColor: "#eee", labelFontSize: 9, titleFontSize: 9, titleFontWeight: "normal" },
	title: { fontSize: 11, anchor: "start", subtitleFontSize: 9, subtitleColor: "#666" },
	legend: { labelFontSize: 9, title: null, orient: "bottom", columns: 3, labelLimit: 200 },
	line: { strokeWidth: 1 },
};

/** The name of a line: Grafana's pattern with the labels put in. */
function lineOf(pattern: string, labels: Record<string, string>): string {
	return pattern.replace(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? "");
}

/** The values of a line, shortened to what can be seen, with a mark in each gap. */
function pointsOf({ metric, values }: Series, pattern: string, { start, step }: Span): Point[] {
	const line = lineOf(pattern, metric);
	const minute = (time: number) => Number(((time - start) / 60).toFixed(2));
	let last = Infinity;
	return values.flatMap(([time, text]) => {
		const value = Number(Number(text).toPrecision(6));
		if (!Number.isFinite(value)) return [];
		const gap = time - last > step ? [{ minute: minute(last + step), value: null, line }] : [];
		last = time;
		return [...gap, { minute: minute(time), value, line }];
	});
}

/** All values of a panel; an error where one of its questions has none. */
async function valuesOf(prometheus: Prometheus, panel: Question, span: Span): Promise<Point[]> {
	const points: Point[] = [];
	for (const { expr, legendFormat } of panel.targets) {
		const query = withVariables(expr, "1m");
		const { start, end, step } = span;
		const found = await prometheus.queryRange(query, start, end, step);
		if (found.length === 0) throw new Error(`${panel.title} has no data: ${query}`);
		points.push(...found.flatMap((series) => pointsOf(series, legendFormat, span)));
	}
	return points;
}

/** One panel; its lines are named where they are few. */
function chart({ title, fieldConfig }: Panel, values: Point[]): object {
	const unit = fieldConfig?.defaults.unit ?? "none";
	const lines = new Set(values.map(({ line }) => line)).size;
	const named = lines > 1 && lines <= LINES_NAMED;
	const axis = { title: NAMES[unit] ?? null, format: FORMATS[unit] ?? "~s", tickCount: 4 };
	return {
		width: 330,
		height: 120,
		title: { text: title, ...(lines > LINES_NAMED && { subtitle: `${lines} lines` }) },
		data: { values },
		mark: "line",
		encoding: {
			x: { field: "minute", type: "quantitative", axis: { title: "minutes", tickCount: 6 } },
			y: { field: "value", type: "quantitative", axis, scale: { zero: fieldConfig?.defaults.min === 0 } },
			color: {
				field: "line",
				type: "nominal",
				scale: { scheme: lines > 10 ? "tableau20" : "tableau10" },
				...(!named && { legend: null }),
			},
		},
	};
}

/** The picture of some panels as SVG. */
export async function picture(
	prometheus: Prometheus,
	panels: readonly Question[],
	span: Span,
): Promise<string> {
	const concat: object[] = [];
	for (const panel of panels) concat.push(chart(panel, await valuesOf(prometheus, panel, span)));
	const spec = {
		concat,
		columns: COLUMNS,
		resolve: { scale: { color: "independent" } },
		config: CONFIG,
	};
	const view = new View(parse(compile(spec as TopLevelSpec).spec), { renderer: "none" });
	return view.toSVG();
}
