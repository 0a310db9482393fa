// Two candidates side by side, with what they differ in.

import type { ReactNode } from "react";
import { type At, useAtBest } from "../../chain/at-block.ts";
import { type Candidate, readCandidate } from "../../chain/candidates.ts";
import { Read } from "../../components/notice.tsx";
import { href } from "../../router.ts";
import { validators as texts } from "../../texts.ts";
import { parseAddress } from "../../wallets/account.ts";
import { FIGURES, type Figure, difference, written } from "./figures.ts";
import { NameLink } from "./name.tsx";

interface Props {
	/** Addresses as they stand in the page's address. */
	first: string;
	second: string;
}

const PLACES = 4;

export default function ComparePage({ first, second }: Props): ReactNode {
	const read = (at: At) => Promise.all([first, second].map((address) => find(at, address)));
	const reading = useAtBest(`compare ${first} ${second}`, read);
	return (
		<>
			<p>
				<a href={href("validators")}>{texts.back}</a>
			</p>
			<h1>{texts.compareTitle}</h1>
			<Read reading={reading}>
				{([one, other]) =>
					one && other ? (
						<Pair one={one} other={other} />
					) : (
						<p role="alert">{texts.unknown(one ? second : first)}</p>
					)
				}
			</Read>
		</>
	);
}

async function find(at: At, address: string): Promise<Candidate | undefined> {
	const parsed = parseAddress(address);
	return parsed && readCandidate(at, parsed.native);
}

interface Both {
	one: Candidate;
	other: Candidate;
}

function Pair({ one, other }: Both): ReactNode {
	return (
		<div className="scroll" role="region" aria-label={texts.compareTitle} tabIndex={0}>
			<table className="compared">
				<caption className="unseen">{texts.compareThese(one.name, other.name)}</caption>
				<thead>
					<tr>
						<th scope="col">{texts.figure}</th>
						{[one, other].map((candidate) => (
							<th key={candidate.address} scope="col" className="figures">
								<NameLink of={candidate} />
							</th>
						))}
						<th scope="col">{texts.difference}</th>
					</tr>
				</thead>
				<tbody>
					{FIGURES.map((figure) => (
						<Line key={figure.key} figure={figure} one={one} other={other} />
					))}
				</tbody>
			</table>
		</div>
	);
}

function Line({ figure, one, other }: Both & { figure: Figure }): ReactNode {
	const gap = difference(figure, one, other, PLACES);
	return (
		<tr data-row={figure.key} data-differs={gap !== undefined}>
			<th scope="row">{texts.figures[figure.key]}</th>
			{[one, other].map((candidate) => (
				<td key={candidate.address} className="figures" data-cell={candidate.address}>
					{written(figure, candidate, PLACES)}
				</td>
			))}
			<td data-cell="difference">{gap ?? <span className="quiet">{texts.same}</span>}</td>
		</tr>
	);
}
