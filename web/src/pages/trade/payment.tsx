// Paying a stake in: at once in CMT; with a token the escrow is allowed to take it first.

import { type ReactNode, useState } from "react";
import type { Hex } from "viem";
import { approve } from "../../actions/trade.ts";
import { useAtBest } from "../../chain/at-block.ts";
import {
	type Asset,
	CMT,
	money,
	parseUnits,
	readHolding,
	unitsText,
} from "../../chain/escrow-asset.ts";
import { TextField } from "../../components/field.tsx";
import { Read } from "../../components/notice.tsx";
import { trade as texts } from "../../texts.ts";
import type { Account } from "../../wallets/account.ts";
import { useShow } from "./hooks.tsx";

interface Props {
	escrow: Hex;
	asset: Asset;
	from: Account;
	/** What has to arrive, in units of the asset. */
	stake: bigint;
	/** What the button says that pays. */
	label: string;
	/** Opens the action with what is to be paid, in units of the asset. */
	onPay: (amount: bigint) => void;
}

export function Payment(props: Props): ReactNode {
	const { asset, stake, label, onPay } = props;
	if (asset.address !== CMT.address) return <TokenPayment key={String(stake)} {...props} />;
	return (
		<button type="button" className="main" onClick={() => onPay(stake)}>
			{label}
		</button>
	);
}

function TokenPayment({ escrow, asset, from, stake, label, onPay }: Props): ReactNode {
	const [text, setText] = useState(unitsText(stake, asset.decimals));
	const show = useShow();
	const reading = useAtBest(`holding ${asset.address} ${from.ethereum}`, (at) =>
		readHolding(at, asset.address, from.ethereum, escrow),
	);
	const amount = parseUnits(text, asset.decimals);
	const sound = amount !== undefined && amount >= stake;
	const allowed = sound && (reading.value?.allowance ?? 0n) >= amount;
	return (
		<div data-payment={allowed ? "allowed" : "asked"}>
			<TextField
				label={`${texts.pay}, ${asset.symbol}`}
				hint={texts.payHint}
				problem={sound ? undefined : texts.badPay(money(stake, asset))}
				amount
				value={text}
				onValue={setText}
			/>
			<p>{texts.approveFirst(money(amount ?? stake, asset))}</p>
			<Read reading={reading}>
				{({ balance, allowance }) => (
					<p className="quiet">
						{texts.allowed(money(allowance, asset), money(balance, asset))}
					</p>
				)}
			</Read>
			<div className="buttons">
				<button
					type="button"
					className={allowed ? undefined : "main"}
					disabled={!sound || allowed}
					onClick={() => sound && show(approve(escrow, asset, amount), from)}
				>
					{texts.titles.approve}
				</button>
				<button
					type="button"
					className={allowed ? "main" : undefined}
					disabled={!allowed}
					onClick={() => sound && onPay(amount)}
				>
					{label}
				</button>
			</div>
		</div>
	);
}
