// All referenda, the newest first.

import { type ReactNode, useState } from "react";
import { useAtBest } from "../../chain/at-block.ts";
import { type Proposal, type ProposalsReading, readProposals } from "../../chain/proposals/proposals.ts";
import { Read } from "../../components/notice.tsx";
import { type Column, Table } from "../../components/table.tsx";
import { href } from "../../router.ts";
import { governance as texts } from "../../texts.ts";
import { TallyBar } from "./tally-bar.tsx";
import { callWords, nextWords, trackWords } from "./words.ts";

export function ProposalList(): ReactNode {
	const [pages, setPages] = useState(1);
	const reading = useAtBest(`proposals ${pages}`, (at) => readProposals(at, pages));
	return (
		<section className="card">
			<h2>{texts.list}</h2>
			<Read reading={reading}>
				{(read) => (
					<>
						<Rows read={read} />
						{read.more && (
							<button type="button" onClick={() => setPages(pages + 1)}>
								{texts.olderOnes}
							</button>
						)}
					</>
				)}
			</Read>
		</section>
	);
}

function Rows({ read: { proposals, now } }: { read: ProposalsReading }): ReactNode {
	return (
		<Table
			caption={texts.list}
			columns={columnsAt(now)}
			rows={proposals}
			keyOf={({ index }) => String(index)}
			page={Number.MAX_SAFE_INTEGER}
			empty={texts.none}
		/>
	);
}

const columnsAt = (now: number): Column<Proposal>[] => [
	{
		key: "index",
		title: texts.columns.index,
		cell: ({ index }) => <a href={href("governance", index)}>{index}</a>,
		by: ({ index }) => index,
	},
	{
		key: "call",
		title: texts.columns.call,
		cell: (proposal) => <a href={href("governance", proposal.index)}>{callWords(proposal)}</a>,
		by: callWords,
	},
	{
		key: "track",
		title: texts.columns.track,
		cell: ({ track_name: track }) => trackWords(track),
		by: ({ track_name: track }) => trackWords(track),
		minor: true,
	},
	{
		key: "state",
		title: texts.columns.state,
		cell: ({ state: { type } }) => <span data-state={type}>{texts.states[type]}</span>,
		by: ({ state: { type } }) => texts.states[type],
	},
	{ key: "when", title: texts.columns.when, cell: (proposal) => nextWords(proposal, now) },
	{
		key: "tally",
		title: texts.columns.tally,
		cell: ({ tally }) => tally && <TallyBar tally={tally} />,
	},
];
