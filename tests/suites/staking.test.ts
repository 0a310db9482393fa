// Delegated stake as a wallet uses it: every call through polkadot.js on a development chain, with
// sessions of 20 blocks, eras of 3 sessions and 2 eras of waiting. The parts build on each other.
// Awards come on top of all stake here; awards.test.ts has them to the unit.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { u8aToHex } from "@polkadot/util";
import { ISSUED_PER_BLOCK } from "../src/award-model.ts";
import { CMT, type Call, type Included, eventOf, freeBalance, refusal } from "../src/calls.ts";
import { DevNode } from "../src/dev-node.ts";
import { accountOf, sessionKeysWithProof, suriOf } from "../src/keys.ts";

const [alice, bob, charlie, dave, eve, ferdie] = [
	"Alice",
	"Bob",
	"Charlie",
	"Dave",
	"Eve",
	"Ferdie",
].map(accountOf);
const nobody = accountOf("Nobody");

const U128_MAX = 2n ** 128n - 1n;
/** Bob's declared maximum; a tenth of it is the self-stake that it demands. */
const MAXIMUM = 1_000_000n * CMT;
const SELF_STAKE = MAXIMUM / 10n;
/** Least stake of a position. */
const MINIMUM = 1_000n * CMT;
const UNBONDING_ERAS = 2;
/** Blocks in an era: 3 sessions of 20. */
const ERA_BLOCKS = 60;

let dev: DevNode;

before(async () => {
	dev = await DevNode.launch("manual");
});
after(() => dev?.stop());

type Pair = typeof alice;
type Calls = Record<string, (...params: unknown[]) => Call>;

/** The calls of the pallet. */
const calls = (): Calls => dev.api.tx.cmtDpos as unknown as Calls;
/** Signs a call of the pallet and waits for its block. */
const send = (who: Pair, name: string, ...params: unknown[]): Promise<Included> =>
	dev.submit(who, calls()[name](...params));

/** Demands that the pallet refuses a call with its error `reason`. */
async function refuses(reason: string, who: Pair, name: string, ...params: unknown[]) {
	assert.equal(await refusal(send(who, name, ...params)), `CmtDpos.${reason}`);
}

/** Demands that an amount is as expected, or more by awards, at most a hundredth of it. */
function withAwards(actual: bigint, expected: bigint): void {
	const most = expected + expected / 100n;
	assert.ok(actual >= expected && actual <= most, `${actual} planck instead of ${expected}`);
}

async function candidateOfBob() {
	const found = await dev.dpos.candidate(bob.address);
	assert.ok(found, "Bob's candidate exists");
	return found;
}

/** The one position of an account behind Bob's candidate. */
async function positionOf(who: Pair) {
	const positions = await dev.dpos.positions(who.address);
	const found = positions.find(({ candidate }) => candidate === bob.address);
	assert.ok(found, "there is a position");
	return found;
}

describe("declare", () => {
	it("is refused without session keys", async () => {
		await refuses("NoSessionKeys", bob, "declare", MAXIMUM, 200, SELF_STAKE);
	});

	it("takes keys that the node made and proves to own", async () => {
		const owner = u8aToHex(bob.publicKey);
		const { keys, proof } = await dev.node.call<{ keys: string; proof: string }>(
			"author_rotateKeysWithOwner",
			[owner],
		);
		const { setKeys } = dev.api.tx.session;
		const foreign = refusal(dev.submit(charlie, setKeys(keys, proof)));
		assert.equal(await foreign, "Session.InvalidProof");
		assert.equal(
			await refusal(dev.submit(bob, setKeys(keys, "0x"))),
			"Session.InvalidProof",
		);
		await dev.submit(bob, setKeys(keys, proof));
		assert.equal(await dev.node.call("author_hasSessionKeys", [keys]), true);
	});

	it("is refused with keys that another candidate uses", async () => {
		const { keys, proof } = sessionKeysWithProof(suriOf("Alice"), charlie.publicKey);
		const call = dev.api.tx.session.setKeys(keys, proof);
		assert.equal(await refusal(dev.submit(charlie, call)), "Session.DuplicatedKey");
	});

	it("is refused with terms out of range or too little stake", async () => {
		await refuses("MaximumTooLow", bob, "declare", 9_999n * CMT, 200, 1_000n * CMT);
		await refuses("RateOutOfRange", bob, "declare", MAXIMUM, 1_001, SELF_STAKE);
		await refuses("SelfStakeTooLow", bob, "declare", MAXIMUM, 200, SELF_STAKE - 1n);
		await refuses("SelfStakeTooLow", bob, "declare", MAXIMUM, 200, 0);
		await refuses("ExceedsMaximum", bob, "declare", MAXIMUM, 200, MAXIMUM + 1n);
		const all = await freeBalance(dev.api, bob.address);
		await refuses("InsufficientBalance", bob, "declare", all * 10n, 200, all);
		assert.equal(await dev.dpos.candidate(bob.address), null);
	});

	it("locks the self-stake and ranks the candidate", async () => {
		// Early in a session, so that the election is not held before the next test looks.
		await dev.sealUntil("session", (await dev.dpos.seats()).session + 1);
		const free = await freeBalance(dev.api, bob.address);
		const included = await send(bob, "declare", MAXIMUM, 200, SELF_STAKE);
		eventOf(included, "cmtDpos", "CandidateDeclared");
		eventOf(included, "cmtDpos", "Delegated");
		const { candidate, owner, state, rank, stake, selfStake, ...terms } =
			await candidateOfBob();
		assert.deepEqual({ candidate, owner }, { candidate: bob.address, owner: bob.address });
		assert.deepEqual({ state, rank }, { state: "active", rank: 2 });
		assert.deepEqual({ stake, selfStake }, { stake: SELF_STAKE, selfStake: SELF_STAKE });
		assert.deepEqual(terms, {
			role: "Candidate",
			maxStake: MAXIMUM,
			maxRate: 200,
			defaultRate: 200,
			positions: 1,
		});
		assert.equal(await dev.dpos.candidateOf(bob.address), bob.address);
		assert.ok(free - (await freeBalance(dev.api, bob.address)) >= SELF_STAKE);
		await refuses("AlreadyCandidate", bob, "declare", MAXIMUM, 200, SELF_STAKE);
	});

	it("gives a seat in the session after next", async () => {
		const session = (await dev.dpos.seats()).session;
		const has = (seats: { validators: { candidate: string }[] }) =>
			seats.validators.some(({ candidate }) => candidate === bob.address);
		assert.ok(has(await dev.dpos.expectedSeats()), "expected");
		assert.ok(!has(await dev.dpos.nextSeats()), "not decided yet");
		await dev.sealUntil("session", session + 1);
		assert.ok(has(await dev.dpos.nextSeats()), "decided");
		assert.ok(!has(await dev.dpos.seats()), "not seated yet");
		await dev.sealUntil("session", session + 2);
		assert.ok(has(await dev.dpos.seats()), "seated");
		assert.equal((await candidateOfBob()).role, "Validator");
	});
});

describe("update", () => {
	it("is refused for others and for terms out of range", async () => {
		await refuses("NotOwner", charlie, "update", MAXIMUM, null, null);
		await refuses("NothingToUpdate", bob, "update", null, null, null);
		await refuses("MaximumTooLow", bob, "update", 1n, null, null);
		await refuses("RateOutOfRange", bob, "update", null, 1_001, null);
		await refuses("RateAboveMaximum", bob, "update", null, 201, null);
		await refuses("MaximumRateRaised", bob, "update", null, null, 201);
		const all = await freeBalance(dev.api, bob.address);
		await refuses("InsufficientBalance", bob, "update", MAXIMUM + all * 20n, null, null);
	});

	it("takes the self-stake that a higher maximum demands", async () => {
		await send(bob, "update", MAXIMUM + 100_000n * CMT, null, null);
		const { selfStake, maxStake } = await candidateOfBob();
		assert.equal(maxStake, MAXIMUM + 100_000n * CMT);
		withAwards(selfStake, SELF_STAKE + 10_000n * CMT);
	});

	it("lowers rates", async () => {
		await send(bob, "update", MAXIMUM, 100, 150);
		const { maxRate, defaultRate, maxStake } = await candidateOfBob();
		assert.deepEqual({ maxRate, defaultRate, maxStake }, {
			maxRate: 150,
			defaultRate: 100,
			maxStake: MAXIMUM,
		});
	});
});

describe("delegate", () => {
	it("is refused with its own reason for every wrong amount and candidate", async () => {
		const to = bob.address;
		await refuses("ZeroAmount", charlie, "delegate", to, 0);
		await refuses("BelowMinimum", charlie, "delegate", to, 1);
		await refuses("BelowMinimum", charlie, "delegate", to, MINIMUM - 1n);
		await refuses("ExceedsMaximum", charlie, "delegate", to, U128_MAX);
		await refuses("ExceedsMaximum", charlie, "delegate", to, MAXIMUM);
		await refuses("UnknownCandidate", charlie, "delegate", nobody.address, MINIMUM);
		const all = await freeBalance(dev.api, charlie.address);
		await refuses("InsufficientBalance", charlie, "delegate", alice.address, all);
		assert.deepEqual(await dev.dpos.positions(charlie.address), []);
	});

	it("locks CMT at the rate for newcomers", async () => {
		const before = (await candidateOfBob()).stake;
		const included = await send(charlie, "delegate", bob.address, 10_000n * CMT);
		eventOf(included, "cmtDpos", "Delegated");
		await send(dave, "delegate", bob.address, 5_000n * CMT);
		const { value, principal, rate, unbonding } = await positionOf(charlie);
		assert.equal(principal, 10_000n * CMT);
		withAwards(value, principal);
		assert.deepEqual({ rate, unbonding }, { rate: 100, unbonding: [] });
		withAwards((await candidateOfBob()).stake, before + 15_000n * CMT);
	});

	it("keeps the agreed rate when stake is added after a change for newcomers", async () => {
		await send(bob, "update", null, 120, null);
		await send(charlie, "delegate", bob.address, CMT);
		assert.equal((await positionOf(charlie)).rate, 100);
		await send(eve, "delegate", bob.address, MINIMUM);
		assert.equal((await positionOf(eve)).rate, 120);
	});
});

describe("undelegate, rebond, withdraw", () => {
	/** Era from which on what leaves now is paid. */
	let due = 0;
	/** What Dave takes out: all that he has. */
	let davesAmount = 0n;

	it("undelegate is refused with its own reason", async () => {
		const to = bob.address;
		await refuses("UnknownCandidate", charlie, "undelegate", nobody.address, null);
		await refuses("NotDelegator", ferdie, "undelegate", to, null);
		await refuses("ZeroAmount", charlie, "undelegate", to, 0);
		await refuses("MoreThanBonded", charlie, "undelegate", to, U128_MAX);
		await refuses("MoreThanBonded", charlie, "undelegate", to, 20_000n * CMT);
		await refuses("RemainderTooSmall", charlie, "undelegate", to, 9_500n * CMT);
		await refuses("SelfStakeTooLow", bob, "undelegate", to, null);
		await refuses("SelfStakeTooLow", bob, "undelegate", to, 11_000n * CMT);
	});

	it("undelegate makes the amount wait", async () => {
		const era = await dev.dpos.era();
		due = era + UNBONDING_ERAS;
		const before = await candidateOfBob();
		await send(charlie, "undelegate", bob.address, 4_000n * CMT);
		await send(dave, "undelegate", bob.address, null);
		const { value, principal, unbonding } = await positionOf(charlie);
		assert.equal(principal, 6_001n * CMT);
		withAwards(value, principal);
		assert.deepEqual(unbonding, [{ since: era, due, amount: 4_000n * CMT }]);
		const [{ amount }] = (await positionOf(dave)).unbonding;
		withAwards(amount, 5_000n * CMT);
		davesAmount = amount;
		withAwards((await candidateOfBob()).stake, before.stake - 4_000n * CMT - amount);
	});

	it("rebond is refused with its own reason", async () => {
		const to = bob.address;
		await refuses("UnknownCandidate", charlie, "rebond", nobody.address, null);
		await refuses("ZeroAmount", charlie, "rebond", to, 0);
		await refuses("MoreThanUnbonding", charlie, "rebond", to, 4_000n * CMT + 1n);
		await refuses("NothingUnbonding", eve, "rebond", to, null);
		// The position is empty: what comes back must be a whole one.
		await refuses("BelowMinimum", dave, "rebond", to, 1n);
	});

	it("rebond takes a waiting amount back", async () => {
		await send(charlie, "rebond", bob.address, 1_000n * CMT);
		const { principal, value, unbonding } = await positionOf(charlie);
		assert.equal(principal, 7_001n * CMT);
		withAwards(value, principal);
		assert.deepEqual(
			unbonding.map(({ amount }) => amount),
			[3_000n * CMT],
		);
	});

	it("withdraw is refused before its time", async () => {
		await refuses("NothingDue", eve, "withdrawUnbonded", charlie.address);
		await refuses("NothingDue", eve, "withdrawUnbonded", nobody.address);
	});

	it("anybody's call pays what is due, and the rest is paid by itself", async () => {
		const free = async (who: Pair) => freeBalance(dev.api, who.address);
		const before = { charlie: await free(charlie), dave: await free(dave) };
		await dev.sealUntil("block", due * ERA_BLOCKS - 1);
		assert.equal(await dev.dpos.era(), due - 1);
		assert.equal(await free(charlie), before.charlie, "not paid too early");
		// Calls come before idle work in the block with which the era begins.
		const included = await send(eve, "withdrawUnbonded", dave.address);
		assert.equal(await dev.dpos.era(), due);
		eventOf(included, "cmtDpos", "Withdrawn");
		assert.equal((await free(dave)) - before.dave, davesAmount);
		await dev.seal();
		assert.equal((await free(charlie)) - before.charlie, 3_000n * CMT);
		assert.deepEqual((await positionOf(charlie)).unbonding, []);
		assert.deepEqual(await dev.dpos.positions(dave.address), []);
		await refuses("NothingDue", eve, "withdrawUnbonded", charlie.address);
	});
});

describe("activate and deactivate", () => {
	it("are refused for others and where nothing would change", async () => {
		await refuses("NotOwner", charlie, "deactivate");
		await refuses("NotOwner", charlie, "activate");
		await refuses("AlreadyActive", bob, "activate");
	});

	it("take the candidate out of the next election, and back", async () => {
		const { stake } = await candidateOfBob();
		await send(bob, "deactivate");
		await refuses("AlreadyInactive", bob, "deactivate");
		const { state, rank, stake: kept } = await candidateOfBob();
		assert.deepEqual({ state, rank }, { state: "inactive", rank: null });
		withAwards(kept, stake);
		const seats = await dev.dpos.expectedSeats();
		assert.deepEqual(
			seats.validators.map(({ candidate }) => candidate),
			[alice.address],
		);
		await send(bob, "activate");
		assert.equal((await candidateOfBob()).rank, 2);
	});
});

describe("hand-over", () => {
	it("is refused with its own reason", async () => {
		await refuses("NotOwner", charlie, "offerOwnership", dave.address);
		await refuses("AlreadyOwner", bob, "offerOwnership", bob.address);
		await refuses("AlreadyCandidate", bob, "offerOwnership", alice.address);
		await refuses("NoOffer", bob, "offerOwnership", null);
		await refuses("NotOffered", dave, "acceptOwnership", bob.address);
		await refuses("UnknownCandidate", dave, "acceptOwnership", nobody.address);
	});

	it("can be taken back before it is accepted", async () => {
		await send(bob, "offerOwnership", dave.address);
		await send(bob, "offerOwnership", null);
		await refuses("NotOffered", dave, "acceptOwnership", bob.address);
	});

	it("the new owner brings the self-stake, the old one's leaves by unbonding", async () => {
		const bonded = (await positionOf(bob)).value;
		await send(bob, "offerOwnership", dave.address);
		await refuses("NotOffered", eve, "acceptOwnership", bob.address);
		const included = await send(dave, "acceptOwnership", bob.address);
		eventOf(included, "cmtDpos", "OwnershipTransferred");
		const { owner, selfStake } = await candidateOfBob();
		assert.equal(owner, dave.address);
		assert.ok(selfStake >= SELF_STAKE);
		const [{ amount }] = (await positionOf(bob)).unbonding;
		withAwards(amount, bonded);
		assert.equal(await dev.dpos.candidateOf(bob.address), null);
		assert.equal(await dev.dpos.candidateOf(dave.address), bob.address);
	});

	it("leaves the address to the candidate, and the keys to the new owner", async () => {
		await refuses("NotOwner", bob, "deactivate");
		await refuses("AddressNamesCandidate", bob, "declare", MAXIMUM, 200, SELF_STAKE);
		const { keys, proof } = sessionKeysWithProof(suriOf("Rotated"), dave.publicKey);
		await dev.submit(dave, dev.api.tx.session.setKeys(keys, proof));
		const next = await dev.api.query.session.nextKeys(bob.address);
		assert.equal(next.toHex(), keys);
	});
});

describe("retire", () => {
	let due = 0;
	/** What waits for Charlie. */
	let waiting = 0n;

	it("is refused for others", async () => {
		await refuses("NotOwner", bob, "retire");
	});

	it("makes every delegation wait at once", async () => {
		const era = await dev.dpos.era();
		due = era + UNBONDING_ERAS;
		eventOf(await send(dave, "retire"), "cmtDpos", "CandidateRetired");
		assert.deepEqual((await candidateOfBob()).state, { retired: { due } });
		const { value, unbonding } = await positionOf(charlie);
		assert.equal(value, 0n);
		waiting = unbonding.reduce((sum, { amount }) => sum + amount, 0n);
		withAwards(waiting, 7_001n * CMT);
	});

	it("refuses everything else from then on", async () => {
		const to = bob.address;
		await refuses("CandidateRetired", charlie, "delegate", to, MINIMUM);
		await refuses("CandidateRetired", charlie, "undelegate", to, null);
		await refuses("CandidateRetired", charlie, "rebond", to, null);
		for (const name of ["retire", "activate", "deactivate"]) {
			const reason = await refusal(send(dave, name));
			assert.match(reason, /^CmtDpos\.(CandidateRetired|NotOwner)$/, name);
		}
	});

	it("pays everybody after the wait, and frees the address", async () => {
		const before = await freeBalance(dev.api, charlie.address);
		await dev.sealUntil("era", due);
		await dev.seal(5);
		const paid = (await freeBalance(dev.api, charlie.address)) - before;
		assert.equal(paid, waiting, "it earned nothing any more");
		assert.equal(await dev.dpos.candidate(bob.address), null);
		for (const who of [bob, charlie, dave, eve]) {
			assert.deepEqual(await dev.dpos.positions(who.address), []);
		}
	});
});

describe("after all that", () => {
	it("the escrow account holds exactly the stake that is left, and awards on their way", async () => {
		const prefix = u8aToHex(new TextEncoder().encode("modlcmt/dpos"));
		const escrow = prefix.padEnd(66, "0");
		const { stake, pending, undistributed, ...rest } = await dev.dpos.solvency();
		const held = stake + pending + undistributed;
		assert.equal(await freeBalance(dev.api, escrow), held);
		const nothing = { compensation: 0n, slashes: 0n, paused: false };
		assert.deepEqual(rest, { escrow: held, ...nothing });
	});

	it("not a planck was made or lost but the awards", async () => {
		const { number } = await dev.api.rpc.chain.getHeader();
		const issued = (await dev.api.query.balances.totalIssuance()).toBigInt();
		const awards = BigInt(number.toNumber()) * ISSUED_PER_BLOCK;
		assert.equal(issued, 1_000_000_000n * CMT + awards);
	});
});
