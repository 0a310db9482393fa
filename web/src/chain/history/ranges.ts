// Which blocks were looked at: stretches of numbers, both ends included.

export interface Range {
	from: number;
	to: number;
}

/** Stretches without overlaps and gaps of nothing, the newest first. */
export function joined(ranges: readonly Range[], added: Range): Range[] {
	const sorted = [...ranges, added].sort((a, b) => b.to - a.to);
	const result: Range[] = [];
	for (const { from, to } of sorted) {
		const last = result.at(-1);
		if (last && to >= last.from - 1) last.from = Math.min(last.from, from);
		else result.push({ from, to });
	}
	return result;
}

/** The newest stretch between `floor` and `top` that was not looked at; nothing where all was. */
export function newestGap(ranges: readonly Range[], floor: number, top: number): Range | undefined {
	let to = top;
	let from = floor;
	for (const range of ranges) {
		if (range.from > to) continue;
		if (range.to < to) {
			from = Math.max(floor, range.to + 1);
			break;
		}
		to = range.from - 1;
	}
	return from <= to ? { from, to } : undefined;
}

/** Whether a block was looked at. */
export const covers = (ranges: readonly Range[], block: number): boolean =>
	ranges.some(({ from, to }) => from <= block && block <= to);
