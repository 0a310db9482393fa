// Awards and compensation as a wallet sees them, to the last planck: a development chain with two
// validators, Alice and Bob, and delegators behind Bob. The parts build on each other.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
	ISSUED_PER_BLOCK,
	earnedBySeat,
	folded,
	split,
	yearlyYield,
} from "../src/award-model.ts";
import {
	CMT,
	type Call,
	type Included,
	eventOf,
	feeOf,
	fieldsOf,
	freeBalance,
	refused,
} from "../src/calls.ts";
import { DevNode } from "../src/dev-node.ts";
import type { Class, Dpos } from "../src/dpos.ts";
import { accountOf } from "../src/keys.ts";
import { RpcError, blockHash, header, heads } from "../src/rpc.ts";

const [alice, bob, charlie, dave, eve, ferdie] = [
	"Alice",
	"Bob",
	"Charlie",
	"Dave",
	"Eve",
	"Ferdie",
].map(accountOf);
const nobody = accountOf("Nobody");
/** Gets Bob's compensation for a while. */
const till = accountOf("Till");

/** The highest rate that Bob declares; newcomers agree to it. */
const MAX_RATE = 300;
const SESSION_BLOCKS = 20;

type Pair = typeof alice;

let dev: DevNode;

before(async () => {
	// Old blocks are asked about too.
	dev = await DevNode.launch("manual", "--state-pruning=archive");
	const owner = `0x${Buffer.from(bob.publicKey).toString("hex")}`;
	const { keys, proof } = await dev.node.call<{ keys: string; proof: string }>(
		"author_rotateKeysWithOwner",
		[owner],
	);
	await dev.submit(bob, dev.api.tx.session.setKeys(keys, proof));
	const call = dev.api.tx.cmtDpos.declare(1_000_000n * CMT, MAX_RATE, 200_000n * CMT);
	await dev.submit(bob, call);
});
after(() => dev?.stop());

const stake = (name: string, ...params: unknown[]): Call => dev.api.tx.cmtDpos[name](...params);
const awards = (name: string, ...params: unknown[]): Call =>
	dev.api.tx.validatorCompensation[name](...params);
const transfer = (amount: bigint): Call =>
	dev.api.tx.balances.transferKeepAlive(nobody.address, amount);

const best = async (): Promise<number> => (await heads(dev.node.ports.rpc)).best;

async function hashOf(number: number): Promise<string> {
	const hash = await blockHash(dev.node.ports.rpc, number);
	assert.ok(hash, `there is a block ${number}`);
	return hash;
}

async function numberOf({ blockHash: hash }: Included): Promise<number> {
	return (await header(dev.node.ports.rpc, hash)).number;
}

/** The state after block `number`. */
const at = async (number: number): Promise<Dpos> => dev.dpos.at(await hashOf(number));

async function positionAt(number: number, who: Pair) {
	const position = await (await at(number)).position(who.address, bob.address);
	assert.ok(position, "there is a position");
	return position;
}

/** The whole of an account's money right after a block. */
async function freeAt(number: number, who: Pair): Promise<bigint> {
	const { query } = await dev.api.at(await hashOf(number));
	return (await query.system.account(who.address)).data.free.toBigInt();
}

async function issuanceAt(number: number): Promise<bigint> {
	const { query } = await dev.api.at(await hashOf(number));
	return (await query.balances.totalIssuance()).toBigInt();
}

/** All events of a block of this kind. */
async function eventsAt(number: number, name: string): Promise<Record<string, unknown>[]> {
	const { query } = await dev.api.at(await hashOf(number));
	const records = await query.system.events();
	return records.filter(({ event }) => `${event.section}.${event.method}` === name).map(fieldsOf);
}

/** What the fees of a block were, as its events tell. */
async function feesAt(number: number): Promise<bigint> {
	const { query } = await dev.api.at(await hashOf(number));
	const records = await query.system.events();
	const fees = records.map((record) => feeOf({ blockHash: "", events: [record] }));
	return fees.reduce((sum, fee) => sum + fee, 0n);
}

/** Seals so that the next block is not the first of a session, which takes no transaction. */
async function avoidSessionStart(room = 1): Promise<void> {
	const clock = (await dev.api.query.cmtDpos.clock()).toJSON() as { start: number };
	const left = clock.start + SESSION_BLOCKS - 1 - (await best());
	if (left < room) await dev.seal(left + 1);
}

/** Submits a call, and returns the number of its block, which follows the best one right away. */
async function include(who: Pair, call: Call, room?: number): Promise<[Included, number]> {
	await avoidSessionStart(room);
	const parent = await best();
	const included = await dev.submit(who, call);
	assert.equal(await numberOf(included), parent + 1);
	return [included, parent + 1];
}

/** What is stored in a block of all stake behind Bob and of what its owner set, byte by byte. */
async function storedOfBob(number: number): Promise<string[]> {
	const { cmtDpos, validatorCompensation } = (await dev.api.at(await hashOf(number))).query;
	const [name, delegators] = [bob.address, [bob, charlie, dave, eve, ferdie]];
	const values = await Promise.all([
		cmtDpos.candidates(name),
		cmtDpos.poolsOf(name),
		...delegators.map(({ address }) => cmtDpos.positions(name, address)),
		...delegators.map(({ address }) => validatorCompensation.compensationDue(address)),
		validatorCompensation.ratesLowered(name),
		validatorCompensation.compensationAccounts(name),
	]);
	return values.map((value) => value.toHex());
}

/** Demands that the chain refuses a call for `reason`, which costs the fee and changes nothing. */
async function refuses(reason: string, who: Pair, call: Call): Promise<void> {
	const refusal = await refused(dev.submit(who, call));
	assert.equal(refusal.reason, reason);
	const fee = feeOf(refusal.included);
	assert.ok(fee > 0n, "a refused call pays its fee");
	// No block with a transaction begins a session, so nothing else changes what is compared.
	const number = await numberOf(refusal.included);
	assert.equal((await freeAt(number - 1, who)) - (await freeAt(number, who)), fee);
	assert.deepEqual(await storedOfBob(number), await storedOfBob(number - 1));
}

/** What Bob's seat earned with the awards of the blocks `from..=to`, all of one session. */
async function earnedByBob(from: number, to: number, candidate = bob.address): Promise<bigint> {
	const { validators } = await (await at(to)).seats();
	const total = validators.reduce((sum, { counted }) => sum + counted, 0n);
	const seat = validators.find((other) => other.candidate === candidate);
	assert.ok(seat, "it has a seat");
	const parts: bigint[] = [];
	for (let number = from; number <= to; number++) {
		parts.push((await (await at(number)).blockAward()).toValidators);
	}
	return earnedBySeat(parts, seat.counted, total);
}

const classesAt = async (number: number): Promise<Class[]> =>
	(await at(number)).classes(bob.address);

describe("before the candidate has a seat", () => {
	it("a delegator earns nothing, and harvest is refused", async () => {
		for (const [who, amount] of [
			[charlie, 40_000n],
			[dave, 60_000n],
			[eve, 10_001n],
		] as const) {
			await include(who, stake("delegate", bob.address, amount * CMT));
		}
		const { value, principal, earned } = await positionAt(await best(), charlie);
		assert.deepEqual([value, principal, earned], [40_000n * CMT, 40_000n * CMT, 0n]);
		await refuses("CmtDpos.NothingEarned", charlie, awards("harvest", bob.address));
	});

	it("harvest is refused for an unknown candidate and for who has no stake", async () => {
		await refuses("CmtDpos.UnknownCandidate", charlie, awards("harvest", nobody.address));
		await refuses("CmtDpos.NotDelegator", ferdie, awards("harvest", bob.address));
	});

	it("it takes its seat in the session after next", async () => {
		const { session } = await dev.dpos.seats();
		await dev.sealUntil("session", session + 2);
		const { validators } = await dev.dpos.seats();
		assert.deepEqual(validators.map(({ candidate }) => candidate).sort(), [
			alice.address,
			bob.address,
		].sort());
	});
});

describe("the award of a block", () => {
	it("is new CMT of 8 % a year, with and without transactions, over a session's end", async () => {
		const from = await best();
		await dev.seal(3);
		await include(alice, transfer(CMT));
		await include(charlie, dev.api.tx.system.remark("0x"));
		await dev.seal(SESSION_BLOCKS);
		const to = await best();
		let fees = 0n;
		for (let number = from + 1; number <= to; number++) {
			const { issued, fees: paid } = await (await at(number)).blockAward();
			assert.equal(issued, ISSUED_PER_BLOCK);
			const grown = (await issuanceAt(number)) - (await issuanceAt(number - 1));
			assert.equal(grown, ISSUED_PER_BLOCK, `block ${number}`);
			fees += paid;
		}
		assert.ok(fees > 0n, "there were fees, none of them burnt");
		const ended = await Promise.all(
			Array.from({ length: to - from }, (_, index) =>
				eventsAt(from + 1 + index, "validatorCompensation.SessionAwarded"),
			),
		);
		assert.equal(ended.flat().length, 1);
	});

	it("takes up fee and tip of the block", async () => {
		await avoidSessionStart();
		const parent = await best();
		const tip = 7n * CMT;
		const included = await dev.submit(alice, transfer(CMT), { tip });
		const paid = (await freeAt(parent, alice)) - (await freeAt(parent + 1, alice)) - CMT;
		const { fees, issued, carried, toValidators, toStandbys } =
			await dev.dpos.at(included.blockHash).blockAward();
		assert.ok(paid > tip);
		assert.deepEqual([fees, feeOf(included)], [paid, paid]);
		assert.deepEqual([toValidators, toStandbys], [issued + fees + carried, 0n]);
		await dev.seal();
		assert.equal((await dev.dpos.blockAward()).fees, 0n);
	});
});

describe("what a delegator has", () => {
	it("grows with every block, also over a session's end", async () => {
		const from = await best();
		await dev.seal(2 * SESSION_BLOCKS + 3);
		for (const who of [charlie, dave, eve, bob]) {
			let last = await positionAt(from, who);
			for (let number = from + 1; number <= (await best()); number++) {
				const now = await positionAt(number, who);
				assert.ok(now.value > last.value, `block ${number}`);
				assert.equal(now.principal, last.principal);
				assert.equal(now.earned, now.value - now.principal);
				last = now;
			}
		}
	});

	it("is what harvest pays, to the unit", async () => {
		const [included, number] = await include(eve, awards("harvest", bob.address));
		const before = await positionAt(number - 1, eve);
		const amount = before.earned;
		const paid = (await freeAt(number, eve)) - (await freeAt(number - 1, eve));
		assert.equal(paid + feeOf(included), amount);
		const events = await eventsAt(number, "validatorCompensation.Harvested");
		const [candidate, who] = [bob.address, eve.address];
		assert.deepEqual(events, [{ candidate, who, amount: String(amount) }]);
		const now = await positionAt(number, eve);
		assert.equal(now.principal, before.principal);
		// What is left is the principal, and in it the award of this block.
		const earned = await earnedByBob(number, number);
		assert.ok(now.earned > 0n && now.earned < earned);
	});

	it("harvest leaves what others have as it was", async () => {
		const [, number] = await include(charlie, awards("harvest", bob.address));
		const classes = await classesAt(number - 1);
		const earned = await earnedByBob(number, number);
		const { kept } = split(earned, classes);
		for (const who of [dave, eve, charlie]) {
			const [was, is] = [await positionAt(number - 1, who), await positionAt(number, who)];
			const base = who === charlie ? was.value - was.earned : was.value;
			const least = kept.reduce((sum, part) => (part < sum ? part : sum));
			assert.ok(is.value > base && is.value - base < least, "only the block's award came");
		}
	});
});

describe("a lowered rate", () => {
	it("holds from the next award on, to the unit", async () => {
		const [included, number] = await include(bob, awards("lowerRate", dave.address, 100));
		const { from, to } = eventOf(included, "validatorCompensation", "RateChanged");
		assert.deepEqual([from, to], [String(MAX_RATE), "100"]);
		await demandAwardOf(number, dave, 100);
		// The rate of newcomers, and what the others agreed to, is what it was.
		assert.equal((await dev.dpos.candidate(bob.address))?.defaultRate, MAX_RATE);
		assert.equal((await positionAt(number, charlie)).rate, MAX_RATE);
		assert.equal((await positionAt(number, dave)).rate, 100);
		await dev.seal();
		// One fold for both blocks, from the stake that there was before them.
		await demandAwardOf(number + 1, dave, 100, number - 1);
	});

	it("leaves each delegator its part of a session, to the unit", async () => {
		const { session } = await dev.dpos.seats();
		await dev.sealUntil("session", session + 1);
		const first = await best();
		await dev.seal(SESSION_BLOCKS);
		const next = await best();
		assert.equal((await dev.dpos.seats()).session, session + 2);

		const classes = await classesAt(first - 1);
		const earned = await earnedByBob(first, next - 1);
		const expected = folded(earned, classes);
		assert.deepEqual(await classesAt(next - 1), expected);
		const daves = expected.find(({ rate }) => rate === 100);
		const charlies = expected.find(({ rate, owners }) => rate === MAX_RATE && !owners);
		assert.ok(daves && charlies);
		// Dave is alone in his class. Charlie and Eve share theirs.
		assert.equal((await positionAt(next - 1, dave)).value, daves.stake);
		const both = [await positionAt(next - 1, charlie), await positionAt(next - 1, eve)];
		const sum = both.reduce((all, { value }) => all + value, 0n);
		assert.ok(sum <= charlies.stake && charlies.stake - sum < 2n, "less than a unit each");

		const { compensation } = split(earned, classes);
		const seats = await dev.dpos.sessionAwards(session + 1);
		const seat = seats.find(({ candidate }) => candidate === bob.address);
		const validator = true;
		assert.deepEqual(seat, { candidate: bob.address, validator, award: earned, compensation });
		const other = seats.find(({ candidate }) => candidate === alice.address);
		assert.equal(other?.award, await earnedByBob(first, next - 1, alice.address));
		const total = classes.reduce((all, of) => all + of.stake, 0n);
		const blocks = BigInt(next - first);
		const yearly = (await dev.dpos.yields()).find(({ candidate }) => candidate === bob.address);
		assert.equal(yearly?.yearly, yearlyYield(earned, total, MAX_RATE, blocks));
	});

	it("cannot be raised by the owner, and not above the maximum by anybody", async () => {
		await refuses("ValidatorCompensation.RateRaised", bob, awards("lowerRate", dave.address, 101));
		await refuses("ValidatorCompensation.RateUnchanged", bob, awards("lowerRate", dave.address, 100));
		await refuses("ValidatorCompensation.NotDelegator", bob, awards("lowerRate", ferdie.address, 1));
		await refuses("ValidatorCompensation.OwnerPaysNothing", bob, awards("lowerRate", bob.address, 0));
		await refuses("CmtDpos.NotOwner", charlie, awards("lowerRate", dave.address, 1));
		const accept = (rate: number, to = bob.address) => awards("acceptRate", to, rate);
		await refuses("ValidatorCompensation.RateAboveMaximum", dave, accept(MAX_RATE + 1));
		await refuses("ValidatorCompensation.RateLowered", dave, accept(99));
		await refuses("ValidatorCompensation.RateUnchanged", dave, accept(100));
		await refuses("ValidatorCompensation.NotDelegator", ferdie, accept(200));
		await refuses("ValidatorCompensation.NotDelegator", dave, accept(200, nobody.address));
		await refuses("ValidatorCompensation.OwnerPaysNothing", bob, accept(200));
	});

	it("rises where the delegator itself agrees", async () => {
		const [included, number] = await include(dave, awards("acceptRate", bob.address, 250));
		const { from, to } = eventOf(included, "validatorCompensation", "RateChanged");
		assert.deepEqual([from, to], ["100", "250"]);
		await demandAwardOf(number, dave, 250);
	});

	it("can be lowered for all at once, who pay more", async () => {
		await include(bob, awards("lowerRate", dave.address, 40));
		const [, number] = await include(bob, awards("lowerAllRates", 50));
		const [event] = await eventsAt(number, "validatorCompensation.RatesLowered");
		assert.deepEqual(event, { candidate: bob.address, rate: 50, classes: 1 });
		const rates = [charlie, eve, dave].map(async (who) => (await positionAt(number, who)).rate);
		assert.deepEqual(await Promise.all(rates), [50, 50, 40]);
		// All classes have the block's award, at the new rates.
		const before = (await classesAt(number - 1)).map((of) => ({
			...of,
			rate: Math.min(of.rate, 50),
		}));
		const earned = await earnedByBob(number, number);
		assert.deepEqual(await classesAt(number), folded(earned, before));
		await refuses("ValidatorCompensation.NothingToLower", bob, awards("lowerAllRates", 50));
		await refuses("CmtDpos.NotOwner", charlie, awards("lowerAllRates", 10));
	});

	it("does not hold for newcomers, who agree to what is asked of them", async () => {
		const amount = 5_000n * CMT;
		const [, number] = await include(ferdie, stake("delegate", bob.address, amount));
		assert.equal((await positionAt(number, ferdie)).rate, MAX_RATE);
		assert.equal((await positionAt(number, charlie)).rate, 50);
	});

	/** Demands that `who`, alone in its class, got of block `number` what `rate` leaves. */
	async function demandAwardOf(number: number, who: Pair, rate: number, since = number - 1) {
		const classes = await classesAt(since);
		const { value } = await positionAt(since, who);
		const total = classes.reduce((sum, of) => sum + of.stake, 0n);
		const earned = await earnedByBob(since + 1, number);
		const alone: Class = { owners: false, agreed: rate, rate, stake: value };
		const rest = { ...alone, stake: total - value };
		const [kept = 0n] = split(earned, [alone, rest]).kept;
		assert.ok(kept > 0n);
		assert.equal((await positionAt(number, who)).value, value + kept);
	}
});

describe("compensation", () => {
	it("goes to the owner's own stake by itself", async () => {
		await dev.seal();
		const number = await best();
		const [own] = (await classesAt(number - 1)).filter(({ owners }) => owners);
		const [now] = (await classesAt(number)).filter(({ owners }) => owners);
		assert.ok(own && now && now.stake > own.stake);
		assert.equal((await positionAt(number, bob)).value, now.stake);
		await refuses(
			"ValidatorCompensation.AccountUnchanged",
			bob,
			awards("setCompensationAccount", null),
		);
		await refuses(
			"ValidatorCompensation.NoCompensation",
			charlie,
			awards("payCompensation", bob.address),
		);
		await refuses("CmtDpos.NotOwner", charlie, awards("setCompensationAccount", till.address));
	});

	it("goes to another account at the session's end, to the unit", async () => {
		const call = awards("setCompensationAccount", till.address);
		const [included, number] = await include(bob, call, SESSION_BLOCKS - 1);
		eventOf(included, "validatorCompensation", "CompensationAccountSet");
		await refuses("ValidatorCompensation.AccountUnchanged", bob, call);
		const { session } = await dev.dpos.seats();
		await dev.sealUntil("session", session + 1);
		const next = await best();
		const earned = await earnedByBob(number, next - 1);
		const { compensation } = split(earned, await classesAt(number - 1));
		assert.ok(compensation > 0n);
		assert.equal(await freeAt(next - 1, till), 0n);
		assert.equal(await freeAt(next, till), compensation);
		const paid = await eventsAt(next, "validatorCompensation.CompensationPaid");
		assert.deepEqual(paid, [{ account: till.address, amount: String(compensation) }]);
	});

	it("is paid earlier by anybody's call", async () => {
		// A change of the pools folds what was earned so far, and compensation with it.
		await avoidSessionStart(4);
		await dev.seal();
		const [, changed] = await include(eve, stake("delegate", bob.address, 1_000n * CMT));
		const { compensation: due } = await (await at(changed)).solvency();
		assert.ok(due > 0n);
		const [, number] = await include(ferdie, awards("payCompensation", till.address));
		const paid = (await freeAt(number, till)) - (await freeAt(number - 1, till));
		assert.equal(paid, due);
		assert.equal((await dev.dpos.solvency()).compensation, 0n);
	});

	it("goes to the owner's own stake again where the owner wishes so", async () => {
		const [, number] = await include(bob, awards("setCompensationAccount", null));
		const earned = await earnedByBob(number, number);
		assert.deepEqual(
			await classesAt(number),
			folded(earned, await classesAt(number - 1)),
		);
	});
});

describe("a delegator that leaves", () => {
	let amount = 0n;
	let due = 0;

	it("takes along exactly what its stake is worth", async () => {
		const [included, number] = await include(dave, stake("undelegate", bob.address, null));
		const before = await positionAt(number - 1, dave);
		amount = before.value;
		assert.ok(before.earned > 0n);
		const { value, earned, principal, unbonding } = await positionAt(number, dave);
		assert.deepEqual([value, earned, principal], [0n, 0n, 0n]);
		assert.deepEqual(unbonding.map((chunk) => chunk.amount), [amount]);
		due = unbonding[0]?.due ?? 0;
		eventOf(included, "cmtDpos", "Undelegated");
	});

	it("earns nothing while it waits, and is paid exactly that", async () => {
		const free = await freeBalance(dev.api, dave.address);
		await dev.sealUntil("era", due);
		const number = await best();
		const { unbonding } = await positionAt(number - 1, dave);
		assert.deepEqual(unbonding.map((chunk) => chunk.amount), [amount]);
		await dev.seal(2);
		assert.equal((await freeBalance(dev.api, dave.address)) - free, amount);
		assert.equal(await dev.dpos.position(dave.address, bob.address), undefined);
	});
});

describe("the RPC of the first chain", () => {
	/** The block that is asked about, not the best one. */
	let height = 0;
	let then: Dpos;

	before(async () => {
		await include(eve, stake("undelegate", bob.address, 1_000n * CMT));
		const location = [[{ Raw: "location" }, { Raw: "Singapore" }]];
		const texts = { display: { Raw: "Bob's" }, web: { Raw: "https://bob.example" } };
		const identity = { ...texts, email: { Raw: "bob@example.com" }, additional: location };
		await include(bob, dev.api.tx.identity.setIdentity(identity));
		await dev.seal(3);
		height = (await best()) - 2;
		then = await at(height);
	});

	const ask = <T>(method: string, ...params: unknown[]) =>
		dev.node.call<{ height: number; data: T }>(`cmt_${method}`, params);
	type Fields = Record<string, unknown>;

	it("queryValidators tells what DposApi tells of the same block", async () => {
		const answer = await ask<Fields[]>("queryValidators", height);
		assert.equal(answer.height, height);
		const candidates = await then.candidates();
		const yields = await then.yields();
		const { validators } = await then.seats();
		assert.deepEqual(
			answer.data,
			await Promise.all(candidates.map(async (info) => ({
				id: info.candidate,
				owner_address: info.owner,
				shares: String(info.stake),
				voting_power: String(
					validators.find(({ candidate }) => candidate === info.candidate)?.counted,
				),
				max_shares: String(info.maxStake),
				comp_rate: info.candidate === bob.address ? "3/10" : "1/5",
				active: "Y",
				rank: info.rank,
				state: "Validator",
				pub_key: { type: "sr25519", value: (await then.profile(info.candidate)).auraKey },
				description: await descriptionOf(info.candidate),
				verified: "N",
				num_of_delegators: info.positions,
				candidate: info.candidate,
				role: "validator",
				standing: "active",
				self_stake: String(info.selfStake),
				default_rate: info.defaultRate,
				max_rate: info.maxRate,
				yearly_yield: yields.find(({ candidate }) => candidate === info.candidate)?.yearly,
				conduct: await conductOf(info.candidate),
			}))),
		);
	});

	async function descriptionOf(candidate: string): Promise<Fields> {
		const { name, website, location, email } = await then.profile(candidate);
		assert.equal(name, candidate === bob.address ? "Bob's" : "");
		return { name, website, location, email };
	}

	async function conductOf(candidate: string): Promise<Fields> {
		const { absent, missedTurns, jailedUntil, tombstoned, slashes } =
			await then.conduct(candidate);
		const [missed_turns, jailed_until] = [missedTurns, jailedUntil];
		return { absent, missed_turns, jailed_until, tombstoned, slashes };
	}

	it("queryValidator adds the classes, for either form of the address", async () => {
		const hex = `0x${Buffer.from(bob.publicKey).toString("hex")}`;
		const [answer, same] = await Promise.all([
			ask<Fields>("queryValidator", bob.address, height),
			ask<Fields>("queryValidator", hex, height),
		]);
		assert.deepEqual(answer, same);
		const { classes, ...rest } = answer.data;
		const all = await ask<Fields[]>("queryValidators", height);
		assert.deepEqual(rest, all.data.find(({ id }) => id === bob.address));
		const description = { name: "Bob's", website: "https://bob.example" };
		const reach = { location: "Singapore", email: "bob@example.com" };
		assert.deepEqual(rest["description"], { ...description, ...reach });
		// Bob, Charlie, Eve and Ferdie; Dave is paid and gone.
		assert.equal(rest["num_of_delegators"], 4);
		const expected = await then.classes(bob.address);
		assert.deepEqual(
			classes,
			expected.map(({ owners, agreed, rate, stake: behind }) => {
				return { owners, agreed_rate: agreed, rate, stake: String(behind) };
			}),
		);
	});

	it("queryDelegator tells positions, with what waits", async () => {
		const answer = await ask<Fields[]>("queryDelegator", eve.address, height);
		const [position] = await then.positions(eve.address);
		assert.ok(position && position.unbonding.length === 1);
		const { candidate, value, principal, earned, rate, unbonding } = position;
		const waiting = unbonding.map((chunk) => ({ ...chunk, amount: String(chunk.amount) }));
		assert.deepEqual(answer, {
			height,
			data: [
				{
					delegator_address: eve.address,
					validator_address: candidate,
					candidate_id: candidate,
					delegate_amount: String(principal),
					award_amount: String(earned),
					pending_withdraw_amount: String(1_000n * CMT),
					comp_rate: "1/20",
					voting_power: String(value),
					state: "Y",
					value: String(value),
					principal: String(principal),
					earned: String(earned),
					rate,
					unbonding: waiting,
				},
			],
		});
		assert.deepEqual((await ask("queryDelegator", nobody.address, height)).data, []);
	});

	it("queryAwardInfos tells what each block brought, also a session's first", async () => {
		const clock = (await dev.api.query.cmtDpos.clock()).toJSON() as { start: number };
		for (const number of [height, clock.start, clock.start - 1, 1]) {
			const { data } = await ask<Fields[]>("queryAwardInfos", number);
			const { session } = await (await at(number)).seats();
			const now = await (await at(number)).sessionAwards(session);
			const before = await (await at(number - 1)).sessionAwards(session);
			const expected = now.map(({ candidate, award, compensation }) => {
				const earlier = before.find((seat) => seat.candidate === candidate)?.award ?? 0n;
				return {
					address: candidate,
					state: "Validator",
					amount: String(award - earlier),
					session_amount: String(award),
					session_compensation: String(compensation),
				};
			});
			assert.deepEqual(data, expected, `block ${number}`);
			const brought = data.reduce((sum, { amount }) => sum + BigInt(amount as string), 0n);
			const { toValidators } = await (await at(number)).blockAward();
			const lost = toValidators - brought;
			const most = BigInt(data.length);
			assert.ok(lost <= most && lost >= -most, `block ${number}: ${lost} planck astray`);
		}
	});

	it("queryParams tells all parameters by name", async () => {
		const { data } = await ask<Record<string, Fields>>("queryParams", height);
		const snake = (name: string) =>
			name.replace(/[A-Z]/g, (letter, place) => (place ? "_" : "") + letter.toLowerCase());
		const expected = (await then.parameters()).map(({ name, value, unit }) => [
			snake(name),
			{ value: String(value), unit: unit.toLowerCase() },
		]);
		assert.deepEqual(data, Object.fromEntries(expected));
		assert.deepEqual(data["inflation"], { value: "80000000", unit: "perbill" });
		assert.deepEqual(data["session_length"], { value: "20", unit: "count" });
	});

	it("nobody is absent, and there is no proposal", async () => {
		const answer = await ask("queryAbsentValidators", height);
		assert.deepEqual(answer, { height, data: { Validators: {} } });
		assert.deepEqual(await dev.node.call("cmt_queryProposals"), []);
	});

	it("without height, or with 0, the best block is meant", async () => {
		for (const params of [[], [0], [null]]) {
			assert.equal((await ask("queryValidators", ...params)).height, await best());
		}
	});

	it("what cannot be answered is refused with a reason", async () => {
		const reasonOf = async (method: string, ...params: unknown[]): Promise<RpcError> => {
			const answer = ask(method, ...params).then(
				() => assert.fail("it was answered"),
				(error: unknown) => error,
			);
			const error = await answer;
			assert.ok(error instanceof RpcError, String(error));
			return error;
		};
		const later = (await best()) + 100;
		for (const method of ["queryValidators", "queryAwardInfos", "queryParams"]) {
			const error = await reasonOf(method, later);
			assert.equal(error.code, 18_001);
			assert.match(error.message, new RegExp(`block ${later} is not known`));
		}
		assert.match((await reasonOf("queryValidators", 2 ** 40)).message, /is not known/);
		const typo = await reasonOf("queryDelegator", `${eve.address.slice(0, -1)}x`, height);
		assert.equal(typo.code, -32_602);
		assert.match(typo.message, /is not an address: it is no SS58/);
		const short = await reasonOf("queryValidator", "0x0102", height);
		assert.match(short.message, /it has 2 bytes instead of 32/);
		const stranger = await reasonOf("queryValidator", nobody.address, height);
		assert.equal(stranger.code, 18_003);
		assert.match(stranger.message, /is neither a candidate nor the owner of one/);
	});
});

describe("after all that", () => {
	it("every block issued the same, took up its fees, and left books that match", async () => {
		for (let number = 1; number <= (await best()); number++) {
			const state = await at(number);
			const { issued, fees } = await state.blockAward();
			assert.equal(issued, ISSUED_PER_BLOCK);
			assert.equal(fees, await feesAt(number), `fees of block ${number}`);
			const { escrow, paused, ...parts } = await state.solvency();
			const booked = Object.values(parts).reduce((sum, part) => sum + part, 0n);
			assert.equal(escrow, booked, `books of block ${number}`);
			assert.equal(paused, false);
		}
		const issuance = 1_000_000_000n * CMT + BigInt(await best()) * ISSUED_PER_BLOCK;
		assert.equal(await issuanceAt(await best()), issuance);
	});
});
