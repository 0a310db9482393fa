// The forms of a position: add, take out, take back, accept a rate.

import { type FormEvent, type ReactNode, useState } from "react";
import type { Action } from "../../actions/action.ts";
import { type Target, acceptRate, delegate, rebond, undelegate } from "../../actions/staking.ts";
import { roomOf } from "../../chain/candidates.ts";
import { keptRate, waitingIn } from "../../chain/positions.ts";
import { TextField } from "../../components/field.tsx";
import { amount, exact, rate as rateText } from "../../format/amounts.ts";
import { stake as texts } from "../../texts.ts";
import { useActing } from "./acting.ts";
import {
	type Checked,
	FOR_FEES,
	allBut,
	checkDelegate,
	checkRate,
	checkRebond,
	checkUndelegate,
	rebondRefusal,
	wordsOf,
} from "./checks.ts";
import type { FormProps } from "./position.tsx";

interface EntryProps<T> {
	/** Names the form in tests. */
	name: string;
	label: string;
	hint: string;
	check: (text: string) => Checked<T>;
	onEnter: (value: T) => void;
	/** A shorter way to the most that can be entered. */
	all?: { title: string; enter: (fill: (text: string) => void) => void };
}

/** One field and what is wrong with it, once something was typed. */
function Entry<T>({ name, label, hint, check, onEnter, all }: EntryProps<T>): ReactNode {
	const [text, setText] = useState("");
	const [asked, setAsked] = useState(false);
	const checked = check(text);
	const told = (asked || text.trim() !== "") && "refusal" in checked;
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		setAsked(true);
		if ("value" in checked) onEnter(checked.value);
	};
	return (
		<form data-form={name} onSubmit={submit} noValidate>
			<div className="with-button">
				<TextField
					label={label}
					hint={hint}
					problem={told ? wordsOf(checked.refusal) : undefined}
					amount
					value={text}
					onValue={setText}
				/>
				{all && (
					<button type="button" data-action="all" onClick={() => all.enter(setText)}>
						{all.title}
					</button>
				)}
			</div>
			<button type="submit" className="main">
				{texts.go}
			</button>
		</form>
	);
}

/** Starts an action of this position, and puts the form away when it has succeeded. */
function useStart({ account, onDone }: FormProps): (action: Action) => void {
	const start = useActing();
	return (action) => start(account, action, onDone);
}

const targetOf = ({ candidate: { address, name } }: FormProps): Target => ({
	candidate: address,
	name,
});

export function AddForm(props: FormProps): ReactNode {
	const { account, position, free, stake, candidate } = props;
	const start = useStart(props);
	const { clock } = stake;
	const room = roomOf(candidate);
	const hint = texts.addHint(amount(free), amount(room));
	const given = { free, held: position, least: clock.minDelegation, candidate };
	return (
		<Entry
			name="add"
			label={texts.amountLabel}
			hint={`${hint} ${texts.leavesForFees(exact(FOR_FEES))}`}
			check={(text) => checkDelegate(text, given)}
			onEnter={(planck) => {
				const held = keptRate(candidate, account, position);
				start(delegate(targetOf(props), planck, candidate.rate, clock, held));
			}}
			all={{ title: texts.allFree, enter: (fill) => fill(exact(allBut(free, room))) }}
		/>
	);
}

export function UndelegateForm(props: FormProps): ReactNode {
	const { position, stake } = props;
	const start = useStart(props);
	const least = stake.clock.minDelegation;
	return (
		<Entry
			name="undelegate"
			label={texts.amountLabel}
			hint={texts.takeOutHint(amount(position.value), exact(least))}
			check={(text) => checkUndelegate(text, position, least)}
			onEnter={(planck) => start(undelegate(targetOf(props), planck, stake.clock))}
			all={{
				title: texts.everything,
				enter: () => start(undelegate(targetOf(props), undefined, stake.clock)),
			}}
		/>
	);
}

export function RebondForm(props: FormProps): ReactNode {
	const { position, stake, candidate } = props;
	const start = useStart(props);
	const least = stake.clock.minDelegation;
	const waiting = waitingIn(position);
	const refusal = rebondRefusal(waiting, position, candidate, least);
	return (
		<Entry
			name="rebond"
			label={texts.amountLabel}
			hint={texts.takeBackHint(amount(waiting))}
			check={(text) => checkRebond(text, position, candidate, least)}
			onEnter={(planck) => start(rebond(targetOf(props), planck))}
			{...(!refusal && {
				all: {
					title: texts.allThatWaits,
					enter: () => start(rebond(targetOf(props), undefined)),
				},
			})}
		/>
	);
}

export function RateForm(props: FormProps): ReactNode {
	const { position, candidate } = props;
	const start = useStart(props);
	const { maxRate: most } = candidate;
	return (
		<Entry
			name="rate"
			label={texts.rateLabel}
			hint={texts.rateHint(rateText(position.rate), rateText(most))}
			check={(text) => checkRate(text, position.rate, most)}
			onEnter={(tenths) => start(acceptRate(targetOf(props), position.rate, tenths))}
		/>
	);
}
