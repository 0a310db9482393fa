// MetaMask's own test page, as the npm package `@metamask/test-dapp` has it, in a browser.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { Browser, FileServer } from "./browser.ts";
import type { BrowserWallet } from "./browser-wallet.ts";
import { eventually } from "./wait.ts";

/** How long an element may take to be usable, in milliseconds. */
const PATIENCE = 30_000;

function builtPage(): string {
	const manifest = createRequire(import.meta.url).resolve("@metamask/test-dapp/package.json");
	return join(dirname(manifest), "dist");
}

/** The page; its elements are named by their ids. */
export class TestPage {
	/** Errors that no script of the page caught, in their order. */
	readonly uncaught: string[] = [];

	private constructor(
		private readonly page: Page,
		private readonly browser: Browser,
		private readonly server: FileServer,
	) {
		page.setDefaultTimeout(PATIENCE);
		page.on("pageerror", (error) => this.uncaught.push(error.message));
	}

	/** Opens it in a browser of its own that has this wallet. */
	static async open(wallet: BrowserWallet): Promise<TestPage> {
		const browser = await Browser.launch();
		const server = await FileServer.start(builtPage());
		await browser.allowOnly(server.origin);
		await wallet.install(browser.context);
		const page = new TestPage(await browser.context.newPage(), browser, server);
		try {
			await page.page.goto(server.origin);
			return page;
		} catch (error) {
			await page.close();
			throw error;
		}
	}

	async close(): Promise<void> {
		await this.browser.close();
		await this.server.close();
	}

	/** Clicks as soon as the element may be clicked. */
	async click(id: string): Promise<void> {
		await this.page.locator(`#${id}`).click();
	}

	/** Clicks what matches a CSS selector, where there is no id. */
	async clickOn(selector: string): Promise<void> {
		await this.page.locator(selector).click();
	}

	async fill(id: string, value: string): Promise<void> {
		await this.page.locator(`#${id}`).fill(value);
	}

	async choose(id: string, value: string): Promise<void> {
		await this.page.locator(`#${id}`).selectOption(value);
	}

	/** Waits until an element shows just this text, or one that matches. */
	async shows(id: string, expected: string | RegExp): Promise<void> {
		const look = async () => {
			const text = await this.text(id);
			if (text === expected) return true;
			if (expected instanceof RegExp && expected.test(text)) return true;
			throw new Error(`it shows ${text || "nothing"}`);
		};
		const patience = { timeoutMs: PATIENCE, everyMs: 100 };
		await eventually(`#${id} to show ${expected}`, look, patience);
	}

	/** What an element shows. */
	async text(id: string): Promise<string> {
		return ((await this.page.locator(`#${id}`).textContent()) ?? "").trim();
	}

	/** Whether an element may be clicked. */
	enabled(id: string): Promise<boolean> {
		return this.page.locator(`#${id}`).isEnabled();
	}

	/** What `window.ethereum` answers to a request of a script, or its error. */
	request(method: string, ...params: unknown[]): Promise<unknown> {
		const request = JSON.stringify({ method, params });
		const told = "({ code, message, data }) => ({ code, message, data })";
		return this.page.evaluate(`window.ethereum.request(${request}).catch(${told})`);
	}

	/** What the package's second page shows of one request, which its address names. */
	async requestPage(method: string, ...params: unknown[]): Promise<string> {
		const query = new URLSearchParams({ method, params: JSON.stringify(params) });
		const page = await this.browser.context.newPage();
		try {
			await page.goto(`${this.server.origin}/request.html?${query}`);
			const main = page.locator("main", { hasNotText: /Initializing|Sending request/ });
			return (await main.textContent({ timeout: PATIENCE })) ?? "";
		} finally {
			await page.close();
		}
	}
}
