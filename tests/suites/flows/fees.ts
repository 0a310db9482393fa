// Where the fees of Ethereum transactions go.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Chain } from "../../src/chain.ts";
import { type EthReceipt, Ethereum, keyOf, quantity } from "../../src/ethereum.ts";
import { blockHash } from "../../src/rpc.ts";

const PAYERS = Array.from({ length: 10 }, (_, index) => keyOf(index));

/** By all ten keys; nobody else may send anything meanwhile. */
export function describeFees(chain: () => Chain): void {
	describe("fees of Ethereum transactions", { concurrency: false }, () => {
		let eth: Ethereum;
		before(() => {
			eth = new Ethereum(chain().node.ports.rpc);
		});
		it("arrive in the award of the block that took them, to the planck", async () => {
			// To accounts that are there: a fresh one keeps its existential deposit of the fee.
			const to = (index: number) => PAYERS[(index + 1) % PAYERS.length]!.address;
			const sent = await Promise.all(
				PAYERS.map((key, index) => eth.send(key, { to: to(index), value: 1n })),
			);
			const receipts = await Promise.all(sent.map((hash) => eth.included(hash)));
			const blocks = new Set(receipts.map(({ blockNumber }) => Number(blockNumber)));
			for (const number of blocks) await demandAward(chain(), eth, number);
		});
	});
}

/** Demands that what the senders of a block paid is in its award, and the award with validators. */
async function demandAward({ dpos, node }: Chain, eth: Ethereum, number: number): Promise<void> {
	const receipts = await eth.call<EthReceipt[]>("eth_getBlockReceipts", quantity(number));
	const hash = await blockHash(node.ports.rpc, number);
	assert.ok(hash);
	const award = await dpos.at(hash).blockAward();
	const price = ({ gasUsed, effectiveGasPrice }: EthReceipt) =>
		BigInt(gasUsed) * BigInt(effectiveGasPrice);
	const paid = receipts.reduce((sum, receipt) => sum + price(receipt), 0n);
	assert.ok(paid > 0n);
	assert.equal(award.fees, paid);
	const balances = await Promise.all([number - 1, number].map((at) => totalOf(eth, at)));
	assert.equal(balances[0]! - balances[1]!, paid, "the senders paid as much");
	assert.equal(award.toValidators + award.toStandbys, award.issued + award.carried + paid);
}

/** What all the keys have after a block. */
async function totalOf(eth: Ethereum, number: number): Promise<bigint> {
	const balance = ({ address }: { address: string }) =>
		eth.number("eth_getBalance", address, quantity(number));
	return (await Promise.all(PAYERS.map(balance))).reduce((sum, part) => sum + part, 0n);
}
