// What the chosen accounts can say on a referendum: with positions, and as owners of candidates.

import type { ReactNode } from "react";
import {
	type Vote,
	vote as voteAsOwner,
	voteStake,
	withdrawStakeVote,
	withdrawVote,
} from "../../actions/voting.ts";
import { useAtBest } from "../../chain/at-block.ts";
import { type Names, nameOf } from "../../chain/names.ts";
import { type PositionPower, type SeatVote, type Voice, readVoice } from "../../chain/proposals/proposals.ts";
import { Read } from "../../components/notice.tsx";
import { amount } from "../../format/amounts.ts";
import { useStore } from "../../store.ts";
import { governance as texts, voting, wallets } from "../../texts.ts";
import type { Account } from "../../wallets/account.ts";
import { accountsOf, chosen } from "../../wallets/wallets.ts";
import type { Start } from "./proposal.tsx";

interface Props {
	index: number;
	/** What the seats vote. */
	votes: SeatVote[];
	names: Names;
	onStart: Start;
}

export function VoicesCard(props: Props): ReactNode {
	const accounts = accountsOf(useStore(chosen));
	return (
		<section className="card" data-card="voices">
			<h2>{texts.yours}</h2>
			{accounts.length === 0 && <p className="hint">{wallets.connectFirst}</p>}
			<div className="voices">
				{accounts.map((account) => (
					<AccountVoice key={account.kind} account={account} {...props} />
				))}
			</div>
		</section>
	);
}

function AccountVoice(props: Props & { account: Account }): ReactNode {
	const { index, account } = props;
	const { native, kind, name } = account;
	const reading = useAtBest(`voice ${index} ${native}`, (at) => readVoice(at, index, native));
	return (
		<section aria-label={name || wallets[kind]} data-voice={kind}>
			<h3>{name || wallets[kind]}</h3>
			{kind === "watched" && <p className="hint">{texts.lookOnly}</p>}
			<Read reading={reading}>{(voice) => <Voices {...props} voice={voice} />}</Read>
		</section>
	);
}

interface VoiceProps extends Props {
	account: Account;
	voice: Voice;
}

function Voices(props: VoiceProps): ReactNode {
	const { positions, owned } = props.voice;
	return (
		<>
			{owned !== undefined && <OwnerVoice {...props} owned={owned} />}
			{positions.map((position) => (
				<PositionVoice key={position.candidate} {...props} position={position} />
			))}
			{positions.length === 0 && <p>{texts.noPositions}</p>}
		</>
	);
}

/** The vote of a candidate, for who owns it. */
function OwnerVoice({
	index,
	account,
	voice,
	votes,
	owned,
	onStart,
}: VoiceProps & { owned: string }): ReactNode {
	const seat = votes.find(({ candidate }) => candidate === owned);
	const target = { candidate: owned, name: nameOf(voice.names, owned) };
	const title = texts.asOwner(target.name);
	return (
		<div className="voice" data-owner={owned}>
			<p>
				<strong>{title}</strong>
			</p>
			{seat ? <p data-vote={seat.vote?.type}>{seatWords(seat)}</p> : <p>{texts.seatless}</p>}
			{seat && account.kind !== "watched" && (
				<Choice
					title={title}
					present={seat.vote?.type}
					withdraw={texts.withdraw}
					onVote={(say) =>
						onStart({ action: voteAsOwner(index, target, say), from: account })
					}
					onWithdraw={() =>
						onStart({ action: withdrawVote(index, target), from: account })
					}
				/>
			)}
		</div>
	);
}

function seatWords({ power, taken_out: out, vote }: SeatVote): string {
	const said = vote ? texts.seatVotes(voting.words[vote.type]) : texts.seatHasNot;
	return `${said}: ${texts.power(amount(power - out))}`;
}

/** The vote of a position, or whose vote it goes with. */
function PositionVoice(props: VoiceProps & { position: PositionPower }): ReactNode {
	const { index, account, voice, votes, position, onStart } = props;
	const { candidate, power, vote } = position;
	const target = { candidate, name: nameOf(voice.names, candidate) };
	const title = texts.stakeBehind(target.name);
	const can = power > 0n && account.kind !== "watched";
	return (
		<div className="voice" data-position={candidate}>
			<p>
				<strong>{title}</strong>{" "}
				{power > 0n && <span data-figure="power">{texts.power(amount(power))}</span>}
			</p>
			<p data-vote={vote?.type}>
				{power > 0n ? positionWords(position, target.name, votes) : texts.noPower}
			</p>
			{can && (
				<Choice
					title={title}
					present={vote?.type}
					withdraw={texts.goBack(target.name)}
					onVote={(say) =>
						onStart({ action: voteStake(index, target, say, power), from: account })
					}
					onWithdraw={() =>
						onStart({ action: withdrawStakeVote(index, target), from: account })
					}
				/>
			)}
		</div>
	);
}

function positionWords(
	{ candidate, vote }: PositionPower,
	name: string,
	votes: SeatVote[],
): string {
	if (vote) return texts.ownVote(voting.words[vote.type]);
	const seat = votes.find((one) => one.candidate === candidate);
	if (!seat?.vote) return texts.goesWithNone(name);
	return texts.goesWith(name, voting.words[seat.vote.type]);
}

const VOTES: Vote[] = ["Aye", "Nay", "Abstain"];

interface ChoiceProps {
	title: string;
	/** The vote that is there. */
	present: Vote | undefined;
	/** What the button says that takes it back. */
	withdraw: string;
	onVote: (vote: Vote) => void;
	onWithdraw: () => void;
}

function Choice({ title, present, withdraw, onVote, onWithdraw }: ChoiceProps): ReactNode {
	return (
		<div className="buttons" role="group" aria-label={texts.chooseVote(title)}>
			{VOTES.map((vote) => (
				<button
					key={vote}
					type="button"
					aria-pressed={vote === present}
					disabled={vote === present}
					data-action={vote}
					onClick={() => onVote(vote)}
				>
					{voting.words[vote]}
				</button>
			))}
			{present && (
				<button type="button" data-action="withdraw" onClick={onWithdraw}>
					{withdraw}
				</button>
			)}
		</div>
	);
}
