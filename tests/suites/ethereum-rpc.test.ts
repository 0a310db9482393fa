// Ethereum's JSON-RPC as it is on the wire, on a chain whose blocks the test makes.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { WsProvider } from "@polkadot/api";
import {
	Signature,
	Transaction,
	type TransactionRequest,
	Wallet,
	getCreate2Address,
	keccak256,
} from "ethers";
import { BELL_CODE, bell, call, makeBell, ringAt } from "../src/bell.ts";
import { CMT } from "../src/calls.ts";
import { DevNode } from "../src/dev-node.ts";
import {
	CHAIN_ID,
	type EthBlock,
	type EthLog,
	type EthReceipt,
	Ethereum,
	GWEI,
	imageOf,
	keyOf,
	nativeOf,
	quantity,
} from "../src/ethereum.ts";
import { accountOf } from "../src/keys.ts";
import { blockHash } from "../src/rpc.ts";
import { eventually } from "../src/wait.ts";

/** Small, so that a test can pass them. */
const MAX_LOGS = 20;
const MAX_RANGE = 100;
const MAX_FILTERS = 6;
const MAX_FEE_HISTORY = 50;

const ZERO_BLOOM = `0x${"0".repeat(512)}`;
const EMPTY_UNCLES = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";
const NOBODY = "0x00000000000000000000000000000000000000aa";
const DEPLOYER = "0x4e59b44847b379578588920cA78FbF26c0B4956C";

const [rich, second, third, fourth, fifth] = [0, 1, 2, 3, 4].map(keyOf) as [
	ReturnType<typeof keyOf>,
	ReturnType<typeof keyOf>,
	ReturnType<typeof keyOf>,
	ReturnType<typeof keyOf>,
	ReturnType<typeof keyOf>,
];

let dev: DevNode;
let eth: Ethereum;
/** Where the bell is. */
let bellAt: string;
/** The block with five transactions, which many tests look at. */
let busy: EthBlock;
let receipts: EthReceipt[];

const ring = (words: string, echoes = 0) => ringAt(bellAt, words, echoes);

/** The three bits of a value in a bloom (Yellow Paper, 4.3.1). */
function bitsOf(value: string): bigint {
	const hash = Buffer.from(keccak256(value).slice(2), "hex");
	return [0, 2, 4].reduce((bits, at) => bits | (1n << BigInt(hash.readUInt16BE(at) & 2047)), 0n);
}

function bloomOf(logs: readonly EthLog[]): bigint {
	const values = logs.flatMap(({ address, topics }) => [address, ...topics]);
	return values.reduce((bloom, value) => bloom | bitsOf(value), 0n);
}

function sum(numbers: readonly (string | bigint)[]): bigint {
	return numbers.reduce<bigint>((total, number) => total + BigInt(number), 0n);
}

function spent({ gasUsed, effectiveGasPrice }: EthReceipt): bigint {
	return BigInt(gasUsed) * BigInt(effectiveGasPrice);
}

/** The block as the chain itself names it. */
async function ownHash(number: string | number): Promise<string> {
	const hash = await blockHash(dev.node.ports.rpc, Number(number));
	assert.ok(hash);
	return hash;
}

before(async () => {
	dev = await DevNode.launch(
		"manual",
		`--eth-max-past-logs=${MAX_LOGS}`,
		`--eth-max-block-range=${MAX_RANGE}`,
		`--eth-max-filters=${MAX_FILTERS}`,
		`--eth-max-fee-history=${MAX_FEE_HISTORY}`,
	);
	eth = new Ethereum(dev.node.ports.rpc);
	await dev.seal();
	bellAt = await makeBell(dev, eth, rich);
	const sent = [
		await eth.send(rich, ring("one")),
		await eth.send(rich, ring("two", 2)),
		await eth.send(second, { ...ring("three", 1), value: 7n, type: 0, gasPrice: 3n * GWEI }),
		await eth.send(third, { to: bellAt, data: call("silent"), gasLimit: 100_000n }),
		await eth.send(fourth, { to: fifth.address, value: CMT, type: 1, gasPrice: GWEI }),
	];
	receipts = await eth.mine(dev, ...sent);
	busy = await eth.block(receipts[0]!.blockNumber);
});
after(() => dev?.stop());

describe("the node and its chain", () => {
	it("has the names and numbers that tools ask for first", async () => {
		const answers: [string, unknown[], unknown][] = [
			["eth_chainId", [], quantity(CHAIN_ID)],
			["net_version", [], String(CHAIN_ID)],
			["net_listening", [], true],
			["net_peerCount", [], "0x0"],
			["eth_syncing", [], false],
			["eth_accounts", [], []],
			["eth_hashrate", [], "0x0"],
			["eth_coinbase", [], imageOf(accountOf("Alice").publicKey)],
			["eth_gasPrice", [], quantity(GWEI)],
			["eth_maxPriorityFeePerGas", [], "0x0"],
			["web3_sha3", ["0x68656c6c6f"], keccak256("0x68656c6c6f")],
		];
		for (const [method, params, expected] of answers) {
			assert.deepEqual(await eth.call(method, ...params), expected, method);
		}
		assert.match(await eth.call<string>("web3_clientVersion"), /^CyberMiles\/v\d+\.\d+\.\d+/);
	});

	it("says why it offers no proofs, no work and no signing", async () => {
		for (const [method, params, words] of [
			["eth_getProof", [rich.address, [], "latest"], /eth_getProof is not offered/],
			["eth_getWork", [], /not mined/],
			["eth_sign", [rich.address, "0x00"], /holds no keys/],
			["eth_sendTransaction", [{ from: rich.address }], /holds no keys/],
			["eth_signTransaction", [{ from: rich.address }], /holds no keys/],
		] as const) {
			const { code, message } = await eth.refusal(method, ...params);
			assert.match(message, words);
			assert.equal(code, -32_000, method);
		}
	});
});

describe("blocks", () => {
	it("have exactly Ethereum's fields", () => {
		const { timestamp, size, ...fields } = busy;
		assert.deepEqual(Object.keys(fields).sort(), [
			...["baseFeePerGas", "difficulty", "extraData", "gasLimit", "gasUsed", "hash"],
			...["logsBloom", "miner", "mixHash", "nonce", "number", "parentHash", "receiptsRoot"],
			...["sha3Uncles", "stateRoot", "totalDifficulty", "transactions", "transactionsRoot"],
			"uncles",
		]);
		assert.equal(fields.sha3Uncles, EMPTY_UNCLES);
		assert.deepEqual(fields.uncles, []);
		assert.equal(fields.difficulty, "0x0");
		assert.equal(fields.nonce, "0x0000000000000000");
		assert.equal(fields.miner, imageOf(accountOf("Alice").publicKey));
		assert.equal(fields.baseFeePerGas, quantity(GWEI));
		assert.ok(Number(size) > 600, "a header and five transactions");
		assert.ok(Number(timestamp) > 1_700_000_000, "seconds since 1970");
	});

	it("tell a limit of gas that fits a number and that transactions respect", () => {
		const limit = Number(busy.gasLimit);
		assert.ok(limit > 20_000_000 && limit < 30_000_000, `${limit}`);
		assert.ok(Number(busy.gasUsed) < limit);
	});

	it("tell the chain's own time and follow each other", async () => {
		const parent = await eth.block(BigInt(busy.number) - 1n);
		assert.equal(busy.parentHash, parent.hash);
		const at = await dev.api.at(await ownHash(busy.number));
		const now = (await at.query["timestamp"]!["now"]!()) as unknown as { toNumber(): number };
		assert.equal(Number(busy.timestamp), Math.floor(now.toNumber() / 1_000));
	});

	it("are the same, however they are named", async () => {
		const number = Number(busy.number);
		const byNumber = (id: unknown) => eth.call<EthBlock>("eth_getBlockByNumber", id, false);
		for (const id of [busy.number, number, { blockNumber: busy.number }, "latest"]) {
			assert.deepEqual(await byNumber(id), busy, JSON.stringify(id));
		}
		for (const tag of ["finalized", "safe"]) assert.deepEqual(await byNumber(tag), busy, tag);
		assert.deepEqual(await eth.call("eth_getBlockByHash", busy.hash, false), busy);
		assert.equal((await byNumber("earliest")).number, "0x0");
		assert.equal(await eth.call("eth_blockNumber"), busy.number);
	});

	it("are null where there is none", async () => {
		for (const [method, id] of [
			["eth_getBlockByNumber", "0xffffff"],
			["eth_getBlockByHash", `0x${"12".repeat(32)}`],
			// The chain's own hash is not Ethereum's.
			["eth_getBlockByHash", await ownHash(busy.number)],
		]) {
			assert.equal(await eth.call(method!, id, false), null);
		}
		assert.equal(await eth.call("eth_getBlockReceipts", "0xffffff"), null);
		assert.equal(await eth.call("eth_getUncleByBlockHashAndIndex", busy.hash, "0x0"), null);
		assert.equal(await eth.call("eth_getUncleCountByBlockHash", busy.hash), "0x0");
	});

	it("hold their transactions, whole where that is asked for", async () => {
		const full = await eth.call<{ transactions: Record<string, unknown>[] }>(
			"eth_getBlockByHash",
			busy.hash,
			true,
		);
		assert.deepEqual(full.transactions.map(({ hash }) => hash), busy.transactions);
		for (const [index, found] of full.transactions.entries()) {
			assert.equal(found["transactionIndex"], quantity(index));
			assert.equal(found["blockHash"], busy.hash);
			assert.deepEqual(await eth.call("eth_getTransactionByHash", found["hash"]), found);
			for (const [method, block] of [
				["eth_getTransactionByBlockHashAndIndex", busy.hash],
				["eth_getTransactionByBlockNumberAndIndex", busy.number],
			]) {
				assert.deepEqual(await eth.call(method!, block, quantity(index)), found);
			}
		}
		for (const [method, block] of [
			["eth_getBlockTransactionCountByHash", busy.hash],
			["eth_getBlockTransactionCountByNumber", busy.number],
		]) {
			assert.equal(await eth.call(method!, block), quantity(receipts.length));
		}
		const beyond = [busy.hash, quantity(receipts.length)];
		assert.equal(await eth.call("eth_getTransactionByBlockHashAndIndex", ...beyond), null);
	});
});

describe("receipts", () => {
	/** In the order of the block. */
	const ordered = () =>
		receipts.toSorted((a, b) => Number(a.transactionIndex) - Number(b.transactionIndex));

	it("of a block are those of its transactions, counted from zero", async () => {
		assert.deepEqual(await eth.call("eth_getBlockReceipts", busy.hash), ordered());
		assert.deepEqual(await eth.call("eth_getBlockReceipts", { blockHash: busy.hash }), ordered());
		assert.deepEqual(
			ordered().map(({ transactionIndex }) => Number(transactionIndex)),
			[0, 1, 2, 3, 4],
		);
		assert.deepEqual(ordered().map((receipt) => receipt.transactionHash), busy.transactions);
		for (const { blockHash, blockNumber } of receipts) {
			assert.deepEqual([blockHash, blockNumber], [busy.hash, busy.number]);
		}
	});

	it("add the gas up to that of the block", () => {
		let total = 0n;
		for (const { gasUsed, cumulativeGasUsed } of ordered()) {
			total += BigInt(gasUsed);
			assert.equal(BigInt(cumulativeGasUsed), total);
		}
		assert.equal(total, BigInt(busy.gasUsed));
	});

	it("tell the price of the block and the tip", () => {
		const tips = receipts.map((receipt) => {
			return BigInt(receipt.effectiveGasPrice) - BigInt(busy.baseFeePerGas);
		});
		// The third has a price of 3 Gwei and no cap beside it.
		assert.deepEqual(tips, [0n, 0n, 2n * GWEI, 0n, 0n]);
		assert.deepEqual(receipts.map(({ type }) => Number(type)), [2, 2, 0, 2, 1]);
	});

	it("tell success and failure, and nothing of what failed stays", async () => {
		assert.deepEqual(receipts.map(({ status }) => Number(status)), [1, 1, 1, 0, 1]);
		assert.deepEqual(receipts[3]!.logs, []);
		const rings = await eth.number("eth_call", { to: bellAt, data: call("rings") });
		assert.equal(rings, 3n);
	});

	it("number the logs through the block and put them into the blooms", () => {
		const logs = ordered().flatMap((receipt) => receipt.logs);
		assert.equal(logs.length, 3 + 2 + 1, "three rings and their echoes");
		for (const [index, log] of logs.entries()) {
			assert.equal(Number(log.logIndex), index);
			assert.equal(log.removed, false);
			assert.equal(log.address, bellAt);
			assert.equal(log.blockHash, busy.hash);
		}
		for (const { logsBloom, logs: own, transactionHash } of receipts) {
			assert.equal(BigInt(logsBloom), bloomOf(own));
			assert.ok(own.every((log) => log.transactionHash === transactionHash));
		}
		assert.equal(BigInt(busy.logsBloom), bloomOf(logs));
		assert.equal(receipts[4]!.logsBloom, ZERO_BLOOM);
	});

	it("name a contract that was made, and its maker", async () => {
		const made = await eth.block(BigInt(busy.number) - 1n);
		const [receipt] = await eth.call<EthReceipt[]>("eth_getBlockReceipts", made.hash);
		assert.equal(receipt!.contractAddress, bellAt);
		assert.equal(receipt!.to, null);
		assert.equal(receipt!.from, rich.address.toLowerCase());
		assert.equal(receipts[0]!.contractAddress, null);
	});

	it("tell what the sender paid, to the planck", async () => {
		const before = quantity(BigInt(busy.number) - 1n);
		const change = async (who: string) =>
			(await eth.number("eth_getBalance", who, busy.number)) -
			(await eth.number("eth_getBalance", who, before));
		// Slots and code that are new are paid as a deposit, which is part of the gas.
		assert.equal(await change(rich.address), -spent(receipts[0]!) - spent(receipts[1]!));
		assert.equal(await change(second.address), -spent(receipts[2]!) - 7n);
		assert.equal(await change(fourth.address), -spent(receipts[4]!) - CMT);
		assert.equal(await change(fifth.address), CMT);
		assert.equal(await change(bellAt), 7n);
		// Gas is told in whole numbers, which of a failed transaction is rounded up.
		const rounded = spent(receipts[3]!) + (await change(third.address));
		assert.ok(rounded >= 0n && rounded < GWEI, `${rounded}`);
	});

	it("of a plain transfer tell less than the 21,000 gas that wallets give it", () => {
		const used = Number(receipts[4]!.gasUsed);
		assert.ok(used > 0 && used < 21_000, `${used}`);
	});
});

describe("fees", () => {
	it("arrive in the award of the block, to the planck", async () => {
		// To an account that is there: a fresh one keeps its existential deposit of the fee.
		const sent = await eth.send(fifth, { to: rich.address, value: 1n });
		const [transfer] = await eth.mine(dev, sent);
		const award = await dev.dpos.at(await ownHash(transfer!.blockNumber)).blockAward();
		assert.equal(award.fees, spent(transfer!));
	});

	it("of all transactions of a block arrive, less the deposits that contracts keep", async () => {
		const own = await ownHash(busy.number);
		const parent = await ownHash(Number(busy.number) - 1);
		const total = async (block: string, ...addresses: string[]) => {
			const at = await dev.api.at(block);
			const accounts = await at.query.system.account.multi(addresses.map(nativeOf));
			return sum(accounts.map(({ data }) => data.free.toBigInt() + data.reserved.toBigInt()));
		};
		const senders = [rich, second, third, fourth, fifth].map(({ address }) => address);
		const involved = [...senders, bellAt];
		const { fees } = await dev.dpos.at(own).blockAward();
		assert.equal(fees, (await total(parent, ...involved)) - (await total(own, ...involved)));
		assert.ok(fees > 0n && fees <= sum(receipts.map(spent)));
	});

	it("of blocks gone by are told from what is stored", async () => {
		const newest = await eth.number("eth_blockNumber");
		const history = await eth.call<{
			oldestBlock: string;
			baseFeePerGas: string[];
			gasUsedRatio: number[];
			reward: string[][];
		}>("eth_feeHistory", "0x3", "latest", [10, 90]);
		assert.equal(BigInt(history.oldestBlock), newest - 2n);
		assert.deepEqual(history.baseFeePerGas, Array(4).fill(quantity(GWEI)));
		assert.deepEqual(history.reward.map((tips) => tips.length), [2, 2, 2]);
		for (const [index, ratio] of history.gasUsedRatio.entries()) {
			const block = await eth.block(newest - 2n + BigInt(index));
			assert.equal(ratio, Number(block.gasUsed) / Number(block.gasLimit));
		}
	});

	it("tell the tips that were paid, by the gas that paid them", async () => {
		const history = await eth.call<{ reward: string[][] }>(
			"eth_feeHistory",
			...["0x1", busy.number, [0, 50, 100]],
		);
		assert.deepEqual(history.reward, [["0x0", "0x0", quantity(2n * GWEI)]]);
	});

	it("are told for the blocks that there are, and for no more than the node allows", async () => {
		const history = (count: unknown) =>
			eth.call<{ oldestBlock: string; gasUsedRatio: number[] }>("eth_feeHistory", count, 2);
		for (const count of [9, "0x9", MAX_FEE_HISTORY + 1]) {
			const { oldestBlock, gasUsedRatio } = await history(count);
			assert.deepEqual([oldestBlock, gasUsedRatio.length], ["0x0", 3]);
		}
		const { message } = await eth.refusal("eth_feeHistory", 2, "latest", [90, 10]);
		assert.match(message, /invalid reward percentile/);
	});
});

describe("logs", () => {
	const logs = (filter: Record<string, unknown>) => eth.call<EthLog[]>("eth_getLogs", filter);
	const all = { fromBlock: "0x0", toBlock: "latest" };
	const rung = bell.getEvent("Rung")!.topicHash;
	const topicOf = (address: string) => `0x${address.slice(2).toLowerCase().padStart(64, "0")}`;

	it("come in the order in which they were logged, as the receipts have them", async () => {
		const ordered = receipts
			.toSorted((a, b) => Number(a.transactionIndex) - Number(b.transactionIndex))
			.flatMap((receipt) => receipt.logs);
		assert.deepEqual(await logs(all), ordered);
		assert.deepEqual(await logs({ blockHash: busy.hash }), ordered);
		assert.deepEqual(await logs({ fromBlock: busy.number, toBlock: busy.number }), ordered);
		assert.deepEqual(await logs({ fromBlock: "earliest", toBlock: "0xffffff" }), ordered);
	});

	it("are chosen by address and topics, each place one, several or any", async () => {
		const count = async (filter: Record<string, unknown>) =>
			(await logs({ ...all, ...filter })).length;
		const [one, two] = [rich.address, second.address].map(topicOf);
		assert.equal(await count({ address: bellAt }), 6);
		assert.equal(await count({ address: [NOBODY, bellAt] }), 6);
		assert.equal(await count({ address: NOBODY }), 0);
		assert.equal(await count({ topics: [rung] }), 3);
		assert.equal(await count({ topics: [rung, one] }), 2);
		assert.equal(await count({ topics: [null, [one, two]] }), 3);
		// The second key tips, and so rings first.
		assert.equal(await count({ topics: [null, two, topicOf("0x01")] }), 1);
		assert.equal(await count({ topics: [[rung, topicOf("0x03")]] }) > 3, true);
		assert.equal(await count({ topics: [rung, null, null, one] }), 0);
	});

	it("of a block or range that is not there are refused", async () => {
		for (const [filter, code, words] of [
			[{ blockHash: `0x${"12".repeat(32)}` }, -32_000, /^header not found/],
			[{ fromBlock: "0x2", toBlock: "0x1" }, -32_602, /^invalid block range params$/],
			[{ blockHash: busy.hash, fromBlock: "0x1" }, -32_602, /./],
		] as const) {
			const error = await eth.refusal("eth_getLogs", filter);
			assert.match(error.message, words);
			assert.equal(error.code, code, error.message);
		}
	});

	it("that are too many, or of too many blocks, are refused and not left out", async () => {
		await eth.mine(dev, await eth.send(rich, { ...ring("loud", MAX_LOGS) }));
		const many = await eth.refusal("eth_getLogs", { ...all, address: bellAt });
		assert.equal(many.code, -32_005);
		assert.match(many.message, /more than 20 results \(--eth-max-past-logs\)/);
		await dev.sealUntil("block", MAX_RANGE);
		const wide = await eth.refusal("eth_getLogs", all);
		assert.equal(wide.code, -32_005);
		assert.match(wide.message, /over the limit of 100 \(--eth-max-block-range\)/);
	});
});

describe("filters", () => {
	const changes = <T>(id: string) => eth.call<T[]>("eth_getFilterChanges", id);

	it("of logs tell what came since the last look, and all of it again when asked", async () => {
		const id = await eth.call<string>("eth_newFilter", { address: bellAt });
		assert.deepEqual(await changes(id), []);
		const [receipt] = await eth.mine(dev, await eth.send(rich, ring("filter", 1)));
		assert.deepEqual(await eth.news(id, receipt!.logs.length), receipt!.logs);
		assert.deepEqual(await changes(id), []);
		assert.deepEqual(await eth.call("eth_getFilterLogs", id), receipt!.logs);
		assert.equal(await eth.call("eth_uninstallFilter", id), true);
		assert.equal(await eth.call("eth_uninstallFilter", id), false);
		assert.match((await eth.refusal("eth_getFilterChanges", id)).message, /filter not found/);
	});

	it("of blocks tell each of them once", async () => {
		const id = await eth.call<string>("eth_newBlockFilter");
		await dev.seal(2);
		const best = await eth.number("eth_blockNumber");
		const expected = [await eth.block(best - 1n), await eth.block(best)].map(({ hash }) => hash);
		assert.deepEqual(await eth.news(id, expected.length), expected);
		assert.deepEqual(await changes(id), []);
		assert.ok((await eth.refusal("eth_getFilterLogs", id)).message.length > 0);
		assert.equal(await eth.call("eth_uninstallFilter", id), true);
	});

	it("of waiting transactions tell each of them once", async () => {
		const id = await eth.call<string>("eth_newPendingTransactionFilter");
		const sent = await eth.send(rich, { to: NOBODY, value: 1n });
		assert.deepEqual(await eth.news(id, 1), [sent]);
		await eth.mine(dev, sent);
		assert.deepEqual(await changes(id), []);
		assert.equal(await eth.call("eth_uninstallFilter", id), true);
	});

	it("are as many as the node allows", async () => {
		const ids: string[] = [];
		for (let made = 0; made < MAX_FILTERS; made += 1) {
			ids.push(await eth.call<string>("eth_newBlockFilter"));
		}
		const { code, message } = await eth.refusal("eth_newBlockFilter");
		assert.equal(code, -32_005);
		assert.match(message, /--eth-max-filters/);
		for (const id of ids) assert.equal(await eth.call("eth_uninstallFilter", id), true);
	});
});

describe("subscriptions", () => {
	it("tell of waiting transactions, heads and logs, and that all is synced", async () => {
		const provider = new WsProvider(dev.node.url, false);
		await provider.connect();
		await provider.isReady;
		const told: Record<string, unknown[]> = {};
		for (const kind of ["newPendingTransactions", "newHeads", "logs", "syncing"]) {
			const news: unknown[] = (told[kind] = []);
			await provider.subscribe("eth_subscription", "eth_subscribe", [kind], (_, one) =>
				news.push(one),
			);
		}
		const [receipt] = await eth.mine(dev, await eth.send(rich, ring("socket")));
		const heads = told["newHeads"] as EthBlock[];
		// Each kind comes by itself; of heads there is one more where a block could not take it.
		const look = () =>
			Object.values(told).every((news) => news.length > 0) &&
			heads.some(({ hash }) => hash === receipt!.blockHash);
		await eventually("all news", look);
		assert.deepEqual(told["newPendingTransactions"], [receipt!.transactionHash]);
		assert.deepEqual(told["logs"], receipt!.logs);
		assert.equal(heads.at(-1)?.hash, receipt!.blockHash);
		assert.deepEqual(told["syncing"], [false]);
		await provider.disconnect();
	});
});

describe("what waits in the pool", () => {
	it("is seen by nonce, balance and block of `pending`, and by its hash", async () => {
		const nonce = await eth.number("eth_getTransactionCount", rich.address, "latest");
		const balance = await eth.number("eth_getBalance", NOBODY, "latest");
		const sent = await eth.send(rich, { to: NOBODY, value: CMT });
		const asked = ["eth_getTransactionCount", rich.address] as const;
		assert.equal(await eth.number(...asked, "pending"), nonce + 1n);
		assert.equal(await eth.number(...asked, "latest"), nonce);
		assert.equal(await eth.number("eth_getBalance", NOBODY, "pending"), balance + CMT);
		assert.equal(await eth.number("eth_getBalance", NOBODY, "latest"), balance);

		const pending = await eth.block("pending");
		assert.deepEqual(pending.transactions, [sent]);
		assert.equal(pending.hash, null);
		assert.equal(BigInt(pending.number), (await eth.number("eth_blockNumber")) + 1n);
		assert.equal(await eth.call("eth_getBlockTransactionCountByNumber", "pending"), "0x1");

		const found = await eth.call<Record<string, unknown>>("eth_getTransactionByHash", sent);
		for (const field of ["blockHash", "blockNumber", "transactionIndex"]) {
			assert.equal(found[field], null, field);
		}
		assert.equal(await eth.receipt(sent), null);
		await eth.mine(dev, sent);
	});

	it("is listed as pending or, behind a gap of nonces, as queued", async () => {
		const nonce = Number(await eth.number("eth_getTransactionCount", fifth.address, "pending"));
		const ready = await eth.send(fifth, { to: NOBODY, value: 1n });
		const ahead = await eth.send(fifth, { to: NOBODY, value: 2n, nonce: nonce + 2 });
		assert.deepEqual(await eth.call("txpool_status"), { pending: "0x1", queued: "0x1" });
		type Content = Record<string, Record<string, Record<string, { hash: string }>>>;
		const { pending, queued } = await eth.call<Content>("txpool_content");
		const sender = Object.keys(pending!)[0]!;
		assert.equal(sender.toLowerCase(), fifth.address.toLowerCase());
		assert.equal(pending![sender]![nonce]!.hash, ready);
		assert.equal(queued![sender]![nonce + 2]!.hash, ahead);
		assert.deepEqual(await eth.call("txpool_contentFrom", fifth.address), {
			pending: pending![sender],
			queued: queued![sender],
		});
		const inspected = await eth.call<Record<string, Record<string, Record<string, string>>>>(
			"txpool_inspect",
		);
		assert.match(inspected["pending"]![sender]![nonce]!, /1 wei \+ 21000 gas/);
		const listed = await eth.call<{ hash: string }[]>("eth_pendingTransactions");
		assert.deepEqual(listed.map(({ hash }) => hash), [ready]);
		// The pending nonce counts up to the gap.
		assert.equal(
			await eth.number("eth_getTransactionCount", fifth.address, "pending"),
			BigInt(nonce + 1),
		);
		const between = await eth.send(fifth, { to: NOBODY, value: 3n });
		await eth.mine(dev, ready, between, ahead);
		assert.deepEqual(await eth.call("txpool_status"), { pending: "0x0", queued: "0x0" });
	});
});

describe("calls", () => {
	const read = (data: string, ...more: unknown[]) =>
		eth.call<string>("eth_call", { to: bellAt, data }, ...more);

	it("see the state of any block that they name", async () => {
		const before = BigInt(busy.number) - 1n;
		const rings = (block: unknown) => read(call("rings"), block).then(BigInt);
		assert.equal(await rings(quantity(before)), 0n);
		assert.equal(await rings({ blockHash: busy.hash, requireCanonical: true }), 3n);
		assert.equal(await rings(busy.hash), 3n);
		for (const slot of ["0x0", `0x${"0".repeat(64)}`]) {
			const stored = (block: string) => eth.number("eth_getStorageAt", bellAt, slot, block);
			assert.deepEqual([await stored(quantity(before)), await stored(busy.number)], [0n, 3n]);
		}
		assert.equal(await eth.call("eth_getCode", bellAt, quantity(before - 1n)), "0x");
		assert.ok((await eth.call<string>("eth_getCode", bellAt, quantity(before))).length > 1_000);
		const unknown = await eth.refusal("eth_call", { to: bellAt }, "0xffffff");
		assert.match(unknown.message, /^header not found/);
	});

	it("pretend balances, code and storage, and leave nothing behind", async () => {
		const slot = `0x${"0".repeat(64)}`;
		const value = `0x${"2a".padStart(64, "0")}`;
		for (const field of ["state", "stateDiff"]) {
			const pretended = { [bellAt]: { [field]: { [slot]: value } } };
			const answer = await read(call("rings"), "latest", pretended);
			assert.equal(BigInt(answer), 42n, field);
		}
		// Returns the balance of the caller: CALLER BALANCE PUSH0 MSTORE PUSH1 32 PUSH0 RETURN.
		const code = "0x33315f5260205ff3";
		const poor = Wallet.createRandom().address;
		const answer = await eth.number("eth_call", { from: poor, to: NOBODY }, "latest", {
			[NOBODY]: { code },
			[poor]: { balance: quantity(5n * CMT) },
		});
		assert.equal(answer, 5n * CMT);
		assert.equal(await eth.call("eth_getCode", NOBODY), "0x");
	});

	it("pretend the time of the block", async () => {
		// TIMESTAMP PUSH0 MSTORE PUSH1 32 PUSH0 RETURN.
		const state = { [NOBODY]: { code: "0x425f5260205ff3" } };
		const time = 4_000_000_000;
		const overrides = { time: quantity(time) };
		assert.equal(
			await eth.number("eth_call", { to: NOBODY }, "latest", state, overrides),
			BigInt(time),
		);
	});

	it("that revert tell why, with code 3 and the contract's data", async () => {
		for (const [data, words] of [
			[call("silent"), "execution reverted: the bell is silent"],
			[call("loud", 11), "execution reverted"],
			[call("broken", 0), "execution reverted: division or modulo by zero"],
		]) {
			for (const method of ["eth_call", "eth_estimateGas"]) {
				const error = await eth.refusal(method, { from: rich.address, to: bellAt, data });
				assert.deepEqual([error.code, error.message], [3, words], method);
				assert.match(String(error.data), /^0x[0-9a-f]{8,}$/);
			}
		}
		const { data } = await eth.refusal("eth_call", {
			from: rich.address,
			to: bellAt,
			data: call("loud", 11),
		});
		assert.deepEqual(bell.parseError(String(data))?.args.toArray(), [11n, rich.address]);
	});

	it("that go wrong otherwise tell so in the words of wallets", async () => {
		const poor = Wallet.createRandom().address;
		for (const [request, words] of [
			[{ to: bellAt, data: call("endless"), gas: "0x30d40" }, /^out of gas/],
			[{ from: poor, to: NOBODY, value: "0x1" }, /^insufficient funds/],
			[
				{ from: poor, to: NOBODY, gasPrice: quantity(GWEI), gas: "0x5208" },
				/^insufficient funds for gas \* price \+ value/,
			],
			[
				{ from: poor, to: NOBODY, gasPrice: quantity(GWEI) },
				/^insufficient funds for gas \* price \+ value: address 0x\w+ have 0 want \d+$/,
			],
			[{ to: NOBODY, gasPrice: "0x1" }, /^max fee per gas less than block base fee/],
			[{ to: NOBODY, chainId: "0x1" }, /^chainId does not match/],
		] as [object, RegExp][]) {
			const { code, message } = await eth.refusal("eth_call", request);
			assert.match(message, words);
			assert.equal(code, -32_000, message);
		}
	});
});

describe("estimates of gas", () => {
	it("suffice when they are sent, and are not much more than is used", async () => {
		const fresh = Wallet.createRandom().address;
		const deployed = { data: BELL_CODE };
		for (const [what, request] of [
			["a transfer to a fresh account", { to: fresh, value: 1n }],
			["a transfer of much", { to: NOBODY, value: 1_000_000n * CMT }],
			["a contract", deployed],
			["new storage", { to: bellAt, data: call("ring", "new", 3) }],
			["known storage", { to: bellAt, data: call("ring", "x".repeat(900), 0) }],
			["money for a contract", { to: bellAt, value: 5n }],
		] as [string, TransactionRequest][]) {
			const asked = {
				from: third.address,
				...request,
				...(request.value ? { value: quantity(request.value as bigint) } : {}),
			};
			const gasLimit = await eth.number("eth_estimateGas", asked);
			const [receipt] = await eth.mine(dev, await eth.send(third, { ...request, gasLimit }));
			assert.equal(receipt!.status, "0x1", what);
			const used = BigInt(receipt!.gasUsed);
			assert.ok(used <= gasLimit, `${what}: ${used} of ${gasLimit}`);
			if (what.startsWith("a transfer")) assert.ok(gasLimit <= 21_000n, `${what}: ${gasLimit}`);
		}
	});

	it("take the state of the block that is named, and what it is to pretend", async () => {
		const asked = { from: rich.address, to: bellAt, data: call("ring", "", 0) };
		const early = await eth.number("eth_estimateGas", asked, quantity(BigInt(busy.number) - 1n));
		const late = await eth.number("eth_estimateGas", asked, "latest");
		assert.ok(early > late, "the first ring makes two new slots");
		const poor = Wallet.createRandom().address;
		const request = { from: poor, to: NOBODY, value: quantity(CMT) };
		assert.match((await eth.refusal("eth_estimateGas", request)).message, /^insufficient funds/);
		const pretended = { [poor]: { balance: quantity(2n * CMT) } };
		const gas = await eth.number("eth_estimateGas", request, "latest", pretended);
		assert.ok(gas > 0n && gas <= 21_000n);
	});
});

describe("transactions that the node refuses", () => {
	const refusal = async (raw: string) => {
		const { code, message } = await eth.refusal("eth_sendRawTransaction", raw);
		assert.equal(code, -32_000, message);
		return message;
	};
	const transfer = { to: NOBODY, value: 1n };

	it("are named in the words of wallets", async () => {
		const poor = new Wallet(`0x${"11".repeat(32)}`) as unknown as typeof rich;
		const nonce = Number(await eth.number("eth_getTransactionCount", rich.address));
		for (const [key, request, words] of [
			[rich, { nonce: nonce - 1 }, /^nonce too low: next nonce \d+, tx nonce \d+$/],
			[poor, {}, /^insufficient funds for gas \* price \+ value: balance 0, tx cost /],
			[rich, { value: 10n ** 30n }, /^insufficient funds for gas \* price \+ value/],
			[rich, { chainId: 1 }, /^invalid chain id for signer: have 1 want 1234$/],
			[rich, { maxFeePerGas: 1n }, /^max fee per gas less than block base fee/],
			[rich, { gasLimit: 10n ** 9n }, /^exceeds block gas limit$/],
			[rich, { gasLimit: 100n }, /^intrinsic gas too low/],
			[
				rich,
				{ to: null, data: `0x${"00".repeat(49_153)}`, gasLimit: 20_000_000n },
				/^max initcode size exceeded/,
			],
		] as [typeof rich, TransactionRequest, RegExp][]) {
			assert.match(await refusal(await eth.sign(key, { ...transfer, ...request })), words);
		}
	});

	it("may not come twice", async () => {
		const raw = await eth.sign(rich, transfer);
		const hash = await eth.call<string>("eth_sendRawTransaction", raw);
		assert.equal(hash, keccak256(raw));
		assert.equal(await refusal(raw), "already known");
		await eth.mine(dev, hash);
		assert.match(await refusal(raw), /^nonce too low/);
	});

	it("must be protected against replay", async () => {
		const bare = Transaction.from({ type: 0, gasPrice: GWEI, gasLimit: 21_000n, ...transfer });
		bare.signature = Signature.from(rich.signingKey.sign(bare.unsignedHash));
		assert.match(await refusal(bare.serialized), /^only replay-protected \(EIP-155\)/);
	});

	it("may have the types 0, 1 and 2 only", async () => {
		const blob = await eth.sign(rich, {
			...transfer,
			type: 3,
			maxFeePerGas: GWEI,
			maxPriorityFeePerGas: 0n,
			maxFeePerBlobGas: 1n,
			blobVersionedHashes: [`0x01${"00".repeat(31)}`],
		});
		const auth = rich.authorizeSync({ address: NOBODY, nonce: 0n, chainId: CHAIN_ID });
		const code = await eth.sign(rich, {
			...transfer,
			type: 4,
			maxFeePerGas: GWEI,
			maxPriorityFeePerGas: 0n,
			authorizationList: [auth],
		});
		for (const raw of [blob, code]) {
			assert.equal(await refusal(raw), "transaction type not supported");
		}
	});

	it("leave nothing in the pool", async () => {
		assert.deepEqual(await eth.call("txpool_status"), { pending: "0x0", queued: "0x0" });
	});
});

describe("the deterministic deployer", () => {
	it("is in the genesis and makes a contract where everybody expects it", async () => {
		const salt = `0x${"07".repeat(32)}`;
		const expected = getCreate2Address(DEPLOYER, salt, keccak256(BELL_CODE));
		assert.equal(await eth.call("eth_getCode", expected), "0x");
		const data = salt + BELL_CODE.slice(2);
		const sent = await eth.send(second, { to: DEPLOYER, data, gasLimit: 3_000_000n });
		const [receipt] = await eth.mine(dev, sent);
		assert.equal(receipt!.status, "0x1");
		assert.equal(
			await eth.call("eth_getCode", expected),
			await eth.call("eth_getCode", bellAt),
		);
	});
});
