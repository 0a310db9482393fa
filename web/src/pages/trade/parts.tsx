// Small parts of the trade page: a person in both forms, the account that signs, a note's text.

import type { ReactNode } from "react";
import type { Hex } from "viem";
import { NOBODY, NO_HASH } from "../../chain/escrow/escrow.ts";
import { texts as keptTexts } from "../../chain/escrow/texts.ts";
import { AccountSelect } from "../../components/account-select.tsx";
import { short } from "../../format/names.ts";
import { useStore } from "../../store.ts";
import { trade as texts } from "../../texts.ts";
import type { Account } from "../../wallets/account.ts";
import { accountsOf, chosen } from "../../wallets/wallets.ts";
import { useNative } from "./hooks.tsx";

/** An account by both its names, and whether it is one of the user's. */
export function Person({ address }: { address: Hex }): ReactNode {
	const native = useNative(address);
	const own = accountsOf(useStore(chosen)).find(({ ethereum }) => ethereum === address);
	if (address === NOBODY) return texts.anybody;
	return (
		<span className="trade-person" data-person={address}>
			{own && <strong>{texts.you(own.name || short(native))}</strong>}
			<code>{native}</code>
			<code>{address}</code>
		</span>
	);
}

/** Which account signs, where there is a choice. */
export function Signer({
	accounts,
	value,
	onChange,
}: {
	accounts: Account[];
	value: Account;
	onChange: (account: Account) => void;
}): ReactNode {
	if (accounts.length < 2) return null;
	return (
		<AccountSelect
			label={texts.from}
			accounts={accounts}
			value={value.kind}
			onValue={(kind) => onChange(accounts.find((one) => one.kind === kind)!)}
		/>
	);
}

/** The text behind a hash, as far as this browser has it; `longest` is where it is cut off. */
export function Told({ hash, longest }: { hash: Hex; longest?: number }): ReactNode {
	const text = useStore(keptTexts)[hash];
	if (hash === NO_HASH) return null;
	if (text === undefined) return <span className="quiet">{texts.untold(short(hash, 8))}</span>;
	return longest !== undefined && text.length > longest ? `${text.slice(0, longest)}…` : text;
}
