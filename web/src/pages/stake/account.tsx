// One account: what is free, what is in positions and what waits, and each position.

import type { ReactNode } from "react";
import { withdraw } from "../../actions/staking.ts";
import {
	type Holding,
	type Position,
	type StakeReading,
	dueIn,
	waitingIn,
} from "../../chain/positions.ts";
import { amount } from "../../format/amounts.ts";
import { short } from "../../format/names.ts";
import { stake as texts, staking, wallets as walletTexts } from "../../texts.ts";
import type { Account } from "../../wallets/account.ts";
import { useActing } from "./acting.ts";
import { Figures } from "./figures.tsx";
import { PositionCard } from "./position.tsx";

interface Props {
	account: Account;
	holding: Holding | undefined;
	stake: StakeReading;
}

export function AccountSection({ account, holding, stake }: Props): ReactNode {
	const { kind, name, native, ethereum } = account;
	if (!holding) return null;
	return (
		<section className="card" data-kind={kind} data-account={native}>
			<h2>{name || walletTexts[kind]}</h2>
			<p className="quiet">
				{walletTexts[kind]} <code>{short(kind === "ethereum" ? ethereum : native)}</code>
			</p>
			{kind === "watched" && <p className="quiet">{texts.watchedWhy}</p>}
			<Sums holding={holding} />
			<Due account={account} holding={holding} stake={stake} />
			{holding.positions.length === 0 && <p className="quiet">{texts.noPositions}</p>}
			{holding.positions.map((position) => (
				<PositionCard
					key={position.candidate}
					account={account}
					position={position}
					free={holding.free}
					stake={stake}
				/>
			))}
		</section>
	);
}

const sum = (positions: Position[], part: (position: Position) => bigint): bigint =>
	positions.reduce((all, position) => all + part(position), 0n);

function Sums({ holding: { free, positions } }: { holding: Holding }): ReactNode {
	const cmt = (planck: bigint): string => texts.cmt(amount(planck));
	return (
		<Figures
			rows={[
				["free", texts.free, cmt(free)],
				["staked", texts.inPositions, cmt(sum(positions, ({ value }) => value))],
				["earned-in-all", texts.earnedInAll, cmt(sum(positions, ({ earned }) => earned))],
				["waiting", texts.waitsInAll, cmt(sum(positions, waitingIn))],
			]}
		/>
	);
}

/** What is due is paid by the chain itself; where blocks are full, this does not wait for room. */
function Due({ account, holding, stake }: Props): ReactNode {
	const start = useActing();
	const due = sum(holding?.positions ?? [], (position) => dueIn(position, stake.clock.era));
	if (due === 0n || account.kind === "watched") return null;
	return (
		<button
			type="button"
			data-action="withdraw"
			onClick={() => start(account, withdraw(account.native))}
		>
			{staking.withdraw}: {texts.cmt(amount(due))}
		</button>
	);
}
