// A list of figures: what each is, and how much.

import { Fragment, type ReactNode } from "react";
import { amount } from "../../format/amounts.ts";
import { network as texts } from "../../texts.ts";

export interface Figure {
	/** Names the figure in tests. */
	name: string;
	title: string;
	value: ReactNode;
}

export function Figures({ figures }: { figures: Figure[] }): ReactNode {
	return (
		<dl className="figures-list">
			{figures.map(({ name, title, value }) => (
				<Fragment key={name}>
					<dt>{title}</dt>
					<dd data-figure={name}>{value}</dd>
				</Fragment>
			))}
		</dl>
	);
}

/** An amount in planck as a figure. */
export const money = (name: string, title: string, planck: bigint): Figure => ({
	name,
	title,
	value: texts.cmt(amount(planck)),
});
