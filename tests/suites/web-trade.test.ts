// The page "Trade" in two real Chromiums, each with a wallet of either kind: every step of a trade
// by each kind, in CMT and in a token, and what is refused. What came of it is asked of the chain.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { ZeroAddress, ZeroHash, formatEther, id as hashOf } from "ethers";
import { repositoryRoot } from "../src/binary.ts";
import { browserBinary } from "../src/browser.ts";
import { CMT } from "../src/calls.ts";
import { DevNode } from "../src/dev-node.ts";
import { keyOf } from "../src/ethereum.ts";
import { accountOf } from "../src/keys.ts";
import { audit } from "../src/web/audit.ts";
import {
	Contracts,
	Escrow,
	HASTE,
	type Parts,
	type Person,
	type Stage,
	type Terms,
	Token,
	TradePage,
	type Written,
	termsOf,
} from "../src/web/trade.ts";
import { DESKTOP, type Kind, PHONE, named, texts } from "../src/web/web-page.ts";

const KINDS = ["native", "ethereum"] as const;
const OTHER: Record<Kind, Kind> = { native: "ethereum", ethereum: "native" };
/** What a transaction costs at most, or brings back of deposits for storage, in planck. */
const FEE = CMT / 10n;
/** Blocks in which the shortest period passes: each moves the time by three seconds. */
const MINUTE = 21;
/** A period as the form takes it, in minutes. */
const HOUR = "60";
/** One unit of the token. */
const CENT = 10n ** 6n;

const words = texts.trade;
const GOODS = "A bicycle? Frame #17 & lock + pump, 100 % sound";

let dev: DevNode;
let contracts: Contracts;
let token: Token;
let escrow: Escrow;
/** Sells, unless said otherwise. */
let left: TradePage;
/** Buys, and decides. */
let right: TradePage;

before(async () => {
	browserBinary();
	dev = await DevNode.launch("instant");
	contracts = new Contracts(dev);
	[left, right] = await Promise.all([
		TradePage.open(contracts, named("Bob"), keyOf(0)),
		TradePage.open(contracts, named("Charlie"), keyOf(1)),
	]);
	const people = KINDS.flatMap((kind) => [left.people[kind], right.people[kind]]);
	token = await Token.deploy(contracts, keyOf(3), people, 10_000n * CENT);
});
/** What one test leaves open is not in the way of the next one. */
afterEach(async () => {
	for (const { web } of [left, right]) if ((await web.dialog.count()) > 0) await web.dismiss();
});
after(async () => {
	await left?.web.close();
	await right?.web.close();
	await dev?.stop();
});

/** Who takes part in a sale by the account of a kind: each part is one of each kind in turn. */
const partsOf = (kind: Kind): Parts => ({
	seller: left.people[kind],
	buyer: right.people[OTHER[kind]],
	arbiter: right.people[kind],
});

/** Address of a person as its own wallet shows it. */
const nameOf = (who: Person): string => (who.kind === "native" ? who.native : who.address);

/** The usual offer, as it is written into the form. */
const usual = ({ buyer, arbiter }: Parts, from: Kind): Written => ({
	from,
	goods: GOODS,
	other: nameOf(buyer),
	arbiter: nameOf(arbiter),
	price: "1,000",
	sellerDeposit: "100",
	buyerDeposit: "100",
	arbiterFee: "30",
});

/** Has people bring a trade to a stage without the page, and shows it on both. */
async function shown(parts: Parts, stage: Stage, changes: Partial<Terms> = {}): Promise<string> {
	const id = await escrow.prepare(parts, { ...termsOf(parts, GOODS), ...changes }, stage);
	await Promise.all([left.show(id), right.show(id)]);
	await Promise.all([left.stands(stage), right.stands(stage)]);
	return id;
}

/** Demands that a trade is in this stage, by the chain and by both pages. */
async function stands(id: string, stage: Stage, outcome = "None"): Promise<void> {
	const trade = await escrow.trade(id);
	assert.deepEqual([trade.stage, trade.outcome], [stage, outcome]);
	await Promise.all([left.stands(stage), right.stands(stage)]);
	const state = left.web.page.locator(`section[data-stage="${stage}"]`);
	assert.equal(await state.getAttribute("data-outcome"), outcome);
}

/** Runs what ends a trade, and demands what each is credited then, in CMT. */
async function credits(
	{ seller, buyer, arbiter }: Parts,
	[toSeller, toBuyer, toArbiter]: [string, string, string],
	ends: () => Promise<{ words: string }>,
): Promise<void> {
	const read = () => Promise.all([seller, buyer, arbiter].map((who) => escrow.credit(who)));
	const before = await read();
	const said = (await ends()).words;
	const grown = (await read()).map((now, place) => formatEther(now - before[place]!));
	const plain = grown.map((text) => text.replace(/\.0$/, ""));
	assert.deepEqual(plain, [toSeller, toBuyer, toArbiter]);
	assert.equal(said, words.done.closed(amount(toSeller), amount(toBuyer), amount(toArbiter)));
}

/** An amount as the page writes it. */
const amount = (cmt: string): string => `${Number(cmt).toLocaleString("en")} CMT`;

/** Demands that an account paid this, and little beside it, since it had `before`; in planck. */
async function paid(who: Person, before: bigint, amount: bigint): Promise<void> {
	const cost = before - (await contracts.balance(who)) - amount;
	assert.ok(cost > -FEE && cost < FEE, `${who.kind} paid ${formatEther(cost)} CMT beside`);
}

/** What the escrow told of an event in a block. */
async function told(block: string, name: string): Promise<Record<string, unknown>> {
	const event = (await escrow.told(block)).find((one) => one.name === name);
	assert.ok(event, `no event ${name}`);
	return event.args;
}

/** What a native account has, in planck. */
async function free(native: string): Promise<bigint> {
	return (await dev.api.query.system.account(native)).data.free.toBigInt();
}

/** Has the user of the account of a kind say no to what is asked next. */
function reject({ web }: TradePage, kind: Kind): void {
	(kind === "native" ? web.extension : web.metamask)?.rejectNext();
}

describe("the escrow", () => {
	const card = () => left.web.page.locator("section[data-code]");
	const becomes = (code: string) =>
		left.web.page.locator(`section[data-code="${code}"]`).waitFor();

	/** Enters the address of an escrow. */
	async function use(address: string): Promise<void> {
		await left.web.opened("section[data-code] details");
		await card().getByLabel(words.escrowAddress).fill(address);
		await card().getByRole("button", { name: words.useEscrow }).click();
	}

	/** Nothing of trades is offered. */
	async function offersNothing(): Promise<void> {
		assert.equal(await left.web.page.locator("[data-list], [data-form]").count(), 0);
	}

	it("is not known at first, and only a contract with its code is taken", async () => {
		await becomes("missing");
		await offersNothing();
		await use("0x12");
		await left.web.says(words.notAnAddress);
		await use(keyOf(5).address);
		await becomes("none");
		await left.web.says(words.codes.none);
		await offersNothing();
		await use(token.address);
		await becomes("other");
		await left.web.says(words.codes.other);
		await offersNothing();
	});

	for (const kind of KINDS) {
		it(`is deployed by the ${kind} account`, async () => {
			const who = left.people[kind];
			const balance = await contracts.balance(who);
			await left.web.opened("section[data-code] details");
			await card().getByLabel(words.from).selectOption(kind);
			await card().getByRole("button", { name: words.deploy, exact: true }).click();
			const said = (await left.web.succeed()).words;
			await becomes("known");
			const address = (await card().getAttribute("data-escrow")) ?? "";
			assert.equal(said.toLowerCase(), words.deployed(address).toLowerCase());
			assert.notEqual(address, escrow?.address);
			await paid(who, balance, 0n);
			escrow = new Escrow(contracts, address);
			assert.equal(await contracts.read(address, Escrow.abi, "MIN_PERIOD", []), 60n);
			await left.web.page.locator('[data-list="mine"]').waitFor();
		});
	}
});

for (const kind of KINDS) {
	const other = OTHER[kind];

	describe(`a sale by the ${kind} account to the ${other} one`, () => {
		let parts: Parts;
		let id: string;
		/** Of this trade alone, so that no browser knows it before. */
		const goods = `${GOODS}; one of the ${kind} account`;
		before(() => (parts = partsOf(kind)));

		it("offer", async () => {
			const [balance, owed] = [await contracts.balance(parts.seller), await escrow.owed()];
			await left.write({ ...usual(parts, kind), goods });
			({ id } = await left.offer());
			const { terms, maker, stage } = await escrow.trade(id);
			assert.deepEqual(terms, termsOf(parts, goods));
			assert.deepEqual([maker, stage], [parts.seller.address, "Offered"]);
			assert.equal((await escrow.owed()) - owed, 100n * CMT);
			await paid(parts.seller, balance, 100n * CMT);
		});

		it("its link tells the other side what is sold", async () => {
			await right.follow(await left.link());
			const verified = right.web.page.locator('[data-goods="verified"]');
			assert.equal(await verified.locator(".trade-goods").textContent(), goods);
			await stands(id, "Offered");
			const buyer = right.web.page.locator('[data-role="buyer"] [data-person]');
			assert.equal(await buyer.getAttribute("data-person"), parts.buyer.address);
			assert.equal(await right.step(other, "accept").count(), 0);
		});

		it("agree to arbitrate", async () => {
			const { words: said, block } = await right.take(kind, "agreeToArbitrate");
			assert.equal(said, words.done.agreeToArbitrate);
			const event = await told(block, "ArbiterAgreed");
			assert.deepEqual(event, { id, arbiter: parts.arbiter.address });
			await stands(id, "Open");
		});

		it("accept", async () => {
			const balance = await contracts.balance(parts.buyer);
			await right.begin(other, "accept");
			await right.web.rehearsed();
			const said = await right.web.dialog.innerText();
			assert.ok(said.includes(words.explains.pays("1,100 CMT")), said);
			assert.ok(said.includes(words.explains.undelivered("14 days")), said);
			assert.equal((await right.web.succeed()).words, words.done.accept);
			await stands(id, "Active");
			await paid(parts.buyer, balance, 1_100n * CMT);
		});

		it("claim the delivery with a note, which travels in the link", async () => {
			const note = `Parcel 4711 of the ${kind} account`;
			const { block } = await left.take(kind, "claimDelivery", { note });
			const event = await told(block, "DeliveryClaimed");
			assert.deepEqual([event["id"], event["note"]], [id, hashOf(note)]);
			await stands(id, "Delivered");
			const history = (page: TradePage) => page.web.page.locator('[data-list="events"]');
			await history(left).getByText(note).waitFor();
			await history(right).getByText(words.eventNames.DeliveryClaimed).waitFor();
			assert.equal(await history(right).getByText(note).count(), 0);
			await right.follow(await left.link());
			await history(right).getByText(note).waitFor();
		});

		it("confirm", async () => {
			await credits(parts, ["1100", "100", "0"], () => right.take(other, "confirm"));
			await stands(id, "Closed", "Confirmed");
		});

		it("take out, a part of it to another account, once that is there", async () => {
			const fresh = accountOf(`Fresh ${kind}`).address;
			const row = left.credit(kind);
			const button = row.getByRole("button");
			await row.getByLabel(words.amount).fill("1,100.1");
			await row.getByText(words.badAmount("1,100 CMT")).waitFor();
			assert.equal(await button.isEnabled(), false);
			await row.getByLabel(words.amount).fill("600.5");
			await row.getByLabel(words.receiver).fill(fresh);
			await button.click();
			assert.equal(await left.web.rehearsed(), "NoSuchReceiver");
			await left.web.dismiss();
			const gift = dev.api.tx.balances.transferKeepAlive(fresh, CMT);
			const { blockHash } = await dev.submit(accountOf("Dave"), gift);
			await left.web.page.locator(`[data-best="${blockHash}"]`).waitFor();
			const said = await left.withdraw(kind, { amount: "600.5", to: fresh });
			assert.equal(said, words.done.withdraw("600.5 CMT"));
			assert.equal(await free(fresh), CMT + (6_005n * CMT) / 10n);
			assert.equal(await escrow.credit(parts.seller), (4_995n * CMT) / 10n);
			await row.getByText("499.5 CMT", { exact: true }).waitFor();
		});

		it("take out the rest", async () => {
			for (const [page, whose] of [[left, kind], [right, other]] as const) {
				const who = page.people[whose];
				const [balance, credit] = [await contracts.balance(who), await escrow.credit(who)];
				await page.withdraw(whose);
				await paid(who, balance, -credit);
				assert.equal(await escrow.credit(who), 0n);
				await page.credit(whose).waitFor({ state: "detached" });
			}
		});
	});

	describe(`where the ${kind} account and the ${other} one do not go on`, () => {
		let parts: Parts;
		before(() => (parts = partsOf(kind)));

		it("dispute with a complaint; the page and the escrow count the same ends", async () => {
			const id = await shown(parts, "Delivered");
			const note = `The frame of the ${kind} account is broken.`;
			const { block } = await right.take(other, "dispute", { note });
			assert.equal((await told(block, "DisputeOpened"))["note"], hashOf(note));
			await stands(id, "Disputed");
			const ends = { decidedSeller: 0n, decidedHalf: 500n, decidedBuyer: 1_000n };
			for (const [end, refund] of Object.entries(ends)) {
				const row = left.web.page.locator(`[data-list="money"] [data-row="${end}"]`);
				const told = await row.locator("td.figures").allTextContents();
				const shares = await escrow.shares(id, refund * CMT);
				assert.deepEqual(told, shares.map((part) => amount(formatEther(part))));
			}
		});

		it("decide with reasons, and take the fee out", async () => {
			const id = right.shown;
			await right.begin(kind, "decide", { refund: "1,000.1" });
			await right.web.says(words.badRefund("1,000 CMT"));
			assert.equal(await right.web.dialog.count(), 0);
			const note = `A new frame of the ${kind} account costs 250 CMT.`;
			const entered = { refund: "250", note };
			let block = "";
			await credits(parts, ["842.5", "327.5", "30"], async () => {
				const outcome = await right.take(kind, "decide", entered);
				({ block } = outcome);
				return outcome;
			});
			const event = await told(block, "DecisionMade");
			assert.deepEqual([event["refund"], event["note"]], [250n * CMT, hashOf(note)]);
			await stands(id, "Closed", "Decided");
			const credit = await escrow.credit(parts.arbiter);
			const balance = await contracts.balance(parts.arbiter);
			await right.credit(kind).getByText(amount(formatEther(credit)), { exact: true }).waitFor();
			await right.withdraw(kind);
			await paid(parts.arbiter, balance, -credit);
		});

		it("give back", async () => {
			const id = await shown(parts, "Active");
			await credits(parts, ["100", "1100", "0"], () => left.take(kind, "giveBack"));
			await stands(id, "Closed", "GivenBack");
		});

		it("give in to a dispute, which costs the fee", async () => {
			const first = await shown(parts, "Disputed");
			await left.begin(kind, "giveBack");
			await left.web.says(words.explains.giveIn("30 CMT"));
			await credits(parts, ["70", "1100", "30"], () => left.web.succeed());
			await stands(first, "Closed", "GivenBack");
			const second = await shown(parts, "Disputed");
			await credits(parts, ["1100", "70", "30"], () => right.take(other, "confirm"));
			await stands(second, "Closed", "Confirmed");
		});

		it("propose, withdraw the proposal, and agree to the other side's", async () => {
			const id = await shown(parts, "Active");
			const proposed = (by: string) => right.web.page.locator(`[data-proposal="${by}"]`);
			const said = (await left.take(kind, "propose", { refund: "0.5" })).words;
			assert.equal(said, words.done.propose);
			const proposal = { refund: CMT / 2n, stage: "Active" };
			assert.deepEqual(await escrow.proposal(id, parts.seller), proposal);
			await proposed("seller").getByText(words.proposes("seller", "0.5 CMT")).waitFor();
			await right.step(other, "agree").waitFor();
			await left.take(kind, "withdrawProposal");
			const none = { refund: 0n, stage: "None" };
			assert.deepEqual(await escrow.proposal(id, parts.seller), none);
			await proposed("seller").waitFor({ state: "detached" });
			await right.take(other, "propose", { refund: "400" });
			await left.step(kind, "agree").waitFor();
			await credits(parts, ["700", "500", "0"], () => left.take(kind, "agree"));
			await stands(id, "Closed", "Agreed");
		});

		it("cancel: the user says no first, and nothing is sent", async () => {
			const id = await shown(parts, "Open");
			const { seller } = parts;
			const [sent, balance] = [await contracts.sent(seller), await contracts.balance(seller)];
			await left.begin(kind, "cancel");
			reject(left, kind);
			await left.web.sign();
			assert.deepEqual(await left.web.outcome(), { problem: "UserRejected" });
			assert.equal(await contracts.sent(seller), sent);
			assert.equal(await contracts.balance(seller), balance);
			await stands(id, "Open");
			await credits(parts, ["100", "0", "0"], async () => {
				await left.web.dialog.getByRole("button", { name: texts.dialog.again }).click();
				const outcome = await left.web.outcome();
				assert.ok("block" in outcome, JSON.stringify(outcome));
				return outcome;
			});
			await left.web.dismiss();
			await stands(id, "Closed", "Cancelled");
		});

		it("a step after its deadline is refused, and the trade expires", async () => {
			const id = await shown(parts, "Active", HASTE);
			await left.begin(kind, "claimDelivery");
			assert.equal(await left.web.rehearsed(), undefined);
			const sent = await contracts.sent(parts.seller);
			await dev.seal(MINUTE);
			await left.web.sign();
			assert.deepEqual(await left.web.outcome(), { problem: "DeadlinePassed" });
			assert.equal(await contracts.sent(parts.seller), sent);
			await left.web.dismiss();
			assert.equal((await escrow.trade(id)).stage, "Active");
			for (const page of [left, right]) {
				await page.web.page.locator('section[data-over="true"]').waitFor();
				const steps = page.web.page.locator('[data-list="steps"] [data-step]');
				const ends = page.web.page.locator('[data-list="steps"] [data-step="expire"]');
				// Either account of a page may end it, and do nothing else.
				assert.deepEqual([await steps.count(), await ends.count()], [2, 2]);
			}
			await credits(parts, ["100", "1100", "0"], () => left.take(kind, "expire"));
			await stands(id, "Closed", "Undelivered");
		});

		it("silence at any other stage ends as the terms say, by anybody's hand", async () => {
			const terms = { ...termsOf(parts, GOODS), ...HASTE };
			const ends = [
				["Offered", "Lapsed", ["100", "0", "0"]],
				["Delivered", "Unanswered", ["1100", "100", "0"]],
				["Disputed", "Undecided", ["600", "600", "0"]],
			] as const;
			const ids: string[] = [];
			for (const [stage] of ends) ids.push(await escrow.prepare(parts, terms, stage));
			await dev.seal(MINUTE);
			for (const [place, [, outcome, shares]] of ends.entries()) {
				const id = ids[place]!;
				await Promise.all([left.show(id), right.show(id)]);
				// The account of the left page that has no part in it.
				await credits(parts, [...shares], () => left.take(other, "expire"));
				await stands(id, "Closed", outcome);
			}
		});

		it("a step that another one's step was faster than is refused", async () => {
			const id = await shown(parts, "Delivered");
			await right.begin(other, "confirm");
			assert.equal(await right.web.rehearsed(), undefined);
			const sent = await contracts.sent(parts.buyer);
			await escrow.step(parts.seller, "giveBack", [id]);
			await right.web.sign();
			assert.deepEqual(await right.web.outcome(), { problem: "WrongStage" });
			assert.equal(await contracts.sent(parts.buyer), sent);
			await right.web.dismiss();
			await stands(id, "Closed", "GivenBack");
		});

		it("a step that a dispute has made dearer than the dialog says is refused", async () => {
			const id = await shown(parts, "Delivered");
			await left.begin(kind, "giveBack");
			assert.equal(await left.web.rehearsed(), undefined);
			const sent = await contracts.sent(parts.seller);
			await escrow.step(parts.buyer, "dispute", [id, ZeroHash]);
			await left.stands("Disputed");
			await left.web.sign();
			assert.deepEqual(await left.web.outcome(), { problem: "WrongStage" });
			assert.equal(await contracts.sent(parts.seller), sent);
			await left.web.dismiss();
			await stands(id, "Disputed");
		});

		it("more CMT than there is, or than leaves a fee: told before the signature", async () => {
			const has = formatEther(await contracts.balance(parts.seller));
			const free = { buyerDeposit: "0", arbiterFee: "0" };
			for (const price of ["99,000,000", has]) {
				await left.write({ ...usual(parts, kind), ...free, side: "buyer", price });
				await left.make.click();
				assert.equal(await left.web.rehearsed(), "NotEnoughForFees", price);
				const name = { name: texts.dialog.sign, exact: true };
				assert.equal(await left.web.dialog.getByRole("button", name).isEnabled(), false);
				await left.web.dismiss();
			}
		});
	});

	describe(`the ${kind} account buys from anybody, in a token`, () => {
		let id: string;
		const allow = { name: words.titles.approve, exact: true };
		const stake = 1_100n * CENT + 250_001n;

		it("allow the escrow to take the stake, then offer", async () => {
			const buyer = left.people[kind];
			const before = await token.balance(buyer.address);
			await left.write({
				...usual(partsOf(kind), kind),
				side: "buyer",
				other: "",
				token: token.address,
				price: "1,000.250001",
			});
			await left.form.locator('[data-payment="asked"]').waitFor();
			assert.equal(await left.make.isEnabled(), false);
			await left.form.getByRole("button", allow).click();
			assert.equal((await left.web.succeed()).words, words.done.approve);
			assert.equal(await token.allowance(buyer, escrow.address), stake);
			await left.form.locator('[data-payment="allowed"]').waitFor();
			({ id } = await left.offer());
			const { terms, maker } = await escrow.trade(id);
			assert.equal(terms.asset, token.address);
			assert.equal(terms.price, stake - 100n * CENT);
			assert.deepEqual([terms.seller, terms.buyer], [ZeroAddress, buyer.address]);
			assert.equal(maker, buyer.address);
			assert.equal(before - (await token.balance(buyer.address)), stake);
		});

		it("the other account finds the offer, allows its deposit, and accepts", async () => {
			await escrow.step(right.people[kind], "agreeToArbitrate", [id]);
			await right.go("trade");
			const row = right.web.page.locator(`[data-row="${id}"]`);
			const price = await row.locator('[data-cell="price"]').textContent();
			const { address } = token;
			assert.equal(price, `1,000.250001 CENT (${address.slice(0, 6)}…${address.slice(-6)})`);
			await row.getByRole("link").click();
			await right.stands("Open");
			const seller = right.people[other];
			const before = await token.balance(seller.address);
			await right.step(other, "accept").getByText(words.tokenRisk).waitFor();
			await right.step(other, "accept").getByRole("button", allow).click();
			await right.web.succeed();
			await right.step(other, "accept").locator('[data-payment="allowed"]').waitFor();
			await right.take(other, "accept");
			await stands(id, "Active");
			assert.equal((await escrow.trade(id)).terms.seller, seller.address);
			assert.equal(before - (await token.balance(seller.address)), 100n * CENT);
			assert.equal(await escrow.owed(token.address), stake + 100n * CENT);
		});

		it("confirm, and take the price out", async () => {
			const seller = right.people[other];
			const before = await token.balance(seller.address);
			await left.take(kind, "confirm");
			await stands(id, "Closed", "Confirmed");
			// The price and its own deposit, which is as large as the buyer's.
			assert.equal(await escrow.credit(seller, token.address), stake);
			await right.withdraw(other, { asset: token.address });
			assert.equal((await token.balance(seller.address)) - before, stake);
			await left.withdraw(kind, { asset: token.address });
			assert.equal(await escrow.owed(token.address), 0n);
			assert.equal(await token.balance(escrow.address), 0n);
		});

		it("more of the token than the account has is told before the signature", async () => {
			await left.write({
				...usual(partsOf(kind), kind),
				token: token.address,
				sellerDeposit: "1,000,000",
			});
			await left.form.getByRole("button", allow).click();
			await left.web.succeed();
			await left.form.locator('[data-payment="allowed"]').waitFor();
			await left.make.click();
			assert.equal(await left.web.rehearsed(), "ERC20InsufficientBalance");
			await left.web.dismiss();
		});
	});
}

describe("the form of an offer", () => {
	const { wrong } = words;

	it("says what is missing", async () => {
		await left.write({ from: "native" });
		await left.make.click();
		await left.web.says(words.incomplete);
		assert.equal(await left.fault("goods"), wrong.goodsMissing);
		assert.equal(await left.fault("arbiter"), wrong.arbiterMissing);
		assert.equal(await left.fault("price"), wrong.notAnAmount);
		assert.equal(await left.web.dialog.count(), 0);
	});

	it("says what the escrow would refuse, and lets nobody sign it", async () => {
		const parts = partsOf("native");
		const { seller, buyer } = parts;
		const faults: [keyof Written, string, keyof typeof wrong][] = [
			["other", "5Grw", "notAnAddress"],
			["other", seller.native, "sellerIsBuyer"],
			["other", seller.address, "sellerIsBuyer"],
			["arbiter", "0x12", "notAnAddress"],
			["arbiter", seller.address, "arbiterIsParty"],
			["arbiter", buyer.address, "arbiterIsParty"],
			["token", "CENT", "notAToken"],
			["token", keyOf(7).address, "notAToken"],
			["price", "0", "priceIsZero"],
			["price", "much", "notAnAmount"],
			["price", "-5", "notAnAmount"],
			["price", "0.0000000000000000001", "notAnAmount"],
			["price", String(2n ** 128n / CMT + 1n), "tooLarge"],
			["arbiterFee", "100.000000000000000001", "feeAboveDeposit"],
			["acceptWithin", "0", "periodOutOfRange"],
			["deliverWithin", "1.5", "periodOutOfRange"],
			["confirmWithin", String(366 * 24 * 60), "periodOutOfRange"],
			["decideWithin", "", "periodOutOfRange"],
		];
		const usually = usual(parts, "native");
		await left.write(usually);
		for (const [name, text, problem] of faults) {
			await left.enter(name, text);
			await left.make.click();
			assert.equal(await left.fault(name), wrong[problem], `${name} ${text.slice(0, 50)}`);
			assert.equal(await left.web.dialog.count(), 0);
			await left.enter(name, usually[name] ?? (name === "token" ? "" : HOUR));
		}
		await left.make.click();
		assert.equal(await left.web.rehearsed(), undefined);
		await left.web.dismiss();
	});
});

describe("a trade's page", () => {
	it("distrusts a text that is not the trade's, and a trade that is not there", async () => {
		const id = await shown(partsOf("native"), "Offered");
		await left.go(`trade/${id}?text=Another+thing`);
		await left.web.says(words.linkDiffers);
		await left.go(`trade/0x${"ab".repeat(32)}`);
		await left.web.says(words.unknownTrade);
	});

	it("takes the text of the goods by hand, if it is the one that was agreed on", async () => {
		const goods = "A telescope";
		const id = await shown(partsOf("native"), "Offered", { goods: hashOf(goods) });
		const card = right.web.page.locator("[data-goods]");
		const enter = async (text: string): Promise<void> => {
			await card.getByLabel(words.text, { exact: true }).fill(text);
			await card.getByRole("button", { name: words.compare, exact: true }).click();
		};
		const long = "A".repeat(2_001);
		await shown(partsOf("native"), "Offered", { goods: hashOf(long) });
		await enter(long);
		await card.getByText(words.textTooLong).waitFor();
		await right.show(id);
		await enter("A microscope");
		await card.getByText(words.textDiffers).waitFor();
		assert.equal(await card.getAttribute("data-goods"), "unknown");
		await enter(goods);
		await right.web.page.locator('[data-goods="verified"]').getByText(goods).waitFor();
		const row = right.web.page.locator(`[data-list="mine"] [data-row="${id}"]`);
		await right.go("trade");
		await row.getByRole("link", { name: goods }).waitFor();
	});

	/** What the right page shows, where the buyer is native and the arbiter is not. */
	const sights: [name: string, show: () => Promise<unknown>][] = [
		["the list", () => right.go("trade")],
		["a delivered trade", () => shown(partsOf("ethereum"), "Delivered")],
		["a disputed trade", () => shown(partsOf("ethereum"), "Disputed")],
		["its goods", () => right.go(`trade/${right.shown}?text=${encodeURIComponent(GOODS)}`)],
		["a dialog", () => right.begin("ethereum", "decide", { refund: "1" })],
		["a form", () => right.write({ from: "native" })],
		["a form with faults", () => right.make.click()],
	];

	it("has no grave fault of accessibility, and fits on a phone", async () => {
		const { web } = right;
		for (const [name, show] of sights) {
			if (name !== "a dialog" && (await web.dialog.count()) > 0) await web.dismiss();
			await show();
			for (const colorScheme of ["light", "dark"] as const) {
				await web.page.emulateMedia({ colorScheme });
				assert.deepEqual(await audit(web.page), [], `${name} in ${colorScheme} colours`);
			}
			await web.page.emulateMedia({ colorScheme: "light" });
			await web.page.setViewportSize(PHONE);
			assert.equal(await web.overflow(), 0, name);
			await web.page.setViewportSize(DESKTOP);
		}
	});

	it("fails in no script and loads nothing from elsewhere", async () => {
		await shown(partsOf("ethereum"), "Delivered");
		await picture();
		left.web.assertQuiet();
		right.web.assertQuiet();
	});

	/** Takes the picture for docs/web.md, where that is asked for. */
	async function picture(): Promise<void> {
		if (!process.env["WEB_PICTURES"]) return;
		const folder = join(repositoryRoot, "docs", "images");
		mkdirSync(folder, { recursive: true });
		await right.web.page.evaluate("scrollTo(0, 0)");
		await right.web.page.screenshot({ path: join(folder, "web-trade.png") });
	}
});
