// The stake behind the seats: what counts, what the cap cuts off, and where the cap is.

import type { ReactNode } from "react";
import type { Reading } from "../../chain/at-block.ts";
import { type Names, nameOf } from "../../chain/names.ts";
import { type Seat, type SeatsReading, capLine } from "../../chain/network/seats.ts";
import { Read } from "../../components/notice.tsx";
import { type Column, Table } from "../../components/table.tsx";
import { amount, perbill, share } from "../../format/amounts.ts";
import { network as texts } from "../../texts.ts";
import { CandidateLink } from "./candidate-link.tsx";

export function StakeCard({ seats }: { seats: Reading<SeatsReading> }): ReactNode {
	return (
		<section className="card" data-card="stake">
			<h2>{texts.stake}</h2>
			<Read reading={seats}>
				{({ now, names, cap }) => (
					<>
						<p>{texts.stakeExplains(perbill(Number(cap)))}</p>
						<Group
							title={texts.validators}
							seats={now.validators}
							names={names}
							cap={cap}
						/>
						{now.standbys.length === 0 ? (
							<p>{texts.noStandbys}</p>
						) : (
							<Group
								title={texts.standbys}
								seats={now.standbys}
								names={names}
								cap={cap}
							/>
						)}
					</>
				)}
			</Read>
		</section>
	);
}

interface GroupProps {
	title: string;
	seats: Seat[];
	names: Names;
	/** In parts per billion. */
	cap: bigint;
}

function Group({ title, seats, names, cap }: GroupProps): ReactNode {
	return (
		<>
			<h3>{title}</h3>
			<div className="seats">
				<Table
					caption={`${texts.stake}: ${title}`}
					columns={columnsFor(seats, names, cap)}
					rows={seats}
					keyOf={({ candidate }) => candidate}
				/>
			</div>
		</>
	);
}

function columnsFor(seats: Seat[], names: Names, cap: bigint): Column<Seat>[] {
	const line = capLine(seats, cap);
	const widest = seats.reduce((most, { stake }) => (stake > most ? stake : most), line);
	const { stakeColumns: titles } = texts;
	return [
		{
			key: "name",
			title: titles.name,
			cell: ({ candidate }) => <CandidateLink candidate={candidate} names={names} />,
			by: ({ candidate }) => nameOf(names, candidate),
		},
		{
			key: "bar",
			title: titles.bar,
			cell: (seat) => <StakeBar seat={seat} line={line} widest={widest} />,
		},
		{
			key: "stake",
			title: titles.stake,
			cell: ({ stake }) => amount(stake),
			by: ({ stake }) => stake,
			figures: true,
		},
		{
			key: "counted",
			title: titles.counted,
			cell: ({ counted }) => amount(counted),
			by: ({ counted }) => counted,
			figures: true,
		},
	];
}

const TEN_THOUSANDTHS = 10_000n;

/** Amounts in planck; `widest` is as wide as the bar. */
function StakeBar({ seat, line, widest }: { seat: Seat; line: bigint; widest: bigint }): ReactNode {
	const { stake, counted } = seat;
	const width = (part: bigint): string =>
		widest === 0n ? "0" : `${Number((part * TEN_THOUSANDTHS) / widest) / 100}%`;
	const said = texts.bar(share(counted, stake), share(stake - counted, stake));
	return (
		<div className="stake-bar" role="img" aria-label={said} title={said}>
			<span className="counted" style={{ width: width(counted) }} />
			<span className="cut" style={{ width: width(stake - counted) }} />
			<span className="cap" style={{ insetInlineStart: `calc(${width(line)} - 1px)` }} />
		</div>
	);
}
