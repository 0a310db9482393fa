// The dialog of an action: what it will do and cost, the signature, and what became of it.

import { type ReactNode, useEffect, useState } from "react";
import type { Action } from "../actions/action.ts";
import { type Rehearsal, rehearse } from "../actions/rehearse.ts";
import type { News } from "../actions/send.ts";
import { begin, leave, underWay } from "../actions/under-way.ts";
import { type Line, connection } from "../chain/connection.ts";
import { exact } from "../format/amounts.ts";
import { short } from "../format/names.ts";
import { useStore } from "../store.ts";
import { dialog as texts } from "../texts.ts";
import type { Account } from "../wallets/account.ts";
import { Dialog } from "./dialog.tsx";
import { ProblemNotice } from "./notice.tsx";
import { Told } from "./transaction.tsx";

interface Props {
	action: Action;
	/** Who signs. */
	from: Account;
	onClose: () => void;
}

export function ActionDialog({ action, from, onClose }: Props): ReactNode {
	const line = useStore(connection.line);
	const { kind } = useStore(connection.state).health;
	const rehearsal = useRehearsal(line, from, action);
	const [news, follow] = useTransaction();
	const problem = news.problem ?? rehearsal?.problem;
	const waits = waiting(news) || !rehearsal;
	return (
		<Dialog title={action.title} onClose={onClose}>
			<Before action={action} from={from} rehearsal={rehearsal} />
			<div role="status" aria-live="polite">
				<Told {...news} />
				{waits && kind === "offline" && <p>{texts.offlineMeanwhile}</p>}
			</div>
			{problem && <ProblemNotice problem={problem} />}
			<Buttons
				news={news}
				ready={line !== undefined && rehearsal !== undefined && !rehearsal.problem}
				onSign={() => line && follow(begin(line, from, action))}
				onClose={onClose}
			/>
		</Dialog>
	);
}

/** Whether something was begun whose outcome is not known yet. */
const waiting = ({ stage, done, problem }: News): boolean => stage !== undefined && !done && !problem;

/** What came of trying the action, anew with each node; nothing before. */
function useRehearsal(line: Line | undefined, from: Account, action: Action): Rehearsal | undefined {
	const [rehearsal, setRehearsal] = useState<Rehearsal>();
	useEffect(() => {
		let shown = true;
		if (line) void rehearse(line, from, action).then((told) => shown && setRehearsal(told));
		return () => {
			shown = false;
		};
	}, [line, from, action]);
	return rehearsal;
}

/** What is known of the transaction that this dialog follows, and what has it follow another. */
function useTransaction(): [News, (id: number) => void] {
	const [id, setId] = useState<number>();
	const entry = useStore(underWay).find((one) => one.id === id);
	useEffect(() => {
		if (id === undefined) return;
		return () => leave(id);
	}, [id]);
	return [entry ?? {}, setId];
}

interface ButtonProps {
	news: News;
	/** Whether it can be signed. */
	ready: boolean;
	onSign: () => void;
	onClose: () => void;
}

function Buttons({ news, ready, onSign, onClose }: ButtonProps): ReactNode {
	const { done, problem } = news;
	const begun = done !== undefined || waiting(news);
	// It may have worked: who tries again without a look at the history may do it twice.
	const undecided = problem?.name === "ConnectionLost";
	return (
		<div className="buttons">
			{!begun && !undecided && (
				<button type="button" className="main" disabled={!ready} onClick={onSign}>
					{problem ? texts.again : texts.sign}
				</button>
			)}
			<button type="button" onClick={onClose}>
				{begun || undecided ? texts.close : texts.cancel}
			</button>
		</div>
	);
}

interface BeforeProps {
	action: Action;
	from: Account;
	rehearsal: Rehearsal | undefined;
}

/** What is told before anybody signs. */
function Before({ action, from, rehearsal }: BeforeProps): ReactNode {
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
