// What the user's accounts can do in a trade now, each step with what it needs to know.

import { type FormEvent, type ReactNode, useState } from "react";
import type { Hex } from "viem";
import type { Action } from "../../actions/action.ts";
import {
	type Context,
	accept,
	agree,
	agreeToArbitrate,
	cancel,
	claimDelivery,
	decide,
	dispute,
	expire,
	giveIn,
	propose,
	withdrawProposal,
} from "../../actions/trade.ts";
import { money, parseUnits } from "../../chain/escrow/asset.ts";
import { otherSide, stakeOf } from "../../chain/escrow/money.ts";
import {
	type Role,
	type Step,
	isNegotiable,
	roleOf,
	sideOf,
	stepsOf,
} from "../../chain/escrow/steps.ts";
import { LONGEST_TEXT } from "../../chain/escrow/texts.ts";
import { Field, TextField } from "../../components/field.tsx";
import { short } from "../../format/names.ts";
import { useStore } from "../../store.ts";
import { trade as texts } from "../../texts.ts";
import type { Account } from "../../wallets/account.ts";
import { chosen, signing } from "../../wallets/wallets.ts";
import { type Show, useShow } from "./hooks.tsx";
import { Payment } from "./payment.tsx";
import type { View } from "./trade-view.tsx";

export function StepsCard({ escrow, view }: { escrow: Hex; view: View }): ReactNode {
	const { trade, now } = view;
	const show = useShow();
	const accounts = signing(useStore(chosen));
	const able = accounts
		.map((account) => ({
			account,
			role: roleOf(trade, account.ethereum),
			steps: stepsOf(trade, account.ethereum, now),
		}))
		.filter(({ steps }) => steps.length > 0);
	if (trade.stage === "Closed") return null;
	return (
		<section className="card" data-list="steps">
			<h3>{texts.steps}</h3>
			{accounts.length === 0 && <p className="hint">{texts.connect}</p>}
			{accounts.length > 0 && able.length === 0 && <p className="quiet">{texts.noSteps}</p>}
			<Proposals view={view} />
			{able.map(({ account, role, steps }) => (
				<div key={account.kind} data-as={role} data-kind={account.kind}>
					<h4>{headOf(role, account)}</h4>
					{steps.map((step) => (
						<StepRow key={step} {...{ step, escrow, view, account, show }} />
					))}
				</div>
			))}
		</section>
	);
}

function headOf(role: Role, { name, native }: Account): string {
	const shown = name || short(native);
	const stranger = role === "none" || role === "guest";
	return stranger ? texts.asAnybody(shown) : texts.as(texts.roles[role], shown);
}

/** What both sides propose at present. */
function Proposals({ view: { trade, asset, now } }: { view: View }): ReactNode {
	if (!isNegotiable(trade, now)) return null;
	const made = (["seller", "buyer"] as const).filter((side) => trade.proposals[side] !== undefined);
	if (made.length === 0) return <p className="quiet">{texts.noProposals}</p>;
	return made.map((side) => (
		<p key={side} data-proposal={side}>
			{texts.proposes(texts.roles[side], money(trade.proposals[side] ?? 0n, asset))}
		</p>
	));
}

interface RowProps {
	step: Step;
	escrow: Hex;
	view: View;
	account: Account;
	show: Show;
}

function StepRow(props: RowProps): ReactNode {
	const { step } = props;
	return (
		<div className="trade-step" data-step={step}>
			{step === "accept" ? (
				<AcceptStep {...props} />
			) : step === "propose" || step === "decide" ? (
				<RefundStep {...props} />
			) : step === "claimDelivery" || step === "dispute" ? (
				<NoteStep {...props} />
			) : (
				<PlainStep {...props} />
			)}
		</div>
	);
}

const contextOf = ({ escrow, view: { trade, asset } }: RowProps): Context => ({ escrow, trade, asset });

/** Steps that need no more than a click and a signature. */
function plainAction(step: Step, context: Context, account: Account): Action | undefined {
	if (step === "agreeToArbitrate") return agreeToArbitrate(context);
	if (step === "confirm" || step === "giveBack") return giveIn(context, step);
	if (step === "withdrawProposal") return withdrawProposal(context);
	if (step === "cancel") return cancel(context);
	if (step === "expire") return expire(context);
	const side = sideOf(context.trade, account.ethereum);
	const proposed = side && context.trade.proposals[otherSide(side)];
	return step === "agree" && proposed !== undefined ? agree(context, proposed) : undefined;
}

function PlainStep(props: RowProps): ReactNode {
	const { step, account, show } = props;
	const open = (): void => {
		const action = plainAction(step, contextOf(props), account);
		if (action) show(action, account);
	};
	return (
		<button type="button" onClick={open}>
			{texts.titles[step]}
		</button>
	);
}

function AcceptStep(props: RowProps): ReactNode {
	const { escrow, view: { trade, asset }, account, show } = props;
	const side = sideOf(trade, account.ethereum);
	if (!side) return null;
	return (
		<Payment
			escrow={escrow}
			asset={asset}
			from={account}
			stake={stakeOf(trade.terms, side)}
			label={texts.titles.accept}
			onPay={(amount) => show(accept(contextOf(props), amount), account)}
		/>
	);
}

interface NoteProps {
	value: string;
	onChange: (text: string) => void;
}

function NoteField({ value, onChange }: NoteProps): ReactNode {
	return (
		<Field label={texts.noteText} hint={texts.noteHint}>
			{(props) => (
				<textarea
					{...props}
					maxLength={LONGEST_TEXT}
					value={value}
					onChange={(event) => onChange(event.target.value)}
				/>
			)}
		</Field>
	);
}

function NoteStep(props: RowProps): ReactNode {
	const { step, account, show } = props;
	const [note, setNote] = useState("");
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		show((step === "dispute" ? dispute : claimDelivery)(contextOf(props), note), account);
	};
	return (
		<form onSubmit={submit}>
			<NoteField value={note} onChange={setNote} />
			<button type="submit">{texts.titles[step]}</button>
		</form>
	);
}

/** A refund, with reasons where the arbiter decides. */
function RefundStep(props: RowProps): ReactNode {
	const { step, view: { trade: { terms }, asset }, account, show } = props;
	const [text, setText] = useState("");
	const [note, setNote] = useState("");
	const [problem, setProblem] = useState<string>();
	const price = money(terms.price, asset);
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		const refund = parseUnits(text, asset.decimals);
		const sound = refund !== undefined && refund <= terms.price;
		setProblem(sound ? undefined : texts.badRefund(price));
		if (!sound) return;
		const context = contextOf(props);
		show(step === "decide" ? decide(context, refund, note) : propose(context, refund), account);
	};
	return (
		<form onSubmit={submit}>
			<TextField
				label={`${texts.refund}, ${asset.symbol}`}
				hint={texts.refundHint(price)}
				problem={problem}
				amount
				value={text}
				onValue={setText}
			/>
			{step === "decide" && <NoteField value={note} onChange={setNote} />}
			<button type="submit">{texts.titles[step]}</button>
		</form>
	);
}
