// Accessibility of what a page shows, by axe-core.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Violations that keep somebody from using the page. */
const GRAVE = ["serious", "critical"];

interface Violation {
	id: string;
	impact: string;
	help: string;
	nodes: { html: string; failureSummary: string }[];
}

/** What is gravely wrong with what a page shows now, in a line each. */
export async function audit(page: Page): Promise<string[]> {
	await page.evaluate(SOURCE);
	const run = "axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations)";
	const violations = (await page.evaluate(run)) as Violation[];
	return violations
		.filter(({ impact }) => GRAVE.includes(impact))
		.flatMap(({ id, nodes }) => nodes.map((node) => told(id, node)));
}

const told = (id: string, { html, failureSummary }: Violation["nodes"][number]): string =>
	`${id}: ${html.slice(0, 200)} ${failureSummary.replace(/\s+/g, " ")}`;
