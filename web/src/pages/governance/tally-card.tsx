// The votes of a referendum, and its bars.

import { Fragment, type ReactNode } from "react";
import { type Bar, type Reach, type Tally, type Track, reaches } from "../../chain/proposals/proposals.ts";
import { amount, perbill, share } from "../../format/amounts.ts";
import { governance as texts } from "../../texts.ts";
import { whole } from "../network/words.ts";
import { ReachBar, TallyBar } from "./tally-bar.tsx";

interface Props {
	tally: Tally;
	track: Track | undefined;
	/** Whether it has ended, so that nothing is missing any more. */
	over?: boolean;
}

export function TallyCard({ tally, track, over = false }: Props): ReactNode {
	return (
		<section className="card" data-card="tally">
			<h2>{texts.votes}</h2>
			{tally.total === undefined ? (
				<p>{texts.opensLater(whole(tally.opens))}</p>
			) : (
				<>
					<TallyBar tally={tally} />
					<Sides tally={tally} total={tally.total} />
					{track && <Bars tally={tally} track={track} />}
					{!over && <Needed tally={tally} />}
				</>
			)}
		</section>
	);
}

function Sides({
	tally: { ayes, nays, abstentions },
	total,
}: {
	tally: Tally;
	total: bigint;
}): ReactNode {
	const sides = [
		["aye", texts.ayes, ayes],
		["nay", texts.nays, nays],
		["abstain", texts.abstentions, abstentions],
		["rest", texts.notCast, total - ayes - nays - abstentions],
		["total", texts.total, total],
	] as const;
	return (
		<dl className="figures-list">
			{sides.map(([key, title, power]) => (
				<Fragment key={key}>
					<dt>
						{key !== "total" && <span className={`key ${key}`} aria-hidden="true" />}
						{title}
					</dt>
					<dd>
						<span data-figure={key}>{texts.cmt(amount(power))}</span>{" "}
						<span className="quiet">{share(power, total)}</span>
					</dd>
				</Fragment>
			))}
		</dl>
	);
}

function Bars({ tally, track }: { tally: Tally; track: Track }): ReactNode {
	const { support, approval } = reaches(tally, track);
	return (
		<>
			<ReachOf title={texts.support} name="support" reach={support} />
			<ReachOf title={texts.approval} name="approval" reach={approval} />
		</>
	);
}

const barWords = ({ numerator, denominator }: Bar): string => `${numerator}/${denominator}`;

function ReachOf({ title, name, reach }: { title: string; name: string; reach: Reach }): ReactNode {
	const { part, whole: all, bar, reached } = reach;
	return (
		<div data-figure={name} data-reached={reached}>
			<p>
				<strong>{title}</strong>:{" "}
				{texts.of(share(part, all), barWords(bar), perbill(bar.perbill))},{" "}
				<span className={reached ? "good" : "warn"}>
					{reached ? texts.barReached : texts.barMissed}
				</span>
			</p>
			<ReachBar part={part} whole={all} bar={bar} />
		</div>
	);
}

function Needed({ tally: { needed, total = 0n, ayes, nays } }: { tally: Tally }): ReactNode {
	if (needed === undefined) return null;
	const words = needed > 0n ? texts.needed(amount(needed)) : texts.enough;
	return (
		<p data-figure="needed" data-planck={String(needed)}>
			{needed > total - ayes - nays ? `${words} ${texts.tooMany}` : words}
		</p>
	);
}
