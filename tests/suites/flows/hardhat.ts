// The project of `projects/hardhat`, by Hardhat's own commands.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Interface, type InterfaceAbi, id, toBeHex } from "ethers";
import { CMT } from "../../src/calls.ts";
import type { Chain } from "../../src/chain.ts";
import { Ethereum, keyOf, quantity } from "../../src/ethereum.ts";
import { Project } from "../../src/project.ts";

/** Where a proxy keeps the address of its code (ERC-1967). */
const CODE_SLOT = toBeHex(BigInt(id("eip1967.proxy.implementation")) - 1n, 32);
/** How many tests the project has. */
const TESTS = 13;

/** The signer who deploys is Hardhat's first; this one buys. */
const guest = keyOf(1);

interface Addresses {
	points: string;
	tickets: string;
	office: string;
}

/**
 * Hardhat's first four signers run the project's tests, unless told not to: some of them demand
 * blocks of their own. The first deploys, and the second uses what is there then.
 */
export function describeHardhat(chain: () => Chain, { tests }: { tests: boolean }): void {
	describe("Hardhat", { concurrency: false }, () => {
		let eth: Ethereum;
		let project: Project;
		let at: Addresses;
		before(() => {
			eth = new Ethereum(chain().node.ports.rpc);
			project = new Project("hardhat", eth.http);
		});
		after(() => project?.discard());

		it("hardhat compile compiles", async () => {
			assert.match(await project.run("hardhat", ["compile"]), /Compiled \d+ Solidity files/);
		});
		if (tests) {
			it("hardhat test passes on the chain", () => passes(project, "cybermiles"));
			it("hardhat test passes on a fork of it", () => passes(project, "hardhat"));
		}
		it("hardhat run scripts/deploy.js puts the contracts on the chain", async () => {
			at = await deploy(eth, project);
		});
		it("leaves an office that others buy tickets at", () => buyTicket(eth, project, at));
	});
}

/** Demands that all tests of the project pass on one of its networks. */
async function passes(project: Project, network: string): Promise<void> {
	const printed = await project.run("hardhat", ["test", "--network", network]);
	assert.match(printed, new RegExp(`^\\s*${TESTS} passing`, "m"));
	assert.doesNotMatch(printed, /^\s*\d+ (failing|pending)/m);
}

/** Runs the project's script; where the contracts are. */
async function deploy(eth: Ethereum, project: Project): Promise<Addresses> {
	await project.run("hardhat", ["run", "scripts/deploy.js"]);
	const at = project.json<Addresses>("deployments", "cybermiles.json");
	const code = await eth.call<string>("eth_getStorageAt", at.office, CODE_SLOT, "latest");
	for (const place of [...Object.values(at), `0x${code.slice(-40)}`]) {
		assert.ok((await eth.call<string>("eth_getCode", place, "latest")).length > 2, place);
	}
	return at;
}

/** The interface of a contract as Hardhat wrote it down. */
function interfaceOf(project: Project, name: string): Interface {
	const { abi } = project.json<{ abi: InterfaceAbi }>(
		...["artifacts", "contracts", `${name}.sol`, `${name}.json`],
	);
	return new Interface(abi);
}

async function buyTicket(eth: Ethereum, project: Project, at: Addresses): Promise<void> {
	const [points, office, tickets] = ["Points", "TicketOffice", "Ticket"].map((name) =>
		interfaceOf(project, name),
	);
	const send = async (to: string, data: string, value = 0n): Promise<void> => {
		const request = { from: guest.address, to, data, value: quantity(value) };
		const gasLimit = await eth.number("eth_estimateGas", request);
		const sent = await eth.send(guest, { to, data, value, gasLimit });
		assert.equal((await eth.included(sent)).status, "0x1");
	};
	const price = await eth.number("eth_call", {
		to: at.office,
		data: office!.encodeFunctionData("price"),
	});
	await send(at.points, points!.encodeFunctionData("buy"), CMT);
	await send(at.points, points!.encodeFunctionData("approve", [at.office, price]));
	await send(at.office, office!.encodeFunctionData("buy"));
	const owner = await eth.call<string>("eth_call", {
		to: at.tickets,
		data: tickets!.encodeFunctionData("ownerOf", [1]),
	});
	assert.equal(owner.slice(-40), guest.address.slice(2).toLowerCase());
}
