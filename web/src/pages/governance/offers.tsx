// Buttons for actions that anybody can take: one for each account that can sign.

import { Fragment, type ReactNode } from "react";
import type { Action } from "../../actions/action.ts";
import { useStore } from "../../store.ts";
import { governance as texts, wallets } from "../../texts.ts";
import { chosen, signing } from "../../wallets/wallets.ts";
import type { Start } from "./proposal.tsx";

/** What can be done. */
export interface Offer {
	/** Names its buttons in tests. */
	name: string;
	title: string;
	/** Makes the action. */
	make: () => Action;
}

export function Offers({ offers, onStart }: { offers: Offer[]; onStart: Start }): ReactNode {
	const accounts = signing(useStore(chosen));
	if (offers.length === 0) return null;
	if (accounts.length === 0) return <p className="hint">{wallets.signFirst}</p>;
	return (
		<div className="buttons">
			{offers.map(({ name, title, make }) => (
				<Fragment key={name}>
					{accounts.map((from) => (
						<button
							key={from.kind}
							type="button"
							data-action={name}
							data-from={from.kind}
							onClick={() => onStart({ action: make(), from })}
						>
							{accounts.length > 1 ? texts.signedBy(title, from.name) : title}
						</button>
					))}
				</Fragment>
			))}
		</div>
	);
}
