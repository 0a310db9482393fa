// Transactions in the head of the page: those that go on, or have ended, after their dialog was closed.

import type { ReactNode } from "react";
import { type UnderWay, dismiss, underWay, untold } from "../actions/under-way.ts";
import { short } from "../format/names.ts";
import { useStore } from "../store.ts";
import { underWay as texts } from "../texts.ts";
import { ProblemNotice } from "./notice.tsx";
import { Told } from "./transaction.tsx";

export function UnderWayBar(): ReactNode {
	return (
		<section className="under-way" aria-label={texts.heading}>
			{untold(useStore(underWay)).map((entry) => (
				<Entry key={entry.id} entry={entry} />
			))}
		</section>
	);
}

function Entry({ entry }: { entry: UnderWay }): ReactNode {
	const { id, title, from, problem } = entry;
	const address = from.kind === "ethereum" ? from.ethereum : from.native;
	return (
		<div className="transaction" data-transaction={title}>
			<p>
				<strong>{title}</strong>{" "}
				<span className="quiet">
					{from.name} <code title={address}>{short(address)}</code>
				</span>
			</p>
			<div role="status">
				<Told {...entry} />
			</div>
			{problem && <ProblemNotice problem={problem} />}
			<button type="button" className="plain" onClick={() => dismiss(id)}>
				<span aria-hidden="true">×</span>
				<span className="unseen">{texts.dismiss(title)}</span>
			</button>
		</div>
	);
}
