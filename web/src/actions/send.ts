// Signs, sends and follows a transaction, and tells what became of it.

import type { Line } from "../chain/connection.ts";
import type { Account } from "../wallets/account.ts";
import type { Action } from "./action.ts";
import { type Block, type Stage, follow } from "./follow.ts";
import { type Problem, Refused, problem, problemOf } from "./problems.ts";
import { sendEthereum } from "./send-ethereum.ts";
import { sendNative } from "./send-native.ts";
import type { Sent } from "./sent.ts";

/** A transaction that succeeded. */
export interface Done {
	block: Block;
	/** What happened. */
	words: string;
}

/** All that is known of a transaction. Each piece of news takes the place of the one before. */
export interface News {
	/** None where it went no further. */
	stage?: Stage;
	done?: Done;
	/** Why it did not succeed. */
	problem?: Problem;
}

export type Tell = (news: News) => void;

/** Sends an action and follows it until it is final, or until nothing more can be known of it. */
export async function send(line: Line, from: Account, action: Action, tell: Tell): Promise<void> {
	tell({ stage: "signing" });
	try {
		const sending = from.kind === "ethereum" ? sendEthereum : sendNative;
		await followed(line, from, action, await sending(line, from, action), tell);
	} catch (error) {
		tell({ problem: problemOf(error) });
	}
}

/** Follows what was sent. Whatever fails from here on is no failure of the wallet. */
async function followed(
	line: Line,
	from: Account,
	action: Action,
	sent: Sent,
	tell: Tell,
): Promise<void> {
	const look = async (): Promise<{ block: Block; outcome: News }> => {
		const { block, events, problem } = await sent.look();
		if (problem) return { block, outcome: { problem } };
		return { block, outcome: { done: { block, words: action.tells(events, from) } } };
	};
	try {
		await follow(line, look, (stage, found) => tell({ stage, ...found?.outcome }));
	} catch (error) {
		throw error instanceof Refused ? error : new Refused(problem("ConnectionLost"));
	} finally {
		sent.stop();
	}
}
