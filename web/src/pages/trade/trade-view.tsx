// One trade: its state, what can be done, where the money goes, who and what, and what happened.

import { type ReactNode, useEffect } from "react";
import type { Hex } from "viem";
import { type At, useAtBest } from "../../chain/at-block.ts";
import { type Asset, money, readAsset, unnamed } from "../../chain/escrow/asset.ts";
import { NOBODY, PERIODS, type Trade, readNow, readTrade } from "../../chain/escrow/escrow.ts";
import { keepTrade } from "../../chain/escrow/known.ts";
import { isOver, turnOf } from "../../chain/escrow/steps.ts";
import { keepText, textHash } from "../../chain/escrow/texts.ts";
import { Read } from "../../components/notice.tsx";
import { short } from "../../format/names.ts";
import { duration, moment } from "../../format/times.ts";
import { trade as texts } from "../../texts.ts";
import { Credits } from "./credits.tsx";
import { GoodsCard } from "./goods.tsx";
import { History, notesOf, useHistory } from "./history.tsx";
import { MoneyCard } from "./money.tsx";
import { untilOf } from "./overview.tsx";
import { Person } from "./parts.tsx";
import { ShareCard } from "./share.tsx";
import { StepsCard } from "./steps.tsx";

/** A trade as one reading has it. */
export interface View {
	trade: Trade;
	asset: Asset;
	/** Time of the block, in seconds since 1970. */
	now: number;
}

interface Props {
	genesis: string;
	escrow: Hex;
	id: Hex;
	/** Texts of the link. */
	told: string[];
}

async function readView(at: At, escrow: Hex, id: Hex): Promise<View> {
	const [trade, now] = await Promise.all([readTrade(at, escrow, id), readNow(at)]);
	const { asset } = trade.terms;
	return { trade, now, asset: (await readAsset(at, asset)) ?? unnamed(asset) };
}

export function TradeView({ genesis, escrow, id, told }: Props): ReactNode {
	const reading = useAtBest(`trade ${escrow} ${id}`, (at) => readView(at, escrow, id));
	const stands = reading.value !== undefined && reading.value.trade.stage !== "None";
	useEffect(() => {
		for (const text of told) keepText(text);
	}, [told.join("\n")]);
	useEffect(() => {
		if (stands) keepTrade(genesis, escrow, id);
	}, [genesis, escrow, id, stands]);
	return (
		<>
			<h2 data-trade={id}>
				{texts.one} <code title={id}>{short(id, 8)}</code>
			</h2>
			<Read reading={reading}>
				{(view) =>
					view.trade.stage === "None" ? (
						<p className="problem" data-stage="None">
							{texts.unknownTrade}
						</p>
					) : (
						<Whole genesis={genesis} escrow={escrow} view={view} told={told} />
					)
				}
			</Read>
		</>
	);
}

function Whole({
	genesis,
	escrow,
	view,
	told,
}: Omit<Props, "id"> & { view: View }): ReactNode {
	const { trade, asset } = view;
	const history = useHistory(genesis, escrow, trade.id);
	const hashes = [trade.terms.goods, ...notesOf(history.events)];
	// Notes may not be known here, so only a first text that is not the goods is called wrong.
	const differs = told.length > 0 && textHash(told[0]!) !== trade.terms.goods;
	return (
		<>
			{differs && <p className="problem" role="alert">{texts.linkDiffers}</p>}
			<div className="cards trade-cards">
				<StateCard view={view} />
				<StepsCard escrow={escrow} view={view} />
			</div>
			<GoodsCard hash={trade.terms.goods} />
			<MoneyCard view={view} events={history.events} />
			<div className="cards trade-cards">
				<PeopleCard view={view} />
				<TermsCard view={view} />
			</div>
			<Credits escrow={escrow} assets={[asset]} heading="h3" />
			<History view={view} history={history} />
			<ShareCard escrow={escrow} id={trade.id} hashes={hashes} />
		</>
	);
}

function StateCard({ view: { trade, now } }: { view: View }): ReactNode {
	const { stage, outcome, deadline } = trade;
	const over = isOver(trade, now);
	const closed = stage === "Closed";
	return (
		<section className="card" data-stage={stage} data-outcome={outcome} data-over={over}>
			<h3>{texts.state}</h3>
			<p>
				<strong>{closed ? texts.outcomes[outcome] : texts.stages[stage]}</strong>
			</p>
			{!closed && stage !== "None" && (
				<>
					<dl className="figures-list">
						<dt>{texts.waitsFor}</dt>
						<dd data-figure="turn">{texts.turns[turnOf(trade, now)]}</dd>
						<dt>{texts.deadline}</dt>
						<dd data-figure="deadline" data-seconds={deadline - now}>
							{moment(deadline * 1000)}
							<br />
							<strong className={over ? "warn" : undefined}>{untilOf(trade, now)}</strong>
						</dd>
					</dl>
					<p>{texts.toDo[over ? "over" : stage]}</p>
					<p className="hint">{texts.byBlock}</p>
				</>
			)}
		</section>
	);
}

function PeopleCard({ view: { trade } }: { view: View }): ReactNode {
	const { terms, maker } = trade;
	return (
		<section className="card">
			<h3>{texts.sides}</h3>
			<dl className="trade-people">
				{(["seller", "buyer", "arbiter"] as const).map((role) => (
					<div key={role} data-role={role}>
						<dt>
							{texts[role]}
							{terms[role] === maker && maker !== NOBODY && (
								<span className="quiet"> {texts.madeOffer}</span>
							)}
						</dt>
						<dd>
							<Person address={terms[role]} />
						</dd>
					</div>
				))}
			</dl>
		</section>
	);
}

const AMOUNTS = ["price", "sellerDeposit", "buyerDeposit", "arbiterFee"] as const;

function TermsCard({ view: { trade: { terms }, asset } }: { view: View }): ReactNode {
	return (
		<section className="card">
			<h3>{texts.terms}</h3>
			<dl className="figures-list">
				<dt>{texts.asset}</dt>
				<dd data-figure="asset">
					{asset.symbol} {asset.address !== NOBODY && <code>{asset.address}</code>}
				</dd>
				{AMOUNTS.map((name) => (
					<div key={name} className="trade-row">
						<dt>{texts[name]}</dt>
						<dd data-figure={name}>{money(terms[name], asset)}</dd>
					</div>
				))}
				{PERIODS.map((name) => (
					<div key={name} className="trade-row">
						<dt>{texts.periods[name]}</dt>
						<dd data-figure={name}>{duration(terms[name])}</dd>
					</div>
				))}
			</dl>
		</section>
	);
}
