// Votes as a bar: in favour from the left, then against, then neither.

import type { ReactNode } from "react";
import type { Bar, Tally } from "../../chain/proposals/proposals.ts";
import { share } from "../../format/amounts.ts";
import { governance as texts } from "../../texts.ts";

const TEN_THOUSANDTHS = 10_000n;

/** `part` of `whole` as a width. */
const width = (part: bigint, whole: bigint): string =>
	whole === 0n ? "0" : `${Number((part * TEN_THOUSANDTHS) / whole) / 100}%`;

export function TallyBar({
	tally: { ayes, nays, abstentions, total = 0n },
}: {
	tally: Tally;
}): ReactNode {
	const said = texts.tallyOf(share(ayes, total), share(nays, total), share(abstentions, total));
	return (
		<div className="tally" role="img" aria-label={said} title={said}>
			<span className="aye" style={{ width: width(ayes, total) }} />
			<span className="nay" style={{ width: width(nays, total) }} />
			<span className="abstain" style={{ width: width(abstentions, total) }} />
		</div>
	);
}

/** How near a bar is, with a mark where the bar is. What it says stands beside it in words. */
export function ReachBar({
	part,
	whole,
	bar,
}: {
	part: bigint;
	whole: bigint;
	bar: Bar;
}): ReactNode {
	const mark = width(BigInt(bar.numerator), BigInt(bar.denominator));
	return (
		<div className="tally" aria-hidden="true">
			<span className="aye" style={{ width: width(part, whole) }} />
			<span className="mark" style={{ insetInlineStart: mark }} />
		</div>
	);
}
