// The files of docker/monitoring: alerts with their unit tests, the dashboard, and what they ask.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parser } from "@prometheus-io/lezer-promql";
import { parse } from "yaml";
import { repositoryRoot } from "../binary.ts";

/** What Prometheus and Grafana are configured by. */
export const monitoringFolder = join(repositoryRoot, "docker", "monitoring");

/** A rule: an alert, or a series made of others. */
export interface Rule {
	alert?: string;
	record?: string;
	expr: string;
	labels?: Record<string, string>;
	annotations?: Record<string, string>;
}

/** What promtool is to find of an alert at a moment. */
export interface AlertCase {
	alertname: string;
	exp_alerts: unknown[];
}

interface RuleFile {
	groups: { name: string; rules: Rule[] }[];
}

interface RuleTests {
	tests: { alert_rule_test: AlertCase[] }[];
}

/** A question of a panel. */
export interface Target {
	expr: string;
	legendFormat: string;
}

/** A panel of the dashboard; a row has no targets. */
export interface Panel {
	id: number;
	type: string;
	title: string;
	description?: string;
	datasource?: { uid: string };
	targets?: Target[];
	fieldConfig?: { defaults: { unit: string; min?: number } };
}

/** The dashboard, as Grafana exports one. */
export interface Dashboard {
	uid: string;
	title: string;
	panels: Panel[];
	templating: { list: { name: string; type: string; definition?: string }[] };
}

/** Paths of the files in a folder of docker/monitoring. */
export function filesIn(folder: string): string[] {
	const names = readdirSync(join(monitoringFolder, folder)).sort();
	return names.filter((name) => name.endsWith(".yml")).map((name) => join(folder, name));
}

function read<T>(path: string): T {
	return parse(readFileSync(join(monitoringFolder, path), "utf8")) as T;
}

/** All rules. */
export function rules(): Rule[] {
	return filesIn("rules").flatMap((path) =>
		read<RuleFile>(path).groups.flatMap((group) => group.rules),
	);
}

/** The rules that are alerts. */
export function alerts(): (Rule & { alert: string })[] {
	return rules().filter((rule): rule is Rule & { alert: string } => rule.alert !== undefined);
}

/** The cases of all unit tests of alerts. */
export function alertCases(): AlertCase[] {
	return filesIn("rules/tests").flatMap((path) =>
		read<RuleTests>(path).tests.flatMap((test) => test.alert_rule_test),
	);
}

/** The main dashboard. */
export function dashboard(): Dashboard {
	const path = join(monitoringFolder, "grafana", "dashboards", "cybermiles.json");
	return JSON.parse(readFileSync(path, "utf8")) as Dashboard;
}

/** The panels that show data, each with the row that it stands in. */
export function panels(): { row: string; panel: Panel & { targets: Target[] } }[] {
	let row = "";
	return dashboard().panels.flatMap((panel) => {
		if (panel.type === "row") row = panel.title;
		return panel.targets ? [{ row, panel: { ...panel, targets: panel.targets } }] : [];
	});
}

/** The picture of a row in docs/images. */
export function pictureName(row: string): string {
	return `monitoring-${row.toLowerCase().replace(/\W+/g, "-")}.svg`;
}

/** A question with all nodes and candidates chosen, and rates over this time, as Grafana sends it. */
export function withVariables(expr: string, rateInterval: string): string {
	const filled = expr
		.replaceAll("$__rate_interval", rateInterval)
		.replace(/\$(?:chain|instance|candidate)\b/g, ".*");
	if (filled.includes("$")) throw new Error(`a variable without a value in ${filled}`);
	return filled;
}

/** The names of the series that an expression reads. */
export function metricsOf(expr: string): string[] {
	const names = new Set<string>();
	parser.parse(expr).iterate({
		enter({ name, from, to, node }) {
			if (node.type.isError) throw new Error(`not understood at ${from}: ${expr}`);
			if (name === "Identifier" && node.parent?.name === "VectorSelector") {
				names.add(expr.slice(from, to));
			}
		},
	});
	return [...names];
}
