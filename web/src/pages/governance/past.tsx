// What an ended referendum was: as the node remembers the block before its end.

import { type ReactNode, useEffect, useState } from "react";
import { problemOf } from "../../actions/problems.ts";
import { useAtBest } from "../../chain/at-block.ts";
import { connection } from "../../chain/connection.ts";
import { readNames } from "../../chain/names.ts";
import { type Past, readPast } from "../../chain/proposals/past.ts";
import type { Proposal } from "../../chain/proposals/proposals.ts";
import { Read } from "../../components/notice.tsx";
import { useStore } from "../../store.ts";
import { frame, governance as texts } from "../../texts.ts";
import { whole } from "../network/words.ts";
import { CallCard } from "./call-card.tsx";
import { SeatVotesCard } from "./seat-votes.tsx";
import { TallyCard } from "./tally-card.tsx";
import { trackWords } from "./words.ts";

/** What came of looking: the past, or that the node has forgotten it, or why it did not answer. */
interface Looked {
	past?: Past | undefined;
	failure?: string;
}

/** Looks once: the past does not change. */
function usePast(index: number, ended: number): Looked | undefined {
	const line = useStore(connection.line);
	const [looked, setLooked] = useState<Looked>();
	useEffect(() => {
		let shown = true;
		const tell = (found: Looked): void => {
			if (shown) setLooked(found);
		};
		if (line) {
			readPast(line, index, ended).then(
				(past) => tell({ past }),
				(error: unknown) => tell({ failure: problemOf(error).what }),
			);
		}
		return () => {
			shown = false;
		};
	}, [line, index, ended]);
	return looked;
}

export function PastCards({ proposal, ended }: { proposal: Proposal; ended: number }): ReactNode {
	const looked = usePast(proposal.index, ended);
	const past = looked?.past;
	return (
		<>
			<section className="card" data-past={past?.block}>
				<p>{texts.ended}</p>
				{!looked && <p role="status">{frame.loading}</p>}
				{looked?.failure && <p role="alert">{looked.failure}</p>}
				{looked && !looked.failure && <p>{past ? pastWords(past) : texts.pruned}</p>}
			</section>
			{past && <PastVotes past={past} told={proposal.proposed !== undefined} />}
		</>
	);
}

function pastWords({ block, submitted, trackName }: Past): string {
	const follows = texts.lastSeen(whole(block));
	if (submitted === undefined) return follows;
	return `${texts.submittedIn(whole(submitted), trackWords(trackName))} ${follows}`;
}

/** `told` where the call is told above already. */
function PastVotes({ past, told }: { past: Past; told: boolean }): ReactNode {
	const { votes, tally, proposed } = past;
	const reading = useAtBest(`past ${past.block} ${past.track}`, async (at) => {
		const [tracks, session] = await Promise.all([
			at.api.apis.GovernanceApi.tracks({ at: at.hash }),
			at.api.query.CmtDpos.CurrentSession.getValue({ at: at.hash }),
		]);
		const names = await readNames(
			at,
			session,
			votes.map(({ candidate }) => candidate),
		);
		return { track: tracks.find(({ id }) => id === past.track), names };
	});
	return (
		<>
			{proposed && !told && <CallCard proposed={proposed} />}
			<Read reading={reading}>
				{({ track, names }) => (
					<div data-at={past.hash}>
						{tally && <TallyCard tally={tally} track={track} over />}
						{votes.length > 0 && <SeatVotesCard votes={votes} names={names} />}
					</div>
				)}
			</Read>
		</>
	);
}
