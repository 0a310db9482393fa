// How far a referendum is: its moments in their order.

import type { ReactNode } from "react";
import { type Proposal, timeline } from "../../chain/proposals/proposals.ts";
import { governance as texts } from "../../texts.ts";
import { whole } from "../network/words.ts";
import { aboutWords } from "./words.ts";

export function TimelineCard({ proposal, now }: { proposal: Proposal; now: number }): ReactNode {
	const over = proposal.state.type === "Approved" && proposal.blocks.enactment === undefined;
	return (
		<section className="card">
			<h2>{texts.timeline}</h2>
			<ol className="steps">
				{timeline(proposal).map((step) => (
					<li key={step.moment} data-step={step.moment} data-reached={step.reached}>
						<strong>{texts.steps[step.moment]}</strong>
						<span className="unseen">
							{" "}
							{step.reached ? texts.reached : texts.toCome}
						</span>
						<br />
						<span className="quiet">
							{aboutWords(step, now)}, {texts.atBlock(whole(step.block))}
						</span>
					</li>
				))}
			</ol>
			{over && <p>{texts.ranAlready}</p>}
		</section>
	);
}
