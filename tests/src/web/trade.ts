// Trades by two ways: people and the escrow as a second client sees and moves them, without the
// page; and the page of trades as its visitors use it.

import type { KeyringPair } from "@polkadot/keyring/types";
import type { EventRecord } from "@polkadot/types/interfaces";
import type { Codec } from "@polkadot/types/types";
import {
	type HDNodeWallet,
	Interface,
	MaxUint256,
	ZeroAddress,
	ZeroHash,
	id as hashOf,
} from "ethers";
import type { Locator } from "playwright-core";
import { CMT } from "../calls.ts";
import type { DevNode } from "../dev-node.ts";
import { Ethereum, imageOf, nativeOf, quantity } from "../ethereum.ts";
import { compile } from "../solidity.ts";
import { type Kind, WebPage, texts } from "./web-page.ts";

/** Somebody with a key of either kind. */
export type Person = {
	/** As contracts know it, in small letters. */
	address: string;
	/** As the chain's own clients know it. */
	native: string;
} & ({ kind: "native"; key: KeyringPair } | { kind: "ethereum"; key: HDNodeWallet });

export function personOf(key: KeyringPair | HDNodeWallet): Person {
	if ("privateKey" in key) {
		const address = key.address.toLowerCase();
		return { kind: "ethereum", key, address, native: nativeOf(address) };
	}
	return { kind: "native", key, address: imageOf(key.publicKey), native: key.address };
}

/** A log of a contract, read by its interface. */
export interface Told {
	name: string;
	args: Record<string, unknown>;
}

/** What a native account's call of a contract may take: far more than any of these tests. */
const WEIGHT = { refTime: 200_000_000_000n, proofSize: 3_000_000n };

/** Contracts as a second client sees and calls them. */
export class Contracts {
	readonly ethereum: Ethereum;

	constructor(readonly dev: DevNode) {
		this.ethereum = new Ethereum(dev.node.ports.rpc);
	}

	/** What a function answers at the best block. */
	async read<T>(to: string, abi: Interface, name: string, args: readonly unknown[]): Promise<T> {
		const data = abi.encodeFunctionData(name, args);
		const answer = await this.ethereum.call<string>("eth_call", { to, data }, "latest");
		return plain(abi.decodeFunctionResult(name, answer)[0]) as T;
	}

	/** Has a person call a contract; the hash of the block. */
	async send(who: Person, to: string, data: string, value = 0n): Promise<string> {
		const { dev, ethereum } = this;
		if (who.kind === "native") {
			const call = dev.api.tx.revive.call(to, value, WEIGHT, MaxUint256 >> 128n, data);
			return (await dev.submit(who.key, call)).blockHash;
		}
		const request = { from: who.address, to, data, value: quantity(value) };
		const gasLimit = await ethereum.number("eth_estimateGas", request);
		const hash = await ethereum.send(who.key, { to, data, value, gasLimit });
		const { status, blockNumber } = await ethereum.included(hash);
		if (status !== "0x1") throw new Error(`${data.slice(0, 10)} of ${to} was refused`);
		return (await dev.api.rpc.chain.getBlockHash(Number(blockNumber))).toHex();
	}

	/** What a contract told in a block, also of what native accounts did, which stands in no log. */
	async told(contract: string, abi: Interface, block: string): Promise<Told[]> {
		const events = await (await this.dev.api.at(block)).query.system.events();
		const logs = events
			.filter(({ event }) => event.section === "revive" && event.method === "ContractEmitted")
			.filter(({ event: { data } }) => data[0]?.toHex() === contract)
			.map((record) => abi.parseLog(logOf(record)));
		return logs
			.filter((log) => log !== null)
			.map(({ name, args }) => ({ name, args: plain(args) as Record<string, unknown> }));
	}

	/** What an account can spend, in planck. */
	balance(who: Person): Promise<bigint> {
		return this.ethereum.number("eth_getBalance", who.address, "latest");
	}

	/** How many transactions an account has made, those that wait too. */
	async sent(who: Person): Promise<number> {
		return (await this.dev.api.rpc.system.accountNextIndex(who.native)).toNumber();
	}
}

function logOf({ event }: EventRecord): { data: string; topics: string[] } {
	const [, data, topics] = event.data;
	const all = [...(topics as unknown as Iterable<Codec>)];
	return { data: data!.toHex(), topics: all.map((topic) => topic.toHex()) };
}

/** Answers of ethers as plain objects, addresses in small letters. */
function plain(value: unknown): unknown {
	if (typeof value === "string") return value.toLowerCase();
	const result = value as { toObject?: () => Record<string, unknown> };
	if (typeof result?.toObject !== "function") return value;
	return Object.fromEntries(
		Object.entries(result.toObject()).map(([name, part]) => [name, plain(part)]),
	);
}

/** `ITradeEscrow.Stage`, in its order. */
const STAGES = ["None", "Offered", "Open", "Active", "Delivered", "Disputed", "Closed"] as const;
export type Stage = (typeof STAGES)[number];
/** `ITradeEscrow.Outcome`, in its order. */
const OUTCOMES = [
	"None",
	"Cancelled",
	"Lapsed",
	"Confirmed",
	"GivenBack",
	"Agreed",
	"Decided",
	"Undelivered",
	"Unanswered",
	"Undecided",
] as const;

/** `ITradeEscrow.Terms`: amounts in units of the asset, periods in seconds. */
export interface Terms {
	seller: string;
	buyer: string;
	arbiter: string;
	asset: string;
	price: bigint;
	sellerDeposit: bigint;
	buyerDeposit: bigint;
	arbiterFee: bigint;
	acceptWithin: bigint;
	deliverWithin: bigint;
	confirmWithin: bigint;
	decideWithin: bigint;
	goods: string;
}

/** Who takes part in a trade. The seller makes the offer. */
export interface Parts {
	seller: Person;
	buyer: Person;
	arbiter: Person;
}

const MINUTE = 60n;
const DAY = 86_400n;

/** The usual terms: 1,000 CMT for goods, 100 CMT of each side beside it, 30 CMT for a dispute. */
export function termsOf({ seller, buyer, arbiter }: Parts, goods: string): Terms {
	return {
		seller: seller.address,
		buyer: buyer.address,
		arbiter: arbiter.address,
		asset: ZeroAddress,
		price: 1_000n * CMT,
		sellerDeposit: 100n * CMT,
		buyerDeposit: 100n * CMT,
		arbiterFee: 30n * CMT,
		acceptWithin: 3n * DAY,
		deliverWithin: 14n * DAY,
		confirmWithin: 5n * DAY,
		decideWithin: 14n * DAY,
		goods: hashOf(goods),
	};
}

/** The shortest periods that there can be. */
export const HASTE = {
	acceptWithin: MINUTE,
	deliverWithin: MINUTE,
	confirmWithin: MINUTE,
	decideWithin: MINUTE,
};

/** A trade as the escrow tells it. */
export interface Trade {
	terms: Terms;
	maker: string;
	/** Unix time in seconds. */
	deadline: bigint;
	stage: Stage;
	outcome: (typeof OUTCOMES)[number];
}

/** Who is credited what, in units of the asset. */
export type Shares = [seller: bigint, buyer: bigint, arbiter: bigint];

/** An escrow, asked and moved without the page. */
export class Escrow {
	static readonly abi = new Interface(compile("ITradeEscrow.sol")["ITradeEscrow"]!.abi);

	constructor(
		readonly contracts: Contracts,
		readonly address: string,
	) {}

	private read<T>(name: string, ...args: unknown[]): Promise<T> {
		return this.contracts.read<T>(this.address, Escrow.abi, name, args);
	}

	async trade(id: string): Promise<Trade> {
		type Raw = Omit<Trade, "stage" | "outcome"> & Record<"stage" | "outcome", bigint>;
		const raw = await this.read<Raw>("trade", id);
		const [stage, outcome] = [STAGES[Number(raw.stage)], OUTCOMES[Number(raw.outcome)]];
		return { ...raw, stage: stage!, outcome: outcome! };
	}

	/** The refund that a side proposes, and the stage in which it holds. */
	async proposal(id: string, party: Person): Promise<{ refund: bigint; stage: Stage }> {
		type Raw = { refund: bigint; stage: bigint };
		const { refund, stage } = await this.read<Raw>("proposal", id, party.address);
		return { refund, stage: STAGES[Number(stage)]! };
	}

	/** What somebody can take out. */
	credit(who: Person, asset = ZeroAddress): Promise<bigint> {
		return this.read<bigint>("credit", asset, who.address);
	}

	/** What the escrow owes of an asset. */
	owed(asset = ZeroAddress): Promise<bigint> {
		return this.read<bigint>("owed", asset);
	}

	/** Who would be credited what with this refund, as the escrow counts it now. */
	async shares(id: string, refund: bigint): Promise<Shares> {
		const { contracts, address } = this;
		const data = Escrow.abi.encodeFunctionData("shares", [id, refund]);
		const call = { to: address, data };
		const answer = await contracts.ethereum.call<string>("eth_call", call, "latest");
		return [...Escrow.abi.decodeFunctionResult("shares", answer)] as Shares;
	}

	/** What it told in a block. */
	told(block: string): Promise<Told[]> {
		return this.contracts.told(this.address, Escrow.abi, block);
	}

	/** Has somebody take a step; the hash of the block. */
	step(who: Person, name: string, args: readonly unknown[], value = 0n): Promise<string> {
		const data = Escrow.abi.encodeFunctionData(name, args);
		return this.contracts.send(who, this.address, data, value);
	}

	/** Makes a trade, and has its people bring it to a stage; its id. All in CMT. */
	async prepare(people: Parts, terms: Terms, wanted: Stage): Promise<string> {
		const { seller, buyer, arbiter } = people;
		const { sellerDeposit: pledge, price, buyerDeposit } = terms;
		const block = await this.step(seller, "offer", [terms, pledge], pledge);
		const id = (await this.told(block))[0]!.args["id"] as string;
		const stake = price + buyerDeposit;
		const steps: [Stage, () => Promise<string>][] = [
			["Open", () => this.step(arbiter, "agreeToArbitrate", [id])],
			["Active", () => this.step(buyer, "accept", [id, stake], stake)],
			["Delivered", () => this.step(seller, "claimDelivery", [id, ZeroHash])],
			["Disputed", () => this.step(buyer, "dispute", [id, ZeroHash])],
		];
		for (const [stage, take] of steps) {
			if (STAGES.indexOf(stage) <= STAGES.indexOf(wanted)) await take();
		}
		return id;
	}
}

const cents = compile("Cents.sol")["Cents"]!;
const tokens = new Interface(cents.abi);

/** A token with six decimals. */
export class Token {
	private constructor(
		private readonly contracts: Contracts,
		readonly address: string,
	) {}

	/** Makes one, and gives each of these people so many units of it. */
	static async deploy(
		contracts: Contracts,
		maker: HDNodeWallet,
		people: Person[],
		each: bigint,
	): Promise<Token> {
		const { ethereum } = contracts;
		const data = cents.bytecode + tokens.encodeDeploy([each * BigInt(people.length)]).slice(2);
		const gasLimit = await ethereum.number("eth_estimateGas", { from: maker.address, data });
		const hash = await ethereum.send(maker, { data, gasLimit });
		const { contractAddress } = await ethereum.included(hash);
		const token = new Token(contracts, contractAddress!);
		for (const who of people) {
			const gift = tokens.encodeFunctionData("transfer", [who.address, each]);
			await contracts.send(personOf(maker), token.address, gift);
		}
		return token;
	}

	/** What somebody has, in its units. */
	balance(address: string): Promise<bigint> {
		return this.contracts.read(this.address, tokens, "balanceOf", [address]);
	}

	/** What a contract may take from somebody, in its units. */
	allowance(who: Person, spender: string): Promise<bigint> {
		return this.contracts.read(this.address, tokens, "allowance", [who.address, spender]);
	}
}

/** What a step asks for beside a click. */
export interface Entered {
	/** In the asset, as a user types it. */
	refund?: string;
	note?: string;
}

/** What an offer's form takes, as a user types it. Periods are in minutes. */
export interface Written {
	from: Kind;
	side?: "seller" | "buyer";
	goods?: string;
	other?: string;
	arbiter?: string;
	token?: string;
	price?: string;
	sellerDeposit?: string;
	buyerDeposit?: string;
	arbiterFee?: string;
	acceptWithin?: string;
	deliverWithin?: string;
	confirmWithin?: string;
	decideWithin?: string;
}

const PERIODS = ["acceptWithin", "deliverWithin", "confirmWithin", "decideWithin"] as const;

/** The page of trades, with an account of each kind. */
export class TradePage {
	private constructor(
		readonly web: WebPage,
		readonly people: Record<Kind, Person>,
	) {}

	/** Opens a browser at the page, and connects both wallets. */
	static async open(
		contracts: Contracts,
		native: KeyringPair,
		ethereum: HDNodeWallet,
	): Promise<TradePage> {
		const { http, ws } = contracts.ethereum;
		const web = await WebPage.open({ node: ws, extension: [native], ethereum });
		const chainId = await contracts.ethereum.call<string>("eth_chainId");
		await web.metamask?.useNetwork(chainId, "CyberMiles", http);
		await web.arrive("trade");
		await web.join("native");
		await web.join("ethereum");
		return new TradePage(web, { native: personOf(native), ethereum: personOf(ethereum) });
	}

	/** Goes to a place of the page without loading it anew. */
	async go(place: string): Promise<void> {
		await this.web.page.evaluate(`location.hash = ${JSON.stringify(`#/${place}`)}`);
	}

	/** Shows a trade. */
	async show(id: string): Promise<void> {
		await this.go(`trade/${id}`);
		await this.web.page.locator(`[data-trade="${id}"]`).waitFor();
	}

	/** The id of the trade that is shown. */
	get shown(): string {
		return /#\/trade\/(0x[0-9a-f]{64})/.exec(this.web.page.url())![1]!;
	}

	/** Opens a link that another page made, in this browser and with this one's node. */
	async follow(link: string): Promise<void> {
		const { web } = this;
		const url = new URL(link);
		url.host = new URL(web.origin).host;
		url.searchParams.set("node", new URL(web.address()).searchParams.get("node") ?? "");
		await web.page.goto(url.href);
		await web.becomes("good");
		await web.account("native").waitFor();
		await web.account("ethereum").waitFor();
	}

	/** The link of the trade that is shown. */
	link(): Promise<string> {
		return this.web.page.locator("[data-link]").inputValue();
	}

	/** Waits until the trade that is shown is in a stage. */
	async stands(stage: Stage): Promise<void> {
		await this.web.page.locator(`section[data-stage="${stage}"]`).waitFor();
	}

	/** A step of the account of a kind. */
	step(kind: Kind, name: string): Locator {
		const steps = this.web.page.locator(`[data-list="steps"] [data-kind="${kind}"]`);
		return steps.locator(`[data-step="${name}"]`);
	}

	/** Has the account of a kind begin a step: the dialog is open then. */
	async begin(kind: Kind, name: string, { refund, note }: Entered = {}): Promise<void> {
		const step = this.step(kind, name);
		if (refund !== undefined) await step.locator("input").fill(refund);
		if (note !== undefined) await step.locator("textarea").fill(note);
		await step.getByRole("button").last().click();
	}

	/** Has the account of a kind take a step; what the page said, and the block's hash. */
	async take(
		kind: Kind,
		name: string,
		entered?: Entered,
	): Promise<{ words: string; block: string }> {
		await this.begin(kind, name, entered);
		return this.web.succeed();
	}

	get form(): Locator {
		return this.web.page.locator('[data-form="offer"]');
	}

	/** Opens the form of an offer, empty, and fills it in. */
	async write(written: Written): Promise<void> {
		await this.go("trade");
		await this.form.waitFor({ state: "detached" });
		await this.go("trade/offer");
		const { from, side, ...rest } = written;
		await this.form.getByLabel(texts.trade.from).selectOption(from);
		if (side === "buyer") await this.form.getByLabel(texts.trade.iBuy).check();
		for (const [name, text] of Object.entries(rest)) await this.enter(name, text);
	}

	/** Changes a field of the form. */
	async enter(name: string, text: string): Promise<void> {
		if ((PERIODS as readonly string[]).includes(name)) {
			await this.form.locator(`[name="${name}Unit"]`).selectOption("minutes");
		}
		await this.form.locator(`[name="${name}"]`).fill(text);
	}

	/** What the form finds wrong with a field; waits until it does. */
	async fault(name: string): Promise<string> {
		const input = this.web.page.locator(`[name="${name}"]`);
		const field = this.form.locator(".field", { has: input });
		return (await field.locator(".problem").textContent()) ?? "";
	}

	/** The button that makes the offer. */
	get make(): Locator {
		return this.form.getByRole("button", { name: texts.trade.titles.offer, exact: true });
	}

	/** Makes the offer that the form holds; the trade's id, and the block's hash. */
	async offer(): Promise<{ id: string; block: string }> {
		await this.make.click();
		const { block } = await this.web.succeed();
		await this.web.page.waitForURL(/#\/trade\/0x/);
		await this.stands("Offered");
		return { id: this.shown, block };
	}

	/** The row of a credit of the account of a kind. */
	credit(kind: Kind, asset = ZeroAddress): Locator {
		const { address } = this.people[kind];
		return this.web.page.locator(`[data-credit="${address}"][data-asset="${asset}"]`);
	}

	/** Has the account of a kind take money out: all to itself, unless said otherwise. */
	async withdraw(
		kind: Kind,
		{ asset, amount, to }: { asset?: string; amount?: string; to?: string } = {},
	): Promise<string> {
		const row = this.credit(kind, asset);
		if (amount !== undefined) await row.getByLabel(texts.trade.amount).fill(amount);
		if (to !== undefined) await row.getByLabel(texts.trade.receiver).fill(to);
		await row.getByRole("button", { name: texts.trade.titles.withdraw, exact: true }).click();
		return (await this.web.succeed()).words;
	}
}
