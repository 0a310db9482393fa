// A list of names and figures.

import type { ReactNode } from "react";

/** What the figure is called in tests, its title, how it is written, and a remark. */
export type Row = readonly [
	name: string,
	title: string,
	figure: ReactNode,
	remark?: string | undefined,
];

export function Figures({ rows }: { rows: readonly Row[] }): ReactNode {
	return (
		<dl className="figures-list">
			{rows.map(([name, title, figure, remark]) => (
				<div key={name} className="row">
					<dt>{title}</dt>
					<dd>
						<span data-figure={name}>{figure}</span>
						{remark && <span className="quiet remark"> {remark}</span>}
					</dd>
				</div>
			))}
		</dl>
	);
}
