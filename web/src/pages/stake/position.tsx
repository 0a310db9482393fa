// One position: its worth, what waits, how its candidate behaves, and what can be done with it.

import { type ReactNode, useState } from "react";
import { harvest } from "../../actions/staking.ts";
import type { Candidate } from "../../chain/candidates.ts";
import { type Clock, secondsUntilEra } from "../../chain/clock.ts";
import {
	type Concern,
	type Position,
	type StakeReading,
	type Waiting,
	concernOf,
	nameOf,
	waitingIn,
} from "../../chain/positions.ts";
import { Table } from "../../components/table.tsx";
import { amount, millionths, rate, share } from "../../format/amounts.ts";
import { short } from "../../format/names.ts";
import { duration, moment } from "../../format/times.ts";
import { href } from "../../router.ts";
import { stake as texts, staking } from "../../texts.ts";
import type { Account } from "../../wallets/account.ts";
import { NameLink } from "../validators/name.tsx";
import { useActing } from "./acting.ts";
import { Figures, type Row } from "./figures.tsx";
import { AddForm, RateForm, RebondForm, UndelegateForm } from "./forms.tsx";
import { WorthOverTime } from "./worth.tsx";

export interface PositionProps {
	account: Account;
	position: Position;
	/** What the account can spend, in planck. */
	free: bigint;
	stake: StakeReading;
}

export function PositionCard(props: PositionProps): ReactNode {
	const { account, position, stake } = props;
	const { candidate: address, unbonding } = position;
	const candidate = stake.byAddress.get(address);
	const concern = candidate && concernOf(candidate, stake.now);
	return (
		<article className="position" data-position={address} aria-label={nameOf(address, stake)}>
			<h3>{candidate ? <NameLink of={candidate} /> : short(address)}</h3>
			{concern && (
				<p className="warn" data-concern={concern.kind}>
					{concernText(concern)}
				</p>
			)}
			<PositionFigures
				position={position}
				candidate={candidate}
				owns={candidate?.owner === account.native}
			/>
			{unbonding.length > 0 && <WaitingTable unbonding={unbonding} clock={stake.clock} />}
			{position.value > 0n && (
				<WorthOverTime
					who={account.native}
					candidate={address}
					value={position.value}
					block={stake.block}
				/>
			)}
			{account.kind !== "watched" && candidate && concern?.kind !== "retired" && (
				<PositionActions {...props} candidate={candidate} />
			)}
		</article>
	);
}

/** A concern in a sentence. */
function concernText(concern: Concern): string {
	if (concern.kind === "retired") return texts.concerns.retired(String(concern.due));
	if (concern.kind === "jailed") return texts.concerns.jailed(moment(Number(concern.until)));
	if (concern.kind === "absent") return texts.concerns.absent(String(concern.missed));
	return texts.concerns[concern.kind]();
}

interface FiguresProps {
	position: Position;
	candidate: Candidate | undefined;
	owns: boolean;
}

function PositionFigures({ position, candidate, owns }: FiguresProps): ReactNode {
	const { value, principal, earned, rate: held } = position;
	const rows: Row[] = [["rate", texts.yourRate, rate(held), owns ? texts.ownsIt : undefined]];
	// Where all of it waits, nothing is bonded that could be worth something.
	if (value > 0n) {
		rows.unshift(
			["value", texts.worth, texts.cmt(amount(value))],
			["principal", texts.putIn, texts.cmt(amount(principal))],
			[
				"earned",
				texts.earned,
				texts.cmt(amount(earned)),
				texts.ofWorth(share(earned, value)),
			],
		);
	}
	if (candidate && candidate.state.type !== "Retired") {
		const { rate: offered, maxRate, yearly } = candidate;
		const same = offered === held && !owns;
		const remark = same ? texts.yieldAsNow : texts.yieldAtOther(rate(offered));
		rows.push(
			["default-rate", texts.newRate, rate(offered)],
			["max-rate", texts.maximumRate, rate(maxRate)],
			["yearly", texts.yield, millionths(yearly), remark],
		);
	}
	return <Figures rows={rows} />;
}

/** When an era begins, in words. */
function arrival(clock: Clock, era: number): string {
	return era <= clock.era ? texts.isDue : texts.inAbout(duration(secondsUntilEra(clock, era)));
}

function WaitingTable({ unbonding, clock }: { unbonding: Waiting[]; clock: Clock }): ReactNode {
	return (
		<Table
			caption={texts.waiting}
			rows={unbonding.map((waiting, index) => ({ ...waiting, index }))}
			keyOf={({ index }) => String(index)}
			columns={[
				{
					key: "amount",
					title: texts.amount,
					cell: (row) => texts.cmt(amount(row.amount)),
				},
				{
					key: "since",
					title: texts.since,
					cell: (row) => row.since,
					figures: true,
					minor: true,
				},
				{ key: "due", title: texts.dueEra, cell: (row) => row.due, figures: true },
				{ key: "arrives", title: texts.arrives, cell: (row) => arrival(clock, row.due) },
			]}
		/>
	);
}

type FormName = "add" | "undelegate" | "rebond" | "rate";

const FORMS = { add: AddForm, undelegate: UndelegateForm, rebond: RebondForm, rate: RateForm };

export interface FormProps extends PositionProps {
	candidate: Candidate;
	/** Puts the form away. */
	onDone: () => void;
}

function PositionActions(props: Omit<FormProps, "onDone">): ReactNode {
	const { account, position, candidate } = props;
	const [open, setOpen] = useState<FormName>();
	const start = useActing();
	const { value, earned } = position;
	const target = { candidate: candidate.address, name: candidate.name };
	const mayAccept = value > 0n && position.rate < candidate.maxRate;
	const forms: [FormName, string, boolean][] = [
		["add", texts.addHere, true],
		["undelegate", texts.takeOut, value > 0n],
		["rebond", texts.takeBack, waitingIn(position) > 0n],
		["rate", texts.acceptThis, mayAccept && candidate.owner !== account.native],
	];
	const Form = open && FORMS[open];
	return (
		<>
			<div className="buttons" role="group" aria-label={texts.actions(target.name)}>
				{forms.map(
					([name, title, sensible]) =>
						sensible && (
							<button
								key={name}
								type="button"
								data-action={name}
								aria-expanded={open === name}
								onClick={() => setOpen(open === name ? undefined : name)}
							>
								{title}
							</button>
						),
				)}
				{earned > 0n && (
					<button
						type="button"
						data-action="harvest"
						onClick={() => start(account, harvest(target, earned))}
					>
						{staking.harvest}
					</button>
				)}
				<a href={href("governance")}>{texts.voteInstead}</a>
			</div>
			{Form && <Form {...props} onDone={() => setOpen(undefined)} />}
		</>
	);
}
