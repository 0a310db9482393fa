// The frame of the web page in a real Chromium: the node and what can be wrong with it, wallets and
// accounts, colours, keyboard, narrow windows. What it shows is compared with a second client.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { browserBinary } from "../src/browser.ts";
import { exportSpec } from "../src/chain-spec.ts";
import { DevNode } from "../src/dev-node.ts";
import { Ethereum, imageOf, keyOf, nativeOf, quantity } from "../src/ethereum.ts";
import { temporaryFolder } from "../src/janitor.ts";
import { heads } from "../src/rpc.ts";
import { audit } from "../src/web/audit.ts";
import { StandIn, instead } from "../src/web/stand-in.ts";
import { PHONE, WebPage, named, texts } from "../src/web/web-page.ts";

const bob = named("Bob");
const ferdie = named("Ferdie");
const ethereum = keyOf(0);
/** Id by which Ethereum's tools know the development chain, and that of the other one. */
const CHAIN_ID = 1234;
const OTHER_CHAIN = 1338;

let dev: DevNode;
/** A chain with another id, which MetaMask uses before it meets ours. */
let other: DevNode;
let web: WebPage;
const standIns: StandIn[] = [];

before(async () => {
	browserBinary();
	[dev, other] = await Promise.all([DevNode.launch("instant"), launchOther()]);
	web = await WebPage.open({ node: dev.node.url, extension: [bob, ferdie], ethereum });
	await useOther(web);
});
after(async () => {
	await web?.close();
	await other?.stop();
	await Promise.all(standIns.map((standIn) => standIn.close()));
	await dev?.stop();
});

async function standIn(...args: Parameters<typeof StandIn.start>): Promise<StandIn> {
	const made = await StandIn.start(...args);
	standIns.push(made);
	return made;
}

async function launchOther(): Promise<DevNode> {
	const ours = `"ethereumChainId": ${CHAIN_ID}`;
	const spec = await exportSpec("dev", false);
	assert.ok(spec.includes(ours));
	const path = join(temporaryFolder("other"), "other.json");
	writeFileSync(path, spec.replace(ours, `"ethereumChainId": ${OTHER_CHAIN}`));
	return DevNode.launch("instant", `--chain=${path}`);
}

/** Has MetaMask use the other chain, as it uses some chain before it meets ours. */
async function useOther({ metamask }: WebPage): Promise<void> {
	const { http } = new Ethereum(other.node.ports.rpc);
	await metamask?.useNetwork(quantity(OTHER_CHAIN), "Elsewhere", http);
}

/** Runs a test with a visitor of its own. */
async function asVisitor(
	visitor: Parameters<typeof WebPage.open>[0],
	test: (web: WebPage) => Promise<void>,
): Promise<void> {
	const page = await WebPage.open(visitor);
	try {
		await useOther(page);
		await test(page);
		page.assertQuiet();
	} finally {
		await page.close();
	}
}

/** The free CMT of an account as a second client sees it, with four decimals, cut off. */
async function freeOf(address: string): Promise<string> {
	const { free } = (await dev.api.query.system.account(address)).data;
	const text = (free.toBigInt() - 1n).toString().padStart(19, "0");
	const whole = BigInt(text.slice(0, -18)).toLocaleString("en");
	return `${whole}.${text.slice(-18, -14)} CMT free`;
}

describe("the node", () => {
	it("is shown with its best and final block, and new ones as they come", async () => {
		await web.arrive();
		for (let turn = 0; turn < 2; turn += 1) {
			await dev.submit(bob, dev.api.tx.balances.transferKeepAlive(ferdie.address, 1n));
			await web.eventually("the block of the node", async () => {
				const { best, finalized } = await heads(dev.node.ports.rpc);
				return (await web.best()).text === `block ${best}, final ${finalized}`;
			});
		}
		web.assertQuiet();
	});

	it("is tried again where it does not answer at first", async () => {
		await dev.node.stop();
		await web.visit();
		await web.becomes("offline");
		await web.says(texts.health.offline);
		await dev.restart();
		await web.becomes("good");
	});

	it("keeps what was shown when it goes away, and goes on when it is back", async () => {
		await web.arrive();
		const before = await web.best();
		await dev.node.stop();
		await web.becomes("offline");
		assert.deepEqual(await web.best(), before);
		await dev.restart();
		await web.becomes("good");
		await dev.submit(bob, dev.api.tx.balances.transferKeepAlive(ferdie.address, 1n));
		await web.eventually("a new block", async () => (await web.best()).hash !== before.hash);
	});

	it("that belongs to another chain is named, and nothing of it is shown", async () => {
		const found = await standIn(dev.node.url, { answers: instead("cybermiles", "otherchain") });
		await asVisitor({ node: found.url }, async (page) => {
			await page.visit();
			await page.becomes("wrongChain");
			await page.says(texts.health.wrongChain("CyberMiles Development"));
			assert.equal(await page.page.locator("[data-best]").count(), 0);
		});
	});

	it("whose runtime answers otherwise is told of", async () => {
		const answers = instead("voting_power", "voting_taste");
		const found = await standIn(dev.node.url, { answers });
		await asVisitor({ node: found.url }, async (page) => {
			await page.visit();
			await page.becomes("otherRuntime");
		});
	});

	it("that is no node at all leaves a page that can be led elsewhere", async () => {
		const asks = (): undefined => undefined;
		const silent = await standIn(dev.node.url, { asks });
		await asVisitor({ node: silent.url }, async (page) => {
			await page.visit();
			await page.says(texts.health.connecting);
			await page.useNode(dev.node.url);
			await page.becomes("good");
		});
	});

	it("that fetches blocks still is behind", async () => {
		const answers = (text: string): string =>
			text.replace(/"isSyncing":false/, '"isSyncing":true');
		const behind = await standIn(dev.node.url, { answers });
		await asVisitor({ node: behind.url }, async (page) => {
			await page.visit();
			await page.becomes("behind");
			await page.says(/The node is behind: its best block is .+ old\./);
		});
	});

	it("has an address that is looked at before it is used, and kept for the next visit", async () => {
		await asVisitor({}, async (page) => {
			await page.visit();
			await page.useNode("here");
			await page.says(texts.health.notAnAddress);
			await page.useNode("https://127.0.0.1");
			await page.says(texts.health.notWebSocket);
			await page.useNode(dev.node.url);
			await page.becomes("good");
			await page.arrive();
		});
	});
});

describe("accounts", () => {
	afterEach(async () => {
		for (const kind of ["native", "ethereum", "watched"] as const) {
			if (await web.account(kind).count()) await web.forget(kind);
		}
	});

	it("of no wallet: the page says which there are", async () => {
		await asVisitor({ node: dev.node.url }, async (page) => {
			await page.arrive();
			await page.opened(".accounts details");
			await page.says(texts.wallets.noNative);
			await page.says(texts.wallets.noEthereum);
		});
	});

	it("of the extension: a refusal is told, then its accounts can be chosen from", async () => {
		await web.arrive();
		await web.opened(".accounts details");
		web.extension.rejectNext();
		await web.page.getByRole("button", { name: "polkadot-js" }).click();
		await web.says(/^You said no in the wallet/);
		await web.join("native");
		const card = web.account("native");
		assert.equal(await card.getAttribute("data-account"), bob.address);
		const free = await freeOf(bob.address);
		await web.eventually("Bob's balance", async () => (await card.innerText()).includes(free));
		const names = `${bob.address} ${imageOf(bob.publicKey)}`;
		assert.equal(await card.locator("[title]").getAttribute("title"), names);
		await card.getByLabel(texts.wallets.choose).selectOption(ferdie.address);
		assert.equal(await card.getAttribute("data-account"), ferdie.address);
		await web.visit();
		await web.eventually("the account of the last visit", async () => {
			return (await web.account("native").getAttribute("data-account")) === ferdie.address;
		});
	});

	it("of MetaMask, which learns of the chain from the page", async () => {
		await web.arrive();
		await web.join("ethereum");
		assert.deepEqual(web.metamask?.asked.slice(0, 2), ["connect", "network"]);
		const card = web.account("ethereum");
		assert.equal(await card.getAttribute("data-account"), nativeOf(ethereum.address));
		const free = await freeOf(nativeOf(ethereum.address));
		await web.eventually("the balance", async () => (await card.innerText()).includes(free));
	});

	it("of MetaMask, whose user adds the chain and stays on another: it is asked to change", async () => {
		await asVisitor({ node: dev.node.url, ethereum }, async (page) => {
			await page.arrive();
			page.metamask?.stayNext();
			await page.join("ethereum");
			assert.deepEqual(page.metamask?.asked, ["connect", "network", "switch", "switch"]);
		});
	});

	it("of MetaMask, whose user says no", async () => {
		await asVisitor({ node: dev.node.url, ethereum }, async (page) => {
			await page.arrive();
			await page.opened(".accounts details");
			page.metamask?.rejectNext();
			await page.page.getByRole("button", { name: "MetaMask" }).click();
			await page.says(/^You said no in the wallet/);
			assert.equal(await page.account("ethereum").count(), 0);
		});
	});

	it("that are only looked at, of both kinds, but nothing else", async () => {
		await web.arrive();
		for (const wrong of ["", "5Grw", "0x12", `${bob.address}1`]) {
			await web.watch(wrong);
			await web.says(texts.wallets.notAnAddress);
		}
		await web.watch(ethereum.address);
		const card = web.account("watched");
		await card.waitFor();
		assert.equal(await card.getAttribute("data-account"), nativeOf(ethereum.address));
		await web.watch(` ${ferdie.address} `);
		await web.eventually("the other address", async () => {
			return (await card.getAttribute("data-account")) === ferdie.address;
		});
	});

	it("stand side by side, one of each kind", async () => {
		await web.arrive();
		await web.join("native");
		await web.join("ethereum");
		await web.watch(ferdie.address);
		await web.account("watched").waitFor();
		assert.equal(await web.page.locator(".account").count(), 3);
		web.assertQuiet();
	});

	it("of an extension without accounts: the page says what to do", async () => {
		await asVisitor({ node: dev.node.url, extension: [] }, async (page) => {
			await page.arrive();
			await page.opened(".accounts details");
			await page.page.getByRole("button", { name: "polkadot-js" }).click();
			await page.says(texts.wallets.noAccount("polkadot-js"));
		});
	});
});

describe("another chain of the same kind", () => {
	it("is shown instead, and MetaMask is led to it", async () => {
		await asVisitor({ node: dev.node.url, ethereum }, async (page) => {
			await page.arrive();
			await page.join("ethereum");
			const before = await page.best();
			await page.useNode(other.node.url);
			await page.eventually("the other chain's block", async () => {
				const { hash } = await page.best().catch(() => before);
				return hash !== before.hash;
			});
			await page.becomes("good");
			await page.page.locator(".node summary").click();
			await page.forget("ethereum");
			await page.join("ethereum");
			assert.deepEqual(page.metamask?.asked, ["connect", "network", "switch", "switch"]);
		});
	});

	it("leaves no figure of the one before on the page", async () => {
		const answers = instead("cybermiles", "otherchain");
		const wrong = await standIn(dev.node.url, { answers });
		await dev.submit(bob, dev.api.tx.balances.transferKeepAlive(ferdie.address, 1n));
		await asVisitor({ node: dev.node.url }, async (page) => {
			await page.arrive();
			await page.watch(ferdie.address);
			const free = page.account("watched").getByText("CMT free");
			const collected = { network: `[data-card="chart"] details tr`, stake: ".history button" };
			for (const [place, selector] of Object.entries(collected)) {
				await page.arrive(place);
				const figures = [free, page.page.locator(selector).first()];
				await Promise.all(figures.map((one) => one.waitFor({ state: "attached" })));
				await page.useNode(wrong.url);
				await page.becomes("wrongChain");
				await Promise.all(figures.map((one) => one.waitFor({ state: "detached" })));
			}
		});
	});
});

describe("for everybody", () => {
	for (const colorScheme of ["light", "dark"] as const) {
		it(`the frame has no grave fault of accessibility in ${colorScheme} colours`, async () => {
			await web.page.emulateMedia({ colorScheme });
			await web.arrive();
			await web.join("native");
			await web.opened(".accounts details");
			assert.deepEqual(await audit(web.page), []);
			await web.page.locator(".accounts summary").click();
			await web.opened(".node details");
			assert.deepEqual(await audit(web.page), []);
		});
	}

	it("colours can be chosen, and stay", async () => {
		await web.page.emulateMedia({ colorScheme: "light" });
		await web.arrive();
		await web.opened(".node details");
		const background = () =>
			web.page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
		const light = await background();
		await web.page.getByLabel(texts.frame.theme).selectOption("dark");
		const dark = await background();
		assert.notEqual(dark, light);
		await web.arrive();
		assert.equal(await background(), dark);
		await web.opened(".node details");
		await web.page.getByLabel(texts.frame.theme).selectOption("system");
		assert.equal(await background(), light);
	});

	it("the head works without a mouse", async () => {
		await web.arrive();
		const { page } = web;
		await web.tabTo(page.getByRole("link", { name: texts.frame.skip }));
		await page.keyboard.press("Enter");
		assert.equal(await page.evaluate("document.activeElement.id"), "content");
		await page.evaluate("document.activeElement.blur()");
		await web.tabTo(page.getByRole("navigation").getByRole("link", { name: "Network" }));
		await page.keyboard.press("Enter");
		await page.getByRole("heading", { level: 1 }).waitFor();
		assert.match(page.url(), /#\/network$/);
		await web.tabTo(page.locator(".accounts summary"));
		await page.keyboard.press("Enter");
		await web.tabTo(page.getByLabel(texts.wallets.watchLabel));
		await page.keyboard.type(ferdie.address);
		await page.keyboard.press("Enter");
		await web.account("watched").waitFor();
		await web.forget("watched");
	});

	it("what is open over the page closes with Escape, or by a click elsewhere", async () => {
		await web.arrive();
		const open = web.page.locator("header details[open]");
		await web.opened(".node details");
		await web.page.getByLabel(texts.frame.nodeAddress).press("Escape");
		assert.equal(await open.count(), 0);
		await web.opened(".accounts details");
		await web.page.getByRole("heading", { level: 1 }).click();
		assert.equal(await open.count(), 0);
	});

	it("a phone's window is wide enough", async () => {
		await web.page.setViewportSize(PHONE);
		await web.arrive();
		await web.join("native");
		await web.watch(ferdie.address);
		await web.account("watched").waitFor();
		for (const panel of [".node details", ".accounts details"]) {
			await web.opened(panel);
			assert.equal(await web.overflow(), 0, panel);
			await web.page.keyboard.press("Escape");
		}
	});

	it("an address with a stray per cent sign names nobody, and the page stands", async () => {
		await web.arrive("validators/100%");
		await web.says(texts.validators.unknown("100%"));
		web.assertQuiet();
	});

	it("an address of no page says so", async () => {
		await web.arrive("nowhere");
		await web.says(texts.frame.notFound);
		web.assertQuiet();
	});
});
