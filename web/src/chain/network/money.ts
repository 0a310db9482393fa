// Money of the network at one block: the award, supply and treasury, the books of escrow.

import type { At } from "../at-block.ts";
import type { Api } from "../connection.ts";

type DposApi = Api["apis"]["DposApi"];
/** What one block awarded, in planck. */
export type Award = Awaited<ReturnType<DposApi["block_award"]>>;
/** The books of escrow against its balance, in planck. */
export type Books = Awaited<ReturnType<DposApi["solvency"]>>;

/** All in planck. */
export interface MoneyReading {
	award: Award;
	books: Books;
	/** All CMT there is. */
	issuance: bigint;
	/** Staked, and taken out but not paid yet. */
	bonded: bigint;
	unbonding: bigint;
	/** What governance can spend. */
	treasury: bigint;
}

export async function readMoney({ api, hash }: At): Promise<MoneyReading> {
	const { DposApi } = api.apis;
	const at = { at: hash };
	const pot = await api.constants.Treasury.pot_account();
	const [award, books, issuance, totals, account] = await Promise.all([
		DposApi.block_award(at),
		DposApi.solvency(at),
		api.query.Balances.TotalIssuance.getValue(at),
		api.query.CmtDpos.StakeTotals.getValue(at),
		api.query.System.Account.getValue(pot, at),
	]);
	return { award, books, issuance, ...totals, treasury: account.data.free };
}

/** What escrow should hold at least, in planck. */
export const sumOf = ({ stake, pending, compensation, slashes, undistributed }: Books): bigint =>
	stake + pending + compensation + slashes + undistributed;
