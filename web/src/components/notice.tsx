// Notices: a problem with its remedy, and figures that are older than they should be.

import type { ReactNode } from "react";
import type { Problem } from "../actions/problems.ts";
import type { Reading } from "../chain/at-block.ts";
import { frame } from "../texts.ts";

export function ProblemNotice({ problem: { name, what, remedy } }: { problem: Problem }): ReactNode {
	return (
		<p className="problem" role="alert" data-problem={name}>
			<strong>{what}</strong> {remedy}
		</p>
	);
}

/** Shows what was read; before that, that it is being read, and why it failed where it did. */
export function Read<T>({
	reading,
	children,
}: {
	reading: Reading<T>;
	children: (value: T) => ReactNode;
}): ReactNode {
	const { value, at, error } = reading;
	return (
		<div data-at={at?.hash} aria-busy={value === undefined}>
			{error && <p role="alert">{frame.stale(error.message)}</p>}
			{value !== undefined ? children(value) : !error && <p role="status">{frame.loading}</p>}
		</div>
	);
}
