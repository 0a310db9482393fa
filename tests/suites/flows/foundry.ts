// The project of `projects/foundry`, by Foundry's own commands.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Interface, id } from "ethers";
import type { Chain } from "../../src/chain.ts";
import { CHAIN_ID, type EthLog, type EthReceipt, Ethereum, keyOf } from "../../src/ethereum.ts";
import { Project } from "../../src/project.ts";
import { NOBODY } from "./contracts.ts";

/** Deploys and buys; another than Hardhat's signers. */
const key = keyOf(5);
const RPC = ["--rpc-url", "cybermiles"] as const;
const SIGN = ["--private-key", key.privateKey] as const;

const contracts = new Interface([
	"error Empty()",
	"event Registered(address indexed owner, uint256 indexed id, string name)",
	"function coin() view returns (address)",
	"function isAllowed(string) view returns (bool)",
	"function names() view returns (address)",
	"function ownerOf(uint256) view returns (address)",
	"function totalSupply() view returns (uint256)",
]);

/** What `forge script` writes about a run. */
interface Broadcast {
	transactions: { hash: string }[];
	receipts: EthReceipt[];
	returns: Record<string, { value: string }>;
}

/** The project's tests by themselves and on a fork, its scripts, and single commands; by key 5. */
export function describeFoundry(chain: () => Chain): void {
	describe("Foundry", { concurrency: false }, () => {
		let foundry: Foundry;
		before(() => {
			foundry = new Foundry(new Ethereum(chain().node.ports.rpc));
		});
		after(() => foundry?.discard());

		it("forge build compiles", () => foundry.builds());
		it("forge script --broadcast deploys", () => foundry.deploys());
		it("cast estimate, send, receipt, call and logs agree with the node", () =>
			foundry.buysAName());
		it("cast tells why a contract refuses", () => foundry.isRefused());
		it("forge test passes, also on a fork of the chain", () => foundry.tests());
		it("forge script --broadcast gives a proxy new code", () => foundry.upgrades());
		it("forge create makes a contract with arguments", () => foundry.creates());
	});
}

/** A developer at the project, and the chain as another client sees it. */
class Foundry {
	private readonly project: Project;
	private coin = "";
	private registrar = "";

	constructor(private readonly eth: Ethereum) {
		const env = { PRIVATE_KEY: key.privateKey, OWNER: key.address };
		this.project = new Project("foundry", eth.http, env);
	}

	discard(): void {
		this.project.discard();
	}

	private forge(...args: string[]): Promise<string> {
		return this.project.run("forge", args, { REGISTRAR: this.registrar });
	}

	private async cast(command: string, ...args: string[]): Promise<string> {
		return (await this.project.run("cast", [command, ...RPC, ...args])).trim();
	}

	/** Sends a transaction by `cast send`; its receipt, which is the node's. */
	private async send(to: string, ...call: string[]): Promise<EthReceipt> {
		const printed = JSON.parse(await this.cast("send", "--json", ...SIGN, to, ...call));
		const told = await this.eth.included(printed.transactionHash);
		assert.deepEqual({ ...told, ...printed }, told);
		assert.equal(told.status, "0x1");
		return told;
	}

	/** What a call of a contract returns to another client. */
	private async read(to: string, name: string, ...args: unknown[]): Promise<unknown> {
		const data = contracts.encodeFunctionData(name, args);
		const answer = await this.eth.call<string>("eth_call", { to, data });
		return contracts.decodeFunctionResult(name, answer)[0];
	}

	/** Runs a script, and demands that the chain took all of it. */
	private async script(
		name: string,
		transactions: number,
		...flags: string[]
	): Promise<Broadcast> {
		await this.forge("script", `script/${name}.s.sol`, ...RPC, "--broadcast", ...flags);
		const path = ["broadcast", `${name}.s.sol`, String(CHAIN_ID), "run-latest.json"];
		const run = this.project.json<Broadcast>(...path);
		const hashes = run.transactions.map(({ hash }) => hash);
		const receipts = await Promise.all(hashes.map((hash) => this.eth.included(hash)));
		const statuses = receipts.map((receipt) => receipt.status);
		assert.deepEqual(statuses, Array.from({ length: transactions }, () => "0x1"));
		assert.equal(run.receipts.length, transactions);
		return run;
	}

	async builds(): Promise<void> {
		assert.match(await this.forge("build"), /Compiler run successful/);
	}

	async deploys(): Promise<void> {
		// Forge reckons gas as Ethereum does, with 30 % more, and does not ask the node.
		const { returns } = await this.script("Deploy", 3);
		this.coin = returns["coin"]!.value;
		this.registrar = returns["registrar"]!.value;
		assert.equal(await this.read(this.registrar, "coin"), this.coin);
	}

	async buysAName(): Promise<void> {
		const { coin, registrar, eth } = this;
		const approve = ["approve(address,uint256)", registrar, "100"];
		const estimate = await this.cast("estimate", "--from", key.address, coin, ...approve);
		const approved = await this.send(coin, ...approve);
		assert.ok(Number(approved.gasUsed) <= Number(estimate));
		const told = JSON.parse(await this.cast("receipt", "--json", approved.transactionHash));
		assert.deepEqual({ ...approved, ...told }, approved);
		assert.equal(await this.cast("call", registrar, "price()(uint256)"), "50");

		const { blockNumber } = await this.send(registrar, "register(string)", "alice");
		const names = String(await this.read(registrar, "names"));
		assert.equal(await this.read(names, "ownerOf", id("alice")), key.address);
		const filter = { address: registrar, fromBlock: blockNumber, toBlock: blockNumber };
		const logs = await eth.call<EthLog[]>("eth_getLogs", filter);
		const event = contracts.getEvent("Registered")!.format("full").replace("event ", "");
		const printed = await this.cast("logs", "--json", "--address", registrar, event);
		assert.equal(logs.length, 1);
		assert.deepEqual(JSON.parse(printed), logs);
	}

	async isRefused(): Promise<void> {
		const { registrar } = this;
		const register = (name: string) =>
			this.cast("send", ...SIGN, registrar, "register(string)", name);
		await assert.rejects(register("charlotte"), /Registrar: too long/);
		const { selector } = contracts.getError("Empty")!;
		await assert.rejects(register(""), new RegExp(`execution reverted.*${selector}`));
		await assert.rejects(this.cast("call", registrar, "initialize(address,uint256)", NOBODY, "1"));
	}

	async tests(): Promise<void> {
		const passed = /4 tests passed, 0 failed, 0 skipped/;
		assert.match(await this.forge("test", "--match-contract", "RegistrarTest"), passed);
		const fork = ["--fork-url", "cybermiles", "--match-contract", "ForkTest"];
		assert.match(await this.forge("test", ...fork), passed);
	}

	async upgrades(): Promise<void> {
		assert.equal(await this.read(this.registrar, "isAllowed", "charlotte"), false);
		await this.script("Upgrade", 2);
		assert.equal(await this.read(this.registrar, "isAllowed", "charlotte"), true);
		assert.equal(await this.read(this.registrar, "coin"), this.coin);
	}

	async creates(): Promise<void> {
		const args = ["src/Coin.sol:Coin", ...RPC, ...SIGN, "--broadcast", "--json"];
		const printed = await this.forge("create", ...args, "--constructor-args", "7");
		const { deployedTo, transactionHash } = JSON.parse(printed);
		const receipt = await this.eth.included(transactionHash);
		assert.equal(receipt.contractAddress, deployedTo.toLowerCase());
		assert.equal(await this.read(deployedTo, "totalSupply"), 7n);
	}
}
