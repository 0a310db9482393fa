// The libraries by which applications use Ethereum, each over HTTP and over WebSocket.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { getCreateAddress } from "ethers";
import type { Chain } from "../../src/chain.ts";
import { Ethereum, keyOf } from "../../src/ethereum.ts";
import { LIBRARIES, type Tool } from "../../src/tools.ts";
import { eventually } from "../../src/wait.ts";
import { NOBODY, SUPPLY, contract } from "./contracts.ts";

const coin = contract("Coin");
const bell = contract("Bell");

/** Each library with a token of its own; the keys 0 to 5 are theirs. */
export function describeLibraries(chain: () => Chain): void {
	for (const [place, name] of Object.keys(LIBRARIES).entries()) {
		for (const socket of [false, true]) {
			describe(`${name} over ${socket ? "WebSocket" : "HTTP"}`, { concurrency: false }, () =>
				useLibrary(chain, name as keyof typeof LIBRARIES, socket, 2 * place + Number(socket)),
			);
		}
	}
}

function useLibrary(
	chain: () => Chain,
	name: keyof typeof LIBRARIES,
	socket: boolean,
	place: number,
): void {
	const key = keyOf(place);
	let eth: Ethereum;
	let tool: Tool;
	let at: string;
	before(() => {
		eth = new Ethereum(chain().node.ports.rpc);
		tool = new LIBRARIES[name](eth, key, socket);
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
		assert.equal((await eth.included(hash)).status, "0x1");
		const [from, to, amount] = await eventually("the event", () => heard[0], {
			timeoutMs: 10_000,
		});
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
}
