// Money that ends of trades credited to the user's accounts, and how to take it out.

import { type FormEvent, type ReactNode, useState } from "react";
import type { Hex } from "viem";
import { withdraw } from "../../actions/trade.ts";
import { type At, useAtBest } from "../../chain/at-block.ts";
import { type Asset, money, parseUnits, unitsText } from "../../chain/escrow/asset.ts";
import { readCredit } from "../../chain/escrow/escrow.ts";
import { TextField } from "../../components/field.tsx";
import { Read } from "../../components/notice.tsx";
import { short } from "../../format/names.ts";
import { useStore } from "../../store.ts";
import { trade as texts, wallets } from "../../texts.ts";
import { type Account, parseAddress } from "../../wallets/account.ts";
import { accountsOf, chosen } from "../../wallets/wallets.ts";
import { useShow, useKept } from "./hooks.tsx";

interface Credit {
	account: Account;
	asset: Asset;
	/** In units of the asset. */
	amount: bigint;
}

async function readCredits(
	at: At,
	escrow: Hex,
	accounts: Account[],
	assets: Asset[],
): Promise<Credit[]> {
	const pairs = accounts.flatMap((account) => assets.map((asset) => ({ account, asset })));
	const read = async (pair: Omit<Credit, "amount">): Promise<Credit> => ({
		...pair,
		amount: await readCredit(at, escrow, pair.asset.address, pair.account.ethereum),
	});
	return (await Promise.all(pairs.map(read))).filter(({ amount }) => amount > 0n);
}

interface Props {
	escrow: Hex;
	/** The assets that are asked for. */
	assets: Asset[];
	heading: "h2" | "h3";
}

export function Credits({ escrow, assets, heading: Heading }: Props): ReactNode {
	const accounts = accountsOf(useStore(chosen));
	const names = [...accounts.map(({ native }) => native), ...assets.map(({ address }) => address)];
	const key = `credits ${escrow} ${names.join()}`;
	const reading = useKept(useAtBest(key, (at) => readCredits(at, escrow, accounts, assets)));
	if (accounts.length === 0) return null;
	return (
		<section className="card" data-list="credits">
			<Heading>{texts.credits}</Heading>
			<Read reading={reading}>
				{(credits) =>
					credits.length === 0 ? (
						<p className="quiet">{texts.noCredits}</p>
					) : (
						credits.map((credit) => (
							<CreditRow
								key={`${credit.account.native} ${credit.asset.address}`}
								escrow={escrow}
								credit={credit}
							/>
						))
					)
				}
			</Read>
		</section>
	);
}

function CreditRow({ escrow, credit }: { escrow: Hex; credit: Credit }): ReactNode {
	const { account, asset, amount } = credit;
	const name = account.name || short(account.native);
	return (
		<div className="trade-step" data-credit={account.ethereum} data-asset={asset.address}>
			<p>
				{name}: <strong data-figure="credit">{money(amount, asset)}</strong>
			</p>
			{account.kind !== "watched" && (
				<TakeOut key={String(amount)} escrow={escrow} credit={credit} />
			)}
		</div>
	);
}

/**
 * A form for an amount and a receiver: at first all of it, to the account itself. Another credit is
 * another form, so that what is left does not go where a part of it went.
 */
function TakeOut({ escrow, credit }: { escrow: Hex; credit: Credit }): ReactNode {
	const { account, asset, amount } = credit;
	const [text, setText] = useState(unitsText(amount, asset.decimals));
	const [receiver, setReceiver] = useState(
		account.kind === "ethereum" ? account.ethereum : account.native,
	);
	const show = useShow();
	const wanted = parseUnits(text, asset.decimals);
	const to = parseAddress(receiver);
	const sound = wanted !== undefined && wanted > 0n && wanted <= amount;
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		if (!sound || !to) return;
		show(withdraw(escrow, asset, to, wanted), account);
	};
	return (
		<form onSubmit={submit}>
			<div className="trade-grid">
				<TextField
					label={texts.amount}
					problem={sound ? undefined : texts.badAmount(money(amount, asset))}
					amount
					value={text}
					onValue={setText}
				/>
				<TextField
					label={texts.receiver}
					hint={texts.receiverHint}
					problem={to ? undefined : wallets.notAnAddress}
					value={receiver}
					onValue={setReceiver}
				/>
			</div>
			<button type="submit" disabled={!sound || !to}>
				{texts.titles.withdraw}
			</button>
		</form>
	);
}
