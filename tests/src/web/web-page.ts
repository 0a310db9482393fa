// The web page in a real Chromium, with wallets of both kinds, used as a visitor would.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { KeyringPair } from "@polkadot/keyring/types";
import type { HDNodeWallet } from "ethers";
import type { Locator, Page } from "playwright-core";
import * as texts from "../../../web/src/texts.ts";
import { repositoryRoot } from "../binary.ts";
import { Browser, FileServer } from "../browser.ts";
import { BrowserWallet } from "../browser-wallet.ts";
import { ExtensionWallet } from "../extension-wallet.ts";
import { accountOf } from "../keys.ts";
import { eventually } from "../wait.ts";

export { texts };

/** The kinds of accounts that can sign. */
export type Kind = "native" | "ethereum";

/** How long something may take to be shown, in milliseconds. */
export const PATIENCE = 60_000;
/** Width and height of a desktop's window, in pixels. */
export const DESKTOP = { width: 1_200, height: 900 };
/** The narrowest phone that the page is made for. */
export const PHONE = { width: 360, height: 740 };

/** What a visitor has. */
export interface Visitor {
	/** Address of the node, as the page's own address names it; none for the page's default. */
	node?: string;
	/** Keys of the polkadot.js extension; without any there is no extension. */
	extension?: readonly KeyringPair[];
	/** Key of MetaMask; without it there is no MetaMask. */
	ethereum?: HDNodeWallet;
}

/** An account of a well-known name, with that name in the extension. */
export function named(name: string): KeyringPair {
	const pair = accountOf(name);
	pair.setMeta({ name });
	return pair;
}

/** The folder with the built page: `WEB_DIST`, else where `make page` puts it. */
function builtPage(): string {
	const folder = process.env["WEB_DIST"] ?? join(repositoryRoot, "web", "dist");
	if (existsSync(join(folder, "index.html"))) return folder;
	throw new Error(`no page at ${folder}; run make web, or set WEB_DIST`);
}

/** Runs in the page. */
const hasFocus = (element: unknown): boolean =>
	element === (globalThis as unknown as { document: { activeElement: unknown } }).document.activeElement;

/** A browser with one window of the page. */
export class WebPage {
	/** Errors that no script of the page caught, in their order. */
	readonly uncaught: string[] = [];
	/** Errors that the browser's console shows, in their order. */
	readonly complaints: string[] = [];
	/** Addresses of files that the page asked of anybody but its own server. */
	readonly foreign: string[] = [];

	private constructor(
		readonly page: Page,
		readonly origin: string,
		private readonly visitor: Visitor,
		private readonly browser: Browser,
		private readonly server: FileServer,
		/** The extension; it is in the page only where the visitor has keys for it. */
		readonly extension: ExtensionWallet,
		/** MetaMask; it is in the page only where the visitor has a key for it. */
		readonly metamask: BrowserWallet | undefined,
	) {
		page.setDefaultTimeout(PATIENCE);
		page.on("pageerror", (error) => this.uncaught.push(error.message));
		page.on("console", (message) => {
			if (message.type() === "error") this.complaints.push(message.text());
		});
		page.on("request", (request) => {
			const url = request.url();
			if (/^https?:/.test(url) && !url.startsWith(origin)) this.foreign.push(url);
		});
	}

	/** Opens a browser with the wallets of a visitor, and an empty window. */
	static async open(visitor: Visitor = {}): Promise<WebPage> {
		const server = await FileServer.start(builtPage());
		const browser = await Browser.launch();
		const extension = new ExtensionWallet(visitor.extension ?? []);
		const metamask = visitor.ethereum && new BrowserWallet(visitor.ethereum);
		if (visitor.extension) await extension.install(browser.context);
		await metamask?.install(browser.context);
		const page = await browser.context.newPage();
		await page.setViewportSize(DESKTOP);
		const { origin } = server;
		return new WebPage(page, origin, visitor, browser, server, extension, metamask);
	}

	async close(): Promise<void> {
		await this.browser.close();
		await this.server.close();
	}

	/** The address of a place on the page, such as `stake` or `validators/5Grw…`. */
	address(place = ""): string {
		const { node } = this.visitor;
		const query = node === undefined ? "" : `?node=${encodeURIComponent(node)}`;
		return `${this.origin}/${query}#/${place}`;
	}

	/** Loads the page anew at a place. */
	async visit(place = ""): Promise<void> {
		const address = this.address(place);
		const [before, file] = [this.page.url(), address].map((url) => url.split("#")[0]);
		await this.page.goto(address);
		// An address that differs only after `#` is not loaded anew.
		if (before === file) await this.page.reload();
	}

	/** The same, and waits until the node answers. */
	async arrive(place = ""): Promise<void> {
		await this.visit(place);
		await this.becomes("good");
	}

	/** Goes to a page by the menu. */
	async go(name: keyof typeof texts.frame.pages): Promise<void> {
		const link = { name: texts.frame.pages[name], exact: true };
		await this.page.getByRole("navigation").getByRole("link", link).click();
		await this.page.getByRole("heading", { level: 1 }).waitFor();
	}

	/** Waits until the page tells this of its node, such as `good` or `offline`. */
	async becomes(health: string, timeout = PATIENCE): Promise<void> {
		await this.page.locator(`[data-health="${health}"]`).waitFor({ timeout });
	}

	/** Waits until a text is on the page. */
	async says(text: string | RegExp, timeout = PATIENCE): Promise<void> {
		await this.page.getByText(text).filter({ visible: true }).first().waitFor({ timeout });
	}

	/** The number and hash of the block that the page shows as the best one. */
	async best(): Promise<{ hash: string; text: string }> {
		const best = this.page.locator("[data-best]");
		const hash = (await best.getAttribute("data-best")) ?? "";
		return { hash, text: (await best.textContent()) ?? "" };
	}

	/** Enters the address of another node. */
	async useNode(url: string): Promise<void> {
		await this.opened(".node details");
		await this.page.getByLabel(texts.frame.nodeAddress).fill(url);
		await this.page.getByRole("button", { name: texts.frame.connect, exact: true }).click();
	}

	/** Opens what a `details` element holds, unless it is open. */
	async opened(selector: string): Promise<void> {
		const details = this.page.locator(selector).first();
		if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
	}

	/** Connects the wallet of a kind, and waits for its account. */
	async join(kind: Kind): Promise<void> {
		await this.opened(".accounts details");
		const name = kind === "native" ? "polkadot-js" : "MetaMask";
		await this.page.locator(".accounts .panel").getByRole("button", { name }).click();
		await this.account(kind).waitFor();
		await this.page.locator(".accounts summary").click();
	}

	/** Has the page show an address without a wallet. */
	async watch(address: string): Promise<void> {
		await this.opened(".accounts details");
		await this.page.getByLabel(texts.wallets.watchLabel).fill(address);
		await this.page.getByRole("button", { name: texts.wallets.watch, exact: true }).click();
	}

	/** The card of the account of a kind. */
	account(kind: Kind | "watched"): Locator {
		return this.page.locator(`.account[data-kind="${kind}"]`);
	}

	/** Takes an account off the page. */
	async forget(kind: Kind | "watched"): Promise<void> {
		// A wallet that answers late puts its account back.
		await this.eventually(`no ${kind} account`, async () => {
			if ((await this.account(kind).count()) === 0) return true;
			await this.account(kind).getByRole("button").last().click();
			return false;
		});
	}

	/** The dialog of an action. */
	get dialog(): Locator {
		return this.page.locator("dialog[open]");
	}

	/** Waits until the dialog has tried its action; the problem's name where it would be refused. */
	async rehearsed(): Promise<string | undefined> {
		await this.dialog.waitFor();
		const sign = this.dialog.getByRole("button", { name: texts.dialog.sign, exact: true });
		return this.eventually("the rehearsal", async () => {
			const problem = await this.problem();
			return problem !== undefined ? { problem } : (await sign.isEnabled()) && { problem };
		}).then(({ problem }) => problem);
	}

	/** The name of the problem that the dialog shows. */
	async problem(): Promise<string | undefined> {
		const shown = this.dialog.locator("[data-problem]");
		if ((await shown.count()) === 0) return undefined;
		return (await shown.getAttribute("data-problem")) ?? undefined;
	}

	/** Signs what the dialog shows, without waiting for what becomes of it. */
	async sign(): Promise<void> {
		assert.equal(await this.rehearsed(), undefined);
		await this.dialog.getByRole("button", { name: texts.dialog.sign, exact: true }).click();
	}

	/** Waits until the dialog tells what became of its action: its words and block, or its problem. */
	outcome(): Promise<{ words: string; block: string } | { problem: string }> {
		const done = this.dialog.locator("[data-block]");
		return this.eventually("an outcome", async () => {
			const problem = await this.problem();
			if (problem !== undefined) return { problem };
			if ((await done.count()) === 0) return false;
			const words = (await done.locator("strong").textContent()) ?? "";
			return { words, block: (await done.getAttribute("data-block")) ?? "" };
		});
	}

	/** Signs what the dialog shows, waits until it is in a block and closes the dialog; what it said. */
	async succeed(): Promise<{ words: string; block: string }> {
		await this.sign();
		const outcome = await this.outcome();
		if ("problem" in outcome) throw new Error(`the page told of ${outcome.problem}`);
		await this.dismiss();
		return outcome;
	}

	/** Closes the dialog. */
	async dismiss(): Promise<void> {
		const names = new RegExp(`^(${texts.dialog.close}|${texts.dialog.cancel})$`);
		await this.dialog.getByRole("button", { name: names }).click();
		await this.dialog.waitFor({ state: "detached" });
	}

	/** Fails where a script failed, broke the page's policy, or loaded something from elsewhere. */
	assertQuiet(): void {
		assert.deepEqual(this.uncaught, []);
		assert.deepEqual(this.foreign, []);
		const forbidden = this.complaints.filter((text) => /Content Security Policy/.test(text));
		assert.deepEqual(forbidden, []);
	}

	/** How much wider than the window what it shows is, in pixels. */
	async overflow(): Promise<number> {
		const wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
		return (await this.page.evaluate(wider)) as number;
	}

	/** Presses Tab until an element has the focus; how often. */
	async tabTo(target: Locator, most = 80): Promise<number> {
		for (let pressed = 0; pressed <= most; pressed++) {
			if (await target.evaluate(hasFocus)) return pressed;
			await this.page.keyboard.press("Tab");
		}
		throw new Error(`not reached by ${most} presses of Tab: ${String(target)}`);
	}

	/** Waits until a look at the page finds something. */
	eventually<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
		return eventually(what, look, { timeoutMs: PATIENCE, everyMs: 100 });
	}
}
