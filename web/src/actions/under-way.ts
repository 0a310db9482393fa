// The transactions that were begun here, so that none is lost when its dialog is closed.

import type { Line } from "../chain/connection.ts";
import { Store } from "../store.ts";
import type { Account } from "../wallets/account.ts";
import type { Action } from "./action.ts";
import { type News, send } from "./send.ts";

/** A transaction, and what is known of it. */
export interface UnderWay extends News {
	id: number;
	title: string;
	from: Account;
	/** A dialog shows it at present. */
	inDialog: boolean;
	/** A dialog has told the outcome. */
	told: boolean;
	/** Nothing more will be known. */
	over: boolean;
}

/** All that go on, or whose outcome nobody has seen. */
export const underWay = new Store<readonly UnderWay[]>([]);

let last = 0;

/** Signs and sends an action of a dialog; the id by which its entry is found. */
export function begin(line: Line, from: Account, action: Action): number {
	const id = ++last;
	const { title } = action;
	const entry = { id, title, from, inDialog: true, told: false, over: false };
	underWay.set([...underWay.get(), entry]);
	void send(line, from, action, (news) => change(id, (before) => withNews(before, news))).then(() =>
		change(id, (before) => ({ ...before, over: true })),
	);
	return id;
}

/** The dialog is closed, or shows another transaction. What it has shown is told. */
export const leave = (id: number): void =>
	change(id, (entry) => ({ ...entry, inDialog: false, told: hasOutcome(entry) }));

/** The user wants to see no more of it. */
export const dismiss = (id: number): void =>
	underWay.set(underWay.get().filter((entry) => entry.id !== id));

/** Those of which no dialog tells. */
export const untold = (all: readonly UnderWay[]): UnderWay[] =>
	all.filter(({ inDialog, told }) => !inDialog && !told);

const hasOutcome = ({ done, problem }: News): boolean => done !== undefined || problem !== undefined;

function withNews({ stage, done, problem, ...entry }: UnderWay, news: News): UnderWay {
	const same = news.done?.block.hash === done?.block.hash && news.problem?.name === problem?.name;
	return { ...entry, ...news, told: entry.told && same };
}

/** Changes an entry, and drops it once there is nothing left to tell. */
function change(id: number, by: (entry: UnderWay) => UnderWay): void {
	const changed = underWay.get().map((entry) => (entry.id === id ? by(entry) : entry));
	underWay.set(changed.filter(({ inDialog, told, over }) => inDialog || !told || !over));
}
