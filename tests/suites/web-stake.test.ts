// The page "My stake" in a real Chromium, by a wallet of each kind: every action, every refusal, a
// node that goes away in the middle. What came of it is looked up on the chain by a second client.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { stringToHex } from "@polkadot/util";
import { encodeAddress } from "@polkadot/util-crypto";
import { browserBinary } from "../src/browser.ts";
import { CMT, freeBalance } from "../src/calls.ts";
import { DevNode } from "../src/dev-node.ts";
import { Dpos, type Position } from "../src/dpos.ts";
import { Ethereum, keyOf, nativeOf, quantity } from "../src/ethereum.ts";
import { accountOf, sessionKeysWithProof, suriOf } from "../src/keys.ts";
import { cmt, drawn, rate } from "../src/web/figures.ts";
import { tombstone } from "../src/web/offence.ts";
import { type Kind, PATIENCE, WebPage, named, texts } from "../src/web/web-page.ts";

const alice = accountOf("Alice");
/** Makes blocks. */
const charlie = accountOf("Charlie");
/** Declare candidates whose keys no node has. */
const dave = accountOf("Dave");
const eve = accountOf("Eve");
const bob = named("Bob");
/** Has a position, and next to nothing besides. */
const pauper = named("Pauper");
const ethereum = keyOf(0);
/** Native addresses of the two that act. */
const WHO: Record<Kind, string> = { native: bob.address, ethereum: nativeOf(ethereum.address) };
const KINDS = ["native", "ethereum"] as const;
const CHAIN_ID = 1234;
/** Holds all stake. */
const ESCROW = encodeAddress(stringToHex("modlcmt/dpos").padEnd(66, "0"), 42);

let dev: DevNode;
let web: WebPage;

before(async () => {
	browserBinary();
	dev = await DevNode.launch("instant");
	await declare("Dave");
	await declare("Eve");
	await impoverish();
	web = await WebPage.open({ node: dev.node.url, extension: [bob, pauper], ethereum });
	const { http } = new Ethereum(dev.node.ports.rpc);
	await web.metamask?.useNetwork(quantity(CHAIN_ID), "CyberMiles", http);
	await web.arrive("stake");
	await web.join("native");
	await web.join("ethereum");
});
after(async () => {
	await web?.close();
	await dev?.stop();
});

async function declare(name: string): Promise<void> {
	const { tx } = dev.api;
	const owner = accountOf(name);
	const { keys, proof } = sessionKeysWithProof(suriOf(name), owner.publicKey);
	await dev.submit(owner, tx.session.setKeys(keys, proof));
	await dev.submit(owner, tx.cmtDpos.declare(20_000n * CMT, 300, 10_000n * CMT));
}

/** Gives the pauper a position, and leaves it less than the fee of any call. */
async function impoverish(): Promise<void> {
	const { tx } = dev.api;
	await dev.submit(charlie, tx.balances.transferKeepAlive(pauper.address, 1_001n * CMT));
	await dev.submit(pauper, tx.cmtDpos.delegate(alice.address, 1_000n * CMT));
	const free = await freeBalance(dev.api, pauper.address);
	const fee = (await tx.balances.transferKeepAlive(alice.address, 1n).paymentInfo(pauper)).partialFee;
	const rest = free - fee.toBigInt() * 2n;
	await dev.submit(pauper, tx.balances.transferKeepAlive(alice.address, rest));
}

/** Makes blocks. */
async function blocks(count: number): Promise<void> {
	for (let made = 0; made < count; made += 1) {
		await dev.submit(charlie, dev.api.tx.balances.transferKeepAlive(alice.address, 1n));
	}
}

async function positionOf(kind: Kind, candidate = alice.address): Promise<Position> {
	const position = await dev.dpos.position(WHO[kind], candidate);
	assert.ok(position, `${kind} has no position`);
	return position;
}

/** The sum of what waits. */
const waiting = ({ unbonding }: Position): bigint =>
	unbonding.reduce((sum, { amount }) => sum + amount, 0n);

const section = (kind: Kind | "watched") => web.page.locator(`section.card[data-kind="${kind}"]`);
const positionCard = (kind: Kind | "watched", candidate = alice.address) =>
	section(kind).locator(`[data-position="${candidate}"]`);
const delegateForm = () => web.page.locator('[data-form="delegate"]');

/** Fills the form to delegate. */
async function fill(kind: Kind, candidate: string, amount: string): Promise<void> {
	const form = delegateForm();
	await form.locator('[name="from"]').selectOption(kind);
	await form.locator('[name="candidate"]').selectOption(candidate);
	await form.locator('[name="amount"]').fill(amount);
	await form.locator('button[type="submit"]').click();
}

/** Opens a form of a position, and enters something. */
async function enter(kind: Kind, form: string, text: string, candidate?: string): Promise<void> {
	const card = positionCard(kind, candidate);
	const opened = card.locator(`[data-form="${form}"]`);
	if ((await opened.count()) === 0) await card.locator(`button[data-action="${form}"]`).click();
	await opened.locator("input").fill(text);
	await opened.locator('button[type="submit"]').click();
}

/** How many transactions a wallet was asked to sign. */
function signatures(kind: Kind): number {
	const asked: readonly string[] =
		kind === "native" ? web.extension.asked : (web.metamask?.asked ?? []);
	return asked.filter((question) => question === "transaction").length;
}

/** Waits until the page shows the chain's block, so that its forms know of it. */
async function caughtUp(): Promise<void> {
	const { hash } = await dev.api.rpc.chain.getHeader();
	const there = web.page.locator(`main [data-at="${hash.toHex()}"]`);
	await there.first().waitFor({ timeout: PATIENCE });
}

for (const kind of KINDS) {
	describe(`the actions of the ${kind} account`, () => {
		it("delegate", async () => {
			const before = signatures(kind);
			await fill(kind, alice.address, "5,000.5");
			await web.rehearsed();
			const said = await web.dialog.innerText();
			assert.match(said, /Locks 5,000\.5 CMT behind/);
			assert.match(said, /compensation rate of 20\.0 %/);
			assert.match(said, /The transaction costs at most 0\.0\d+ CMT\./);
			const { words, block } = await web.succeed();
			assert.match(words, /^5,000\.5 CMT are behind .+ now\.$/);
			assert.equal(signatures(kind), before + 1);
			const there = await new Dpos(dev.api, block).position(WHO[kind], alice.address);
			assert.equal(there?.principal, 5_000n * CMT + CMT / 2n);
			assert.equal(await delegateForm().locator('[name="amount"]').inputValue(), "");
		});

		it("add to a position", async () => {
			await caughtUp();
			await enter(kind, "add", "1000");
			assert.match(await web.dialog.innerText(), /Your rate stays 20\.0 %\./);
			await web.succeed();
			assert.equal((await positionOf(kind)).principal, 6_000n * CMT + CMT / 2n);
		});

		it("take some out", async () => {
			await caughtUp();
			await enter(kind, "undelegate", "2000");
			const { words } = await web.succeed();
			const era = await dev.dpos.era();
			assert.equal(words, `2,000 CMT wait now, and arrive by themselves in era ${era + 2}.`);
			assert.equal(waiting(await positionOf(kind)), 2_000n * CMT);
		});

		it("take some of it back, then all", async () => {
			await caughtUp();
			await enter(kind, "rebond", "500");
			await web.succeed();
			assert.equal(waiting(await positionOf(kind)), 1_500n * CMT);
			await caughtUp();
			const card = positionCard(kind);
			if ((await card.locator('[data-form="rebond"]').count()) === 0) {
				await card.locator('button[data-action="rebond"]').click();
			}
			await card.locator('[data-form="rebond"] button[data-action="all"]').click();
			await web.succeed();
			assert.equal(waiting(await positionOf(kind)), 0n);
		});

		it("see what is earned at each block, to the last digit shown", async () => {
			for (let turn = 0; turn < 3; turn += 1) {
				await blocks(1);
				await caughtUp();
				const { at, figures } = await drawn(positionCard(kind));
				const chain = await new Dpos(dev.api, at).position(WHO[kind], alice.address);
				assert.ok(chain && chain.earned > 0n);
				assert.equal(figures["value"], `${cmt(chain.value)} CMT`);
				assert.equal(figures["principal"], `${cmt(chain.principal)} CMT`);
				assert.ok(figures["earned"]?.startsWith(`${cmt(chain.earned)} CMT`), figures["earned"]);
				assert.equal(figures["rate"], rate(chain.rate));
				const sums = (await drawn(section(kind).locator(".figures-list").first())).figures;
				assert.equal(sums["staked"], `${cmt(chain.value)} CMT`);
			}
		});

		it("harvest", async () => {
			const free = await freeBalance(dev.api, WHO[kind]);
			const { earned } = await positionOf(kind);
			await positionCard(kind).locator('button[data-action="harvest"]').click();
			const { words } = await web.succeed();
			assert.match(words, /^You were paid [\d,.]+ CMT\.$/);
			// The block of the harvest has an award too, which is earned from then on.
			assert.ok((await positionOf(kind)).earned < earned);
			assert.ok((await freeBalance(dev.api, WHO[kind])) > free);
		});

		it("accept a higher rate", async () => {
			await dev.submit(alice, dev.api.tx.validatorCompensation.lowerRate(WHO[kind], 100));
			await caughtUp();
			await enter(kind, "rate", "15.5");
			assert.match(await web.dialog.innerText(), /from 10\.0 % to 15\.5 %/);
			const { words } = await web.succeed();
			assert.equal(words, texts.staking.rateAccepted("15.5 %"));
			assert.equal((await positionOf(kind)).rate, 155);
		});

		it("see what was done, in the history", async () => {
			await caughtUp();
			const history = web.page.locator('[data-section="history"]');
			await history.locator('[name="history-of"]').selectOption(kind);
			const names = [
				"CmtDpos.Delegated",
				"CmtDpos.Undelegated",
				"CmtDpos.Rebonded",
				"ValidatorCompensation.Harvested",
				"ValidatorCompensation.RateChanged",
			];
			for (const name of names) {
				await history.locator(`[data-event="${name}"]`).first().waitFor();
			}
			const row = history.locator("tr", {
				has: web.page.locator('[data-event="CmtDpos.Delegated"]'),
			});
			assert.match(await row.last().innerText(), /5,000\.5000 CMT/);
		});

		it("take everything out", async () => {
			await caughtUp();
			const card = positionCard(kind);
			await card.locator('button[data-action="undelegate"]').click();
			await card.locator('[data-form="undelegate"] button[data-action="all"]').click();
			await web.succeed();
			const { value, unbonding } = await positionOf(kind);
			assert.equal(value, 0n);
			assert.equal(unbonding.length, 1);
			await caughtUp();
			assert.match(await card.innerText(), /in about \d+ (seconds|minutes)/);
		});
	});

	describe(`what is refused to the ${kind} account`, () => {
		const problems = texts.problems;

		/** Enters an amount that must not get as far as a dialog. */
		async function refusedAt(candidate: string, amount: string, name: keyof typeof problems) {
			await fill(kind, candidate, amount);
			const [what, remedy] = problems[name];
			await delegateForm().getByText(`${what} ${remedy}`.trim()).waitFor();
			assert.equal(await web.dialog.count(), 0);
		}

		it("amounts that the form knows to be wrong", async () => {
			await caughtUp();
			await refusedAt(alice.address, "much", "NotAnAmount");
			await refusedAt(alice.address, "-5", "NotAnAmount");
			await refusedAt(alice.address, "0.0000000000000000001", "NotAnAmount");
			await refusedAt(alice.address, "0", "ZeroAmount");
			await refusedAt(alice.address, "999.999999999999999999", "BelowMinimum");
			await refusedAt(alice.address, "10,000,001", "InsufficientBalance");
			await refusedAt(dave.address, "10,001", "ExceedsMaximum");
		});

		it("what the user rejects: nothing is sent, and it can be tried again", async () => {
			await fill(kind, alice.address, "1000");
			(kind === "native" ? web.extension : web.metamask)?.rejectNext();
			await web.sign();
			assert.deepEqual(await web.outcome(), { problem: "UserRejected" });
			await web.dialog.getByRole("button", { name: texts.dialog.again }).click();
			assert.ok("block" in (await web.outcome()));
			await web.dismiss();
			assert.equal((await positionOf(kind)).principal, 1_000n * CMT);
		});

		it("what would leave too little, or take what is not there", async () => {
			await caughtUp();
			await enter(kind, "undelegate", "1");
			await positionCard(kind).getByText(problems.RemainderTooSmall[0]).waitFor();
			await enter(kind, "undelegate", "5000");
			await positionCard(kind).getByText(problems.MoreThanBonded[0]).waitFor();
			assert.equal(await web.dialog.count(), 0);
		});
	});
}

describe("what else is refused", () => {
	/** Has the extension's other account act. */
	const chooseNative = (address: string) =>
		web.account("native").getByLabel(texts.wallets.choose).selectOption(address);

	it("an account that cannot pay the fee learns so before it signs", async () => {
		await chooseNative(pauper.address);
		await caughtUp();
		const card = positionCard("native");
		await card.locator('button[data-action="undelegate"]').click();
		await card.locator('[data-form="undelegate"] button[data-action="all"]').click();
		assert.equal(await web.rehearsed(), "NotEnoughForFees");
		const sign = web.dialog.getByRole("button", { name: texts.dialog.sign, exact: true });
		assert.equal(await sign.isEnabled(), false);
		await web.dismiss();
		await chooseNative(bob.address);
	});

	it("a candidate that closes between the dialog and the signature", async () => {
		const { tx } = dev.api;
		await fill("native", eve.address, "1000");
		assert.equal(await web.rehearsed(), undefined);
		await dev.submit(eve, tx.cmtDpos.retire());
		await web.sign();
		assert.deepEqual(await web.outcome(), { problem: "CandidateRetired" });
		await web.dismiss();
		await caughtUp();
		const choice = delegateForm().locator(`option[value="${eve.address}"]`);
		assert.equal(await choice.count(), 0);
	});

	it("a candidate in jail for good is warned of, and its delegators learn of it", async () => {
		await dev.submit(bob, dev.api.tx.cmtDpos.delegate(dave.address, 1_000n * CMT));
		while ((await dev.dpos.candidate(dave.address))?.role !== "Validator") await blocks(5);
		await tombstone(dev, "Dave", charlie);
		await caughtUp();
		await positionCard("native", dave.address).locator('[data-concern="tombstoned"]').waitFor();
		await delegateForm().locator('[name="candidate"]').selectOption(dave.address);
		await delegateForm().locator('[data-concern="tombstoned"]').waitFor();
		for (const kind of KINDS) {
			await fill(kind, dave.address, "1000");
			assert.equal(await web.rehearsed(), "Tombstoned");
			await web.dismiss();
		}
	});

	it("what is due cannot be collected while the chain pays nothing", async () => {
		const { tx } = dev.api;
		const { escrow } = await dev.dpos.solvency();
		const less = tx.balances.forceSetBalance(ESCROW, escrow - CMT);
		await dev.submit(alice, tx.sudo.sudo(less));
		const dues = await Promise.all(KINDS.map(async (kind) => (await positionOf(kind)).unbonding));
		const last = Math.max(...dues.flat().map(({ due }) => due));
		while ((await dev.dpos.era()) < last) await blocks(10);
		await caughtUp();
		await web.says(texts.stake.paused);
		for (const kind of KINDS) {
			await section(kind).locator('button[data-action="withdraw"]').click();
			assert.equal(await web.rehearsed(), "PayoutsPaused");
			await web.dismiss();
		}
	});

	it("an address that is only watched: nothing can be signed for it", async () => {
		await web.watch(pauper.address);
		await section("watched").waitFor();
		await positionCard("watched").waitFor();
		assert.equal(await section("watched").locator("button").count(), 0);
		const from = delegateForm().locator('[name="from"] option');
		assert.deepEqual(await from.evaluateAll((all) => all.length), 2);
		await web.forget("watched");
	});
});

describe("a node that goes away", () => {
	/** Makes a block now and then, so that there is time between sending and block. */
	let slow: DevNode;
	let visitor: WebPage;
	before(async () => {
		slow = await DevNode.launch("3000");
		visitor = await WebPage.open({ node: slow.node.url, extension: [bob], ethereum });
		const { http } = new Ethereum(slow.node.ports.rpc);
		await visitor.metamask?.useNetwork(quantity(CHAIN_ID), "CyberMiles", http);
		await visitor.arrive("stake");
		await visitor.join("native");
		await visitor.join("ethereum");
	});
	after(async () => {
		await visitor?.close();
		await slow?.stop();
	});

	const stop = async () => {
		await slow.node.kill();
		await visitor.becomes("offline");
	};
	const start = async () => {
		await slow.restart();
		await visitor.becomes("good");
	};
	const principalOf = async (kind: Kind): Promise<bigint> =>
		(await slow.dpos.position(WHO[kind], alice.address))?.principal ?? 0n;

	/** Opens the dialog of a delegation of 1,000 CMT. */
	async function begin(kind: Kind): Promise<void> {
		const form = visitor.page.locator('[data-form="delegate"]');
		await form.locator('[name="from"]').selectOption(kind);
		await form.locator('[name="candidate"]').selectOption(alice.address);
		await form.locator('[name="amount"]').fill("1000");
		await form.locator('button[type="submit"]').click();
		assert.equal(await visitor.rehearsed(), undefined);
	}

	/** What the page says must be what the chain did, once and not twice. */
	async function agree(kind: Kind, before: bigint, may: string[]): Promise<void> {
		const outcome = await visitor.outcome();
		const told = "problem" in outcome ? outcome.problem : "done";
		assert.ok(may.includes(told), told);
		const gained = (await principalOf(kind)) - before;
		assert.equal(gained, told === "done" ? 1_000n * CMT : 0n);
		await visitor.dismiss();
	}

	it("while the dialog is open: it says so, and goes on when the node is back", async () => {
		await begin("native");
		await stop();
		await visitor.dialog.getByRole("button", { name: texts.dialog.sign, exact: true }).click();
		await visitor.says(texts.dialog.offlineMeanwhile);
		await start();
		await agree("native", 0n, ["done"]);
	});

	it("while the wallet asks: what was signed is sent when the node is back", async () => {
		const before = await principalOf("native");
		let answer = (): void => undefined;
		visitor.extension.answerAfter(new Promise((resolve) => (answer = resolve)));
		await begin("native");
		await visitor.sign();
		await visitor.page.locator('[data-stage="signing"]').waitFor();
		await stop();
		answer();
		await start();
		await agree("native", before, ["done"]);
	});

	/** A block may have it before anybody looks. */
	const sent = () => visitor.dialog.locator('[data-stage]:not([data-stage="signing"])').waitFor();

	it("after it was sent by the extension: it is sent again", async () => {
		const before = await principalOf("native");
		await begin("native");
		await visitor.sign();
		await sent();
		await stop();
		await start();
		await agree("native", before, ["done"]);
	});

	it("before MetaMask was asked: the rate is read first, when the node is back", async () => {
		await begin("ethereum");
		await stop();
		await visitor.dialog.getByRole("button", { name: texts.dialog.sign, exact: true }).click();
		await visitor.says(texts.dialog.offlineMeanwhile);
		await start();
		await agree("ethereum", 0n, ["done"]);
	});

	it("before MetaMask was asked to add stake: it fails, and the user tries again", async () => {
		const before = await principalOf("ethereum");
		await begin("ethereum");
		await stop();
		await visitor.dialog.getByRole("button", { name: texts.dialog.sign, exact: true }).click();
		assert.deepEqual(await visitor.outcome(), { problem: "WalletFailed" });
		await start();
		await visitor.dialog.getByRole("button", { name: texts.dialog.again }).click();
		await visitor.dialog.locator("[data-stage]").waitFor();
		await agree("ethereum", before, ["done"]);
	});

	it("after MetaMask sent it: the page tells what became of it, or that it cannot know", async () => {
		const before = await principalOf("ethereum");
		await begin("ethereum");
		await visitor.sign();
		await sent();
		await stop();
		await start();
		await agree("ethereum", before, ["done", "ConnectionLost"]);
	});
});
