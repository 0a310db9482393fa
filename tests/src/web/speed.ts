// How fast the page is, as the browser itself measures it.

import type { Page } from "playwright-core";
import type { WebPage } from "./web-page.ts";

/** What runs in the page before its own scripts: notes moments, long tasks and slow answers. */
const WATCH = `(() => {
	const seen = (window.seenSpeed = { tasks: [], answers: [], marks: {} });
	const watch = (type, take, more = {}) =>
		new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, ...more });
	watch("longtask", ({ duration }) => seen.tasks.push(duration));
	watch("event", ({ duration }) => seen.answers.push(duration), { durationThreshold: 16 });
	const marks = { connected: '[data-health="good"]', listed: "[data-row]" };
	new MutationObserver(() => {
		for (const [name, selector] of Object.entries(marks)) {
			if (document.querySelector(selector)) seen.marks[name] ??= performance.now();
		}
	}).observe(document, { subtree: true, childList: true, attributes: true });
})()`;

/** Has a window note its speed from the next load on. */
export async function watchSpeed({ page }: WebPage): Promise<void> {
	await page.addInitScript(WATCH);
}

/** Moments of a load in milliseconds since it began, and what came over the wire. */
export interface Load {
	firstPaint: number;
	connected: number;
	/** When the candidates were listed. */
	listed: number;
	/** Bytes of all files, compressed as they came. */
	bytes: number;
}

/** What the present load took, once candidates are listed. */
export async function loadOf({ page }: WebPage): Promise<Load> {
	await page.locator("[data-row]").first().waitFor();
	return (await page.evaluate(`(() => {
		const entries = [
			...performance.getEntriesByType("navigation"),
			...performance.getEntriesByType("resource"),
		];
		return {
			firstPaint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
			...window.seenSpeed.marks,
			bytes: entries.reduce((sum, { transferSize }) => sum + transferSize, 0),
		};
	})()`)) as Load;
}

/** The longest stretch without an answer to the user, in milliseconds. */
export interface Slowest {
	/** Of the page's work. */
	task: number;
	/** From an input to what it changed on the screen. */
	answer: number;
}

/** What was slowest while `act` was done. */
export async function slowestWhile(page: Page, act: () => Promise<void>): Promise<Slowest> {
	const clear = "window.seenSpeed.tasks.length = window.seenSpeed.answers.length = 0";
	await page.evaluate(clear);
	await act();
	// Measurements are told a moment after what they are of.
	await page.waitForTimeout(300);
	const most = (name: string): string => `Math.max(0, ...window.seenSpeed.${name})`;
	return (await page.evaluate(
		`({ task: ${most("tasks")}, answer: ${most("answers")} })`,
	)) as Slowest;
}
