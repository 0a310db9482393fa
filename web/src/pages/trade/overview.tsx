// All trades: those of the user's accounts, offers to anybody, and money to take out.

import { type ReactNode, useEffect, useMemo } from "react";
import type { Hex } from "viem";
import { type At, type Reading, useAtBest } from "../../chain/at-block.ts";
import { connection } from "../../chain/connection.ts";
import { type Asset, CMT, money, readAsset, unnamed } from "../../chain/escrow/asset.ts";
import { type Trade, readNow, readTrade } from "../../chain/escrow/escrow.ts";
import type { Progress } from "../../chain/escrow/finder.ts";
import { keepTrade, knownTrades } from "../../chain/escrow/known.ts";
import { makerSide } from "../../chain/escrow/money.ts";
import { concerns, isOver, isPublic, isTurnOf, roleOf, turnOf } from "../../chain/escrow/steps.ts";
import { Read } from "../../components/notice.tsx";
import { type Column, Table } from "../../components/table.tsx";
import { share } from "../../format/amounts.ts";
import { short as shortName } from "../../format/names.ts";
import { duration } from "../../format/times.ts";
import { href } from "../../router.ts";
import { useStore } from "../../store.ts";
import { trade as texts, wallets } from "../../texts.ts";
import { accountsOf, chosen } from "../../wallets/wallets.ts";
import { Credits } from "./credits.tsx";
import { useFinder, useKept } from "./hooks.tsx";
import { Told } from "./parts.tsx";

interface Row {
	trade: Trade;
	asset: Asset;
	now: number;
}

/** Offers to anybody that are shown at most: the newest ones. */
const PUBLIC = 50;

interface Place {
	genesis: string;
	escrow: Hex;
}

export function Overview({ genesis, escrow }: Place): ReactNode {
	const { reading, addresses, progress } = useTrades({ genesis, escrow });
	const assets = useMemo(() => assetsOf(reading.value ?? []), [reading.value]);
	return (
		<>
			<MyTrades reading={reading} addresses={addresses} progress={progress} />
			<Credits escrow={escrow} assets={assets} heading="h2" />
			<PublicOffers reading={reading} addresses={addresses} />
		</>
	);
}

/** The trades that are known of an escrow. */
interface Known {
	reading: Reading<Row[]>;
	/** Of the user's accounts. */
	addresses: Hex[];
	progress: Progress;
}

function useTrades({ genesis, escrow }: Place): Known {
	const { finder, progress } = useFinder(genesis, escrow);
	const known = useStore(knownTrades(genesis, escrow));
	const addresses = accountsOf(useStore(chosen)).map(({ ethereum }) => ethereum);
	const own = new Set([...known, ...finder.of(addresses)]);
	const open = finder.newest(PUBLIC).filter((id) => !own.has(id));
	const ids = [...own, ...open];
	const key = `trades ${escrow} ${addresses.join()} ${ids.length}`;
	const reading = useKept(useAtBest(key, (at) => readRows(at, escrow, ids)));
	const rows = addresses.length > 0 ? mineOf(reading, addresses) : [];
	useRemembered(genesis, escrow, rows);
	return { reading, addresses, progress };
}

/** The trades of the user's accounts; without an account, all. */
const mineOf = ({ value = [] }: Reading<Row[]>, mine: Hex[]): Row[] =>
	value.filter(({ trade }) => mine.length === 0 || mine.some((one) => concerns(trade, one)));

function MyTrades({ reading, addresses, progress }: Known): ReactNode {
	return (
		<section className="card trade-wrap" data-list="mine">
			<h2>{texts.mine}</h2>
			{addresses.length === 0 && <p className="hint">{wallets.connectFirst}</p>}
			<Read reading={reading}>
				{() => (
					<Trades
						caption={texts.mineOf}
						rows={mineOf(reading, addresses)}
						empty={texts.noTrades}
						columns={columnsOf(addresses, roleColumn(addresses))}
					/>
				)}
			</Read>
			<SearchNote progress={progress} />
			<p className="hint">{texts.nativeNote}</p>
			<div className="buttons">
				<a className="button main" href={href("trade", "offer")}>
					{texts.make}
				</a>
			</div>
		</section>
	);
}

function PublicOffers({ reading, addresses }: Omit<Known, "progress">): ReactNode {
	return (
		<section className="card trade-wrap" data-list="public">
			<h2>{texts.public}</h2>
			<Read reading={reading}>
				{(rows) => (
					<Trades
						caption={texts.publicOf}
						rows={rows.filter((row) => isForAnybody(row, addresses))}
						empty={texts.noPublic}
						columns={columnsOf(addresses, makerColumn)}
					/>
				)}
			</Read>
		</section>
	);
}

const isForAnybody = ({ trade, now }: Row, mine: Hex[]): boolean =>
	isPublic(trade) && !isOver(trade, now) && !mine.some((one) => concerns(trade, one));

/** Keeps the trades of the user's accounts for the next visit. */
function useRemembered(genesis: string, escrow: Hex, rows: Row[]): void {
	const ids = rows.map(({ trade }) => trade.id).join();
	useEffect(() => {
		for (const id of ids.split(",")) if (id) keepTrade(genesis, escrow, id as Hex);
	}, [genesis, escrow, ids]);
}

/** Blocks after which a closed trade is taken to stay so, once the block that showed it is final. */
const MARGIN = 10;
/** Trades that were seen closed, and in which block first. By chain, escrow and id. */
const closed = new Map<string, { trade: Trade; seen: number }>();

async function readRows(at: At, escrow: Hex, ids: Hex[]): Promise<Row[]> {
	const now = await readNow(at);
	const final = connection.state.get().finalized?.number ?? 0;
	const read = async (id: Hex): Promise<Row> => {
		const trade = await readOnce(at, escrow, id, final);
		const { asset } = trade.terms;
		return { trade, now, asset: (await readAsset(at, asset)) ?? unnamed(asset) };
	};
	const rows = await Promise.all(ids.map(read));
	return rows.filter(({ trade }) => trade.stage !== "None");
}

/** Reads a trade, or takes it as it was where it has been closed for long. */
async function readOnce(at: At, escrow: Hex, id: Hex, final: number): Promise<Trade> {
	const key = `${at.facts.genesis} ${escrow} ${id}`;
	const before = closed.get(key);
	if (before && before.seen + MARGIN <= final) return before.trade;
	const trade = await readTrade(at, escrow, id);
	if (trade.stage !== "Closed") closed.delete(key);
	else if (!before) closed.set(key, { trade, seen: at.number });
	return trade;
}

function assetsOf(rows: Row[]): Asset[] {
	const all = [CMT, ...rows.map(({ asset }) => asset)];
	return [...new Map(all.map((asset) => [asset.address, asset])).values()];
}

/** How far the search is. */
export function SearchNote({ progress }: { progress: Progress }): ReactNode {
	const { done, all, problem } = progress;
	const part = share(BigInt(done), BigInt(Math.max(1, all)));
	const words = all > 0 && done >= all ? texts.searched : texts.searching(part);
	return (
		<p className="quiet" data-search={all > 0 && done >= all ? "done" : "running"}>
			{problem ? texts.searchFailed(problem) : words}
		</p>
	);
}

interface TradesProps {
	caption: string;
	rows: Row[];
	empty: string;
	columns: Column<Row>[];
}

/** A table of trades: the newest first, as their deadlines are the latest; closed ones come last. */
function Trades({ caption, rows, empty, columns }: TradesProps): ReactNode {
	const sorted = rows.toSorted((a, b) => orderOf(b) - orderOf(a));
	const keyOf = ({ trade }: Row): string => trade.id;
	return <Table caption={caption} columns={columns} rows={sorted} keyOf={keyOf} empty={empty} />;
}

/** More than any Unix time in seconds. */
const BEHIND = 1e12;
const orderOf = ({ trade }: Row): number => trade.deadline - (trade.stage === "Closed" ? BEHIND : 0);

/** What the user is in a trade. */
function roleColumn(mine: Hex[]): Column<Row> {
	const role = ({ trade }: Row): string => {
		const parts = mine.filter((one) => concerns(trade, one)).map((one) => roleOf(trade, one));
		return [...new Set(parts)].map((one) => texts.roles[one]).join(", ") || texts.roles.none;
	};
	return { key: "role", title: texts.columns.role, cell: role, by: role, minor: true };
}

const makerOf = ({ trade }: Row): string => texts.roles[makerSide(trade)];

/** Which side made an offer to anybody. */
const makerColumn: Column<Row> = {
	key: "maker",
	title: texts.columns.maker,
	cell: (row) => (
		<>
			{makerOf(row)} <code title={row.trade.maker}>{shortName(row.trade.maker)}</code>
		</>
	),
	by: makerOf,
	minor: true,
};

/** Columns of a table of trades, of which the second differs by the table. */
function columnsOf(mine: Hex[], second: Column<Row>): Column<Row>[] {
	const { columns, short, turns } = texts;
	const waits = ({ trade, now }: Row): ReactNode =>
		mine.some((one) => isTurnOf(trade, one, now)) ? (
			<strong className="warn">{texts.yourTurn}</strong>
		) : (
			turns[turnOf(trade, now)]
		);
	const price = ({ trade, asset }: Row): string => money(trade.terms.price, asset);
	const cost = ({ trade }: Row): bigint => trade.terms.price;
	const stage = ({ trade }: Row): string => short[trade.stage];
	const until = ({ trade, now }: Row): string => untilOf(trade, now);
	const deadline = ({ trade }: Row): number => trade.deadline;
	return [
		{ key: "goods", title: columns.goods, cell: ({ trade }) => <Goods trade={trade} /> },
		second,
		{ key: "price", title: columns.price, figures: true, cell: price, by: cost },
		{ key: "stage", title: columns.stage, cell: stage, by: stage, minor: true },
		{ key: "waits", title: columns.waits, cell: waits },
		{ key: "deadline", title: columns.deadline, cell: until, by: deadline, minor: true },
	];
}

/** How long a stage lasts still, by the block's time in seconds. */
export function untilOf(trade: Trade, now: number): string {
	if (trade.stage === "Closed" || trade.stage === "None") return "";
	const left = trade.deadline - now;
	return left >= 0 ? texts.left(duration(left)) : texts.over(duration(-left));
}

/** Characters of the goods that a row shows. */
const GOODS = 40;

function Goods({ trade }: { trade: Trade }): ReactNode {
	return (
		<a href={href("trade", trade.id)}>
			<Told hash={trade.terms.goods} longest={GOODS} />
		</a>
	);
}
