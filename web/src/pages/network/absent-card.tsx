// Validators that missed their latest turn.

import type { ReactNode } from "react";
import { type At, useAtBest } from "../../chain/at-block.ts";
import type { Api } from "../../chain/connection.ts";
import { type Names, readNames } from "../../chain/names.ts";
import { Read } from "../../components/notice.tsx";
import { moment } from "../../format/times.ts";
import { network as texts } from "../../texts.ts";
import { CandidateLink } from "./candidate-link.tsx";
import { whole } from "./words.ts";

type Absent = Awaited<ReturnType<Api["apis"]["DposApi"]["absent_validators"]>>[number];

interface AbsentReading {
	absent: Absent[];
	names: Names;
}

async function readAbsent(at: At): Promise<AbsentReading> {
	const block = { at: at.hash };
	const [absent, session] = await Promise.all([
		at.api.apis.DposApi.absent_validators(block),
		at.api.query.CmtDpos.CurrentSession.getValue(block),
	]);
	const names = await readNames(
		at,
		session,
		absent.map(([candidate]) => candidate),
	);
	return { absent, names };
}

export function AbsentCard(): ReactNode {
	const reading = useAtBest("absent", readAbsent);
	return (
		<section className="card" data-card="absent">
			<h2>{texts.absent}</h2>
			<Read reading={reading}>
				{({ absent, names }) =>
					absent.length === 0 ? (
						<p className="good">{texts.noneAbsent}</p>
					) : (
						<ul className="moves">
							{absent.map((one) => (
								<AbsentOne key={one[0]} absent={one} names={names} />
							))}
						</ul>
					)
				}
			</Read>
		</section>
	);
}

function AbsentOne({ absent, names }: { absent: Absent; names: Names }): ReactNode {
	const [candidate, { missed_turns: missed, jailed_until: until }] = absent;
	return (
		<li data-absent={candidate}>
			<CandidateLink candidate={candidate} names={names} /> {texts.turns(whole(missed))}
			{until !== undefined && `, ${texts.jailedUntil(moment(Number(until)))}`}
		</li>
	);
}
