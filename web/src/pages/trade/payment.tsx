// Paying a stake in: at once in CMT; with a token the escrow is allowed to take it first.

import { type ReactNode, useState } from "react";
import type { Hex } from "viem";
import { approve } from "../../actions/trade.ts";
import { useAtBest } from "../../chain/at-block.ts";
import {
	type Asset,
	CMT,
	type Holding,
	money,
	parseUnits,
	readHolding,
	unitsText,
} from "../../chain/escrow/asset.ts";
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
	const reading = useAtBest(`holding ${escrow} ${asset.address} ${from.ethereum}`, (at) =>
		readHolding(at, asset.address, from.ethereum, escrow),
	);
	const amount = parseUnits(text, asset.decimals);
	const sound = amount !== undefined && amount >= stake;
	const allowed = sound && (reading.value?.allowance ?? 0n) >= amount;
	return (
		<div data-payment={allowed ? "allowed" : "asked"}>
			<p className="warn">{texts.tokenRisk}</p>
			<TextField
				label={`${texts.pay}, ${asset.symbol}`}
				hint={texts.payHint}
				problem={sound ? undefined : texts.badPay(money(stake, asset))}
				amount
				value={text}
				onValue={setText}
			/>
			<p>{texts.approveFirst(money(amount ?? stake, asset))}</p>
			<Read reading={reading}>{(holding) => <Has holding={holding} asset={asset} />}</Read>
			<TwoSteps
				label={label}
				first={sound && !allowed}
				second={allowed}
				onFirst={() => sound && show(approve(escrow, asset, amount), from)}
				onSecond={() => sound && onPay(amount)}
			/>
		</div>
	);
}

function Has({ holding, asset }: { holding: Holding; asset: Asset }): ReactNode {
	const { balance, allowance } = holding;
	return <p className="quiet">{texts.allowed(money(allowance, asset), money(balance, asset))}</p>;
}

interface TwoStepsProps {
	/** What the second button says; the first allows. */
	label: string;
	/** Whether each step can be taken. */
	first: boolean;
	second: boolean;
	onFirst: () => void;
	onSecond: () => void;
}

function TwoSteps({ label, first, second, onFirst, onSecond }: TwoStepsProps): ReactNode {
	const step = (text: string, main: boolean, able: boolean, onClick: () => void): ReactNode => (
		<button type="button" className={main ? "main" : undefined} disabled={!able} onClick={onClick}>
			{text}
		</button>
	);
	return (
		<div className="buttons">
			{step(texts.titles.approve, !second, first, onFirst)}
			{step(label, second, second, onSecond)}
		</div>
	);
}
