// The choice of one of the accounts on the page.

import type { ReactNode } from "react";
import { short } from "../format/names.ts";
import { wallets as texts } from "../texts.ts";
import type { Account, AccountKind } from "../wallets/account.ts";
import { Field } from "./field.tsx";

interface Props {
	label: string;
	/** Names the choice in tests. */
	name?: string;
	accounts: Account[];
	value: AccountKind;
	onValue: (kind: AccountKind) => void;
}

export function AccountSelect({ label, name, accounts, value, onValue }: Props): ReactNode {
	return (
		<Field label={label}>
			{(props) => (
				<select
					{...props}
					name={name}
					value={value}
					onChange={(event) => onValue(event.target.value as AccountKind)}
				>
					{accounts.map((account) => (
						<option key={account.kind} value={account.kind}>
							{account.name || texts[account.kind]}{" "}
							{short(account.kind === "ethereum" ? account.ethereum : account.native)}
						</option>
					))}
				</select>
			)}
		</Field>
	);
}
