// Contracts that others wrote, of which most applications are made: ERC-721 and ERC-1967.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Interface } from "ethers";
import type { Chain } from "../../src/chain.ts";
import { Ethereum, keyOf } from "../../src/ethereum.ts";
import { LIBRARIES, type Tool } from "../../src/tools.ts";
import { NOBODY, contract } from "./contracts.ts";

/** Tokens and a proxy of OpenZeppelin's, by key 6. */
export function describeStandards(chain: () => Chain): void {
	describe("contracts that others wrote", { concurrency: false }, () => {
		const key = keyOf(6);
		let eth: Ethereum;
		let tool: Tool;
		before(() => {
			eth = new Ethereum(chain().node.ports.rpc);
			tool = new LIBRARIES.ethers(eth, key, false);
		});
		after(() => tool?.close());

		it("are tokens of which each is one of a kind (ERC-721)", () =>
			useDeeds(tool, key.address));
		it("get new code behind a proxy and keep what they hold (ERC-1967, UUPS)", async () => {
			const foreign = new LIBRARIES.ethers(eth, keyOf(7), false);
			await liftBox(tool, foreign);
			await foreign.close();
		});
	});
}

async function useDeeds(tool: Tool, owner: string): Promise<void> {
	const deed = contract("Deed");
	const at = await tool.deploy(deed);
	const of = (name: string, ...args: unknown[]) => ({ at, contract: deed, name, args });
	await tool.send(of("make"));
	assert.equal(await tool.read(of("ownerOf", 1)), owner);
	await tool.send(of("transferFrom", owner, NOBODY, 1));
	assert.equal(String(await tool.read(of("ownerOf", 1))).toLowerCase(), NOBODY);
	assert.equal(await tool.refusal(of("ownerOf", 2)), "ERC721NonexistentToken");
	// One that cannot take tokens: the coin is no receiver.
	const deaf = await tool.deploy(contract("Coin"), ["Coin", "COIN", 1]);
	await tool.send(of("make"));
	const safe = "safeTransferFrom(address,address,uint256)";
	assert.equal(await tool.refusal(of(safe, owner, deaf, 2)), "ERC721InvalidReceiver");
}

async function liftBox(tool: Tool, foreign: Tool): Promise<void> {
	const [box, later] = [contract("Box"), contract("BoxWithLift")];
	const code = await tool.deploy(box);
	const start = new Interface(box.abi).encodeFunctionData("initialize", [41]);
	const at = await tool.deploy(contract("BoxProxy"), [code, start]);
	const of = (name: string, ...args: unknown[]) => ({ at, contract: later, name, args });
	assert.equal(await tool.read(of("content")), 41n);
	assert.equal(await tool.read(of("version")), 1n);
	const next = await tool.deploy(later);
	assert.equal(await foreign.refusal(of("upgradeToAndCall", next, "0x")), "NotOwner");
	await tool.send(of("upgradeToAndCall", next, "0x"));
	await tool.send(of("lift"));
	assert.equal(await tool.read(of("content")), 42n);
	assert.equal(await tool.read(of("version")), 2n);
	assert.equal(await tool.refusal(of("initialize", 1)), "InvalidInitialization");
}
