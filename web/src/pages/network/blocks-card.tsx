// The latest blocks, whose turn is next, and how far behind finality is.

import { Fragment, type ReactNode } from "react";
import type { Reading } from "../../chain/at-block.ts";
import type { Names } from "../../chain/names.ts";
import type { BlocksReading, SeenBlock } from "../../chain/network/blocks.ts";
import { Read } from "../../components/notice.tsx";
import { network as texts } from "../../texts.ts";
import { CandidateLink } from "./candidate-link.tsx";
import { Figures } from "./figures.tsx";
import { authorWords, timeOfDay, whole } from "./words.ts";

interface Props {
	reading: Reading<BlocksReading>;
	/** Number of the final block. It moves between two readings too. */
	finalized: number;
}

export function BlocksCard({ reading, finalized }: Props): ReactNode {
	return (
		<section className="card" data-card="blocks">
			<h2>{texts.blocks}</h2>
			<Read reading={reading}>
				{(read) => (
					<>
						<Heads read={read} finalized={finalized} />
						<BlockTable read={read} finalized={finalized} />
					</>
				)}
			</Read>
		</section>
	);
}

interface ReadProps {
	read: BlocksReading;
	finalized: number;
}

function Heads({ read: { best, next, names }, finalized }: ReadProps): ReactNode {
	const turns = next.map(({ candidate }) => authorWords(names, candidate)).join(", ");
	return (
		<>
			<Figures
				figures={[
					{ name: "best", title: texts.best, value: whole(best) },
					{ name: "finalized", title: texts.finalized, value: whole(finalized) },
					{ name: "lag", title: texts.lag, value: whole(Math.max(0, best - finalized)) },
				]}
			/>
			<p data-figure="next">{texts.next(turns)}</p>
		</>
	);
}

function BlockTable({ read: { blocks, names }, finalized }: ReadProps): ReactNode {
	const { columns } = texts;
	return (
		<div className="scroll" role="region" aria-label={texts.blocks} tabIndex={0}>
			<table className="blocks">
				<caption className="unseen">{texts.blocks}</caption>
				<thead>
					<tr>
						<th scope="col">{columns.number}</th>
						<th scope="col">{columns.author}</th>
						<th scope="col">{columns.time}</th>
						<th scope="col">{columns.state}</th>
					</tr>
				</thead>
				<tbody>
					{blocks.map((block) => (
						<Fragment key={block.hash}>
							<BlockRow
								block={block}
								names={names}
								final={block.number <= finalized}
							/>
							<MissedRows block={block} names={names} />
						</Fragment>
					))}
				</tbody>
			</table>
		</div>
	);
}

interface RowProps {
	block: SeenBlock;
	names: Names;
	final: boolean;
}

function BlockRow({ block: { hash, number, author, time }, names, final }: RowProps): ReactNode {
	return (
		<tr data-row={number} data-hash={hash} data-author={author} data-final={final}>
			<td title={hash}>{whole(number)}</td>
			<td>
				<CandidateLink candidate={author} names={names} />
			</td>
			<td>{timeOfDay(time)}</td>
			<td className={final ? "good" : "quiet"}>{final ? texts.final : texts.notFinal}</td>
		</tr>
	);
}

/** Turns that were missed before a block, the latest first, as the blocks are. */
function MissedRows({ block, names }: Omit<RowProps, "final">): ReactNode {
	const { missed, skipped, slot } = block;
	const words =
		missed.length < skipped
			? [{ slot, text: texts.skipped(whole(skipped)) }]
			: missed.map((turn) => ({
					slot: turn.slot,
					text: texts.missed(authorWords(names, turn.candidate)),
				}));
	return words.toReversed().map(({ slot: at, text }) => (
		<tr key={at} className="missed" data-missed={at}>
			<td colSpan={4}>{text}</td>
		</tr>
	));
}
