// MetaMask's own test page in a real Chromium, used by its buttons, with a wallet that behaves as
// MetaMask. What the page did is looked up on the chain by a second client.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
	Interface,
	Signature,
	concat,
	getAddress,
	hashMessage,
	toBeHex,
	toUtf8Bytes,
	zeroPadValue,
} from "ethers";
import { browserBinary } from "../src/browser.ts";
import { BrowserWallet } from "../src/browser-wallet.ts";
import { CMT } from "../src/calls.ts";
import { exportSpec } from "../src/chain-spec.ts";
import { DevNode } from "../src/dev-node.ts";
import { CHAIN_ID, type EthReceipt, Ethereum, GWEI, keyOf, quantity } from "../src/ethereum.ts";
import { removeFolder, temporaryFolder } from "../src/janitor.ts";
import { TestPage } from "../src/test-page.ts";
import { eventually } from "../src/wait.ts";

/** Addresses and numbers that the page has in its code. */
const RECIPIENT = "0x0c54FcCd2e384b4BB6f2E405Bf5Cbc15a017AaFb";
const HOLDER = "0x2f318C334780961FB129D2a6c30D0763d9a5C970";
const SPENDER = "0x9bc5baF874d2DA8D216aE9f137804184EE5AfEF4";
const OTHER_CHAIN = 1338;
const OTHER_URL = "http://127.0.0.1:8546";
const SIGNED_MESSAGE = "Example `personal_sign` message";

const NOBODY = "0x00000000000000000000000000000000000000dd";
/** The precompile that tells who signed a hash. */
const ECRECOVER = "0x0000000000000000000000000000000000000001";

const wallet = new BrowserWallet(keyOf(0));
const me = wallet.address;
const tokens = new Interface([
	"function totalSupply() view returns (uint256)",
	"function balanceOf(address) view returns (uint256)",
	"function allowance(address, address) view returns (uint256)",
	"function ownerOf(uint256) view returns (address)",
	"function getApproved(uint256) view returns (address)",
	"function isApprovedForAll(address, address) view returns (bool)",
	"function uri(uint256) view returns (string)",
]);
const multi = new Interface(["function balanceOf(address, uint256) view returns (uint256)"]);

let dev: DevNode;
let eth: Ethereum;
/** A chain with the id and, for the wallet, at the URL that the page asks to be added. */
let other: DevNode;
let otherEth: Ethereum;
let folder: string;
let page: TestPage;

async function launchOther(): Promise<DevNode> {
	const ours = /"ethereumChainId": \d+/;
	const text = await exportSpec("dev", false);
	assert.match(text, ours);
	const path = join(folder, "other.json");
	writeFileSync(path, text.replace(ours, `"ethereumChainId": ${OTHER_CHAIN}`));
	return DevNode.launch("instant", `--chain=${path}`);
}

before(async () => {
	// Asked first, so that nothing is started in vain.
	browserBinary();
	folder = temporaryFolder("other");
	dev = await DevNode.launch("instant");
	other = await launchOther();
	eth = new Ethereum(dev.node.ports.rpc);
	otherEth = new Ethereum(other.node.ports.rpc);
	await wallet.useNetwork(quantity(CHAIN_ID), "CyberMiles", eth.http);
	page = await TestPage.open(wallet);
});
after(async () => {
	await page?.close();
	await other?.stop();
	await dev?.stop();
	if (folder) removeFolder(folder);
});

const nonceOf = (client: Ethereum) => client.number("eth_getTransactionCount", me, "pending");
const balanceOf = (address: string) => eth.number("eth_getBalance", address, "latest");
const feeOf = (receipt: EthReceipt) => BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice);

/** What a contract tells the second client. */
async function read(
	to: string,
	name: string,
	args: readonly unknown[] = [],
	contract = tokens,
): Promise<unknown> {
	const data = contract.encodeFunctionData(name, args);
	const answer = await eth.call<string>("eth_call", { to, data }, "latest");
	return contract.decodeFunctionResult(name, answer)[0];
}

/** Clicks, and the receipt of the one transaction that comes of it. */
async function transact(button: string, client = eth): Promise<EthReceipt> {
	const [sent, failed] = [wallet.sent.length, wallet.failures.length];
	await page.click(button);
	const unless = () => {
		const failure = wallet.failures[failed];
		if (failure) throw new Error(`${button}: ${failure.message} (${failure.code})`);
	};
	const patience = { timeoutMs: 30_000, everyMs: 50, unless };
	const hash = await eventually(`${button} to send`, () => wallet.sent[sent], patience);
	const look = async () => (await client.receipt(hash)) ?? undefined;
	const receipt = await eventually(`a block with ${hash}`, look, patience);
	assert.equal(wallet.sent.length, sent + 1);
	assert.equal(receipt.from, me);
	return receipt;
}

/** Like `transact`, of a transaction that succeeds. */
async function succeed(button: string, client = eth): Promise<EthReceipt> {
	const receipt = await transact(button, client);
	assert.equal(receipt.status, "0x1");
	return receipt;
}

/** Like `succeed`, of one that makes a contract; where it is. */
async function deploy(button: string, status: string): Promise<string> {
	const { contractAddress } = await succeed(button);
	assert.ok(contractAddress);
	await page.shows(status, "Deployed");
	assert.notEqual(await eth.call("eth_getCode", contractAddress, "latest"), "0x");
	return contractAddress;
}

/** Clicks, has the user say no, and makes sure that nothing came of it. */
async function rejectAt(button: string): Promise<void> {
	const state = async () => [await nonceOf(eth), await balanceOf(me), wallet.sent.length];
	const [before, failed] = [await state(), wallet.failures.length];
	wallet.rejectNext();
	await page.click(button);
	const failure = await eventually(`${button} to fail`, () => wallet.failures[failed]);
	assert.equal(failure.code, 4001, failure.message);
	assert.deepEqual(await state(), before);
}

async function showsNetwork(chainId: number): Promise<void> {
	await page.shows("chainId", quantity(chainId));
	await page.shows("network", String(chainId));
	await page.shows("currentNetworkName", `Current Network: Chain ID ${quantity(chainId)}`);
}

/** Who signed a hash, by the chain's own reckoning. */
async function signerOf(hash: string, signature: string): Promise<string> {
	const { r, s, v } = Signature.from(signature);
	const data = concat([hash, zeroPadValue(toBeHex(v), 32), r, s]);
	const answer = await eth.call<string>("eth_call", { to: ECRECOVER, data }, "latest");
	return `0x${answer.slice(-40)}`;
}

describe("connecting", () => {
	it("finds the wallet among the announced ones and shows the network", async () => {
		await page.shows("activeProviderName", "MetaMask");
		await page.shows("providers", /"rdns": "io\.metamask"/);
		await showsNetwork(CHAIN_ID);
		await page.shows("accounts", "");
		await page.shows("connectButton", "Connect");
		assert.equal(await page.enabled("sendButton"), false);
	});

	it("tells no account where the user says no", async () => {
		await rejectAt("connectButton");
		await page.shows("accounts", "");
		assert.equal(await page.enabled("sendButton"), false);
		wallet.rejectNext();
		const error = { code: 4001, message: "User rejected the request.", data: undefined };
		assert.deepEqual(await page.request("eth_requestAccounts"), error);
		await page.click("getAccounts");
		await page.shows("getAccountsResult", "");
	});

	it("tells the account where the user says yes", async () => {
		await page.click("connectButton");
		await page.shows("accounts", me);
		await page.shows("connectButton", "Connected");
		await page.click("getAccounts");
		await page.shows("getAccountsResult", me);
		await page.click("getPermissions");
		await page.shows("permissionsResult", "eth_accounts");
	});

	it("answers the page that shows a single request", async () => {
		const balance = quantity(await balanceOf(me));
		assert.equal(await page.requestPage("eth_chainId"), `Response: "${quantity(CHAIN_ID)}"`);
		const shown = await page.requestPage("eth_getBalance", me, "latest");
		assert.equal(shown, `Response: "${balance}"`);
	});
});

describe("sending", () => {
	it("sends a legacy transaction", async () => {
		const nonce = await nonceOf(eth);
		const receipt = await succeed("sendButton");
		assert.equal(receipt.type, "0x0");
		assert.equal(receipt.to, RECIPIENT.toLowerCase());
		const sent = await eth.call<Record<string, string>>(
			"eth_getTransactionByHash",
			receipt.transactionHash,
		);
		assert.equal(sent["nonce"], quantity(nonce));
		assert.equal(sent["gasPrice"], quantity(10n * GWEI));
		assert.equal(await nonceOf(eth), nonce + 1n);
	});

	it("sends EIP-1559 transactions, with the page's gas and fees and with the wallet's", async () => {
		for (const button of ["sendEIP1559Button", "sendEIP1559WithoutGasButton"]) {
			const before = await balanceOf(me);
			const receipt = await succeed(button);
			assert.equal(receipt.type, "0x2");
			assert.equal(receipt.to, RECIPIENT.toLowerCase());
			const { maxPriorityFeePerGas } = await eth.call<Record<string, string>>(
				"eth_getTransactionByHash",
				receipt.transactionHash,
			);
			assert.equal(BigInt(receipt.effectiveGasPrice), GWEI + BigInt(maxPriorityFeePerGas!));
			assert.equal(await balanceOf(me), before - feeOf(receipt));
		}
	});

	it("sends CMT by the form, to the planck", async () => {
		for (const type of ["0x0", "0x2"]) {
			await page.choose("typeInput", type);
			await page.fill("toInput", NOBODY);
			await page.fill("amountInput", quantity(CMT));
			const [mine, theirs] = [await balanceOf(me), await balanceOf(NOBODY)];
			const receipt = await succeed("submitForm");
			assert.equal(receipt.type, type);
			assert.equal(await balanceOf(NOBODY), theirs + CMT);
			assert.equal(await balanceOf(me), mine - CMT - feeOf(receipt));
		}
	});

	it("sends 96 kB of data", async () => {
		const { transactionHash } = await succeed("sendHeavyHexDataButton");
		const sent = await eth.call<{ input: string }>("eth_getTransactionByHash", transactionHash);
		assert.ok(sent.input.length > 190_000, `${sent.input.length} digits of data`);
	});
});

describe("contracts of the page", () => {
	it("keeps deposits in the piggy bank and gives them back", async () => {
		const bank = await deploy("deployButton", "contractStatus");
		await succeed("depositButton");
		await page.shows("contractStatus", "Deposit completed");
		assert.equal(await balanceOf(bank), 4n * CMT);
		const before = await balanceOf(me);
		const receipt = await succeed("withdrawButton");
		await page.shows("contractStatus", "Withdrawn");
		assert.equal(await balanceOf(bank), 3n * CMT);
		assert.equal(await balanceOf(me), before + CMT - feeOf(receipt));
	});

	it("pays into a contract that takes CMT", async () => {
		const at = await deploy("deployMultisigButton", "multisigContractStatus");
		const { logs } = await succeed("sendMultisigButton");
		assert.equal(await balanceOf(at), 0x16345785d8a0n);
		assert.equal(logs[0]?.address, at);
	});

	it("records a transaction that fails, and takes its fee alone", async () => {
		const at = await deploy("deployFailingButton", "failingContractStatus");
		const [nonce, before] = [await nonceOf(eth), await balanceOf(me)];
		const receipt = await transact("sendFailingButton");
		assert.equal(receipt.status, "0x0");
		assert.equal(receipt.to, at);
		assert.equal(await nonceOf(eth), nonce + 1n);
		assert.equal(await balanceOf(me), before - feeOf(receipt));
		assert.ok(feeOf(receipt) > 0n);
	});

	it("warns of failure by the estimate, and takes what the user sends all the same", async () => {
		const at = await deploy("deployFailingButton", "failingContractStatus");
		const error = await eth.refusal("eth_estimateGas", { from: me, to: at, value: "0x0" });
		assert.deepEqual(error, { code: -32000, message: "invalid opcode" });
		await page.choose("typeInput", "0x2");
		await page.fill("toInput", at);
		await page.fill("amountInput", "0x1");
		const receipt = await transact("submitForm");
		assert.equal(receipt.status, "0x0");
		const { gas } = await eth.call<{ gas: string }>(
			"eth_getTransactionByHash",
			receipt.transactionHash,
		);
		const { gasLimit } = await eth.block(receipt.blockNumber);
		assert.equal(BigInt(gas), (BigInt(gasLimit) * 35n) / 100n);
		assert.equal(receipt.gasUsed, gas);
		assert.equal(await balanceOf(at), 0n);
	});
});

describe("tokens of the page", () => {
	it("makes a token (ERC-20) and shows it in the wallet", async () => {
		const { contractAddress: at } = await succeed("createToken");
		assert.ok(at);
		await page.shows("erc20TokenAddresses", getAddress(at));
		const supply = await read(at, "totalSupply");
		assert.equal(supply, 100_000n);
		const shown = wallet.watched.length;
		await page.click("watchAssets");
		const token = await eventually("the token", () => wallet.watched[shown]);
		const expected = { kind: "ERC20", symbol: "TST", holding: supply };
		assert.deepEqual(token, { address: getAddress(at), ...expected });
	});

	it("moves the token and lets others spend it", async () => {
		const at = await page.text("erc20TokenAddresses");
		const { logs } = await succeed("transferTokens");
		assert.equal(logs[0]?.address, at.toLowerCase());
		assert.equal(await read(at, "balanceOf", [HOLDER]), 15_000n);
		assert.equal(await read(at, "balanceOf", [me]), 85_000n);
		await succeed("approveTokens");
		assert.equal(await read(at, "allowance", [me, SPENDER]), 70_000n);
		await succeed("increaseTokenAllowance");
		assert.equal(await read(at, "allowance", [me, SPENDER]), 80_000n);
		await page.fill("allowanceOwner", me);
		await page.fill("allowanceSpender", SPENDER);
		await page.click("getAllowance");
		await page.shows("allowanceAmountResult", "8.0000");
	});

	it("does so too where the page names the price and no gas", async () => {
		const at = await page.text("erc20TokenAddresses");
		const { transactionHash } = await succeed("transferTokensWithoutGas");
		const sent = await eth.call<Record<string, string>>(
			"eth_getTransactionByHash",
			transactionHash,
		);
		assert.equal(sent["maxFeePerGas"], quantity(20n * GWEI));
		assert.equal(await read(at, "balanceOf", [HOLDER]), 30_000n);
		await succeed("approveTokensWithoutGas");
		assert.equal(await read(at, "allowance", [me, HOLDER]), 70_000n);
	});

	it("makes tokens of one kind each (ERC-721)", async () => {
		const at = await deploy("deployNFTsButton", "nftsStatus");
		await page.fill("mintAmountInput", "2");
		await succeed("mintButton");
		await page.shows("nftsStatus", "Mint completed");
		assert.equal(await read(at, "balanceOf", [me]), 2n);
		await page.fill("watchNFTInput", "2");
		const shown = wallet.watched.length;
		await page.click("watchNFTButton");
		const token = await eventually("the token", () => wallet.watched[shown]);
		assert.equal(token.holding, 2n);
		await succeed("approveButton");
		assert.equal(await read(at, "getApproved", [1]), SPENDER);
		await succeed("setApprovalForAllButton");
		assert.equal(await read(at, "isApprovedForAll", [me, SPENDER]), true);
		await succeed("revokeButton");
		assert.equal(await read(at, "isApprovedForAll", [me, SPENDER]), false);
		await succeed("transferFromButton");
		assert.equal(await read(at, "ownerOf", [1]), HOLDER);
		assert.equal(await read(at, "ownerOf", [2]), getAddress(me));
	});

	it("makes and moves many kinds at once (ERC-1155)", async () => {
		const at = await deploy("deployERC1155Button", "erc1155Status");
		await page.fill("batchMintTokenIds", "1, 2, 3");
		await page.fill("batchMintIdAmounts", "1, 1, 1000");
		await succeed("batchMintButton");
		await page.fill("batchTransferTokenIds", "1, 3");
		await page.fill("batchTransferTokenAmounts", "1, 10");
		await succeed("batchTransferFromButton");
		const held = async (owner: string) =>
			Promise.all([1, 2, 3].map((id) => read(at, "balanceOf", [owner, id], multi)));
		assert.deepEqual(await held(me), [0n, 1n, 990n]);
		assert.deepEqual(await held(HOLDER), [1n, 0n, 10n]);
	});
});

describe("signatures", () => {
	it("signs a message of which page and chain find the signer", async () => {
		await page.click("personalSign");
		await page.shows("personalSignResult", /^0x[0-9a-f]{130}$/);
		await page.click("personalSignVerify");
		await page.shows("personalSignVerifySigUtilResult", me);
		await page.shows("personalSignVerifyECRecoverResult", me);
		const signature = await page.text("personalSignResult");
		assert.equal(await signerOf(hashMessage(toUtf8Bytes(SIGNED_MESSAGE)), signature), me);
	});

	for (const button of ["signTypedDataV3", "signTypedDataV4", "signPermit"]) {
		it(`signs typed data of which page and chain find the signer: ${button}`, async () => {
			const digests = wallet.digests.length;
			await page.click(button);
			await page.shows(`${button}Result`, /^0x[0-9a-f]{130}$/);
			await page.click(`${button}Verify`);
			await page.shows(`${button}VerifyResult`, me);
			const signature = await page.text(`${button}Result`);
			assert.equal(await signerOf(wallet.digests[digests]!, signature), me);
		});
	}
});

describe("a user who says no", () => {
	it("sends nothing", async () => {
		await rejectAt("sendButton");
		await rejectAt("sendEIP1559WithoutGasButton");
		await rejectAt("transferTokens");
		// The last one by the page's ethers, which knows the code for what it is.
		const errors = [/^MetaMask Tx Signature: User denied/, /^user rejected transaction/];
		const heard = (error: RegExp) => page.uncaught.some((text) => error.test(text));
		await eventually("the page's errors", () => errors.every(heard));
	});

	it("makes no contract, and the page says so", async () => {
		await rejectAt("deployButton");
		await page.shows("contractStatus", "Deployment Failed");
	});

	it("signs nothing, and the page says why", async () => {
		await rejectAt("signTypedDataV4");
		await page.shows("signTypedDataV4Result", /^Error: .*User denied message signature\.$/);
	});

	it("is asked again the next time", async () => {
		const asked = wallet.asked.length;
		await succeed("sendButton");
		assert.deepEqual(wallet.asked.slice(asked), ["transaction"]);
	});
});

describe("networks", () => {
	/** The page goes on with the chain it had. */
	async function stays(): Promise<void> {
		await showsNetwork(CHAIN_ID);
		assert.equal(await page.request("eth_chainId"), quantity(CHAIN_ID));
	}

	it("does not switch to a network that the wallet does not know", async () => {
		await page.click("openNetworkPicker");
		await page.clickOn("#testNetworks >> text=Linea Sepolia");
		await page.shows("networkError", /is not available in your wallet/);
		const failed = wallet.failures.length;
		await page.click("switchEthereumChain");
		const failure = await eventually("the error", () => wallet.failures[failed]);
		assert.equal(failure.code, 4902);
		await stays();
	});

	it("does not add a network whose node is of another chain", async () => {
		wallet.detours.set(OTHER_URL, eth.http);
		const failed = wallet.failures.length;
		await page.click("addEthereumChain");
		const failure = await eventually("the error", () => wallet.failures[failed]);
		assert.match(failure.message, /does not match 0x53a$/);
		assert.deepEqual(failure.data, { chainId: quantity(CHAIN_ID) });
		await stays();
	});

	it("does not add one that the user refuses", async () => {
		wallet.detours.set(OTHER_URL, otherEth.http);
		await rejectAt("addEthereumChain");
		await stays();
	});

	it("adds one, switches to it and sends there alone", async () => {
		const asked = wallet.asked.length;
		await page.click("addEthereumChain");
		await showsNetwork(OTHER_CHAIN);
		assert.deepEqual(wallet.asked.slice(asked), ["network", "switch"]);
		const [here, there] = [await nonceOf(eth), await nonceOf(otherEth)];
		for (const button of ["sendEIP1559WithoutGasButton", "sendButton"]) {
			const { transactionHash } = await succeed(button, otherEth);
			assert.equal(await eth.receipt(transactionHash), null);
		}
		assert.equal(await nonceOf(otherEth), there + 2n);
		assert.equal(await nonceOf(eth), here);
	});

	it("follows the wallet back, and switches by itself to what it knows", async () => {
		await wallet.pickNetwork(quantity(CHAIN_ID));
		await stays();
		await succeed("sendButton");
		await page.click("switchEthereumChain");
		await showsNetwork(OTHER_CHAIN);
	});
});

describe("leaving", () => {
	it("forgets the account when the permission is taken back", async () => {
		await page.click("revokeAccountsPermission");
		await page.shows("accounts", "");
		await page.shows("connectButton", "Connect");
		assert.equal(await page.enabled("sendButton"), false);
		assert.deepEqual(await page.request("eth_accounts"), []);
	});
});
