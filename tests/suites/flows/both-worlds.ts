// Contracts and money between Ethereum's tools and polkadot.js.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { AbiCoder, Interface } from "ethers";
import { CMT, eventOf, freeBalance, refusal } from "../../src/calls.ts";
import type { Chain } from "../../src/chain.ts";
import {
	CHAIN_ID,
	Ethereum,
	GWEI,
	imageOf,
	keyOf,
	nativeOf,
	quantity,
} from "../../src/ethereum.ts";
import { accountOf } from "../../src/keys.ts";
import { LIBRARIES } from "../../src/tools.ts";
import { NOBODY, SUPPLY, contract } from "./contracts.ts";

const WEIGHT = { refTime: 20_000_000_000n, proofSize: 1_000_000n };
const DEPOSIT = 10n * CMT;

const alice = accountOf("Alice");
const bob = accountOf("Bob");
const wallet = keyOf(8);
const other = keyOf(9);

const coin = contract("Coin");
const bell = contract("Bell");
const bellInterface = new Interface(bell.abi);

/** By the keys 8 and 9, and the accounts of Alice and Bob. */
export function describeBothWorlds(chain: () => Chain): void {
	describe("one contract for both worlds", { concurrency: false }, () => {
		let eth: Ethereum;
		before(() => {
			eth = new Ethereum(chain().node.ports.rpc);
		});
		it("made by a wallet's flow is called from polkadot.js", () =>
			ringFromPolkadot(chain(), eth));
		it("made from polkadot.js is used by ethers", () => shareCoin(chain(), eth));
		it("moves as money from an Ethereum key to a native account and back", () =>
			moveMoney(chain(), eth));
	});
}

/** A call of a contract as polkadot.js makes it. */
function reviveCall({ api }: Chain, at: string, value: bigint, data: string) {
	return api.tx["revive"]!["call"]!(at, value, WEIGHT, DEPOSIT, data);
}

/** Deploys as MetaMask does: asks for gas and fees, signs, sends, waits. */
async function deployLikeMetaMask(eth: Ethereum, data: string): Promise<string> {
	const gas = await eth.number("eth_estimateGas", { from: wallet.address, data });
	const { baseFeePerGas } = await eth.call<{ baseFeePerGas: string[] }>(
		"eth_feeHistory",
		...["0x5", "latest", [10, 20, 30]],
	);
	const base = BigInt(baseFeePerGas.at(-1)!);
	assert.equal(base, await eth.number("eth_gasPrice"));
	const raw = await wallet.signTransaction({
		type: 2,
		chainId: CHAIN_ID,
		nonce: Number(await eth.number("eth_getTransactionCount", wallet.address, "pending")),
		data,
		gasLimit: gas,
		// MetaMask's middle choice: twice the base fee, and a tip.
		maxFeePerGas: 2n * base + GWEI,
		maxPriorityFeePerGas: GWEI,
	});
	const hash = await eth.call<string>("eth_sendRawTransaction", raw);
	const { status, contractAddress, effectiveGasPrice } = await eth.included(hash);
	assert.equal(status, "0x1");
	assert.equal(effectiveGasPrice, quantity(base + GWEI));
	return contractAddress!;
}

async function ringFromPolkadot(chain: Chain, eth: Ethereum): Promise<void> {
	const at = await deployLikeMetaMask(eth, bell.bytecode);
	const ring = bellInterface.encodeFunctionData("ring", ["native", 0]);
	const included = await chain.submit(alice, reviveCall(chain, at, 5n, ring));
	const data = bellInterface.encodeFunctionData("ringsOf", [imageOf(alice.publicKey)]);
	assert.equal(await eth.number("eth_call", { to: at, data }), 1n);
	assert.equal(await eth.number("eth_getBalance", at), 5n);
	const emitter = eventOf(included, "revive", "ContractEmitted")["contract"];
	assert.equal(String(emitter).toLowerCase(), at);
	const silent = reviveCall(chain, at, 0n, bellInterface.encodeFunctionData("silent"));
	assert.equal(await refusal(chain.submit(alice, silent)), "Revive.ContractReverted");
}

async function shareCoin(chain: Chain, eth: Ethereum): Promise<void> {
	const args = AbiCoder.defaultAbiCoder().encode(
		["string", "string", "uint256"],
		["Coin", "COIN", SUPPLY],
	);
	// As in an Ethereum transaction, the arguments follow the code.
	const code = coin.bytecode + args.slice(2);
	const instantiate = chain.api.tx["revive"]!["instantiateWithCode"]!;
	const made = await chain.submit(alice, instantiate(0n, WEIGHT, DEPOSIT, code, "0x", null));
	const at = String(eventOf(made, "revive", "Instantiated")["contract"]);
	const tool = new LIBRARIES.ethers(eth, other, false);
	const balance = (who: string) =>
		tool.read({ at, contract: coin, name: "balanceOf", args: [who] });
	assert.equal(await balance(imageOf(alice.publicKey)), SUPPLY);
	const give = new Interface(coin.abi).encodeFunctionData("transfer", [other.address, 9n]);
	await chain.submit(alice, reviveCall(chain, at, 0n, give));
	await tool.send({ at, contract: coin, name: "transfer", args: [NOBODY, 4n] });
	assert.equal(await balance(other.address), 5n);
	assert.equal(await balance(NOBODY), 4n);
	await tool.close();
}

async function moveMoney(chain: Chain, eth: Ethereum): Promise<void> {
	const image = imageOf(bob.publicKey);
	const before = await freeBalance(chain.api, bob.address);
	await eth.included(await eth.send(wallet, { to: image, value: 3n * CMT }));
	const after = await freeBalance(chain.api, bob.address);
	assert.equal(after - before, 3n * CMT);
	const shown = await eth.number("eth_getBalance", image);
	assert.equal(shown + 1n, after, "all but the existential deposit");
	const balance = await eth.number("eth_getBalance", wallet.address);
	const native = nativeOf(wallet.address);
	await chain.submit(bob, chain.api.tx.balances.transferKeepAlive(native, CMT));
	assert.equal(await eth.number("eth_getBalance", wallet.address), balance + CMT);
}
