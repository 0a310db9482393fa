// One referendum: what it would do, its votes, what the reader can say, and how far it is.

import { type ReactNode, useState } from "react";
import type { Action } from "../../actions/action.ts";
import { useAtBest } from "../../chain/at-block.ts";
import {
	type ProposalReading,
	type Proposal,
	isOngoing,
	readProposal,
	takesVotes,
} from "../../chain/proposals/proposals.ts";
import { ActionDialog } from "../../components/action-dialog.tsx";
import { Read } from "../../components/notice.tsx";
import { governance as texts } from "../../texts.ts";
import type { Account } from "../../wallets/account.ts";
import { CallCard } from "./call-card.tsx";
import { DepositsCard } from "./deposits.tsx";
import { PastCards } from "./past.tsx";
import { SeatVotesCard } from "./seat-votes.tsx";
import { TallyCard } from "./tally-card.tsx";
import { TimelineCard } from "./timeline.tsx";
import { VoicesCard } from "./voices.tsx";
import { nextWords, trackWords } from "./words.ts";

/** An action that is to be signed, and by whom. */
export interface Intent {
	action: Action;
	from: Account;
}

/** Opens the dialog of an action. */
export type Start = (intent: Intent) => void;

export function ProposalPage({ index }: { index: number }): ReactNode {
	const reading = useAtBest(`referendum ${index}`, (at) => readProposal(at, index));
	const [intent, setIntent] = useState<Intent>();
	return (
		<>
			<h1>{texts.number(String(index))}</h1>
			<Read reading={reading}>
				{(read) =>
					read.proposal ? (
						<Parts read={read} proposal={read.proposal} onStart={setIntent} />
					) : (
						<p>{texts.unknown(String(index))}</p>
					)
				}
			</Read>
			{intent && <ActionDialog {...intent} onClose={() => setIntent(undefined)} />}
		</>
	);
}

interface PartsProps {
	read: ProposalReading;
	proposal: Proposal;
	onStart: Start;
}

function Parts({ read, proposal, onStart }: PartsProps): ReactNode {
	const { track, votes, names, now } = read;
	const ongoing = isOngoing(proposal);
	return (
		<>
			<p data-figure="state" data-state={proposal.state.type}>
				<strong>{texts.states[proposal.state.type]}</strong>
				{` · ${nextWords(proposal, now)}`}
				{proposal.track_name && ` · ${texts.track}: ${trackWords(proposal.track_name)}`}
			</p>
			{proposal.proposed && <CallCard proposed={proposal.proposed} />}
			<div className="cards">
				{proposal.tally && <TallyCard tally={proposal.tally} track={track} />}
				{takesVotes(proposal) && (
					<VoicesCard
						index={proposal.index}
						votes={votes}
						names={names}
						onStart={onStart}
					/>
				)}
				<div>
					<TimelineCard proposal={proposal} now={now} />
					<DepositsCard proposal={proposal} track={track} onStart={onStart} />
				</div>
			</div>
			{votes.length > 0 && <SeatVotesCard votes={votes} names={names} />}
			{!ongoing && proposal.blocks.ended !== undefined && (
				<PastCards proposal={proposal} ended={proposal.blocks.ended} />
			)}
		</>
	);
}
