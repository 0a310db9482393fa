// A second runtime, its rehearsal, and what goes on on a chain while it takes over.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { u8aConcat, u8aToHex } from "@polkadot/util";
import { blake2AsHex, blake2AsU8a, decodeAddress, xxhashAsU8a } from "@polkadot/util-crypto";
import { type HDNodeWallet, getCreateAddress } from "ethers";
import { BELL_CODE, ringAt } from "./bell.ts";
import { rehearsalBinary, repositoryRoot, targetFolder } from "./binary.ts";
import { slotOf } from "./blocks.ts";
import { fieldsOf } from "./calls.ts";
import type { Ethereum } from "./ethereum.ts";
import { nameOf } from "./names.ts";
import { type Ended, outputOf, runProgram } from "./program.ts";
import { blockHash, header, rpc } from "./rpc.ts";
import { sleep } from "./wait.ts";

const MINUTE = 60_000;

/** Features of the second runtimes: that of the vote, the same for a rehearsal, one too heavy. */
const FEATURES = {
	next: ["upgrade-test"],
	trial: ["upgrade-test", "try-runtime"],
	heavy: ["upgrade-test-heavy", "try-runtime"],
} as const;

/**
 * Builds a second runtime; its file. Takes minutes at first, seconds where it is there. With
 * `UPGRADE_RUNTIMES` set, that folder has it.
 */
export async function secondRuntime(name: keyof typeof FEATURES): Promise<string> {
	const ready = process.env["UPGRADE_RUNTIMES"];
	const file = join(ready ?? join(targetFolder(), "upgrade"), `${name}.wasm`);
	if (ready !== undefined) return file;
	const script = join(repositoryRoot, "scripts", "runtime-wasm.sh");
	await outputOf(script, [file, ...FEATURES[name]], { timeoutMs: 40 * MINUTE });
	return file;
}

/** The code in a file, and the hash by which it is authorised. */
export function codeOf(file: string): { code: string; hash: string } {
	const bytes = readFileSync(file);
	return { code: u8aToHex(bytes), hash: blake2AsHex(bytes, 256) };
}

/** Rehearses an upgrade as `make rehearse` does. */
export function rehearse(runtime: string, ...state: string[]): Promise<Ended> {
	const args = ["--runtime", runtime, ...state];
	return runProgram(rehearsalBinary(), args, { timeoutMs: 10 * MINUTE });
}

/** What a rehearsal told, without the progress of its download and the times that it took. */
export function told({ stdout }: Ended): string[] {
	const lines = stdout.split("\n").filter((line) => /^[a-zT]/.test(line));
	return lines.map((line) => line.replace(/\d+ ms here/, ""));
}

/** Files of a folder, and of those below it, that are large enough to be a compiled runtime. */
export function compiledIn(folder: string): string[] {
	const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
	return names.filter((name) => statSync(join(folder, name)).size > 1_000_000).sort();
}

/** The key of a storage value. */
export function valueKey(pallet: string, item: string): string {
	return u8aToHex(u8aConcat(xxhashAsU8a(pallet, 128), xxhashAsU8a(item, 128)));
}

/** The key of an entry of a map that is hashed with `Blake2_128Concat`. */
export function entryKey(pallet: string, item: string, key: Uint8Array): string {
	return valueKey(pallet, item) + u8aToHex(u8aConcat(blake2AsU8a(key, 128), key)).slice(2);
}

/** What is stored under a key after a block; none where nothing is. */
export function stored(port: number, key: string, at: string): Promise<string | null> {
	return rpc<string | null>(port, "state_getStorage", [key, at]);
}

/** The state after block `at` is that of the second runtime, which took over after `applied`. */
export async function demandMigrated(
	api: ApiPromise,
	port: number,
	applied: number,
	at: string,
): Promise<void> {
	const version = valueKey("ProtocolGenesis", ":__STORAGE_VERSION__:");
	assert.equal(await stored(port, version, at), "0x0100");
	const note = await stored(port, valueKey("UpgradeTest", "Upgraded"), at);
	// Migrations run before their block has its number.
	assert.equal(numberIn(note), applied);
	assert.equal(await stored(port, valueKey("Migrations", "Cursor"), at), null);
	await demandBackers(api, port, at);
}

/** Each candidate's backers are counted as they are. */
async function demandBackers(api: ApiPromise, port: number, at: string): Promise<void> {
	const positions = await (await api.at(at)).query.cmtDpos.positions.keys();
	const expected = new Map<string, number>();
	for (const { args } of positions) {
		const candidate = String(args[0]);
		expected.set(candidate, (expected.get(candidate) ?? 0) + 1);
	}
	assert.ok(positions.length > 12, `${positions.length} positions fit one step`);
	for (const [candidate, count] of expected) {
		const key = entryKey("UpgradeTest", "Backers", decodeAddress(candidate));
		assert.equal(numberIn(await stored(port, key, at)), count, nameOf(candidate));
	}
}

/** The number with 32 bits that an encoded value begins with. */
function numberIn(value: string | null): number {
	return Buffer.from(value?.slice(2) ?? "", "hex").readUInt32LE();
}

/** Users who go on: a transfer and a call of a contract each second. */
export class Traffic {
	/** The contract that is called, in small letters. */
	bell = "";
	private stopped = false;
	private done: Promise<unknown> = Promise.resolve();

	constructor(
		private readonly api: ApiPromise,
		private readonly eth: Ethereum,
		/** Sends the transfers. */
		readonly payer: KeyringPair,
		private readonly payee: string,
		private readonly ringer: HDNodeWallet,
	) {}

	/** Makes the contract and begins. */
	async start(): Promise<this> {
		const made = await this.eth.send(this.ringer, { data: BELL_CODE, gasLimit: 3_000_000n });
		await this.eth.included(made);
		this.bell = getCreateAddress({ from: this.ringer.address, nonce: 0 }).toLowerCase();
		this.done = Promise.all([
			this.again(() => this.transfer()),
			this.again(() => this.eth.send(this.ringer, ringAt(this.bell, "on"))),
		]);
		return this;
	}

	async stop(): Promise<void> {
		this.stopped = true;
		await this.done;
	}

	private async transfer(): Promise<unknown> {
		const call = this.api.tx.balances.transferKeepAlive(this.payee, 1n);
		// What waits counts, too: with -1 the client asks for the state's alone.
		const nonce = await this.api.rpc.system.accountNextIndex(this.payer.address);
		return call.signAndSend(this.payer, { nonce });
	}

	private async again(send: () => Promise<unknown>): Promise<void> {
		while (!this.stopped) {
			// What is signed for the old runtime when the new one takes over is refused: that is how
			// wallets know it, too. The blocks tell whether enough came through.
			await send().catch(() => {});
			await sleep(1_000);
		}
	}
}

/** A block with what went on in it. */
export interface BusyBlock {
	number: number;
	slot: number;
	/** Transfers, and calls of the contract, that succeeded. */
	transfers: number;
	rings: number;
	/** All CMT after it, in planck. */
	supply: bigint;
	/** Whether a migration over several blocks went on in it. */
	migrating: boolean;
	/** Whether it began a session: such a block takes no transaction. */
	session: boolean;
	/** Version of the runtime that the block after it is executed with. */
	version: number;
}

/** The blocks `from..=to` of the best chain of the node on `port`. */
export async function busyBlocks(
	api: ApiPromise,
	port: number,
	traffic: Traffic,
	[from, to]: readonly [number, number],
): Promise<BusyBlock[]> {
	const blocks: BusyBlock[] = [];
	for (let number = from; number <= to; number++) {
		const hash = await blockHash(port, number);
		if (hash === undefined) throw new Error(`no block ${number}`);
		blocks.push(await busyBlock(api, port, traffic, hash));
	}
	return blocks;
}

async function busyBlock(
	api: ApiPromise,
	port: number,
	traffic: Traffic,
	hash: string,
): Promise<BusyBlock> {
	const head = await header(port, hash);
	const at = await api.at(hash);
	const records = await at.query.system.events();
	const events = records.map((record) => {
		const { section, method } = record.event;
		return { name: `${section}.${method}`, fields: fieldsOf(record) };
	});
	const count = (name: string, field: string, value: string): number =>
		events.filter((event) => event.name === name && event.fields[field] === value).length;
	const cursor = await stored(port, valueKey("Migrations", "Cursor"), head.parentHash);
	const started = events.some(({ name }) => name === "migrations.UpgradeStarted");
	return {
		number: head.number,
		slot: slotOf(head),
		transfers: count("balances.Transfer", "from", traffic.payer.address),
		rings: count("revive.ContractEmitted", "contract", traffic.bell),
		supply: (await at.query.balances.totalIssuance()).toBigInt(),
		migrating: cursor !== null || started,
		session: events.some(({ name }) => name === "session.NewSession"),
		version: at.runtimeVersion.specVersion.toNumber(),
	};
}

/** The blocks before which a slot passed in which there was none. */
export function afterMissedSlots(blocks: readonly BusyBlock[]): number[] {
	const late = blocks.slice(1).filter(({ slot }, index) => slot > blocks[index]!.slot + 1);
	return late.map(({ number }) => number);
}
