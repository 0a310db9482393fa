// The history of one account: its events, how far the page has looked, and the way further back.

import { type ReactNode, memo, useEffect, useMemo, useState } from "react";
import { readAtBest } from "../../chain/at-block.ts";
import { readCandidates } from "../../chain/candidates.ts";
import { SLOT_SECONDS } from "../../chain/clock.ts";
import { connection } from "../../chain/connection.ts";
import type { HistoryEvent } from "../../chain/history/events.ts";
import { History, type HistoryState } from "../../chain/history/history.ts";
import type { Range } from "../../chain/history/ranges.ts";
import { AccountSelect } from "../../components/account-select.tsx";
import { type Column, Table } from "../../components/table.tsx";
import { amount } from "../../format/amounts.ts";
import { short } from "../../format/names.ts";
import { moment } from "../../format/times.ts";
import { useStore } from "../../store.ts";
import { stake as texts } from "../../texts.ts";
import type { Account, AccountKind } from "../../wallets/account.ts";
import { accountsOf, chosen } from "../../wallets/wallets.ts";
import { csvOf, saveCsv } from "./csv.ts";
import { type NameOf, words } from "./words.ts";

const HOUR = 3600 / SLOT_SECONDS;
const DAY = 24 * HOUR;

export function HistorySection(): ReactNode {
	const accounts = accountsOf(useStore(chosen));
	const [kind, setKind] = useState<AccountKind>();
	const account = accounts.find((one) => one.kind === kind) ?? accounts[0];
	if (!account) return null;
	return (
		<section className="card history" data-section="history">
			<h2>{texts.history}</h2>
			<p className="quiet">{texts.historyAbout}</p>
			{accounts.length > 1 && (
				<AccountSelect
					label={texts.historyOf}
					name="history-of"
					accounts={accounts}
					value={account.kind}
					onValue={setKind}
				/>
			)}
			<Shown key={account.native} account={account} />
		</section>
	);
}

/** Follows the history of an account while the part that asks is shown. */
function useHistory(who: string): History | undefined {
	const line = useStore(connection.line);
	const [history, setHistory] = useState<History>();
	useEffect(() => {
		if (!line) return;
		const made = new History(line, who);
		made.start(HOUR);
		setHistory(made);
		return () => {
			made.close();
			setHistory(undefined);
		};
	}, [line, who]);
	return history;
}

function Shown({ account }: { account: Account }): ReactNode {
	const history = useHistory(account.native);
	return history ? <Found history={history} account={account} /> : null;
}

function Found({ history, account }: { history: History; account: Account }): ReactNode {
	const state = useStore(history.state);
	const { events, recent } = state;
	const nameOf = useNames();
	const save = (): void => {
		const text = csvOf([...recent, ...events], state.ranges[0]?.to ?? 0, nameOf);
		saveCsv(texts.csvName(account.native), text);
	};
	return (
		<>
			<Progress state={state} />
			<div className="buttons">
				<Further history={history} state={state} />
				<button
					type="button"
					data-action="csv"
					disabled={recent.length + events.length === 0}
					onClick={save}
				>
					{texts.csv}
				</button>
			</div>
			<Events recent={recent} events={events} nameOf={nameOf} />
		</>
	);
}

interface EventsProps {
	/** Those that are not final yet. */
	recent: HistoryEvent[];
	events: HistoryEvent[];
	nameOf: NameOf;
}

/** Drawn anew only when there are other events, not with each block. */
const Events = memo(({ recent, events, nameOf }: EventsProps): ReactNode => {
	const columns = columnsOf(nameOf, new Set(recent.map(({ hash }) => hash)));
	return (
		<Table
			caption={texts.history}
			columns={columns}
			rows={[...recent, ...events]}
			keyOf={({ hash, index }) => `${hash}-${index}`}
			empty={texts.nothingFound}
		/>
	);
});

const number = (count: number): string => count.toLocaleString("en");

/** How far the page has looked. */
function Progress({ state }: { state: HistoryState }): ReactNode {
	const { ranges, busy, pruned, complete, error } = state;
	return (
		<div data-ranges={ranges.map(({ from, to }) => `${from}-${to}`).join(" ")}>
			<p role="status" data-busy={busy !== undefined}>
				{busy ? texts.looking(number(busy.from), number(busy.to)) : lookedText(ranges)}{" "}
				{complete && pruned === undefined && texts.complete}
			</p>
			{pruned !== undefined && <p data-pruned={pruned}>{texts.pruned(number(pruned))}</p>}
			{error && <p role="alert">{texts.interrupted(error)}</p>}
		</div>
	);
}

function lookedText(ranges: Range[]): string {
	const [only] = ranges;
	if (!only) return texts.notLooked;
	if (ranges.length === 1) return texts.looked(number(only.from), number(only.to));
	const parts = ranges.map(({ from, to }) => texts.part(number(from), number(to)));
	return texts.lookedParts(parts.join(", "));
}

function Further({ history, state }: { history: History; state: HistoryState }): ReactNode {
	const { busy, complete } = state;
	if (busy) {
		return (
			<button type="button" data-action="stop" onClick={() => history.stop()}>
				{texts.stop}
			</button>
		);
	}
	if (complete) return null;
	return (
		<>
			<button type="button" data-action="hour" onClick={() => history.look(HOUR)}>
				{texts.lookHour}
			</button>
			<button type="button" data-action="day" onClick={() => history.look(DAY)}>
				{texts.lookDay}
			</button>
		</>
	);
}

/** Names of candidates, read once: the history does not move with each block. */
function useNames(): NameOf {
	const line = useStore(connection.line);
	const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
	useEffect(() => {
		if (!line) return;
		let shown = true;
		readAtBest(line, readCandidates).then(
			({ value }) => shown && setNames(new Map(value.map((one) => [one.address, one.name]))),
			() => undefined,
		);
		return () => {
			shown = false;
		};
	}, [line]);
	return useMemo(() => (address) => names.get(address) ?? short(address), [names]);
}

/** `recent` are the hashes of blocks that are not final yet. */
function columnsOf(nameOf: NameOf, recent: ReadonlySet<string>): Column<HistoryEvent>[] {
	return [
		{
			key: "time",
			title: texts.time,
			cell: ({ time }) => moment(time),
			by: ({ time }) => time,
		},
		{
			key: "what",
			title: texts.what,
			cell: (event) => <span data-event={event.name}>{words(event, nameOf)}</span>,
			by: (event) => words(event, nameOf),
		},
		{
			key: "amount",
			title: texts.amount,
			cell: (event) => (event.amount === undefined ? "" : texts.cmt(amount(event.amount))),
			by: (event) => event.amount ?? -1n,
			figures: true,
		},
		{
			key: "block",
			title: texts.block,
			cell: ({ block, hash }) => (
				<span title={hash}>
					{number(block)}{" "}
					{recent.has(hash) && <span className="badge">{texts.notFinal}</span>}
				</span>
			),
			by: ({ block, index }) => block * 1e6 + index,
			figures: true,
			minor: true,
		},
	];
}
