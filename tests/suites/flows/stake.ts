// Stake by Ethereum's tools: the precompile of the chain, beside polkadot.js.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { u8aToHex } from "@polkadot/util";
import { decodeAddress } from "@polkadot/util-crypto";
import { Interface } from "ethers";
import { CMT } from "../../src/calls.ts";
import type { Chain } from "../../src/chain.ts";
import { Ethereum, imageOf, keyOf, nativeOf } from "../../src/ethereum.ts";
import { accountOf } from "../../src/keys.ts";
import { blockHash } from "../../src/rpc.ts";
import { LIBRARIES, type Tool } from "../../src/tools.ts";
import { NOBODY, contract } from "./contracts.ts";

const ADDRESS = "0x000000000000000000000000000000000a000000";
/** Enough that what stays after a part is taken out is still a position. */
const AMOUNT = 5_000n * CMT;

const key = keyOf(7);
const dave = accountOf("Dave");
const staking = contract("IStaking");

interface Position {
	value: bigint;
	principal: bigint;
	rate: bigint;
	account: string;
	unbonding: { amount: bigint; due: bigint }[];
}

/** A call of the precompile. */
function of(name: string, ...args: unknown[]) {
	return { at: ADDRESS, contract: staking, name, args };
}

/** The delegator's tools, and the candidate that it is about. */
interface Scene {
	chain: Chain;
	eth: Ethereum;
	tool: Tool;
	/** The candidate's account, and the address by which contracts know it. */
	native: string;
	candidate: string;
}

/** By key 7 and the account of Dave, behind the strongest candidate. */
export function describeStake(chain: () => Chain): void {
	describe("stake by an Ethereum key", { concurrency: false }, () => {
		let scene: Scene;
		before(async () => {
			const eth = new Ethereum(chain().node.ports.rpc);
			const tool = new LIBRARIES.ethers(eth, key, false);
			const native = (await chain().dpos.candidates())[0]!.candidate;
			scene = { chain: chain(), eth, tool, native, candidate: imageOf(decodeAddress(native)) };
		});
		after(() => scene?.tool.close());

		it("is one and the same as polkadot.js sees it", () => delegate(scene));
		it("is taken out by one side and waits on the other", () => undelegate(scene));
		it("of a native account is read by contracts under its image", () => readNative(scene));
		it("is refused in words that say what to do", async () => {
			const { tool, candidate } = scene;
			const refusal = (...args: unknown[]) => tool.refusal(of("delegate", ...args));
			assert.match(await refusal(candidate, 0), /^ZeroAmount: ./);
			assert.match(await refusal(NOBODY, AMOUNT), /^UnknownCandidate: ./);
		});
	});
}

/** A position as both sides tell it in one block: it grows with each. */
async function positions({ chain, tool, native, candidate }: Scene, who: string, image: string) {
	const { rpc } = chain.node.ports;
	for (;;) {
		const block = await blockHash(rpc);
		const seen = (await tool.read(of("position", image, candidate))) as Position;
		const own = await chain.dpos.position(who, native);
		assert.ok(own, "there is a position");
		if ((await blockHash(rpc)) === block) return { seen, own };
	}
}

const ofKey = (scene: Scene) => positions(scene, nativeOf(key.address), key.address);

async function delegate(scene: Scene): Promise<void> {
	const { chain, tool, native, candidate } = scene;
	const before = await chain.dpos.candidate(native);
	await tool.send(of("delegate", candidate, AMOUNT));
	const { seen, own } = await ofKey(scene);
	assert.equal(own.principal, AMOUNT);
	assert.deepEqual(
		{ value: seen.value, principal: seen.principal, rate: Number(seen.rate) },
		{ value: own.value, principal: own.principal, rate: own.rate },
	);
	assert.equal(seen.account, u8aToHex(decodeAddress(native)));
	const after = await chain.dpos.candidate(native);
	assert.ok(after!.stake - before!.stake >= AMOUNT);
	assert.equal(after!.positions, before!.positions + 1);
}

async function undelegate(scene: Scene): Promise<void> {
	const { eth, tool, candidate } = scene;
	const part = 400n * CMT;
	const hash = await tool.send(of("undelegate", candidate, part));
	const { seen, own } = await ofKey(scene);
	const waiting = own.unbonding.map((chunk) => chunk.due);
	assert.deepEqual(seen.unbonding.map(({ due }) => Number(due)), waiting);
	assert.equal(waiting.length, 1);
	const [log] = (await eth.included(hash)).logs;
	const event = new Interface(staking.abi).parseLog(log!);
	assert.equal(log!.address, ADDRESS);
	assert.deepEqual(event?.args.toArray().slice(0, 1), [key.address]);
	assert.deepEqual([event?.name, event?.args["amount"]], ["Undelegated", part]);
}

async function readNative(scene: Scene): Promise<void> {
	const { chain, tool, native } = scene;
	await chain.submit(dave, chain.api.tx["cmtDpos"]!["delegate"]!(native, AMOUNT));
	const [account, image] = [u8aToHex(dave.publicKey), imageOf(dave.publicKey)];
	const { seen, own } = await positions(scene, dave.address, image);
	assert.deepEqual([seen.value, seen.principal], [own.value, own.principal]);
	assert.equal(String(await tool.read(of("addressOf", account))).toLowerCase(), image);
	assert.equal(await tool.read(of("accountOf", image)), account);
}
