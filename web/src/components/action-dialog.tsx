// The dialog of an action: what it will do and cost, the signature, and what became of it.

import { type ReactNode, useEffect, useState } from "react";
import type { Action } from "../actions/action.ts";
import { type Problem, Refused, problemOf } from "../actions/problems.ts";
import { type Rehearsal, rehearse } from "../actions/rehearse.ts";
import { type Done, type Stage, send } from "../actions/send.ts";
import { connection } from "../chain/connection.ts";
import { useStore } from "../chain/store.ts";
import { exact } from "../format/amounts.ts";
import { short } from "../format/names.ts";
import { dialog as texts } from "../texts.ts";
import type { Account } from "../wallets/account.ts";
import { Dialog } from "./dialog.tsx";
import { ProblemNotice } from "./notice.tsx";

interface Props {
	action: Action;
	/** Who signs. */
	from: Account;
	onClose: () => void;
}

/** Where the dialog is. */
interface Progress {
	stage?: Stage;
	done?: Done;
	problem?: Problem;
}

export function ActionDialog({ action, from, onClose }: Props): ReactNode {
	const [rehearsal, setRehearsal] = useState<Rehearsal>();
	const [progress, setProgress] = useState<Progress>({});
	const line = useStore(connection.line);
	const { kind } = useStore(connection.state).health;

	useEffect(() => {
		let shown = true;
		if (line) void rehearse(line, from, action).then((told) => shown && setRehearsal(told));
		return () => {
			shown = false;
		};
	}, [line, from, action]);

	const sign = async (): Promise<void> => {
		if (!line) return;
		setProgress({ stage: "signing" });
		const tell = (stage: Stage): void => setProgress((before) => ({ ...before, stage }));
		try {
			const done = await send(line, from, action, tell);
			setProgress((before) => ({ ...before, done }));
		} catch (error) {
			const problem = error instanceof Refused ? error.problem : problemOf(error);
			setProgress({ problem });
		}
	};

	const { stage, done, problem = rehearsal?.problem } = progress;
	const waiting = stage !== undefined && !done;
	return (
		<Dialog title={action.title} onClose={onClose}>
			<Before action={action} from={from} rehearsal={rehearsal} />
			<div role="status" aria-live="polite">
				{stage && !progress.problem && <p data-stage={stage}>{texts.stages[stage]}</p>}
				{done && <Outcome done={done} />}
				{(waiting || !rehearsal) && kind === "offline" && <p>{texts.offlineMeanwhile}</p>}
			</div>
			{problem && <ProblemNotice problem={problem} />}
			<div className="buttons">
				{!done && !waiting && (
					<button
						type="button"
						className="main"
						disabled={!line || !rehearsal || rehearsal.problem !== undefined}
						onClick={() => void sign()}
					>
						{progress.problem ? texts.again : texts.sign}
					</button>
				)}
				<button type="button" onClick={onClose}>
					{done || waiting ? texts.close : texts.cancel}
				</button>
			</div>
		</Dialog>
	);
}

/** What is told before anybody signs. */
function Before({ action, from, rehearsal }: Omit<Props, "onClose"> & { rehearsal: Rehearsal | undefined }): ReactNode {
	const address = from.kind === "ethereum" ? from.ethereum : from.native;
	return (
		<>
			<ul className="explains">
				{action.explains.map((sentence) => (
					<li key={sentence}>{sentence}</li>
				))}
			</ul>
			<p>
				{texts.account} <strong>{from.name}</strong> <code title={address}>{short(address)}</code>
			</p>
			<p className="cost">
				{rehearsal
					? !rehearsal.problem && texts.cost(exact(rehearsal.fee))
					: texts.costUnknown}
			</p>
		</>
	);
}

function Outcome({ done: { block, words } }: { done: Done }): ReactNode {
	return (
		<p className="good" data-block={block.hash}>
			<strong>{words}</strong> {texts.inBlock(block.number.toLocaleString("en"))}
		</p>
	);
}
