// Deposits of referenda, which anybody can leave or have returned.

import type { Transaction } from "polkadot-api";
import type { Line } from "../chain/connection.ts";
import { exact } from "../format/amounts.ts";
import { short } from "../format/names.ts";
import { governance as texts } from "../texts.ts";
import { type Action, type ChainEvent, dispatched } from "./action.ts";
import { fieldsOf } from "./events.ts";

/** A deposit that somebody left, in planck. */
export interface Deposit {
	who: string;
	amount: bigint;
}

/** How both kinds of wallets make the same call of the chain. */
function byCall(make: (line: Line) => Transaction): Pick<Action, "native" | "ethereum"> {
	return {
		native: async (line) => make(line),
		ethereum: async (line) => dispatched(make(line)),
	};
}

/** What is told by an event with a deposit in it; without the event, only that it is done. */
const told =
	(name: string, words: (deposit: Deposit) => string) =>
	(events: ChainEvent[]): string => {
		const deposit = fieldsOf<Deposit>(events, name);
		return deposit ? words(deposit) : texts.done;
	};

/** Leaves the decision deposit of a referendum, `amount` planck. */
export function placeDecisionDeposit(index: number, amount: bigint): Action {
	return {
		title: texts.place,
		explains: [texts.placesDeposit(exact(amount), String(index)), texts.comesBack],
		spends: amount,
		...byCall(({ api }) => api.tx.Referenda.place_decision_deposit({ index })),
		tells: told("Referenda.DecisionDepositPlaced", (left) =>
			texts.depositPlaced(exact(left.amount)),
		),
	};
}

const returned = ({ who, amount }: Deposit): string =>
	texts.depositReturned(exact(amount), short(who));

const returns = ({ who, amount }: Deposit): string[] => [
	texts.returnsDeposit(exact(amount), short(who)),
];

/** Has the decision deposit of an ended referendum returned. */
export function refundDecisionDeposit(index: number, deposit: Deposit): Action {
	return {
		title: texts.refundDecision,
		explains: returns(deposit),
		spends: 0n,
		...byCall(({ api }) => api.tx.Referenda.refund_decision_deposit({ index })),
		tells: told("Referenda.DecisionDepositRefunded", returned),
	};
}

/** Has the submission deposit of an ended referendum returned. */
export function refundSubmissionDeposit(index: number, deposit: Deposit): Action {
	return {
		title: texts.refundSubmission,
		explains: returns(deposit),
		spends: 0n,
		...byCall(({ api }) => api.tx.Referenda.refund_submission_deposit({ index })),
		tells: told("Referenda.SubmissionDepositRefunded", returned),
	};
}
