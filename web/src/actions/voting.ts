// Votes on referenda: with one's own stake, or with all that stands behind one's candidate.

import { Enum } from "polkadot-api";
import type { Abi, Hex } from "viem";
import { exact } from "../format/amounts.ts";
import { votingAbi } from "../generated/voting.ts";
import { voting as texts } from "../texts.ts";
import { ethereumOf } from "../wallets/account.ts";
import { type Action, type EthereumCall, contractCall } from "./action.ts";
import { fieldsOf } from "./events.ts";
import type { Target } from "./staking.ts";

export type Vote = "Aye" | "Nay" | "Abstain";

/** Where the chain answers to `IVoting`. */
const VOTING: Hex = "0x000000000000000000000000000000000a010000";
/** `IVoting.Vote`. */
const CODES = { Aye: 1, Nay: 2, Abstain: 3 } as const;

const precompile =
	(name: string, ...args: unknown[]): (() => Promise<EthereumCall>) =>
	async () =>
		contractCall(VOTING, votingAbi as Abi, name, args);

const amountsTo = (events: Parameters<Action["tells"]>[0]): string =>
	exact(fieldsOf<{ power: bigint }>(events, "StakeVoting.StakeVoted")?.power ?? 0n);

/** Votes with the stake behind a candidate when the referendum opened; `power` is it in planck. */
export function voteStake(
	poll: number,
	{ candidate, name }: Target,
	vote: Vote,
	power: bigint,
): Action {
	const word = texts.words[vote];
	return {
		title: texts.voteStake(word),
		explains: [
			texts.says(exact(power), name, word, String(poll)),
			vote === "Abstain" ? texts.abstains : texts.leaves,
		],
		spends: 0n,
		native: async ({ api }) =>
			api.tx.StakeVoting.vote_stake({ poll, candidate, vote: Enum(vote) }),
		ethereum: precompile("voteStake", poll, ethereumOf(candidate), CODES[vote]),
		tells: (events) => texts.stakeVoted(amountsTo(events), word),
	};
}

/** Has the stake go with the candidate's vote again. */
export function withdrawStakeVote(poll: number, { candidate, name }: Target): Action {
	return {
		title: texts.withdrawStakeVote,
		explains: [texts.goesBack(name, String(poll))],
		spends: 0n,
		native: async ({ api }) => api.tx.StakeVoting.withdraw_stake_vote({ poll, candidate }),
		ethereum: precompile("withdrawStakeVote", poll, ethereumOf(candidate)),
		tells: () => texts.withdrawn,
	};
}

/** Votes as the owner of a candidate, with all stake behind it. */
export function vote(poll: number, { name }: Target, say: Vote): Action {
	const word = texts.words[say];
	return {
		title: texts.vote(word),
		explains: [texts.saysAll(name, word, String(poll))],
		spends: 0n,
		native: async ({ api }) => api.tx.StakeVoting.vote({ poll, vote: Enum(say) }),
		ethereum: precompile("vote", poll, CODES[say]),
		tells: () => texts.voted(word),
	};
}

/** Withdraws the vote of the candidate that the signer owns. */
export function withdrawVote(poll: number, { name }: Target): Action {
	return {
		title: texts.withdrawVote,
		explains: [texts.takesBack(name, String(poll))],
		spends: 0n,
		native: async ({ api }) => api.tx.StakeVoting.withdraw_vote({ poll }),
		ethereum: precompile("withdrawVote", poll),
		tells: () => texts.withdrawn,
	};
}
