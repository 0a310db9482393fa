// The session and the era: how long they last yet, and which seats change then.

import type { ReactNode } from "react";
import { useAtBest } from "../../chain/at-block.ts";
import type { Reading } from "../../chain/at-block.ts";
import { SLOT_SECONDS, readClock, secondsUntilEra } from "../../chain/clock.ts";
import { nameOf } from "../../chain/names.ts";
import { type Move, type SeatsReading, moves } from "../../chain/network/seats.ts";
import { Read } from "../../components/notice.tsx";
import { duration } from "../../format/times.ts";
import { network as texts } from "../../texts.ts";
import { Figures } from "./figures.tsx";
import { whole } from "./words.ts";

export function SessionCard({ seats }: { seats: Reading<SeatsReading> }): ReactNode {
	return (
		<section className="card" data-card="session">
			<h2>{texts.session}</h2>
			<ClockFigures />
			<Read reading={seats}>{(read) => <Changes read={read} />}</Read>
		</section>
	);
}

function ClockFigures(): ReactNode {
	const reading = useAtBest("clock", readClock);
	return (
		<Read reading={reading}>
			{(clock) => {
				const left = clock.sessionLength - clock.sessionDone;
				const sessions = texts.progressOf(
					whole(clock.eraDone),
					whole(clock.sessionsPerEra),
				);
				const seconds = secondsUntilEra(clock, clock.era + 1);
				return (
					<Figures
						figures={[
							{
								name: "session",
								title: texts.sessionNumber,
								value: whole(clock.session),
							},
							{ name: "blocksLeft", title: texts.blocksLeft, value: whole(left) },
							{
								name: "endsIn",
								title: texts.endsIn,
								value: duration(left * SLOT_SECONDS),
							},
							{ name: "era", title: texts.era, value: whole(clock.era) },
							{ name: "eraSessions", title: texts.eraSessions, value: sessions },
							{ name: "eraEndsIn", title: texts.eraEndsIn, value: duration(seconds) },
						]}
					/>
				);
			}}
		</Read>
	);
}

function Changes({ read }: { read: SeatsReading }): ReactNode {
	const { now, next, expected, names } = read;
	const words = (move: Move): string => moveWords(move, nameOf(names, move.candidate));
	return (
		<>
			<h3>{texts.nextSeats(whole(next.session))}</h3>
			<Moves name="next" moves={moves(now, next)} words={words} />
			<h3>{texts.expectedSeats(whole(expected.session))}</h3>
			<Moves name="expected" moves={moves(next, expected)} words={words} />
		</>
	);
}

function moveWords({ from, to }: Move, name: string): string {
	if (!to) return texts.moves.away(name);
	const becomes =
		to === "validator" ? texts.moves.toValidator(name) : texts.moves.toStandby(name);
	return from ? `${becomes} (${texts.was[to]})` : becomes;
}

interface MovesProps {
	name: string;
	moves: Move[];
	words: (move: Move) => string;
}

function Moves({ name, moves: all, words }: MovesProps): ReactNode {
	if (all.length === 0) return <p data-moves={name}>{texts.nobodyMoves}</p>;
	return (
		<ul className="moves" data-moves={name}>
			{all.map((move) => (
				<li key={move.candidate} data-move={move.candidate} data-to={move.to ?? "away"}>
					{words(move)}
				</li>
			))}
		</ul>
	);
}
