// The page of one's own stake: accounts with their positions, a form to delegate, and the history.

import { type ReactNode, useCallback, useState } from "react";
import { useAtBest } from "../../chain/at-block.ts";
import { readStake } from "../../chain/positions.ts";
import { ActionDialog } from "../../components/action-dialog.tsx";
import { Read } from "../../components/notice.tsx";
import { useStore } from "../../store.ts";
import { stake as texts, wallets as walletTexts } from "../../texts.ts";
import { accountsOf, chosen } from "../../wallets/wallets.ts";
import { AccountSection } from "./account.tsx";
import { Acting, type Start, type Started, followedBy } from "./acting.ts";
import { DelegateForm } from "./delegate.tsx";
import { HistorySection } from "./history.tsx";
import "./stake.css";

export default function StakePage(): ReactNode {
	const [started, setStarted] = useState<Started>();
	const start = useCallback<Start>((from, action, done) => {
		setStarted({ from, action: done ? followedBy(action, done) : action });
	}, []);
	return (
		<Acting value={start}>
			<h1>{texts.heading}</h1>
			<p className="quiet">{texts.about}</p>
			<Holdings />
			<HistorySection />
			{started && <ActionDialog {...started} onClose={() => setStarted(undefined)} />}
		</Acting>
	);
}

function Holdings(): ReactNode {
	const all = useStore(chosen);
	const accounts = accountsOf(all);
	const key = accounts.map(({ kind, native }) => `${kind} ${native}`).join(" ");
	const reading = useAtBest(`stake ${key}`, (at) => readStake(at, accounts));
	return (
		<>
			{accounts.length === 0 && <p data-empty="accounts">{walletTexts.connectFirst}</p>}
			<Read reading={reading}>
				{(stake) => (
					<>
						{stake.paused && <p className="problem">{texts.paused}</p>}
						<div className="holdings">
							{accounts.map((account) => (
								<AccountSection
									key={account.kind}
									account={account}
									holding={stake.holdings.get(account.native)}
									stake={stake}
								/>
							))}
						</div>
						<DelegateForm stake={stake} />
					</>
				)}
			</Read>
		</>
	);
}
