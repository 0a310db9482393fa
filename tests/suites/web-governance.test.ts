// The page "Governance" in a real Chromium, by a wallet of each kind: every action, refusals, and its
// figures. What came of it is looked up on the chain by a second client.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Codec } from "@polkadot/types/types";
import { u8aConcat } from "@polkadot/util";
import { getBytes } from "ethers";
import { browserBinary } from "../src/browser.ts";
import { CMT, type Call } from "../src/calls.ts";
import { DevNode } from "../src/dev-node.ts";
import { Ethereum, keyOf, nativeOf, quantity } from "../src/ethereum.ts";
import { Referenda, type Tally } from "../src/governance.ts";
import { accountOf, sessionKeysWithProof, suriOf } from "../src/keys.ts";
import { cmt, drawn } from "../src/web/figures.ts";
import { tombstone } from "../src/web/offence.ts";
import { type Kind, WebPage, named, texts } from "../src/web/web-page.ts";

const alice = named("Alice");
const bob = named("Bob");
const charlie = accountOf("Charlie");
const ethereum = keyOf(0);
/** Whose session keys the candidate of the Ethereum account has. */
const KEYS = "Heidi";
/** Native addresses of those that vote with their stake behind Alice. */
const WHO: Record<Kind, string> = { native: bob.address, ethereum: nativeOf(ethereum.address) };
const KINDS = ["native", "ethereum"] as const;
const CHAIN_ID = 1234;
const SESSION = 20;
const STAKE = 5_000n * CMT;

let dev: DevNode;
let web: WebPage;
let referenda: Referenda;
/** Numbers of the referenda: one to vote on, and one for each kind of wallet to end. */
const polls = { voted: 0, native: 0, ethereum: 0 };

before(async () => {
	browserBinary();
	dev = await DevNode.launch("instant");
	referenda = new Referenda(dev.api);
	await stake();
	await propose();
	web = await WebPage.open({ node: dev.node.url, extension: [bob, alice], ethereum });
	const { http } = new Ethereum(dev.node.ports.rpc);
	await web.metamask?.useNetwork(quantity(CHAIN_ID), "CyberMiles", http);
	await web.arrive("governance");
	await web.join("native");
	await web.join("ethereum");
});
after(async () => {
	await web?.close();
	await dev?.stop();
});

/** Makes blocks. */
async function blocks(count: number): Promise<void> {
	for (let made = 0; made < count; made += 1) {
		await dev.submit(charlie, dev.api.tx.balances.transferKeepAlive(bob.address, 1n));
	}
}

/** Has an account make a call whose key signs no such transaction here. */
const as = (who: string, call: Call) => dev.submit(alice, dev.api.tx.sudo.sudoAs(who, call));

/** Both delegate to Alice, and the Ethereum account has a candidate with a seat. */
async function stake(): Promise<void> {
	const { tx } = dev.api;
	for (const who of Object.values(WHO)) await as(who, tx.cmtDpos.delegate(alice.address, STAKE));
	const owner = u8aConcat(getBytes(ethereum.address), new Uint8Array(12).fill(0xee));
	const { keys, proof } = sessionKeysWithProof(suriOf(KEYS), owner);
	await as(WHO.ethereum, tx.session.setKeys(keys, proof));
	await as(WHO.ethereum, tx.cmtDpos.declare(20_000n * CMT, 300, 10_000n * CMT));
	while ((await dev.dpos.candidate(WHO.ethereum))?.role !== "Validator") await blocks(SESSION / 2);
}

async function propose(): Promise<void> {
	const { tx } = dev.api;
	const inflation = { Awards: { Inflation: [null, 60_000_000] } };
	const change = tx.governance.changeParameter(inflation);
	polls.voted = await referenda.propose(alice, "Parameters", change);
	for (const kind of KINDS) {
		const remark = { Inline: tx.governance.pauseCall("CmtDpos", "retire").method.toHex() };
		const origin = { Governance: "Emergency" } as never;
		await dev.submit(alice, tx.referenda.submit(origin, remark, { After: 0 }));
		polls[kind] = (await dev.api.query.referenda.referendumCount()).toNumber() - 1;
	}
	await blocks(SESSION + 1);
}

/** Goes to a referendum. */
async function visit(index: number): Promise<void> {
	await web.page.evaluate(`location.hash = "#/governance/${index}"`);
	await web.page.getByRole("heading", { name: texts.governance.number(String(index)) }).waitFor();
}

/** Waits until the page shows what the chain's best block has. */
async function caughtUp(): Promise<void> {
	const { hash } = await dev.api.rpc.chain.getHeader();
	await web.page.locator(`main [data-at="${hash.toHex()}"]`).first().waitFor();
}

const voice = (kind: Kind, candidate = alice.address) =>
	web.page.locator(`[data-voice="${kind}"] [data-position="${candidate}"]`);
const ownerVoice = (kind: Kind) => web.page.locator(`[data-voice="${kind}"] [data-owner]`);
const action = (name: string, kind: Kind) =>
	web.page.locator(`[data-action="${name}"][data-from="${kind}"]`);

type Ask = (index: number, who?: string) => Promise<Codec>;

/** What `GovernanceApi` answers at a block. */
async function ask(method: "proposal" | "votingPower", hash: string, ...of: Parameters<Ask>) {
	const { call } = await dev.api.at(hash);
	const { governanceApi } = call as unknown as { governanceApi: Record<typeof method, Ask> };
	return (await governanceApi[method](...of)).toJSON();
}

/** The power of an account's stake behind Alice at the best block. */
async function powerOf(kind: Kind, index: number): Promise<bigint> {
	const { hash } = await dev.api.rpc.chain.getHeader();
	const told = await ask("votingPower", hash.toHex(), index, WHO[kind]);
	const positions = told as { candidate: string; power: string | number }[];
	return BigInt(positions.find(({ candidate }) => candidate === alice.address)?.power ?? 0);
}

/** The tally of a referendum at a block. */
async function tallyAt(index: number, hash: string): Promise<Tally> {
	const told = (await ask("proposal", hash, index)) as {
		tally: Record<keyof Tally, string | number>;
	};
	const { opens, total, ayes, nays, abstentions } = told.tally;
	return {
		opens: Number(opens),
		total: BigInt(total),
		ayes: BigInt(ayes),
		nays: BigInt(nays),
		abstentions: BigInt(abstentions),
	};
}

/** The tally as the page has to show it. */
const shown = ({ ayes, nays, abstentions, total }: Tally): Record<string, string> => ({
	aye: `${cmt(ayes)} CMT`,
	nay: `${cmt(nays)} CMT`,
	abstain: `${cmt(abstentions)} CMT`,
	rest: `${cmt(total - ayes - nays - abstentions)} CMT`,
	total: `${cmt(total)} CMT`,
});

/** The page's tally is the chain's, to the last digit shown. */
async function tallyAgrees(index: number): Promise<Tally> {
	const { hash } = await dev.api.rpc.chain.getHeader();
	const card = web.page.locator(`main [data-at="${hash.toHex()}"] [data-card="tally"]`);
	await card.waitFor();
	const { at, figures } = await drawn(card);
	const there = await tallyAt(index, at);
	for (const [name, text] of Object.entries(shown(there))) assert.equal(figures[name], text, name);
	return there;
}

describe("the list", () => {
	it("has all referenda, the newest first, with their calls in words", async () => {
		const rows = web.page.locator("main tbody tr");
		await rows.first().waitFor();
		assert.equal(await rows.count(), 3);
		const first = await rows.first().innerText();
		assert.match(first, new RegExp(`^${polls.ethereum}\\b`));
		assert.match(first, /Governance\.pause_call/);
		assert.match(await rows.last().innerText(), /Governance\.change_parameter/);
		const state = rows.first().locator("[data-state]");
		assert.equal(await state.getAttribute("data-state"), "AwaitingDeposit");
	});

	it("leads to a referendum, whose call is readable", async () => {
		await web.page.locator(`main a[href="#/governance/${polls.voted}"]`).first().click();
		const call = web.page.locator('[data-card="call"]');
		await call.locator('[data-call="Governance.change_parameter"]').waitFor();
		assert.match(await call.innerText(), /Inflation/);
	});

	it("has no referendum that is not there", async () => {
		await visit(1_000);
		await web.says(texts.governance.unknown("1000"));
	});
});

for (const kind of KINDS) {
	describe(`the actions of the ${kind} account`, () => {
		const index = () => polls[kind];

		it("vote with its stake, change the vote, abstain", async () => {
			await visit(polls.voted);
			await voice(kind).waitFor();
			const before = await tallyAgrees(polls.voted);
			const power = await powerOf(kind, polls.voted);
			assert.ok(power > 0n);
			const told = voice(kind).locator('[data-figure="power"]');
			assert.equal(await told.innerText(), texts.governance.power(cmt(power)));
			const sides = { Aye: "ayes", Nay: "nays", Abstain: "abstentions" } as const;
			for (const vote of ["Aye", "Nay", "Abstain"] as const) {
				await voice(kind).locator(`[data-action="${vote}"]`).click();
				await web.rehearsed();
				assert.match(await web.dialog.innerText(), new RegExp(`Votes ${vote} on referendum`));
				const { words } = await web.succeed();
				assert.match(words, new RegExp(`^[\\d,.]+ CMT vote ${vote} now\\.$`));
				const tally = await tallyAgrees(polls.voted);
				assert.equal(tally[sides[vote]] - before[sides[vote]], power);
				await voice(kind).locator(`[data-action="${vote}"][aria-pressed="true"]`).waitFor();
			}
		});

		it("go with the validator again", async () => {
			await voice(kind).locator('[data-action="withdraw"]').click();
			await web.succeed();
			const tally = await tallyAgrees(polls.voted);
			assert.equal(tally.abstentions, 0n);
			await voice(kind).getByText(/goes with/).waitFor();
		});

		it("place a decision deposit", async () => {
			await visit(index());
			await action("place", kind).click();
			await web.rehearsed();
			assert.match(await web.dialog.innerText(), /Leaves 20,000 CMT for the decision/);
			await web.succeed();
			const info = await dev.api.query.referenda.referendumInfoFor(index());
			const { decisionDeposit } = (info.toJSON() as never)["ongoing"] as {
				decisionDeposit: { who: string };
			};
			assert.equal(decisionDeposit.who, WHO[kind]);
		});

		it("what the user rejects changes nothing", async () => {
			await voice(kind).waitFor();
			(kind === "native" ? web.extension : web.metamask)?.rejectNext();
			await voice(kind).locator('[data-action="Aye"]').click();
			await web.sign();
			assert.deepEqual(await web.outcome(), { problem: "UserRejected" });
			await web.dismiss();
			assert.equal((await referenda.tally(index())).ayes, 0n);
		});

		it("a vote on what ends between the dialog and the signature is refused", async () => {
			await voice(kind).locator('[data-action="Aye"]').click();
			assert.equal(await web.rehearsed(), undefined);
			await dev.submit(alice, dev.api.tx.sudo.sudo(dev.api.tx.referenda.cancel(index())));
			await web.sign();
			assert.deepEqual(await web.outcome(), { problem: "PollEnded" });
			await web.dismiss();
		});

		it("have both deposits of an ended one returned", async () => {
			await caughtUp();
			for (const refund of ["refundDecision", "refundSubmission"]) {
				await action(refund, kind).click();
				await web.succeed();
				await action(refund, kind).waitFor({ state: "detached" });
			}
			const info = await dev.api.query.referenda.referendumInfoFor(index());
			assert.deepEqual((info.toJSON() as { cancelled: unknown[] }).cancelled.slice(1), [null, null]);
		});
	});
}

describe("owners of candidates", () => {
	it("vote with all that stands behind them, and take it back, by the extension", async () => {
		await web.account("native").getByLabel(texts.wallets.choose).selectOption(alice.address);
		await visit(polls.voted);
		await vote("native");
	});

	it("and by MetaMask", async () => {
		await vote("ethereum");
	});

	async function vote(kind: Kind): Promise<void> {
		await ownerVoice(kind).locator('[data-action="Nay"]').click();
		await web.succeed();
		const tally = await tallyAgrees(polls.voted);
		assert.ok(tally.nays > 0n);
		await ownerVoice(kind).locator('[data-action="withdraw"]').click();
		await web.succeed();
		assert.equal((await tallyAgrees(polls.voted)).nays, 0n);
	}

	it("cannot vote in jail, and learn so before they sign", async () => {
		await tombstone(dev, KEYS, charlie, WHO.ethereum);
		await caughtUp();
		await ownerVoice("ethereum").locator('[data-action="Aye"]').click();
		assert.equal(await web.rehearsed(), "Tombstoned");
		await web.dismiss();
	});
});

describe("who has no say", () => {
	it("an account without stake, and one that is only watched", async () => {
		await web.watch(charlie.address);
		const watched = web.page.locator('[data-voice="watched"]');
		await watched.getByText(texts.governance.lookOnly).waitFor();
		await watched.getByText(texts.governance.noPositions).waitFor();
		await web.watch(bob.address);
		await watched.locator("[data-position]").waitFor();
		assert.equal(await watched.locator("button").count(), 0);
		await web.forget("watched");
		web.assertQuiet();
	});
});
