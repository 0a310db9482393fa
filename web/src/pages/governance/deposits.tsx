// The deposits of a referendum: who left them, and what anybody can do about them.

import type { ReactNode } from "react";
import {
	type Deposit,
	placeDecisionDeposit,
	refundDecisionDeposit,
	refundSubmissionDeposit,
} from "../../actions/governance.ts";
import { type Proposal, type Track, isOngoing } from "../../chain/proposals/proposals.ts";
import { exact } from "../../format/amounts.ts";
import { short } from "../../format/names.ts";
import { governance as texts } from "../../texts.ts";
import { type Offer, Offers } from "./offers.tsx";
import type { Start } from "./proposal.tsx";

interface Props {
	proposal: Proposal;
	track: Track | undefined;
	onStart: Start;
}

export function DepositsCard({ proposal, track, onStart }: Props): ReactNode {
	const { submission_deposit: submission, decision_deposit: decision } = proposal;
	const missing = isOngoing(proposal) && !decision ? track?.decision_deposit : undefined;
	return (
		<section className="card" data-card="deposits">
			<h2>{texts.deposits}</h2>
			<dl className="figures-list">
				<dt>{texts.submissionDeposit}</dt>
				<dd data-figure="submission">{leftWords(submission)}</dd>
				<dt>{texts.decisionDeposit}</dt>
				<dd data-figure="decision">
					{missing === undefined
						? leftWords(decision)
						: texts.missingDeposit(exact(missing))}
				</dd>
			</dl>
			<Offers offers={offersFor(proposal, missing)} onStart={onStart} />
		</section>
	);
}

const leftWords = (deposit: Deposit | undefined): ReactNode =>
	deposit ? (
		<span title={deposit.who}>{texts.leftBy(exact(deposit.amount), short(deposit.who))}</span>
	) : (
		texts.noDeposit
	);

/** Where it was rejected or timed out, the chain returns the submission deposit by itself. */
const RETURNED_BY_CALL: ReadonlySet<string> = new Set(["Approved", "Cancelled"]);

/** `missing` is the decision deposit that nobody has left, in planck. */
function offersFor(proposal: Proposal, missing: bigint | undefined): Offer[] {
	const { index, state, submission_deposit: submission, decision_deposit: decision } = proposal;
	const offers: Offer[] = [];
	if (missing !== undefined) {
		const make = () => placeDecisionDeposit(index, missing);
		offers.push({ name: "place", title: texts.place, make });
	}
	if (isOngoing(proposal)) return offers;
	if (decision) {
		const make = () => refundDecisionDeposit(index, decision);
		offers.push({ name: "refundDecision", title: texts.refundDecision, make });
	}
	if (submission && RETURNED_BY_CALL.has(state.type)) {
		const make = () => refundSubmissionDeposit(index, submission);
		offers.push({ name: "refundSubmission", title: texts.refundSubmission, make });
	}
	return offers;
}
