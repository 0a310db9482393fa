// How far a transaction is, and what came of it.

import type { ReactNode } from "react";
import type { News } from "../actions/send.ts";
import { dialog as texts } from "../texts.ts";

/** Its stage and, where it succeeded, what happened. */
export function Told({ stage, done, problem }: News): ReactNode {
	return (
		<>
			{stage && !problem && <p data-stage={stage}>{texts.stages[stage]}</p>}
			{done && (
				<p className="good" data-block={done.block.hash}>
					<strong>{done.words}</strong> {texts.inBlock(done.block.number.toLocaleString("en"))}
				</p>
			)}
		</>
	);
}
