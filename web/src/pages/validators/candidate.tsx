// The page of one candidate: every figure, who runs it, and how it did so far.

import { type ReactNode, useRef } from "react";
import { type At, useAtBest } from "../../chain/at-block.ts";
import { type Candidate, isJailed, roomOf } from "../../chain/candidates.ts";
import { type Point, appended } from "../../chain/past.ts";
import { Read } from "../../components/notice.tsx";
import { href } from "../../router.ts";
import { validators as texts } from "../../texts.ts";
import { parseAddress } from "../../wallets/account.ts";
import { ConductCard, PeopleCard, RatesCard, SeatCard, StakeCard } from "./cards.tsx";
import { AwardSection, StakeSection } from "./charts.tsx";
import { ClassSection, SlashSection } from "./classes-and-slashes.tsx";
import { Verified } from "./name.tsx";
import { type Page, readPage } from "./page.ts";
import { standingOf } from "./query.ts";

export default function CandidatePage({ address }: { address: string }): ReactNode {
	const native = parseAddress(address)?.native;
	return (
		<>
			<p>
				<a href={href("validators")}>{texts.back}</a>
			</p>
			{native ? <Known address={native} /> : <p role="alert">{texts.unknown(address)}</p>}
		</>
	);
}

/** What was read, with the points of all readings since the page was opened. */
type Shown = Page & { seen: Point[] };

function Known({ address }: { address: string }): ReactNode {
	const seen = useRef<Point[]>([]);
	const read = async (at: At): Promise<Shown | null> => {
		const page = await readPage(at, address);
		if (!page) return null;
		seen.current = appended(seen.current, { block: at.number, stake: page.candidate.stake });
		return { ...page, seen: seen.current };
	};
	const reading = useAtBest(`candidate ${address}`, read);
	return (
		<Read reading={reading}>
			{(page) => (page ? <Body page={page} /> : <p role="alert">{texts.unknown(address)}</p>)}
		</Read>
	);
}

function Body({ page }: { page: Shown }): ReactNode {
	const { candidate, classes, slashes, seen } = page;
	const { address, name, verified } = candidate;
	return (
		<>
			<h1>
				{verified && <Verified />}
				{name}
			</h1>
			<Delegate candidate={candidate} />
			<div className="cards">
				<StakeCard candidate={candidate} />
				<RatesCard candidate={candidate} />
				<SeatCard page={page} />
				<ConductCard candidate={candidate} />
				<PeopleCard candidate={candidate} />
			</div>
			<StakeSection address={address} seen={seen} />
			<AwardSection address={address} />
			<ClassSection classes={classes} />
			<SlashSection slashes={slashes} />
		</>
	);
}

/** The way to delegate, or why there is none, and what to know before. */
function Delegate({ candidate }: { candidate: Candidate }): ReactNode {
	const closed = candidate.state.type === "Retired";
	const open = !closed && roomOf(candidate) > 0n;
	const idle = isJailed(candidate) || candidate.state.type === "Inactive";
	const target = `${href("stake")}?${new URLSearchParams({ delegate: candidate.address })}`;
	return (
		<div className="delegate" data-standing={standingOf(candidate)}>
			{closed && <p className="warn">{texts.takesNone.closed}</p>}
			{!closed && !open && <p className="warn">{texts.takesNone.full}</p>}
			{open && idle && <p className="warn">{texts.idle}</p>}
			{open && (
				<p>
					<a className="button main" href={target}>
						{texts.delegate}
					</a>
				</p>
			)}
		</div>
	);
}
