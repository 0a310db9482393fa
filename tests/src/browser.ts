// A real Chromium without a window, and a web server for what it shows.

import { existsSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join, resolve } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";
import { serveFolder } from "../../web/scripts/serve.mjs";
import { removeFolder, temporaryFolder } from "./janitor.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** The browser: `CHROMIUM_BIN`, else the first of its usual names that is installed. */
export function browserBinary(): string {
	const named = process.env["CHROMIUM_BIN"];
	const folders = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
	const usual = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
	const found = (named ? [resolve(named)] : usual).find((path) => existsSync(path));
	if (!found) {
		const what = named ? `no browser at CHROMIUM_BIN=${named}` : "no Chromium is installed";
		const remedy = "sudo apt-get install chromium   (or set CHROMIUM_BIN to a Chromium)";
		throw new Error(`${what}; run: ${remedy}`);
	}
	return found;
}

/** A browser with a profile of its own, which goes away with it. */
export class Browser {
	private constructor(
		readonly context: BrowserContext,
		private readonly folder: string,
	) {}

	static async launch(): Promise<Browser> {
		const executablePath = browserBinary();
		const folder = temporaryFolder("browser");
		const context = await chromium.launchPersistentContext(join(folder, "profile"), {
			executablePath,
			artifactsDir: join(folder, "artifacts"),
			// Its sandbox does not work for root nor in most containers; it sees our own pages only.
			chromiumSandbox: false,
			headless: true,
		});
		return new Browser(context, folder);
	}

	/** Lets pages load from this origin alone: tests need no network, and wait for none. */
	async allowOnly(origin: string): Promise<void> {
		await this.context.route(
			(url) => url.origin !== origin,
			(route) => route.abort(),
		);
	}

	async close(): Promise<void> {
		await this.context.close();
		removeFolder(this.folder);
	}
}

/** Serves the files of a folder and of those in it on a free port of 127.0.0.1. */
export class FileServer {
	private constructor(private readonly server: Server) {}

	static async start(folder: string): Promise<FileServer> {
		return new FileServer(await serveFolder(folder, 0));
	}

	get origin(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((closed) => this.server.close(closed));
	}
}
