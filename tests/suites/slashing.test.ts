// Offences on the local network: 19 validators and 4 of the 5 standbys as processes on this machine,
// and a second process with the keys of one validator. Takes about ten minutes; the parts build on
// each other, and where they only wait, they wait together.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ApiPromise } from "@polkadot/api";
import type { Result } from "@polkadot/types";
import type { DispatchError } from "@polkadot/types/interfaces/system";
import { stringToHex } from "@polkadot/util";
import { encodeAddress } from "@polkadot/util-crypto";
import { blocksOf, slotOf } from "../src/blocks.ts";
import {
	CMT,
	type Call,
	type Included,
	Refusal,
	feeOf,
	freeBalance,
	reasonOf,
	refusal,
	refused,
	submit,
} from "../src/calls.ts";
import { type Report, reportOf } from "../src/double-authoring.ts";
import { Dpos, type Seats, type Solvency } from "../src/dpos.ts";
import { type ChainEvent, EventLog } from "../src/event-log.ts";
import { temporaryFolder } from "../src/janitor.ts";
import { accountOf, suriOf } from "../src/keys.ts";
import { localCandidates, nameOf } from "../src/names.ts";
import { Network, SEATS, STANDBYS } from "../src/network.ts";
import { header, heads } from "../src/rpc.ts";
import { eventually, sleep } from "../src/wait.ts";

const MINUTE = 60_000;

/** Whose node is asked; nothing happens to it. It has the sudo key, too. */
const first = localCandidates[0];
/** Is stopped until it is in jail. */
const sleeper = "Validator08";
/** Runs twice. */
const twin = "Validator09";
/** Is accused with a block that it never made. */
const accused = "Validator10";
/** More than a third of the validators, stopped at the same time. */
const crowd = localCandidates.slice(12, SEATS);
/** The standby whose node is stopped. */
const silent = localCandidates[SEATS + STANDBYS - 1];

/** Has stake behind the sleeper since genesis. */
const delegator = accountOf("Two");
/** Reports the accused. */
const reporter = accountOf("One");
/** Joins the sleeper after its slash. */
const latecomer = accountOf("Bob//stash");
/** Sends reports that are refused. */
const crank = accountOf("Ferdie//stash");

const treasury = encodeAddress(stringToHex("modlcmt/trsy").padEnd(66, "0"), 42);

/** Parts of a thousand million. */
const DOWNTIME_SLASH = 1_000_000;
const EQUIVOCATION_SLASH = 50_000_000;
const HOLD_ERAS = 2;
/** Turns missed in a row that bring jail. */
const DOWNTIME_TURNS = 3;
const TURN_MS = SEATS * 3_000;

let network: Network;
let api: ApiPromise;
let port: number;
let log: EventLog;
/** The session in which the sleeper came into jail, and the number of the accused one's slash. */
let sleepersSession = 0;
let accusedSlash = 0;
/** When the last report of the crank is done, so that each of its fees is seen by itself. */
let crankTurn: Promise<void> = Promise.resolve();

before(async () => {
	const names = localCandidates.slice(0, SEATS + STANDBYS);
	network = await Network.prepare({ folder: temporaryFolder("slashing"), names });
	port = network.node(first).ports.rpc;
	await network.start();
	await network.finalises();
	api = await network.node(first).api();
	log = new EventLog(api, port).start();
	// Those whose nodes started late missed a turn.
	const look = async () => (await dpos().absentValidators()).length === 0;
	await eventually("all validators to be there", look, { timeoutMs: 4 * MINUTE });
	await network.node(silent).stop();
});
after(async () => {
	await log?.stop();
	await network?.discard();
});

const dpos = (hash?: string): Dpos => new Dpos(api, hash);
const addressOf = (name: string): string => accountOf(name).address;
const send = (who: ReturnType<typeof accountOf>, call: Call) =>
	submit(api, who, call, { timeoutMs: 2 * MINUTE });
const report = ({ proof, keyProof }: Report): Call =>
	api.tx.slashing.reportDoubleAuthoring(proof, keyProof);

/** Names of the validators of these seats. */
const names = ({ validators }: Seats): string[] =>
	validators.map(({ candidate }) => nameOf(candidate));

async function sessionAt(hash: string): Promise<number> {
	return (await dpos(hash).seats()).session;
}

/** Waits for a session; its seats, read in its first block, and that block's hash. */
async function seatsOf(session: number): Promise<{ seats: Seats; hash: string }> {
	const fields = { sessionIndex: session };
	const { hash } = await log.first("session.NewSession", fields, { timeoutMs: 8 * MINUTE });
	const seats = await dpos(hash).seats();
	assert.equal(seats.session, session);
	return { seats, hash };
}

/** Demands that the next in line takes the seat of `name` two sessions after `session`. */
async function demandSuccession(name: string, session: number): Promise<void> {
	const { seats: kept } = await seatsOf(session + 1);
	assert.ok(names(kept).includes(name), `${name} keeps its seat until then`);
	const next = nameOf(kept.standbys[0]?.candidate ?? "");
	const { seats } = await seatsOf(session + 2);
	assert.equal(seats.validators.length, SEATS);
	assert.ok(!names(seats).includes(name), `${name} has no seat any more`);
	assert.ok(names(seats).includes(next), `${next} is the next`);
}

/** Waits until a block whose author is `name` follows block `from`. */
async function authors(name: string, from: number): Promise<void> {
	let next = from + 1;
	const look = async () => {
		const { best } = await heads(port);
		const blocks = await blocksOf(port, next, best);
		next = best + 1;
		return blocks.some(({ author }) => author === name);
	};
	await eventually(`a block by ${name}`, look, { timeoutMs: 5 * MINUTE, everyMs: 1_000 });
}

/** A part of an amount in parts of a thousand million, rounded up. */
function partOf(amount: bigint, parts: number): bigint {
	return (amount * BigInt(parts) + 999_999_999n) / 1_000_000_000n;
}

/**
 * Demands that a slash took its part of each class, to the unit, and of what waited; returns its
 * number. Who is slashed earns nothing any more, so that nothing else changes in the block.
 */
async function demandSlash(event: ChainEvent, fraction: number, waiting = 0n): Promise<number> {
	const { hash, parent, fields } = event;
	const candidate = fields["candidate"] as string;
	const before = await dpos(parent).classes(candidate);
	const taken = before.map(({ stake }) => partOf(stake, fraction));
	const expected = before.map((of, index) => ({ ...of, stake: of.stake - taken[index] }));
	assert.deepEqual(await dpos(hash).classes(candidate), expected);
	const amount = taken.reduce((sum, part) => sum + part, partOf(waiting, fraction));
	assert.equal(BigInt(fields["amount"] as string), amount);
	assert.equal(fields["fraction"], fraction);
	const then = await dpos(parent).solvency();
	const now = await demandSolvency(hash);
	const all = log.all("slashing.Slashed").filter(({ block }) => block === event.block);
	assert.equal(now.slashes - then.slashes, sumOf(all, "amount"), "all of it is held");
	return fields["index"] as number;
}

/** Demands that escrow holds what the books of a block say; returns these. */
async function demandSolvency(hash: string): Promise<Solvency> {
	const solvency = await dpos(hash).solvency();
	const { escrow, paused, ...parts } = solvency;
	assert.equal(escrow, Object.values(parts).reduce((sum, part) => sum + part, 0n));
	assert.equal(paused, false);
	return solvency;
}

/** The sum of an amount of several events, in planck. */
function sumOf(events: readonly ChainEvent[], field: string): bigint {
	return events.reduce((sum, { fields }) => sum + BigInt(fields[field] as string), 0n);
}

const eraOf = async (event?: ChainEvent): Promise<number> => dpos(event?.hash).era();

async function slashOf(index: number) {
	const [slash] = await dpos().slashes(index, 1);
	assert.ok(slash, `there is a slash ${index}`);
	return slash;
}

/** Demands that a call is refused, which costs its sender the fee and no more. */
async function refuses(reason: string, call: Call): Promise<void> {
	const sending = crankTurn.then(async () => {
		const free = await freeBalance(api, crank.address);
		const error = await refused(send(crank, call));
		assert.equal(error.reason, reason);
		const fee = feeOf(error.included);
		assert.ok(fee > 0n, "a wrong report pays its fee");
		const at = await api.at(error.included.blockHash);
		const now = (await at.query.system.account(crank.address)).data.free.toBigInt();
		assert.equal(free - now, fee);
	});
	crankTurn = sending.catch(() => {});
	return sending;
}

/** Sends a call by sudo; throws its refusal. */
async function sendAsSudo(call: Call): Promise<Included> {
	const included = await send(accountOf(first), api.tx.sudo.sudo(call));
	const sudid = included.events.find(({ event }) => event.method === "Sudid");
	const result = sudid?.event.data[0] as Result<never, DispatchError>;
	if (result.isErr) throw new Refusal(reasonOf(api, result.asErr), included);
	return included;
}

/** The report that a block's author put into it, without signature. */
async function includedReport(hash: string): Promise<Report> {
	const { block } = await api.rpc.chain.getBlock(hash);
	const found = block.extrinsics.filter(
		({ method: { section, method } }) =>
			section === "slashing" && method === "reportDoubleAuthoringUnsigned",
	);
	assert.equal(found.length, 1, "one report in the block");
	assert.equal(found[0].isSigned, false);
	const [proof, keyProof] = found[0].method.args.map((argument) => argument.toJSON());
	return { proof, keyProof } as unknown as Report;
}

/** Demands that the proof has two headers of the chain's own slot, one of which is on the chain. */
async function demandTwoHeaders({ proof }: Report): Promise<void> {
	const headers = [proof.firstHeader, proof.secondHeader].map((value) =>
		api.createType("Header", value),
	);
	const [one, other] = headers.map((value) => value.hash.toHex());
	assert.notEqual(one, other);
	assert.equal(headers[0].number.toNumber(), headers[1].number.toNumber());
	const kept = await api.rpc.chain.getBlockHash(headers[0].number.unwrap());
	assert.ok([one, other].includes(kept.toHex()), "one of them is the chain's own");
	assert.equal(slotOf(await header(port, kept.toHex())), proof.slot);
}

describe("with one validator asleep, one twice, and one accused", { concurrency: true }, () => {
	it("standbys that run prove themselves alive each session and earn, others do not", async () => {
		const { session: now } = await dpos().seats();
		for (const session of [now + 1, now + 2]) {
			const { standbys } = (await seatsOf(session)).seats;
			const { hash } = await seatsOf(session + 1);
			const awards = await dpos(hash).sessionAwards(session);
			assert.equal(standbys.length, STANDBYS);
			assert.equal(awards.length, SEATS + STANDBYS);
			for (const { candidate, validator, award } of awards) {
				const name = nameOf(candidate);
				const idle = [sleeper, twin, accused].includes(name);
				if (validator && !idle) assert.ok(award > 0n, `${name} earned in ${session}`);
				if (validator) continue;
				const beats = log.all("validatorCompensation.StandbyAlive", { candidate, session });
				const runs = network.nodes.some((node) => node.name === name && node.running);
				assert.equal(beats.length, runs ? 1 : 0, `heartbeats of ${name} in ${session}`);
				assert.equal(award > 0n, runs, `award of ${name} in ${session}`);
			}
			const silentOne = awards.find(({ candidate }) => candidate === addressOf(silent));
			assert.deepEqual([silentOne?.validator, silentOne?.award], [false, 0n]);
		}
	});

	it("who misses three turns is slashed once, with all that was behind it, and jailed", async () => {
		const candidate = addressOf(sleeper);
		await network.node(sleeper).stop();
		const missed = async () => (await dpos().conduct(candidate)).missedTurns >= 1;
		await eventually("a missed turn", missed, { timeoutMs: 3 * MINUTE });
		// Leaves after the offence began: it is slashed all the same.
		const leaving = 30_000n * CMT;
		await send(delegator, api.tx.cmtDpos.undelegate(candidate, leaving));
		const fields = { candidate, kind: "Downtime" };
		const slashed = await log.first("slashing.Slashed", fields, { timeoutMs: 6 * MINUTE });
		const { hash, parent, block } = slashed;
		// At once: jail is over a minute after the slash.
		const activate = send(accountOf(sleeper), api.tx.cmtDpos.activate());
		assert.equal(await refusal(activate), "Slashing.Jailed");
		const index = await demandSlash(slashed, DOWNTIME_SLASH, leaving);

		const before = await dpos(parent).position(delegator.address, candidate);
		const now = await dpos(hash).position(delegator.address, candidate);
		assert.ok(before && now);
		const lost = before.value - now.value;
		const share = partOf(before.value, DOWNTIME_SLASH);
		assert.ok(lost === share || lost === share + 1n, `${lost} planck lost instead of ${share}`);
		assert.deepEqual(
			now.unbonding.map(({ amount }) => amount),
			[leaving - partOf(leaving, DOWNTIME_SLASH)],
		);

		const jailed = await log.first("slashing.Jailed", { candidate }, { timeoutMs: MINUTE });
		assert.equal(jailed.block, block);
		const session = await sessionAt(hash);
		const { era, state, reporter: nobody, kind } = await slashOf(index);
		assert.deepEqual({ kind, nobody }, { kind: "Downtime", nobody: null });
		assert.ok(era <= (await dpos(hash).era()));
		assert.deepEqual(state, { held: { due: (await dpos(hash).era()) + HOLD_ERAS } });
		const conduct = await dpos(hash).conduct(candidate);
		assert.deepEqual(
			{ ...conduct, missedTurns: 0 },
			{
				absent: true,
				missedTurns: 0,
				jailedUntil: jailed.fields["until"],
				tombstoned: false,
				slashes: 1,
			},
		);
		assert.equal((await dpos(hash).candidate(candidate))?.state, "inactive");

		// Who joins after the slash has no part in it.
		const amount = 10_000n * CMT;
		await send(latecomer, api.tx.cmtDpos.delegate(candidate, amount));
		const joined = await dpos().position(latecomer.address, candidate);
		assert.ok(joined && joined.value <= amount && joined.value >= amount - 1n);
		sleepersSession = session;
	});

	it("who authors twice is found by others, and a cancelled slash is undone", async (test) => {
		const candidate = addressOf(twin);
		const second = await network.joiner(`${twin}-again`, ["--validator"]);
		// It authors and does not vote: voting twice is another offence, which might be found first.
		second.insertKeys(network.spec.id, suriOf(twin), ["aura", "audi"]);
		// The two shall not hear of each other's block before both have made theirs.
		const peers = ["Eve", "Ferdie"].map((name) => network.node(name).address);
		second.start(["--reserved-only", "--reserved-nodes", ...peers]);
		let slashed: ChainEvent;
		try {
			const fields = { candidate, kind: "DoubleAuthoring" };
			slashed = await log.first("slashing.Slashed", fields, { timeoutMs: 6 * MINUTE });
		} finally {
			await second.stop();
		}
		const index = await demandSlash(slashed, EQUIVOCATION_SLASH);
		assert.equal(log.all("slashing.Tombstoned", { candidate })[0]?.block, slashed.block);
		const others = network.nodes.filter(({ name, running }) => name !== twin && running);
		const witnesses = others.filter((node) => node.log().includes("made two blocks for slot"));
		test.diagnostic(`${witnesses.length} of ${others.length} other nodes saw both blocks`);
		assert.ok(witnesses.length > 0);
		const proof = await includedReport(slashed.hash);
		await demandTwoHeaders(proof);

		const { amount, reporter: rewarded, state } = await slashOf(index);
		assert.deepEqual(state, { held: { due: (await dpos(slashed.hash).era()) + HOLD_ERAS } });
		const [{ author }] = await blocksOf(port, slashed.block, slashed.block);
		assert.equal(rewarded, author === twin ? null : addressOf(author));
		assert.equal((await dpos(slashed.hash).conduct(candidate)).tombstoned, true);
		const activate = () => send(accountOf(twin), api.tx.cmtDpos.activate());
		assert.equal(await refusal(activate()), "Slashing.Tombstoned");

		// The proof cannot be used again, whoever comes with it.
		await refuses("Slashing.KnownOffence", report(proof));
		await demandSuccession(twin, await sessionAt(slashed.hash));

		const cancel = api.tx.slashing.cancelSlash(index);
		await refuses("BadOrigin", cancel);
		await sendAsSudo(cancel);
		const cancelled = await log.first("slashing.SlashCancelled", { index });
		assert.deepEqual(cancelled.fields, { index, returned: String(amount), toPot: 0 });
		await log.first("slashing.Pardoned", { candidate });
		const [was, is] = [dpos(cancelled.parent), dpos(cancelled.hash)];
		const lower = await was.classes(candidate);
		const restored = (await is.classes(candidate)).map(({ stake }, at) => stake - lower[at].stake);
		const original = await dpos(slashed.parent).classes(candidate);
		assert.deepEqual(
			restored,
			original.map(({ stake }) => partOf(stake, EQUIVOCATION_SLASH)),
		);
		assert.equal(restored.reduce((sum, part) => sum + part, 0n), amount);
		assert.deepEqual(await is.classes(candidate), original, "it earned nothing meanwhile");
		assert.equal((await was.solvency()).slashes - (await is.solvency()).slashes, amount);
		assert.equal((await slashOf(index)).state, "cancelled");
		assert.equal((await dpos().conduct(candidate)).tombstoned, false);
		await send(accountOf(twin), api.tx.cmtDpos.activate());
		assert.equal((await dpos().candidate(candidate))?.state, "active");
		assert.equal(await refusal(sendAsSudo(cancel)), "Slashing.NotHeld");
	});

	it("a report by anybody costs nothing where it is right, and its fee where it is not", async () => {
		const candidate = addressOf(accused);
		const look = async () => {
			const { best } = await heads(port);
			const recent = await blocksOf(port, Math.max(1, best - 25), best - 3);
			return recent.find(({ author }) => author === accused);
		};
		const block = await eventually(`a block of ${accused}`, look, { timeoutMs: 3 * MINUTE });
		const good = await reportOf(api, port, block.hash, accused);

		const { proof, keyProof } = good;
		const { firstHeader, secondHeader } = proof;
		const twice = { ...proof, secondHeader: firstHeader };
		await refuses("Slashing.HeadersEqual", report({ proof: twice, keyProof }));
		const forged = await reportOf(api, port, block.hash, accused, "Eve");
		await refuses("Slashing.BadSeal", report(forged));
		const offender = `0x${Buffer.from(accountOf("Eve").publicKey).toString("hex")}`;
		await refuses("Slashing.BadSeal", report({ proof: { ...proof, offender }, keyProof }));
		const early = { ...proof, slot: proof.slot - 1 };
		await refuses("Slashing.WrongSlot", report({ proof: early, keyProof }));
		const late = { ...proof, slot: proof.slot + 10_000 };
		await refuses("Slashing.FutureSlot", report({ proof: late, keyProof }));
		const few = { ...keyProof, validatorCount: keyProof.validatorCount - 1 };
		await refuses("Slashing.UnknownKey", report({ proof, keyProof: few }));
		assert.equal((await dpos().conduct(candidate)).slashes, 0);

		const free = await freeBalance(api, reporter.address);
		const included = await send(reporter, report(good));
		assert.equal(feeOf(included), 0n);
		assert.equal(await freeBalance(api, reporter.address), free);
		const slashed = await log.first("slashing.Slashed", { candidate });
		assert.equal(slashed.hash, included.blockHash);
		accusedSlash = await demandSlash(slashed, EQUIVOCATION_SLASH);
		const { reporter: rewarded, kind } = await slashOf(accusedSlash);
		assert.deepEqual({ rewarded, kind }, { rewarded: reporter.address, kind: "DoubleAuthoring" });
		await log.first("slashing.Tombstoned", { candidate });

		await refuses("Slashing.KnownOffence", report(good));
		const swapped = { ...proof, firstHeader: secondHeader, secondHeader: firstHeader };
		await refuses("Slashing.KnownOffence", report({ proof: swapped, keyProof }));
		const { settleSlash } = api.tx.slashing;
		await refuses("Slashing.NotDue", settleSlash(accusedSlash));
		await demandSuccession(accused, await sessionAt(slashed.hash));
	});
});

describe("with more than a third asleep", { concurrency: true }, () => {
	it("nobody is jailed or slashed for that, and all come back", async () => {
		const slashes = (await dpos().slashes()).length;
		const { best } = await heads(port);
		await Promise.all(crowd.map((name) => network.node(name).stop()));
		const stopped = Date.now();
		const began = await log.first("slashing.MassAbsenceBegan", {}, {
			after: best,
			timeoutMs: 4 * MINUTE,
		});
		const { absent, validators } = began.fields as { absent: number; validators: number };
		assert.ok(validators === SEATS && absent * 3 > validators, `${absent} of ${validators}`);
		// So long that each of them misses as many turns as would bring it into jail.
		await sleep(Math.max(0, stopped + DOWNTIME_TURNS * TURN_MS + 15_000 - Date.now()));
		for (const name of crowd) {
			const conduct = await dpos().conduct(addressOf(name));
			const expected = { absent: true, missedTurns: 0, jailedUntil: null, tombstoned: false };
			assert.deepEqual(conduct, { ...expected, slashes: 0 }, name);
		}
		await Promise.all(crowd.map((name) => network.restart(network.node(name))));
		await log.first("slashing.MassAbsenceEnded", {}, {
			after: began.block,
			timeoutMs: 4 * MINUTE,
		});
		const back = async () => {
			const absentees = (await dpos().absentValidators()).map(([address]) => nameOf(address));
			return !crowd.some((name) => absentees.includes(name));
		};
		await eventually("all to author again", back, { timeoutMs: 4 * MINUTE, everyMs: 1_000 });
		assert.equal((await dpos().slashes()).length, slashes);
		const { best: then } = await heads(port);
		const final = async () => (await heads(port)).finalized > then;
		await eventually("finality to return", final, { timeoutMs: 4 * MINUTE });
	});

	it("who was in jail sits again once its term is over and it wishes so", async () => {
		const candidate = addressOf(sleeper);
		await network.restart(network.node(sleeper));
		const { jailedUntil } = await dpos().conduct(candidate);
		const over = async () => (await api.query.timestamp.now()).toNumber() > (jailedUntil ?? 0);
		await eventually("the end of the term", over, { timeoutMs: 3 * MINUTE });
		// Where the term ends before the session does, the next election would not miss it.
		await seatsOf(sleepersSession + 1);
		await send(accountOf(sleeper), api.tx.cmtDpos.activate());
		const { session } = await dpos().seats();
		assert.equal((await dpos().candidate(candidate))?.state, "active");
		const { seats: without } = await seatsOf(sleepersSession + 2);
		assert.equal(without.validators.length, SEATS);
		assert.ok(!names(without).includes(sleeper), `${sleeper} is out for a session at least`);
		const { seats: within } = await seatsOf(session + 2);
		assert.ok(names(within).includes(sleeper), `${sleeper} sits again`);
		await authors(sleeper, (await heads(port)).best);
		const { slashes, jailedUntil: end } = await dpos().conduct(candidate);
		assert.deepEqual({ slashes, end }, { slashes: 1, end: null });
		const joined = await dpos().position(latecomer.address, candidate);
		assert.ok(joined && joined.value >= joined.principal - 1n, "the latecomer lost nothing");
	});

	it("a slash that nobody cancels is paid to who reported it and to the treasury", async () => {
		const index = accusedSlash;
		const { amount } = await slashOf(index);
		const [slashed] = log.all("slashing.Slashed", { index });
		const paid = await log.first("slashing.SlashApplied", { index }, {
			timeoutMs: 8 * MINUTE,
		});
		const reward = amount / 10n;
		const rest = amount - reward;
		assert.deepEqual(paid.fields, {
			index,
			toReporter: String(reward),
			toTreasury: String(rest),
			toPot: 0,
		});
		const gained = async (address: string): Promise<bigint> => {
			const [was, is] = await Promise.all(
				[paid.parent, paid.hash].map(async (hash) => {
					const { query } = await api.at(hash);
					return (await query.system.account(address)).data.free.toBigInt();
				}),
			);
			return is - was;
		};
		assert.equal(await gained(reporter.address), reward);
		// That of the sleeper may be due in the same era, and is paid in the same block then.
		const all = log.all("slashing.SlashApplied").filter(({ block }) => block === paid.block);
		assert.equal(await gained(treasury), sumOf(all, "toTreasury"));
		const era = await dpos(paid.hash).era();
		assert.deepEqual([slashed?.fields["due"], await eraOf(slashed)], [era, era - HOLD_ERAS]);
		const [was, is] = [await dpos(paid.parent).solvency(), await dpos(paid.hash).solvency()];
		const left = sumOf(all, "toReporter") + sumOf(all, "toTreasury");
		assert.equal(was.slashes - is.slashes, left);
		assert.equal((await slashOf(index)).state, "applied");
		await refuses("Slashing.NotHeld", api.tx.slashing.settleSlash(index));
		const activate = send(accountOf(accused), api.tx.cmtDpos.activate());
		assert.equal(await refusal(activate), "Slashing.Tombstoned");
	});
});

describe("after all that", () => {
	it("there were three slashes, and escrow holds what the books say", async () => {
		const hash = (await api.rpc.chain.getBlockHash()).toHex();
		const slashes = await dpos(hash).slashes();
		const offenders = slashes.map(({ candidate }) => nameOf(candidate)).sort();
		assert.deepEqual(offenders, [sleeper, twin, accused].sort());
		const held = slashes.filter(({ state }) => typeof state === "object");
		const { slashes: booked } = await demandSolvency(hash);
		assert.equal(booked, held.reduce((sum, { amount }) => sum + amount, 0n));
		assert.deepEqual(log.all("validatorCompensation.PayoutsPaused"), []);
		assert.deepEqual(log.all("validatorCompensation.GiftFound"), []);
	});
});
