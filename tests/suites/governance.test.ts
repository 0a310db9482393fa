// Governance on the local network: 19 validators as processes on this machine. Takes about eight
// minutes. What only waits, waits together: the referenda run beside each other.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ApiPromise } from "@polkadot/api";
import { stringToHex } from "@polkadot/util";
import { blake2AsHex, encodeAddress } from "@polkadot/util-crypto";
import { blocksOf } from "../src/blocks.ts";
import { CMT, type Call, freeBalance, refusal, submit } from "../src/calls.ts";
import { reportOf } from "../src/double-authoring.ts";
import { Dpos } from "../src/dpos.ts";
import { EventLog } from "../src/event-log.ts";
import { Referenda, quorum } from "../src/governance.ts";
import { temporaryFolder } from "../src/janitor.ts";
import { accountOf } from "../src/keys.ts";
import { localCandidates } from "../src/names.ts";
import { Network, SEATS } from "../src/network.ts";
import { heads } from "../src/rpc.ts";
import { eventually } from "../src/wait.ts";

const MINUTE = 60_000;
/** Sessions in an era. */
const ERA = 3;

/** Whose node is asked. Its account has the reserve of the supply. */
const first = localCandidates[0];
/** Is accused of a block that it never made. */
const accused = "Validator19";
/** Retires while a referendum runs. */
const leaver = "Validator18";
/** Has stake behind Alice, Eve and others since genesis. */
const delegator = accountOf("Alice//stash");
/** Has stake behind nobody. */
const stranger = accountOf("Ferdie//stash");
/** Gets what the treasury spends, and pays no fee meanwhile. */
const beneficiary = accountOf("Eve//stash");
const proposer = accountOf("Alice");

const treasury = encodeAddress(stringToHex("modlcmt/trsy").padEnd(66, "0"), 42);

const HALF = [1n, 2n] as const;
const FIFTH = [1n, 5n] as const;

let network: Network;
let api: ApiPromise;
let log: EventLog;
let referenda: Referenda;

/** Numbers of the referenda. */
const polls = { inflation: 0, spend: 0, pause: 0, cancel: 0, under: 0, missing: 0 };
/** Power of the seats in all of them. */
let powers: Map<string, bigint>;
/** Number of the slash of the accused, and what it took. */
let slash = 0;

const addressOf = (name: string): string => accountOf(name).address;
const send = (who: ReturnType<typeof accountOf>, call: Call) =>
	submit(api, who, call, { timeoutMs: 2 * MINUTE });
const dpos = (hash?: string): Dpos => new Dpos(api, hash);

before(async () => {
	network = await Network.prepare({ folder: temporaryFolder("governance") });
	await network.start();
	await network.finalises();
	api = await network.node(first).api();
	const port = network.node(first).ports.rpc;
	log = new EventLog(api, port).start();
	referenda = new Referenda(api);
	await send(proposer, api.tx.balances.transferKeepAlive(treasury, 50_000n * CMT));
	slash = await accuse();
	// All referenda shall open with the same session: to make them takes most of the one before.
	await sessionBegins();
	await proposeAll();
});
after(async () => {
	await log?.stop();
	await network?.discard();
});

/** Reports the accused; the number of its slash. */
async function accuse(): Promise<number> {
	const port = network.node(first).ports.rpc;
	const look = async () => {
		const blocks = await blocksOf(port, 1, (await heads(port)).finalized);
		return blocks.find(({ author }) => author === accused);
	};
	const block = await eventually(`a block of ${accused}`, look, { timeoutMs: 3 * MINUTE });
	// Held for two eras: a report in the last session of one leaves too little time to cancel it.
	const early = async () => (await dpos().seats()).session % ERA !== ERA - 1;
	await eventually("another session than an era's last", early, { timeoutMs: 3 * MINUTE });
	const { proof, keyProof } = await reportOf(api, port, block.hash, accused);
	await send(stranger, api.tx.slashing.reportDoubleAuthoring(proof, keyProof));
	const slashes = await dpos().slashesOf(addressOf(accused));
	assert.equal(slashes.length, 1);
	return slashes[0]?.index ?? -1;
}

async function sessionBegins(): Promise<void> {
	const look = async () => {
		const clock = (await api.query.cmtDpos.clock()).toJSON() as { start: number };
		const now = (await api.rpc.chain.getHeader()).number.toNumber();
		return now - clock.start <= 1 && now > clock.start;
	};
	await eventually("the beginning of a session", look, { timeoutMs: 5 * MINUTE });
}

async function proposeAll(): Promise<void> {
	const { tx } = api;
	const inflation = { Awards: { Inflation: [null, 60_000_000] } };
	const pause = tx.governance.pauseCall("CmtDpos", "offer_ownership");
	const calls: [keyof typeof polls, Parameters<Referenda["propose"]>[1], Call][] = [
		["cancel", "Slashes", tx.slashing.cancelSlash(slash)],
		["under", "Slashes", tx.slashing.pardon(addressOf(accused))],
		["spend", "SmallSpend", tx.treasury.spend(null as never, 10_000n * CMT, beneficiary.address, null)],
		["inflation", "Parameters", tx.governance.changeParameter(inflation)],
	];
	polls.pause = await referenda.propose(proposer, "Emergency", pause);
	// At once: it opens with the next session.
	const early = referenda.voteAs(accountOf("Bob"), polls.pause, "Aye");
	assert.equal(await refusal(early), "StakeVoting.PollNotOpen");
	for (const [name, track, call] of calls) {
		polls[name] = await referenda.propose(proposer, track, call);
	}
	const nothing = { Lookup: { hash: blake2AsHex("nothing known"), len: 1_000 } };
	polls.missing = await referenda.submit(proposer, "Emergency", nothing);
	powers = await referenda.opened(polls.missing);
}

/** Votes of the fewest seats that reach `bar`, first without the last of them. */
async function pass(poll: number, bar: readonly [bigint, bigint]): Promise<void> {
	const unable = [accused, leaver];
	const names = quorum(powers, bar, unable).filter((name) => name !== "Alice");
	const all = ["Alice", ...names];
	const last = all.pop() ?? "";
	if (poll !== polls.inflation) await referenda.vote(poll, ["Alice"], "Aye");
	await referenda.vote(poll, all.slice(1), "Aye");
	const { ayes, total } = await referenda.tally(poll);
	assert.ok(ayes * bar[1] < total * bar[0], "still under the bar");
	assert.notEqual((await referenda.standing(poll)).confirming, true);
	await referenda.vote(poll, [last], "Aye");
	const reached = await referenda.tally(poll);
	assert.ok(reached.ayes * bar[1] >= reached.total * bar[0], "at the bar");
}

describe("votes", () => {
	// The track of emergencies decides soonest.
	it("reach the bar with the last one of a quorum, and not before", async () => {
		await Promise.all([pass(polls.pause, HALF), pass(polls.missing, HALF)]);
	});

	it("count the power of 19 seats, and nothing is cast", async () => {
		assert.equal(powers.size, SEATS + 5);
		const tally = await referenda.tally(polls.inflation);
		assert.deepEqual([tally.ayes, tally.nays, tally.abstentions], [0n, 0n, 0n]);
	});

	it("are refused where there is nothing to vote with or on", async () => {
		const vote = (who: string, poll: number) => referenda.voteAs(accountOf(who), poll, "Aye");
		assert.equal(await refusal(vote(accused, polls.cancel)), "Slashing.Tombstoned");
		assert.equal(await refusal(vote("Two", polls.cancel)), "CmtDpos.NotOwner");
		assert.equal(await refusal(vote("Validator26", polls.cancel)), "StakeVoting.NoSeat");
		assert.equal(await refusal(vote("Bob", 1_000)), "StakeVoting.UnknownPoll");
		const none = referenda.voteStake(stranger, polls.cancel, addressOf("Bob"), "Aye");
		assert.equal(await refusal(none), "StakeVoting.NotDelegator");
		const unvoted = send(accountOf("Bob"), api.tx.stakeVoting.withdrawVote(polls.cancel));
		assert.equal(await refusal(unvoted), "StakeVoting.NotVoted");
		await send(accountOf(leaver), api.tx.cmtDpos.retire());
		assert.equal(await refusal(vote(leaver, polls.cancel)), "CmtDpos.CandidateRetired");
	});
});

describe("referenda", { concurrency: true }, () => {
	it("a pause holds for everybody and ends by itself", async () => {
		assert.equal(await referenda.ended(polls.pause), "approved");
		const paused = await log.first("governance.CallPaused", {}, { timeoutMs: 3 * MINUTE });
		const offer = api.tx.cmtDpos.offerOwnership(null);
		assert.equal(await refusal(send(accountOf("Two"), offer)), "System.CallFiltered");
		const resumed = await log.first("governance.CallResumed", {}, { timeoutMs: 6 * MINUTE });
		assert.equal(resumed.block, Number(paused.fields.until));
		assert.equal(resumed.block - paused.block, 60);
		assert.equal(await refusal(send(accountOf("Two"), offer)), "CmtDpos.NotOwner");
	});

	it("a slash is cancelled to the planck", async () => {
		const stakeBefore = (await dpos().slashesOf(addressOf(accused)))[0]?.amount ?? 0n;
		assert.ok(stakeBefore > 0n);
		await pass(polls.cancel, HALF);
		assert.equal(await referenda.ended(polls.cancel), "approved");
		const event = await log.first("slashing.SlashCancelled", {}, { timeoutMs: 3 * MINUTE });
		const { hash, parent } = event;
		const stakeAt = async (at: string) =>
			(await dpos(at).candidate(addressOf(accused)))?.stake ?? 0n;
		const pools = async (at: string) => (await dpos(at).solvency()).slashes;
		assert.equal((await pools(parent)) - (await pools(hash)), stakeBefore);
		assert.ok((await stakeAt(hash)) - (await stakeAt(parent)) >= stakeBefore);
	});

	it("one that stays a vote short is rejected, and nobody is pardoned", async () => {
		const unable = [accused, leaver];
		const names = quorum(powers, HALF, unable).slice(0, -1);
		await referenda.vote(polls.under, names, "Aye");
		const { ayes, total } = await referenda.tally(polls.under);
		assert.ok(2n * ayes < total && 2n * (ayes + 2_000_000n * CMT) > total);
		assert.equal(await referenda.ended(polls.under, 8 * MINUTE), "rejected");
		const late = referenda.voteAs(accountOf("Validator17"), polls.under, "Aye");
		assert.equal(await refusal(late), "StakeVoting.PollEnded");
	});

	it("the treasury pays what was decided, once", async () => {
		await pass(polls.spend, FIFTH);
		assert.equal(await referenda.ended(polls.spend), "approved");
		const approved = await log.first(
			"treasury.AssetSpendApproved",
			{},
			{ timeoutMs: 4 * MINUTE },
		);
		const index = Number(approved.fields.index);
		const before = await freeBalance(api, beneficiary.address);
		await send(accountOf("One"), api.tx.treasury.payout(index));
		assert.equal((await freeBalance(api, beneficiary.address)) - before, 10_000n * CMT);
		const again = send(accountOf("One"), api.tx.treasury.payout(index));
		assert.match(await refusal(again), /^Treasury\.(AlreadyAttempted|InvalidIndex)$/);
	});

	// Its track gives three eras, so that these votes may take their time, one after the other.
	describe("inflation", { concurrency: false }, () => {
		it("a delegator moves the result by exactly its stake", async () => {
			const poll = polls.inflation;
			await referenda.voteAs(accountOf("Alice"), poll, "Aye");
			const before = await referenda.tally(poll);
			assert.equal(before.ayes, powers.get("Alice"));
			const { opens } = before;
			// It counts as it was after the block before: what that block awarded is in it.
			const { parent } = await log.first("stakeVoting.PollsOpened", { session: opens });
			const positions = await dpos(parent).positions(delegator.address);
			const stake = positions.find(({ candidate }) => candidate === addressOf("Alice"))?.value;
			assert.ok(stake !== undefined && stake > 0n);

			await referenda.voteStake(delegator, poll, addressOf("Alice"), "Nay");
			const against = await referenda.tally(poll);
			assert.deepEqual([before.ayes - against.ayes, against.nays], [stake, stake]);
			await referenda.voteStake(delegator, poll, addressOf("Alice"), "Abstain");
			const neither = await referenda.tally(poll);
			assert.deepEqual([neither.nays, neither.abstentions], [0n, stake]);
			await send(delegator, api.tx.stakeVoting.withdrawStakeVote(poll, addressOf("Alice")));
			assert.deepEqual(await referenda.tally(poll), before);
		});

		it("stake that came later counts nowhere, and what left still does", async () => {
			const poll = polls.inflation;
			const candidate = addressOf("Alice");
			await send(stranger, api.tx.cmtDpos.delegate(candidate, 5_000n * CMT));
			const late = referenda.voteStake(stranger, poll, candidate, "Nay");
			assert.equal(await refusal(late), "StakeVoting.NotDelegator");
			const before = await referenda.tally(poll);
			await send(delegator, api.tx.cmtDpos.undelegate(candidate, null));
			assert.deepEqual(await referenda.tally(poll), before);
			await referenda.voteStake(delegator, poll, candidate, "Nay");
			const after = await referenda.tally(poll);
			assert.equal(after.ayes + after.nays, before.ayes);
			await send(delegator, api.tx.cmtDpos.rebond(candidate, null));
			const twice = referenda.voteStake(delegator, poll, candidate, "Nay");
			assert.equal(await refusal(twice), "StakeVoting.SameVote");
			await send(delegator, api.tx.stakeVoting.withdrawStakeVote(poll, candidate));
			assert.deepEqual(await referenda.tally(poll), before);
		});

		it("inflation changes when a session ends", async () => {
			await pass(polls.inflation, HALF);
			assert.equal(await referenda.ended(polls.inflation), "approved");
			const announced = await log.first(
				"governance.ParameterWillChange",
				{},
				{ timeoutMs: 4 * MINUTE },
			);
			const changed = await log.first("parameters.Updated", {}, { timeoutMs: 3 * MINUTE });
			assert.ok(changed.block > announced.block, "not with the enactment");
			const session = log.all("session.NewSession").find(({ block }) => block === changed.block);
			assert.ok(session, "with a new session");
			const issued = async (hash: string) => (await dpos(hash).blockAward()).issued;
			const [old, now] = [await issued(changed.parent), await issued(changed.hash)];
			// Eight per cent become six; each is rounded down.
			assert.ok(now * 4n <= old * 3n && now * 4n >= old * 3n - 4n, `${old} to ${now}`);
		});
	});

	it("a call whose preimage is missing changes nothing", async () => {
		assert.equal(await referenda.ended(polls.missing), "approved");
		await log.first("scheduler.CallUnavailable", {}, { timeoutMs: 3 * MINUTE });
	});
});

describe("what cannot be proposed", () => {
	it("parameters out of range, origins without a track", async () => {
		const good = api.tx.governance.changeParameter({
			Awards: { Inflation: [null, 200_000_000] },
		});
		const bad = `${good.method.toHex().slice(0, -8)}01c2eb0b`;
		const submitted = api.tx.utility.dispatchAs({ system: "Root" }, bad);
		await assert.rejects(send(proposer, submitted), /range|decode|1002|1010|runtime/i);
		const untracked = api.tx.referenda.submit(
			{ Governance: "Boundary" } as never,
			{ Inline: "0x0000" },
			{ After: 0 },
		);
		assert.equal(await refusal(send(proposer, untracked)), "Referenda.NoTrack");
	});

	it("nobody sets a parameter at once", async () => {
		const set = api.tx.parameters.setParameter({ Awards: { Inflation: [null, 0] } } as never);
		assert.equal(await refusal(send(proposer, set)), "BadOrigin");
	});
});
