// The accounts in the head of the page: a native, an Ethereum and a watched one, side by side.

import { type ReactNode, useState } from "react";
import { problemOf } from "../actions/problems.ts";
import { useAtBest } from "../chain/at-block.ts";
import { connection } from "../chain/connection.ts";
import { spendable } from "../chain/ethereum.ts";
import { amount } from "../format/amounts.ts";
import { short } from "../format/names.ts";
import { useStore } from "../store.ts";
import { wallets as texts } from "../texts.ts";
import type { Account } from "../wallets/account.ts";
import { ethereumWallets } from "../wallets/ethereum.ts";
import { nativeWallets } from "../wallets/native.ts";
import {
	NoAccount,
	accountsOf,
	choose,
	chosen,
	forget,
	offered,
	joinEthereum,
	joinNative,
	watch,
} from "../wallets/wallets.ts";
import { Field } from "./field.tsx";
import { LineForm } from "./line-form.tsx";
import { Panel } from "./panel.tsx";

export function AccountsBar(): ReactNode {
	const accounts = accountsOf(useStore(chosen));
	return (
		<section className="accounts" aria-label={texts.heading}>
			{accounts.map((account) => (
				<AccountCard key={account.kind} account={account} />
			))}
			<Panel head={texts.connect}>
				<Connectors />
				<WatchForm />
			</Panel>
		</section>
	);
}

/** An account with both its names and its free balance. */
function AccountCard({ account }: { account: Account }): ReactNode {
	const { kind, name, native, ethereum } = account;
	const free = useAtBest(`free ${ethereum}`, (at) => spendable(at, ethereum));
	const title = name || texts[kind];
	return (
		<div className="account" data-kind={kind} data-account={native}>
			<p>
				<strong>{title}</strong> {name && <span className="quiet">{texts[kind]}</span>}
			</p>
			<Names account={account} />
			{free.value !== undefined && <p>{texts.free(amount(free.value))}</p>}
			<Choice account={account} />
			<button type="button" className="plain" onClick={() => forget(kind)}>
				<span aria-hidden="true">×</span>
				<span className="unseen">{texts.forget(title)}</span>
			</button>
		</div>
	);
}

function Names({ account: { kind, native, ethereum } }: { account: Account }): ReactNode {
	const [first, second] = kind === "ethereum" ? [ethereum, native] : [native, ethereum];
	return (
		<p className="quiet" title={`${first} ${second}`}>
			<code>{short(first)}</code>{" "}
			<span className="unseen">{kind === "ethereum" ? texts.seenAs : texts.sameAs}</span>
			<code>{short(second)}</code>
		</p>
	);
}

/** The other accounts of the same wallet. */
function Choice({ account }: { account: Account }): ReactNode {
	const others = useStore(offered).filter(({ kind }) => kind === account.kind);
	if (others.length < 2) return null;
	return (
		<Field label={texts.choose}>
			{(props) => (
				<select
					{...props}
					value={account.native}
					onChange={(event) =>
						choose(others.find(({ native }) => native === event.target.value)!)
					}
				>
					{others.map(({ native, name }) => (
						<option key={native} value={native}>
							{name} {short(native)}
						</option>
					))}
				</select>
			)}
		</Field>
	);
}

/** One button for each wallet of this browser. */
function Connectors(): ReactNode {
	const line = useStore(connection.line);
	const announced = useStore(ethereumWallets);
	const [problem, setProblem] = useState<string>();
	const attempt = (connect: Promise<void>): void => {
		setProblem(undefined);
		connect.catch((error: unknown) => setProblem(wordsOf(error)));
	};
	const natives = nativeWallets();
	return (
		<>
			{natives.map((wallet) => (
				<button key={wallet} type="button" onClick={() => attempt(joinNative(wallet))}>
					{wallet}
				</button>
			))}
			{natives.length === 0 && <p className="hint">{texts.noNative}</p>}
			{announced.map((wallet) => (
				<button
					key={wallet.info.uuid}
					type="button"
					disabled={!line}
					onClick={() => line && attempt(joinEthereum(wallet, line))}
				>
					{wallet.info.name}
				</button>
			))}
			{announced.length === 0 && <p className="hint">{texts.noEthereum}</p>}
			{problem && <p role="alert">{problem}</p>}
		</>
	);
}

function wordsOf(error: unknown): string {
	if (error instanceof NoAccount) return texts.noAccount(error.wallet);
	const { what, remedy } = problemOf(error);
	return `${what} ${remedy}`;
}

function WatchForm(): ReactNode {
	const take = async (text: string): Promise<string | undefined> =>
		(await watch(text)) ? undefined : texts.notAnAddress;
	const { watchLabel: label, watchHint: hint, watch: button } = texts;
	return <LineForm label={label} hint={hint} button={button} take={take} />;
}
