// The web page in a real Chromium on the local network of 19 validators: its figures are those of
// `DposApi` at the block that it names, authors and finality are those of the chain, a stopped
// validator is noticed; a delegation and a vote. WEB_PICTURES=1 takes the pictures of docs/web.md.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { ApiPromise } from "@polkadot/api";
import { repositoryRoot } from "../src/binary.ts";
import { blocksOf } from "../src/blocks.ts";
import { browserBinary } from "../src/browser.ts";
import { CMT } from "../src/calls.ts";
import { Dpos, type Seats } from "../src/dpos.ts";
import { Ethereum, keyOf, nativeOf, quantity } from "../src/ethereum.ts";
import { Referenda } from "../src/governance.ts";
import { introduce } from "../src/identities.ts";
import { temporaryFolder } from "../src/janitor.ts";
import { accountOf } from "../src/keys.ts";
import { localCandidates, nameOf } from "../src/names.ts";
import { Network, SEATS } from "../src/network.ts";
import { heads } from "../src/rpc.ts";
import { eventually } from "../src/wait.ts";
import { cmt, drawn, drawnRows, millionths, rate } from "../src/web/figures.ts";
import { WebPage, named, texts } from "../src/web/web-page.ts";

const MINUTE = 60_000;
const CHAIN_ID = 1234;
/** Is stopped until the page tells of it. */
const silent = localCandidates[SEATS - 1]!;
const alice = accountOf("Alice");
/** Has stake behind Alice since genesis. */
const delegator = named("Alice//stash");
const ethereum = keyOf(0);

let network: Network;
let api: ApiPromise;
let port: number;
let web: WebPage;
/** Number of the referendum. */
let poll = 0;

before(async () => {
	browserBinary();
	network = await Network.prepare({ folder: temporaryFolder("web") });
	await network.start();
	await network.finalises();
	const [first] = network.nodes;
	port = first!.ports.rpc;
	api = await first!.api();
	await introduce(api);
	await propose();
	web = await WebPage.open({ node: first!.url, extension: [delegator], ethereum });
	const { http } = new Ethereum(port);
	await web.metamask?.useNetwork(quantity(CHAIN_ID), "CyberMiles", http);
	await web.arrive();
	await web.join("native");
	await web.join("ethereum");
});
after(async () => {
	await web?.close();
	await network?.discard();
});

const dpos = (hash?: string): Dpos => new Dpos(api, hash);

async function propose(): Promise<void> {
	const call = api.tx.governance.pauseCall("CmtDpos", "offer_ownership");
	poll = await new Referenda(api).propose(alice, "Emergency", call);
}

/** Takes the picture of a page for the docs, where that is asked for. */
async function picture(name: string): Promise<void> {
	if (!process.env["WEB_PICTURES"]) return;
	const folder = join(repositoryRoot, "docs", "images");
	mkdirSync(folder, { recursive: true });
	await web.page.evaluate("scrollTo(0, 0)");
	await web.page.screenshot({ path: join(folder, `web-${name}.png`) });
}

/** Waits for a block that the page has not shown yet, and reads what it shows of it. */
async function fresh<T extends { at: string }>(before: string, read: () => Promise<T>): Promise<T> {
	return web.eventually("figures of another block", async () => {
		const now = await read();
		return now.at !== "" && now.at !== before && now;
	});
}

describe("the list of candidates", () => {
	it("shows what DposApi tells at the block that it names, block after block", async () => {
		const table = web.page.locator("main table");
		await table.waitFor();
		let at = "";
		for (let turn = 0; turn < 3; turn += 1) {
			const shown = await fresh(at, () => drawnRows(table));
			at = shown.at;
			const all = await dpos(at).summaries();
			assert.equal(Object.keys(shown.rows).length, all.length);
			for (const { info, profile, yearly } of all) {
				const row = shown.rows[info.candidate];
				assert.ok(row, info.candidate);
				const room = info.maxStake > info.stake ? info.maxStake - info.stake : 0n;
				assert.equal(row["rank"], String(info.rank));
				assert.equal(row["role"], texts.validators.roles[info.role]);
				assert.equal(row["stake"], cmt(info.stake, 0));
				assert.equal(row["room"], cmt(room, 0));
				assert.equal(row["selfStake"], cmt(info.selfStake, 0));
				assert.equal(row["maxStake"], cmt(info.maxStake, 0));
				assert.equal(row["rate"], rate(info.defaultRate));
				assert.equal(row["maxRate"], rate(info.maxRate));
				assert.equal(row["yearly"], millionths(yearly));
				assert.equal(row["positions"], String(info.positions));
				assert.notEqual(profile.name, "");
				assert.equal(row["name"], profile.name);
			}
		}
	});

	it("one of them to the fourth decimal, with its seat", async () => {
		await web.page.locator(`main [data-row="${alice.address}"] a`).first().click();
		await web.page.getByRole("heading", { level: 1 }).waitFor();
		const main = web.page.locator("main [data-at]").first();
		await main.locator('[data-figure="stake"]').waitFor();
		const { at, figures } = await drawn(main.locator(".cards").first());
		const chain = dpos(at);
		const [candidate, { validators }] = [await chain.candidate(alice.address), await chain.seats()];
		assert.equal(figures["stake"], cmt(candidate!.stake));
		assert.equal(figures["selfStake"], cmt(candidate!.selfStake));
		const seat = validators.find((one) => one.candidate === alice.address);
		assert.equal(figures["counted"], cmt(seat!.counted));
	});
});

describe("the network", () => {
	it("shows the blocks with the authors whose turn it was, and how far finality is", async () => {
		await web.go("network");
		const card = web.page.locator('[data-card="blocks"]');
		await card.locator('[data-final="true"]').nth(5).waitFor();
		const rows = (await card.evaluate(
			new Function(
				"element",
				`return [...element.querySelectorAll("[data-row]")].map((row) => ({ ...row.dataset }))`,
			) as never,
		)) as unknown as { row: string; hash: string; author: string; final: string }[];
		// Others may still be replaced before they are compared.
		const final = rows.filter((row) => row.final === "true");
		const numbers = final.map(({ row }) => Number(row));
		const blocks = await blocksOf(port, Math.min(...numbers), Math.max(...numbers));
		for (const { row, hash, author } of final) {
			const block = blocks.find(({ number }) => number === Number(row));
			assert.equal(hash, block?.hash);
			assert.equal(nameOf(author), block?.author);
		}
		await web.eventually("the node's final block", async () => {
			const { figures } = await drawn(card);
			const [best, last, lag] = ["best", "finalized", "lag"].map((name) => Number(figures[name]));
			assert.equal(lag, Math.max(0, best! - last!));
			return last === (await heads(port)).finalized;
		});
	});

	it("shows seats, awards and books as DposApi tells them", async () => {
		let at = "";
		for (let turn = 0; turn < 2; turn += 1) {
			const award = web.page.locator('[data-card="award"]');
			const shown = await fresh(at, () => drawn(award));
			at = shown.at;
			const books = await drawn(web.page.locator('[data-card="books"]'));
			const told = await dpos(at).blockAward();
			for (const name of ["issued", "fees", "toValidators", "toStandbys"] as const) {
				assert.equal(shown.figures[name], `${cmt(told[name])} CMT`, name);
			}
			const solvency = await dpos(books.at).solvency();
			assert.equal(books.figures["escrow"], `${cmt(solvency.escrow)} CMT`);
			assert.equal(books.figures["bookStake"], `${cmt(solvency.stake)} CMT`);
		}
		const seats = await drawnRows(web.page.locator('[data-card="stake"] table').first());
		const { validators }: Seats = await dpos(seats.at).seats();
		assert.equal(Object.keys(seats.rows).length, SEATS);
		for (const { candidate, stake, counted } of validators) {
			assert.equal(seats.rows[candidate]?.["stake"], cmt(stake));
			assert.equal(seats.rows[candidate]?.["counted"], cmt(counted));
		}
		await picture("network");
	});
});

describe("what users do there", () => {
	// Its absence shows within a round of turns, while the others go on.
	before(() => network.node(silent).stop());

	// First of all: who misses three turns is jailed, loses its seat, and is absent no longer.
	it("a validator that stops is named as absent, and so are the turns that it misses", async () => {
		await web.go("network");
		const { address } = accountOf(silent);
		const patience = { timeoutMs: 3 * MINUTE };
		const absent = web.page.locator(`[data-card="absent"] [data-absent="${address}"]`);
		await eventually("its absence on the page", async () => (await absent.count()) > 0, patience);
		const names = (await dpos().absentValidators()).map(([candidate]) => nameOf(candidate));
		assert.ok(names.includes(silent), String(names));
		const missed = web.page.locator("[data-missed]");
		await eventually("a missed turn", async () => (await missed.count()) > 0, patience);
	});

	for (const kind of ["native", "ethereum"] as const) {
		it(`a delegation of the ${kind} account, which its position shows at once`, async () => {
			const who = kind === "native" ? delegator.address : nativeOf(ethereum.address);
			const behind = localCandidates[4]!;
			const { address } = accountOf(behind);
			const held = (await dpos().position(who, address))?.principal ?? 0n;
			await web.go("stake");
			const form = web.page.locator('[data-form="delegate"]');
			await form.locator('[name="from"]').selectOption(kind);
			await form.locator('[name="candidate"]').selectOption(address);
			await form.locator('[name="amount"]').fill("2500");
			await form.locator('button[type="submit"]').click();
			const { block } = await web.succeed();
			const position = await dpos(block).position(who, address);
			assert.equal(position?.principal, held + 2_500n * CMT);
			const card = web.page.locator(`[data-kind="${kind}"] [data-position="${address}"]`);
			await card.waitFor();
			const { at, figures } = await drawn(card);
			const there = await dpos(at).position(who, address);
			assert.equal(figures["value"], `${cmt(there!.value)} CMT`);
		});
	}

	it("a vote with stake, as soon as the referendum takes votes", async () => {
		await picture("stake");
		const referenda = new Referenda(api);
		await referenda.opened(poll);
		await web.page.evaluate(`location.hash = "#/governance/${poll}"`);
		const voice = web.page.locator(
			`[data-voice="native"] [data-position="${alice.address}"] [data-action="Nay"]`,
		);
		await voice.waitFor();
		await voice.click();
		await web.succeed();
		assert.ok((await referenda.tally(poll)).nays > 0n);
		await picture("governance");
	});

	it("a yield for everybody who sat in the last whole session", async () => {
		await web.go("validators");
		const table = web.page.locator("main table");
		await table.waitFor();
		const { at, rows } = await drawnRows(table);
		for (const { candidate, yearly } of await dpos(at).yields()) {
			assert.equal(rows[candidate]?.["yearly"], millionths(yearly));
		}
		assert.notEqual(rows[alice.address]?.["yearly"], "0.00 %");
		await picture("validators");
		web.assertQuiet();
	});
});
