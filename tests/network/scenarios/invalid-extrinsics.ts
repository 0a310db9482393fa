// A flood of transactions that no block can hold: malformed, badly signed, with a nonce that is used
// up, and from accounts without money, by both kinds of RPC. None is taken, and users go on.

import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import type { HDNodeWallet } from "ethers";
import { CMT, submit } from "../../src/calls.ts";
import { Ethereum, keyOf } from "../../src/ethereum.ts";
import { temporaryFolder } from "../../src/janitor.ts";
import { accountOf } from "../../src/keys.ts";
import type { ChainNode } from "../../src/node.ts";
import { eventually, sleep } from "../../src/wait.ts";
import { Crowd } from "../crowd.ts";
import type { Scenario } from "../scenario.ts";

const VICTIM = 2;
const CONNECTIONS = 48;
const LENGTH_MS = 20_000;
/** Different ones of each kind that needs a signature. */
const SIGNED = 150;
const MEBIBYTE = 1024 * 1024;
/** What the node may grow by, in MiB. */
const MAX_GROWTH = 300;
/** Answers below which it was no flood. */
const MIN_ANSWERS = 2_000;
const NATIVE = "author_submitExtrinsic";
const ETHEREUM = "eth_sendRawTransaction";
/** Where the signature of a native transaction is: after its length, version, address and kind. */
const SIGNATURE = { from: 37, length: 64 };
const WORD = 32;
const RECEIVER = `0x${"ab".repeat(20)}`;
const NO_TRANSACTIONS = ["", "0x", "0xzz", "hello", `0x${"00".repeat(60_000)}`];

/** A request: its bytes, random ones up to a length, or bytes whose signature is changed each time. */
interface Entry {
	method: string;
	data?: string;
	random?: number;
	from?: number;
	length?: number;
}

interface Told {
	counts: Record<string, { refused: number; accepted: number; reasons: Record<string, number> }>;
	unanswered: number;
}

/** Two accounts whose first nonces are used up. */
interface Spent {
	native: KeyringPair;
	ethereum: HDNodeWallet;
}

/** A native transfer, signed but not sent. */
async function transfer(
	api: ApiPromise,
	signer: KeyringPair,
	amount: bigint,
	nonce = 0,
): Promise<Entry> {
	const call = api.tx.balances.transferKeepAlive(accountOf("Bob").address, amount);
	const signed = await call.signAsync(signer, { nonce, era: 0 });
	return { method: NATIVE, data: signed.toHex() };
}

/** A payment by an Ethereum key, signed but not sent. */
async function payment(eth: Ethereum, key: HDNodeWallet, value: number): Promise<Entry> {
	const data = await eth.sign(key, { to: RECEIVER, nonce: 0, value });
	return { method: ETHEREUM, data };
}

/** The same with its signature changed each time; that of Ethereum ends the transaction. */
function forged(entry: Entry): Entry {
	const { method, data = "" } = entry;
	const end = data.length / 2 - 1;
	const ethereum = { from: end - WORD, length: WORD };
	return { ...entry, ...(method === NATIVE ? SIGNATURE : ethereum) };
}

/** Requests of each kind; signing takes a while. */
async function requests(api: ApiPromise, eth: Ethereum, spent: Spent) {
	const some = <T>(make: (index: number) => Promise<T>) =>
		Promise.all(Array.from({ length: SIGNED }, (_, index) => make(index)));
	const poor = () => accountOf(`poor/${randomBytes(8).toString("hex")}`);
	const poorKey = () => keyOf(0).deriveChild(randomInt(1_000, 1_000_000));
	const stale = await some((index) => transfer(api, spent.native, BigInt(index + 2)));
	const staleEthereum = await some((index) => payment(eth, spent.ethereum, index + 2));
	const malformed = (method: string): Entry[] => [
		{ method, random: 4_096 },
		...NO_TRANSACTIONS.map((data) => ({ method, data })),
	];
	return {
		"malformed native": malformed(NATIVE),
		"malformed Ethereum": malformed(ETHEREUM),
		"forged native": stale.map(forged),
		"forged Ethereum": staleEthereum.map(forged),
		"stale native": stale,
		"stale Ethereum": staleEthereum,
		"unfunded native": await some(() => transfer(api, poor(), CMT)),
		"unfunded Ethereum": await some(() => payment(eth, poorKey(), 1)),
	} satisfies Record<string, Entry[]>;
}

/** Uses up the first nonce of an account of each kind. */
async function spend(api: ApiPromise, eth: Ethereum): Promise<Spent> {
	const spent = { native: accountOf("Eve"), ethereum: keyOf(7) };
	const call = api.tx.system.remark("0x00");
	const hash = await eth.send(spent.ethereum, { to: spent.ethereum.address, value: 1n });
	await Promise.all([submit(api, spent.native, call), eth.included(hash)]);
	return spent;
}

/** Demands that every kind was refused, and nothing was taken. */
function demandRefusals({ counts, unanswered }: Told, kinds: readonly string[]): number {
	const accepted = kinds.filter((kind) => counts[kind]?.accepted !== 0);
	assert.deepEqual(accepted, [], `taken: ${JSON.stringify(counts)}`);
	const total = kinds.reduce((sum, kind) => sum + counts[kind]!.refused, 0);
	assert.ok(total >= MIN_ANSWERS, `only ${total} answers`);
	assert.ok(unanswered < total / 100, `${unanswered} requests without an answer`);
	for (const kind of kinds) demandReasons(kind, Object.keys(counts[kind]!.reasons));
	return total;
}

/** What a refusal must say, by kind. */
const REASONS: Record<string, RegExp> = {
	"forged native": /bad signature|banned|already imported/i,
	"stale native": /outdated|banned|already imported/i,
	"unfunded native": /pay some fees|banned|already imported/i,
	"stale Ethereum": /nonce/i,
	"unfunded Ethereum": /funds/i,
};

function demandReasons(kind: string, reasons: readonly string[]): void {
	const expected = REASONS[kind];
	const other = expected ? reasons.filter((reason) => !expected.test(reason)) : [];
	assert.deepEqual(other, [], `${kind} was refused otherwise`);
}

/** A user's transfer, to the block that has it; the seconds. */
async function serve(api: ApiPromise): Promise<number> {
	const begin = Date.now();
	const call = api.tx.balances.transferKeepAlive(accountOf("Dave").address, CMT);
	await submit(api, accountOf("Alice"), call);
	return (Date.now() - begin) / 1_000;
}

async function poolIsEmpty(node: ChainNode): Promise<void> {
	const look = async () => (await node.call<string[]>("author_pendingExtrinsics")).length === 0;
	await eventually("an empty pool", look, { timeoutMs: 30_000 });
}

/** Requests in a file, for the program that sends them. */
async function prepare(node: ChainNode): Promise<{ file: string; kinds: string[] }> {
	const api = await node.api();
	const eth = new Ethereum(node.ports.rpc);
	const entries = await requests(api, eth, await spend(api, eth));
	const file = join(temporaryFolder("spam"), "requests.json");
	writeFileSync(file, JSON.stringify(entries));
	return { file, kinds: Object.keys(entries) };
}

/** Floods a node; how long a user waited meanwhile, and what was answered. */
async function flood(url: string, node: ChainNode, file: string): Promise<[number, Told]> {
	const crowd = new Crowd<Told>("spam.mjs", [url, CONNECTIONS, file]);
	try {
		const [served] = await Promise.all([node.api().then(serve), sleep(LENGTH_MS)]);
		return [served, crowd.count!];
	} finally {
		crowd.end();
	}
}

export const invalidExtrinsics: Scenario = {
	name: "invalid-extrinsics",
	what: `${CONNECTIONS} connections flood the RPC of one validator with invalid transactions`,
	needs: [],
	minutes: 1,
	async run(laboratory) {
		const node = laboratory.node(VICTIM);
		const { file, kinds } = await prepare(node);
		const memory = node.memory();
		const [served, told] = await flood(laboratory.rpcOf(node), node, file);
		const grown = (node.memory() - memory) / MEBIBYTE;
		const total = demandRefusals(told, kinds);
		assert.ok(grown <= MAX_GROWTH, `the node has grown by ${grown} MiB`);
		laboratory.note(`${total} refused and none taken in ${LENGTH_MS / 1_000} s`);
		laboratory.note(`meanwhile a user's transfer took ${served.toFixed(1)} s to its block`);
		await poolIsEmpty(node);
		return laboratory.reporter.mark();
	},
};
