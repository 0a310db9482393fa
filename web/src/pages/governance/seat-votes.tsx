// What each seat votes, and how much of its power its delegators took out.

import type { ReactNode } from "react";
import { type Names, nameOf } from "../../chain/names.ts";
import type { SeatVote } from "../../chain/proposals/proposals.ts";
import { type Column, Table } from "../../components/table.tsx";
import { amount, share } from "../../format/amounts.ts";
import { governance as texts, voting } from "../../texts.ts";
import { CandidateLink } from "../network/candidate-link.tsx";

export function SeatVotesCard({ votes, names }: { votes: SeatVote[]; names: Names }): ReactNode {
	return (
		<section className="card">
			<h2>{texts.seats}</h2>
			<Table
				caption={texts.seats}
				columns={columnsFor(votes, names)}
				rows={votes}
				keyOf={({ candidate }) => candidate}
			/>
		</section>
	);
}

/** A vote in a word. */
const voteWord = ({ vote }: Pick<SeatVote, "vote">): string =>
	vote ? voting.words[vote.type] : texts.notVoted;

function columnsFor(votes: SeatVote[], names: Names): Column<SeatVote>[] {
	const { seatColumns: titles } = texts;
	const total = votes.reduce((sum, { power }) => sum + power, 0n);
	const figures = { figures: true } as const;
	return [
		{
			key: "name",
			title: titles.name,
			cell: ({ candidate }) => <CandidateLink candidate={candidate} names={names} />,
			by: ({ candidate }) => nameOf(names, candidate),
		},
		{ key: "vote", title: titles.vote, cell: voteWord, by: voteWord },
		{
			key: "power",
			title: titles.power,
			cell: ({ power }) => amount(power),
			by: ({ power }) => power,
			...figures,
		},
		{
			key: "share",
			title: titles.share,
			cell: ({ power }) => share(power, total),
			...figures,
			minor: true,
		},
		{
			key: "takenOut",
			title: titles.takenOut,
			cell: ({ taken_out: out }) => amount(out),
			by: ({ taken_out: out }) => out,
			...figures,
		},
		{
			key: "left",
			title: titles.left,
			cell: ({ power, taken_out: out }) => amount(power - out),
			by: ({ power, taken_out: out }) => power - out,
			...figures,
			minor: true,
		},
	];
}
