// The libraries by which applications use Ethereum, and accounts and contracts of both worlds.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { u8aToHex } from "@polkadot/util";
import { decodeAddress } from "@polkadot/util-crypto";
import { AbiCoder, Interface, getCreateAddress } from "ethers";
import { CMT, eventOf, freeBalance, refusal as nativeRefusal } from "../src/calls.ts";
import { DevNode } from "../src/dev-node.ts";
import { CHAIN_ID, Ethereum, GWEI, imageOf, keyOf, nativeOf, quantity } from "../src/ethereum.ts";
import { accountOf } from "../src/keys.ts";
import { type Compiled, compile } from "../src/solidity.ts";
import { LIBRARIES, type Tool } from "../src/tools.ts";
import { eventually } from "../src/wait.ts";

const contracts = compile("Bell.sol", "Tokens.sol", "Box.sol", "IStaking.sol");
const SUPPLY = 1_000_000n;
const NOBODY = "0x00000000000000000000000000000000000000bb";
const STAKING = "0x000000000000000000000000000000000a000000";

const alice = accountOf("Alice");
const bob = accountOf("Bob");

let dev: DevNode;
let eth: Ethereum;

function contract(name: string): Compiled {
	const found = contracts[name];
	if (!found) throw new Error(`no contract ${name}`);
	return found;
}

const coin = contract("Coin");
const bell = contract("Bell");
const bellInterface = new Interface(bell.abi);

before(async () => {
	dev = await DevNode.launch("instant");
	eth = new Ethereum(dev.node.ports.rpc);
});
after(() => dev?.stop());

for (const [place, [name, Library]] of Object.entries(LIBRARIES).entries()) {
	for (const socket of [false, true]) {
		describe(`${name} over ${socket ? "WebSocket" : "HTTP"}`, () => {
			// A key of its own, so that the order of the tests does not matter.
			const key = keyOf(2 * place + Number(socket));
			let tool: Tool;
			let at: string;
			before(() => {
				tool = new Library(eth, key, socket);
			});
			after(() => tool?.close());

			it("makes a token and reads it", async () => {
				at = await tool.deploy(coin, ["Coin", "COIN", SUPPLY]);
				const expected = getCreateAddress({ from: key.address, nonce: 0 });
				assert.equal(at.toLowerCase(), expected.toLowerCase());
				assert.equal(await tool.read({ at, contract: coin, name: "symbol" }), "COIN");
				const balance = { at, contract: coin, name: "balanceOf", args: [key.address] };
				assert.equal(await tool.read(balance), SUPPLY);
			});

			it("sends tokens and hears of it", async () => {
				const heard: unknown[][] = [];
				await tool.watch({ at, contract: coin, name: "Transfer" }, (args) => heard.push(args));
				const send = { at, contract: coin, name: "transfer", args: [NOBODY, 7n] };
				const hash = await tool.send(send);
				assert.equal((await eth.receipt(hash))?.status, "0x1");
				const event = await eventually("the event", () => heard[0], { timeoutMs: 10_000 });
				const [from, to, amount] = event;
				assert.equal(String(from), key.address);
				assert.equal(String(to).toLowerCase(), NOBODY);
				assert.equal(amount, 7n);
				assert.equal(heard.length, 1);
				const balance = { at, contract: coin, name: "balanceOf", args: [NOBODY] };
				assert.equal(await tool.read(balance), 7n);
			});

			it("tells why a contract refuses, in its words and by its errors", async () => {
				const much = { at, contract: coin, name: "transfer", args: [NOBODY, SUPPLY] };
				assert.equal(await tool.refusal(much), "ERC20InsufficientBalance");
				const bellAt = await tool.deploy(bell);
				const silent = { at: bellAt, contract: bell, name: "silent" };
				assert.equal(await tool.refusal(silent), "the bell is silent");
			});
		});
	}
}

describe("contracts that others wrote", () => {
	let tool: Tool;
	const key = keyOf(6);
	before(() => {
		tool = new LIBRARIES.ethers(eth, key, false);
	});
	after(() => tool?.close());

	it("are tokens of which each is one of a kind (ERC-721)", async () => {
		const deed = contract("Deed");
		const at = await tool.deploy(deed);
		const of = (name: string, ...args: unknown[]) => ({ at, contract: deed, name, args });
		await tool.send(of("make"));
		assert.equal(await tool.read(of("ownerOf", 1)), key.address);
		await tool.send(of("transferFrom", key.address, NOBODY, 1));
		assert.equal(String(await tool.read(of("ownerOf", 1))).toLowerCase(), NOBODY);
		assert.equal(await tool.refusal(of("ownerOf", 2)), "ERC721NonexistentToken");
		// One that cannot take tokens: the coin is no receiver.
		const deaf = await tool.deploy(coin, ["Coin", "COIN", 1]);
		await tool.send(of("make"));
		const safe = "safeTransferFrom(address,address,uint256)";
		assert.equal(await tool.refusal(of(safe, key.address, deaf, 2)), "ERC721InvalidReceiver");
	});

	it("get new code behind a proxy and keep what they hold (ERC-1967, UUPS)", async () => {
		const [box, later] = [contract("Box"), contract("BoxWithLift")];
		const code = await tool.deploy(box);
		const start = new Interface(box.abi).encodeFunctionData("initialize", [41]);
		const at = await tool.deploy(contract("BoxProxy"), [code, start]);
		const of = (name: string, ...args: unknown[]) => ({ at, contract: later, name, args });
		assert.equal(await tool.read(of("content")), 41n);
		assert.equal(await tool.read(of("version")), 1n);
		const next = await tool.deploy(later);
		const foreign = new LIBRARIES.ethers(eth, keyOf(7), false);
		assert.equal(await foreign.refusal(of("upgradeToAndCall", next, "0x")), "NotOwner");
		await foreign.close();
		await tool.send(of("upgradeToAndCall", next, "0x"));
		await tool.send(of("lift"));
		assert.equal(await tool.read(of("content")), 42n);
		assert.equal(await tool.read(of("version")), 2n);
		assert.equal(await tool.refusal(of("initialize", 1)), "InvalidInitialization");
	});
});

describe("one contract for both worlds", () => {
	const weight = { refTime: 20_000_000_000n, proofSize: 1_000_000n };
	const deposit = 10n * CMT;
	const ring = bellInterface.encodeFunctionData("ring", ["native", 0]);

	/** Deploys as MetaMask does: asks for gas and fees, signs, sends, waits. */
	async function deployLikeMetaMask(data: string): Promise<string> {
		const key = keyOf(8);
		const gas = await eth.number("eth_estimateGas", { from: key.address, data });
		const { baseFeePerGas } = await eth.call<{ baseFeePerGas: string[] }>(
			"eth_feeHistory",
			...["0x5", "latest", [10, 20, 30]],
		);
		const base = BigInt(baseFeePerGas.at(-1)!);
		assert.equal(base, await eth.number("eth_gasPrice"));
		const raw = await key.signTransaction({
			type: 2,
			chainId: CHAIN_ID,
			nonce: Number(await eth.number("eth_getTransactionCount", key.address, "pending")),
			data,
			gasLimit: gas,
			// MetaMask's middle choice: twice the base fee, and a tip that this chain never takes.
			maxFeePerGas: 2n * base + GWEI,
			maxPriorityFeePerGas: GWEI,
		});
		const hash = await eth.call<string>("eth_sendRawTransaction", raw);
		const look = async () => (await eth.receipt(hash)) ?? undefined;
		const { status, contractAddress, effectiveGasPrice } = await eventually("a receipt", look);
		assert.equal(status, "0x1");
		assert.equal(effectiveGasPrice, quantity(base));
		return contractAddress!;
	}

	const rings = (at: string, who: string) =>
		eth.number("eth_call", {
			to: at,
			data: bellInterface.encodeFunctionData("ringsOf", [who]),
		});

	it("made by a wallet's flow is called from polkadot.js", async () => {
		const at = await deployLikeMetaMask(bell.bytecode);
		const call = dev.api.tx["revive"]!["call"]!(at, 5n, weight, deposit, ring);
		const included = await dev.submit(alice, call);
		assert.equal(await rings(at, imageOf(alice.publicKey)), 1n);
		assert.equal(await eth.number("eth_getBalance", at), 5n);
		assert.equal(
			String(eventOf(included, "revive", "ContractEmitted")["contract"]).toLowerCase(),
			at,
		);
		const silent = bellInterface.encodeFunctionData("silent");
		const refused = dev.api.tx["revive"]!["call"]!(at, 0n, weight, deposit, silent);
		assert.equal(await nativeRefusal(dev.submit(alice, refused)), "Revive.ContractReverted");
	});

	it("made from polkadot.js is used by ethers", async () => {
		const args = AbiCoder.defaultAbiCoder().encode(
			["string", "string", "uint256"],
			["Coin", "COIN", SUPPLY],
		);
		// As in an Ethereum transaction, the arguments follow the code.
		const code = coin.bytecode + args.slice(2);
		const instantiate = dev.api.tx["revive"]!["instantiateWithCode"]!;
		const call = instantiate(0n, weight, deposit, code, "0x", null);
		const made = await dev.submit(alice, call);
		const at = String(eventOf(made, "revive", "Instantiated")["contract"]);
		const tool = new LIBRARIES.ethers(eth, keyOf(9), false);
		const balance = (who: string) =>
			tool.read({ at, contract: coin, name: "balanceOf", args: [who] });
		assert.equal(await balance(imageOf(alice.publicKey)), SUPPLY);
		const give = new Interface(coin.abi).encodeFunctionData("transfer", [keyOf(9).address, 9n]);
		await dev.submit(alice, dev.api.tx["revive"]!["call"]!(at, 0n, weight, deposit, give));
		await tool.send({ at, contract: coin, name: "transfer", args: [NOBODY, 4n] });
		assert.equal(await balance(keyOf(9).address), 5n);
		assert.equal(await balance(NOBODY), 4n);
		await tool.close();
	});
});

describe("money between both worlds", () => {
	it("goes from an Ethereum key to a native account and back", async () => {
		const key = keyOf(8);
		const before = await freeBalance(dev.api, bob.address);
		const hash = await eth.send(key, { to: imageOf(bob.publicKey), value: 3n * CMT });
		await eventually("a receipt", async () => (await eth.receipt(hash)) !== null);
		assert.equal((await freeBalance(dev.api, bob.address)) - before, 3n * CMT);
		assert.equal(
			(await eth.number("eth_getBalance", imageOf(bob.publicKey))) + 1n,
			await freeBalance(dev.api, bob.address),
			"all but the existential deposit",
		);
		const balance = await eth.number("eth_getBalance", key.address);
		const back = dev.api.tx.balances.transferKeepAlive(nativeOf(key.address), CMT);
		await dev.submit(bob, back);
		assert.equal(await eth.number("eth_getBalance", key.address), balance + CMT);
	});
});

describe("stake by an Ethereum key", () => {
	const key = keyOf(7);
	const staking = contract("IStaking");
	/** Enough that what stays after a part is taken out is still a position. */
	const amount = 5_000n * CMT;
	let tool: Tool;
	let native: string;
	let candidate: string;
	before(async () => {
		tool = new LIBRARIES.ethers(eth, key, false);
		native = (await dev.dpos.candidates())[0]!.candidate;
		candidate = imageOf(decodeAddress(native));
	});
	after(() => tool?.close());
	const of = (name: string, ...args: unknown[]) => ({
		at: STAKING,
		contract: staking,
		name,
		args,
	});
	interface Position {
		value: bigint;
		principal: bigint;
		rate: bigint;
		account: string;
		unbonding: { amount: bigint; due: bigint }[];
	}
	const position = async (who: string) =>
		(await tool.read(of("position", who, candidate))) as Position;

	it("is one and the same as polkadot.js sees it", async () => {
		const before = await dev.dpos.candidate(native);
		await tool.send(of("delegate", candidate, amount));
		const seen = await position(key.address);
		const own = await dev.dpos.position(nativeOf(key.address), native);
		assert.equal(own?.principal, amount);
		assert.deepEqual(
			{ value: seen.value, principal: seen.principal, rate: Number(seen.rate) },
			{ value: own.value, principal: own.principal, rate: own.rate },
		);
		assert.equal(seen.account, u8aToHex(decodeAddress(native)));
		const after = await dev.dpos.candidate(native);
		assert.ok(after!.stake - before!.stake >= amount);
		assert.equal(after!.positions, before!.positions + 1);
	});

	it("is taken out by one side and waits on the other", async () => {
		const part = 400n * CMT;
		const hash = await tool.send(of("undelegate", candidate, part));
		const own = await dev.dpos.position(nativeOf(key.address), native);
		const waiting = own!.unbonding.map((chunk) => chunk.due);
		const seen = await position(key.address);
		assert.deepEqual(seen.unbonding.map(({ due }) => Number(due)), waiting);
		assert.equal(waiting.length, 1);
		const [log] = (await eth.receipt(hash))!.logs;
		const event = new Interface(staking.abi).parseLog(log!);
		assert.equal(log!.address, STAKING);
		assert.deepEqual(event?.args.toArray().slice(0, 1), [key.address]);
		assert.deepEqual([event?.name, event?.args["amount"]], ["Undelegated", part]);
	});

	it("of a native account is read by contracts under its image", async () => {
		await dev.submit(bob, dev.api.tx["cmtDpos"]!["delegate"]!(native, amount));
		const seen = await position(imageOf(bob.publicKey));
		const own = await dev.dpos.position(bob.address, native);
		assert.deepEqual([seen.value, seen.principal], [own!.value, own!.principal]);
		const [key, image] = [u8aToHex(bob.publicKey), imageOf(bob.publicKey)];
		assert.equal(String(await tool.read(of("addressOf", key))).toLowerCase(), image);
		assert.equal(await tool.read(of("accountOf", image)), key);
	});

	it("is refused in words that say what to do", async () => {
		assert.match(await tool.refusal(of("delegate", candidate, 0)), /^ZeroAmount: ./);
		assert.match(await tool.refusal(of("delegate", NOBODY, amount)), /^UnknownCandidate: ./);
	});
});
