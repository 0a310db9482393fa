// Metrics, alerts and dashboard: the files of docker/monitoring by themselves, and against two nodes
// that Prometheus reads. One and a half minutes.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import { repositoryRoot } from "../src/binary.ts";
import { alertCases, alerts, dashboard, filesIn, metricsOf } from "../src/monitoring/files.ts";
import { monitoringFolder, panels, pictureName, rules, withVariables } from "../src/monitoring/files.ts";
import { WatchedNetwork } from "../src/monitoring/network.ts";
import { promtool } from "../src/monitoring/tools.ts";
import { Visitor } from "../src/monitoring/visitor.ts";
import { eventually } from "../src/wait.ts";

const RUNBOOK = "docs/runbook.md";

const names = alerts().map(({ alert }) => alert);
const page = (path: string) => readFileSync(join(repositoryRoot, path), "utf8");

describe("the files of Prometheus", () => {
	it("are valid, the unit tests of the alerts pass", async () => {
		await promtool("check", "config", "prometheus.yml");
		await promtool("check", "rules", ...filesIn("rules"));
		await promtool("test", "rules", ...filesIn("rules/tests"));
	});

	it("have a unit test in which each alert fires, and one in which it does not", () => {
		const seen = (alert: string, fires: boolean) =>
			alertCases().some(
				({ alertname, exp_alerts }) => alertname === alert && exp_alerts.length > 0 === fires,
			);
		assert.ok(names.length > 20, "the alerts are found");
		assert.deepEqual(names.filter((alert) => !seen(alert, true)), [], "never seen to fire");
		assert.deepEqual(names.filter((alert) => !seen(alert, false)), [], "never seen silent");
	});

	it("name alerts once, with severity, words and their entry in the runbook", () => {
		assert.equal(new Set(names).size, names.length);
		for (const { alert, labels = {}, annotations = {} } of alerts()) {
			assert.match(labels["severity"] ?? "", /^(critical|warning)$/, alert);
			assert.ok(annotations["summary"] && annotations["description"], alert);
			const entry = `/${RUNBOOK}#${alert.toLowerCase()}`;
			assert.ok(annotations["runbook_url"]?.endsWith(entry), `${alert} points to ${entry}`);
		}
	});

	it("hold back no alert that does not exist", () => {
		const config = parse(readFileSync(join(monitoringFolder, "alertmanager.yml"), "utf8"));
		const matchers = (config as { inhibit_rules: Record<string, string[]>[] }).inhibit_rules
			.flatMap((rule) => [...rule["source_matchers"]!, ...rule["target_matchers"]!])
			.map((matcher) => new RegExp(`^(?:${/"(.*)"/.exec(matcher)?.[1]})$`));
		const words = matchers.flatMap(({ source }) => source.match(/[A-Z]\w+(?:\([\w|]+\))?/g) ?? []);
		assert.ok(words.length > 10, "the names are found");
		for (const word of words) {
			assert.ok(names.some((name) => new RegExp(`^${word}$`).test(name)), `${word} is an alert`);
		}
	});
});

describe("the runbook", () => {
	const entries = [...page(RUNBOOK).matchAll(/^### (\w+)\n([\s\S]*?)(?=^#|$(?![\s\S]))/gm)];

	it("has an entry for each alert, and no other", () => {
		assert.deepEqual(entries.map(([, title]) => title).sort(), [...names].sort());
	});

	it("is pointed to by the page of monitoring, which lists all alerts", () => {
		const listed = [...page("docs/monitoring.md").matchAll(/^\| \[(\w+)\]\(runbook\.md#(\w+)\)/gm)];
		assert.deepEqual([...listed.map(([, name]) => name)].sort(), [...names].sort());
		for (const [, name, anchor] of listed) assert.equal(anchor, name!.toLowerCase());
	});

	it("tells of each what it means, what to look at and what to do", () => {
		for (const [, title, text = ""] of entries) {
			for (const part of ["Means", "Look at", "Do"]) {
				assert.ok(text.includes(`**${part}.**`), `${title} has the part ${part}`);
			}
		}
	});
});

describe("the dashboard", () => {
	const shown = panels();

	it("keeps its address, its data source is a choice, its panels differ", () => {
		const { uid, templating, panels: all } = dashboard();
		assert.equal(uid, "cybermiles");
		assert.deepEqual(
			templating.list.map(({ name }) => name),
			["datasource", "chain", "instance", "candidate"],
		);
		assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
		for (const { panel } of shown) {
			assert.equal(panel.datasource?.uid, "${datasource}", panel.title);
			assert.ok(panel.description && panel.fieldConfig?.defaults.unit, panel.title);
			assert.ok(["timeseries", "stat"].includes(panel.type), `${panel.title} needs no plugin`);
		}
	});

	it("has a picture for each row, which the page of monitoring shows", () => {
		const rows = [...new Set(shown.map(({ row }) => pictureName(row)))];
		const there = readdirSync(join(repositoryRoot, "docs/images"));
		const pictures = there.filter((name) => name.startsWith("monitoring-"));
		assert.deepEqual(pictures.sort(), rows.sort());
		for (const name of pictures) {
			assert.ok(page("docs/monitoring.md").includes(`(images/${name})`), `${name} is shown`);
		}
	});
});

describe("against running nodes", () => {
	let watched: WatchedNetwork;

	before(async () => {
		// A chain of one authority that makes real blocks; the second node follows it. They have one
		// peer each, as nodes behind a sentry have.
		const labels = { peers: "reserved" };
		watched = await WatchedNetwork.start({
			preset: "dev",
			names: ["Alice", "Bob"],
			every: 2,
			labels,
		});
		await new Visitor(watched.network).visit();
	});
	after(() => watched?.discard());

	/** Metrics that a running node has; what never happened in it has none. */
	const known = async () => new Set(await watched.prometheus.names());

	for (const { row, panel } of panels()) {
		it(`${row}, ${panel.title}: returns data`, async () => {
			for (const { expr } of panel.targets) {
				const query = withVariables(expr, "30s");
				const look = async () => (await watched.prometheus.query(query)).length > 0;
				await eventually(`data for ${query}`, look, { timeoutMs: 90_000 });
			}
		});
	}

	// Series that appear with the first event: a call above the limit of calls, which these nodes do
	// not have, and a transaction that was valid when it came and is not any more.
	const NOT_YET = new Set([
		"substrate_rpc_calls_rejected",
		"substrate_sub_txpool_mempool_revalidation_invalid_txs_total",
	]);

	it("the alerts read metrics that exist", async () => {
		const read = new Set(rules().flatMap(({ expr }) => metricsOf(expr)));
		const there = await known();
		const missing = [...read].filter((name) => !there.has(name) && !NOT_YET.has(name));
		assert.deepEqual(missing, []);
	});

	it("the pages name metrics that exist", async () => {
		const there = await known();
		const pages = ["docs/monitoring.md", RUNBOOK, "docs/operators.md"].filter((path) =>
			existsSync(join(repositoryRoot, path)),
		);
		for (const path of pages) {
			const named = [...page(path).matchAll(/`((?:substrate|cybermiles|node|process)_\w+)/g)];
			const missing = named.map(([, name]) => name!).filter((name) => !there.has(name));
			assert.deepEqual([...new Set(missing)].filter((name) => !NOT_YET.has(name)), [], path);
		}
	});

	it("no alert fires, and Prometheus can judge each", async () => {
		const judged = await watched.prometheus.rules();
		assert.equal(judged.length, rules().length);
		for (const { name, health, lastError, state } of judged) {
			assert.equal(health, "ok", `${name}: ${lastError}`);
			assert.notEqual(state, "firing", name);
		}
	});
});
