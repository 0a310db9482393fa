// The fields of an offer's form.

import type { ReactNode } from "react";
import { type Asset, CMT } from "../../chain/escrow/asset.ts";
import { type Draft, type DraftProblems, UNITS, type Unit } from "../../chain/escrow/draft.ts";
import { PERIODS, type Period } from "../../chain/escrow/escrow.ts";
import { LONGEST_TEXT } from "../../chain/escrow/texts.ts";
import { Field } from "../../components/field.tsx";
import { trade as texts } from "../../texts.ts";
import { parseAddress } from "../../wallets/account.ts";
import { Person } from "./parts.tsx";

/** What the fields show, and how they change it. */
export interface Shown {
	draft: Draft;
	/** Of the draft's token: nothing while it is asked for, `none` where there is no such token. */
	asset: Asset | "none" | undefined;
	problems: DraftProblems;
	change: (part: Partial<Draft>) => void;
}

const AMOUNTS = ["price", "sellerDeposit", "buyerDeposit", "arbiterFee"] as const;

const problemOf = (problems: DraftProblems, name: keyof Draft): string | undefined => {
	const problem = problems[name];
	return problem && texts.wrong[problem];
};

export function Sides({ draft, change }: Shown): ReactNode {
	return (
		<fieldset className="trade-sides">
			<legend className="unseen">{texts.side}</legend>
			{(["seller", "buyer"] as const).map((side) => (
				<label key={side}>
					<input
						type="radio"
						name="side"
						value={side}
						checked={draft.side === side}
						onChange={() => change({ side })}
					/>{" "}
					{side === "seller" ? texts.iSell : texts.iBuy}
				</label>
			))}
		</fieldset>
	);
}

export function Goods({ draft, problems, change }: Shown): ReactNode {
	return (
		<Field label={texts.goods} hint={texts.goodsHint} problem={problemOf(problems, "goods")}>
			{(props) => (
				<textarea
					{...props}
					name="goods"
					rows={3}
					maxLength={LONGEST_TEXT}
					value={draft.goods}
					onChange={(event) => change({ goods: event.target.value })}
				/>
			)}
		</Field>
	);
}

type TextName = "other" | "arbiter" | "token" | (typeof AMOUNTS)[number];

interface TextProps extends Shown {
	name: TextName;
	label: string;
	hint?: string;
	decimal?: boolean;
}

function TextField({ name, label, hint, decimal, draft, problems, change }: TextProps): ReactNode {
	return (
		<Field label={label} hint={hint} problem={problemOf(problems, name)}>
			{(props) => (
				<input
					{...props}
					name={name}
					inputMode={decimal ? "decimal" : "text"}
					autoComplete="off"
					value={draft[name]}
					onChange={(event) => change({ [name]: event.target.value })}
				/>
			)}
		</Field>
	);
}

export function People(shown: Shown): ReactNode {
	return (
		<>
			<TextField {...shown} name="other" label={texts.other} hint={texts.otherHint} />
			<BothForms text={shown.draft.other} />
			<TextField {...shown} name="arbiter" label={texts.arbiter} hint={texts.arbiterHint} />
			<BothForms text={shown.draft.arbiter} />
		</>
	);
}

/** An address that was written, in both its forms. */
function BothForms({ text }: { text: string }): ReactNode {
	const address = parseAddress(text);
	if (!address) return null;
	return (
		<p className="quiet">
			<Person address={address.ethereum} />
		</p>
	);
}

export function Token(shown: Shown): ReactNode {
	const { asset } = shown;
	return (
		<>
			<TextField {...shown} name="token" label={texts.token} hint={texts.tokenHint} />
			{asset && asset !== "none" && asset.address !== CMT.address && (
				<p data-token={asset.address}>
					{texts.tokenIs(asset.symbol, String(asset.decimals))}{" "}
					<span className="warn">{texts.tokenRisk}</span>
				</p>
			)}
		</>
	);
}

export function Amounts(shown: Shown): ReactNode {
	const symbol = shown.asset && shown.asset !== "none" ? shown.asset.symbol : "";
	const hints = {
		price: undefined,
		sellerDeposit: texts.depositHint,
		buyerDeposit: texts.depositHint,
		arbiterFee: texts.feeHint,
	};
	return (
		<div className="trade-grid">
			{AMOUNTS.map((name) => (
				<TextField
					key={name}
					{...shown}
					name={name}
					label={symbol ? `${texts[name]}, ${symbol}` : texts[name]}
					{...(hints[name] && { hint: hints[name] })}
					decimal
				/>
			))}
		</div>
	);
}

export function Periods(shown: Shown): ReactNode {
	return (
		<div className="trade-grid">
			{PERIODS.map((name) => (
				<PeriodField key={name} {...shown} name={name} />
			))}
		</div>
	);
}

function PeriodField({ name, draft, problems, change }: Shown & { name: Period }): ReactNode {
	const label = texts.periods[name];
	const { count, unit } = draft[name];
	return (
		<Field label={label} hint={texts.periodHint[name]} problem={problemOf(problems, name)}>
			{(props) => (
				<span className="trade-period">
					<input
						{...props}
						name={name}
						inputMode="numeric"
						value={count}
						onChange={(event) => change({ [name]: { count: event.target.value, unit } })}
					/>
					<select
						name={`${name}Unit`}
						aria-label={`${label}: ${texts.unit}`}
						value={unit}
						onChange={({ target }) => change({ [name]: { count, unit: target.value as Unit } })}
					>
						{(Object.keys(UNITS) as Unit[]).map((each) => (
							<option key={each} value={each}>
								{texts.units[each]}
							</option>
						))}
					</select>
				</span>
			)}
		</Field>
	);
}
