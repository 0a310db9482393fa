// The form to delegate: who, to whom, how much, and what it means.

import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { delegate } from "../../actions/staking.ts";
import { type Candidate, roomOf } from "../../chain/candidates.ts";
import { type StakeReading, concernOf, keptRate } from "../../chain/positions.ts";
import { AccountSelect } from "../../components/account-select.tsx";
import { Field } from "../../components/field.tsx";
import { amount, exact, millionths, rate as rateText } from "../../format/amounts.ts";
import { short } from "../../format/names.ts";
import { usePlace } from "../../router.ts";
import { useStore } from "../../store.ts";
import { stake as texts, staking, wallets as walletTexts } from "../../texts.ts";
import { type Account, ethereumOf, parseAddress } from "../../wallets/account.ts";
import { chosen, signing } from "../../wallets/wallets.ts";
import { useActing } from "./acting.ts";
import { FOR_FEES, allBut, checkDelegate, wordsOf } from "./checks.ts";
import { draft } from "./drafts.ts";
import { Figures } from "./figures.tsx";

export function DelegateForm({ stake }: { stake: StakeReading }): ReactNode {
	const accounts = signing(useStore(chosen));
	const { from, candidate: address } = useStore(draft);
	const place = useRef<HTMLElement>(null);
	useNamedCandidate(place);
	const account = accounts.find(({ kind }) => kind === from) ?? accounts[0];
	const candidate = address === "" ? undefined : findCandidate(stake, address);
	return (
		<section className="card" ref={place} data-section="delegate">
			<h2>{texts.delegateHeading}</h2>
			{account ? (
				<Filled {...{ stake, accounts, account, candidate }} />
			) : (
				<p className="quiet">{walletTexts.signFirst}</p>
			)}
		</section>
	);
}

/** Takes up the candidate that a link names, as `#/stake?delegate=5Grw…`. */
function useNamedCandidate(place: React.RefObject<HTMLElement | null>): void {
	const named = usePlace().query.get("delegate");
	useEffect(() => {
		if (!named) return;
		draft.patch({ candidate: parseAddress(named)?.native ?? named, search: "" });
		place.current?.scrollIntoView();
	}, [named]);
}

/** The candidate of an address, which may be that of its account for contracts. */
function findCandidate(
	{ candidates, byAddress }: StakeReading,
	address: string,
): Candidate | undefined {
	const found = byAddress.get(address);
	if (found) return found;
	const ethereum = parseAddress(address)?.ethereum;
	return ethereum && candidates.find((one) => ethereumOf(one.address) === ethereum);
}

interface FilledProps {
	stake: StakeReading;
	/** Those that can sign. */
	accounts: Account[];
	account: Account;
	candidate: Candidate | undefined;
}

function Filled({ stake, accounts, account, candidate }: FilledProps): ReactNode {
	const start = useActing();
	const [asked, setAsked] = useState(false);
	const { amount: text, candidate: address } = useStore(draft);
	const given = givenOf(stake, account, candidate);
	const checked = checkDelegate(text, given);
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		setAsked(true);
		if (!candidate || !("value" in checked)) return;
		const target = { candidate: candidate.address, name: candidate.name };
		const action = delegate(target, checked.value, candidate.rate, stake.clock, given.rate);
		start(account, action, () => {
			draft.patch({ amount: "" });
			setAsked(false);
		});
	};
	const closed = candidate?.state.type === "Retired";
	const unknown = !candidate && (asked || address !== "");
	const none = unknown ? "UnknownCandidate" : closed ? "CandidateRetired" : undefined;
	const wrong = (asked || text.trim() !== "") && candidate && !closed && "refusal" in checked;
	return (
		<form onSubmit={submit} noValidate data-form="delegate">
			{accounts.length > 1 && <AccountSelect
				label={texts.from}
				name="from"
				accounts={accounts}
				value={account.kind}
				onValue={(from) => draft.patch({ from })}
			/>}
			<CandidateChoice stake={stake} candidate={candidate} problem={none && wordsOf(none)} />
			{candidate && !closed && (
				<Terms candidate={candidate} stake={stake} rate={given.rate} />
			)}
			<AmountField
				free={given.free}
				candidate={candidate}
				problem={wrong ? wordsOf(checked.refusal) : undefined}
			/>
			<button type="submit" className="main">
				{staking.delegate}
			</button>
		</form>
	);
}

/** What a delegation is checked by. `rate` is the one that the account keeps. */
function givenOf(
	{ holdings, clock }: StakeReading,
	account: Account,
	candidate: Candidate | undefined,
) {
	const { free = 0n, positions = [] } = holdings.get(account.native) ?? {};
	const held = positions.find((one) => one.candidate === candidate?.address);
	const rate = candidate && keptRate(candidate, account, held);
	return { free, held, candidate, least: clock.minDelegation, rate };
}

interface ChoiceProps {
	stake: StakeReading;
	candidate: Candidate | undefined;
	problem: string | undefined;
}

/** A list that the search makes shorter. What is chosen stays in it. */
function CandidateChoice({ stake, candidate, problem }: ChoiceProps): ReactNode {
	const { search } = useStore(draft);
	const open = stake.candidates.filter(({ state }) => state.type !== "Retired");
	const found = open.filter((one) => one === candidate || matches(one, search));
	const hint = texts.candidateHint(String(found.length), String(open.length));
	return (
		<>
			<Field label={texts.search} hint={texts.searchHint}>
				{(props) => (
					<input
						{...props}
						type="search"
						value={search}
						onChange={(event) => draft.patch({ search: event.target.value })}
					/>
				)}
			</Field>
			<Field label={texts.candidate} hint={hint} problem={problem}>
				{(props) => (
					<select
						{...props}
						name="candidate"
						value={candidate?.address ?? ""}
						onChange={(event) => draft.patch({ candidate: event.target.value })}
					>
						<option value="">{texts.pick}</option>
						{found.map((one) => (
							<option key={one.address} value={one.address}>
								{optionText(one)}
							</option>
						))}
					</select>
				)}
			</Field>
		</>
	);
}

function matches({ address, name }: Candidate, search: string): boolean {
	const wanted = search.trim().toLowerCase();
	return [name, address].some((text) => text.toLowerCase().includes(wanted));
}

function optionText({ address, name, rank, rate }: Candidate): string {
	const place = rank === undefined ? texts.noRank : String(rank);
	const brief = short(address);
	const both = name === brief ? name : texts.nameAndAddress(name, brief);
	return texts.option(place, both, rateText(rate));
}

interface TermsProps {
	candidate: Candidate;
	stake: StakeReading;
	/** The rate of a position that is there already. */
	rate: number | undefined;
}

/** What the account agrees to, and what speaks against it. */
function Terms({ candidate, stake, rate }: TermsProps): ReactNode {
	const concern = concernOf(candidate, stake.now);
	return (
		<>
			{concern && concern.kind !== "retired" && (
				<p className="warn" data-concern={concern.kind}>
					{texts.warnings[concern.kind]}
				</p>
			)}
			<Figures
				rows={[
					[
						"agreed-rate",
						rate === undefined ? texts.agree : texts.keep,
						rateText(rate ?? candidate.rate),
					],
					["most-rate", texts.maximumRate, rateText(candidate.maxRate)],
					[
						"newcomers-yearly",
						texts.yieldNewcomer(rateText(candidate.rate)),
						millionths(candidate.yearly),
					],
					["room", texts.room, texts.cmt(amount(roomOf(candidate)))],
					["least", texts.least, texts.cmt(exact(stake.clock.minDelegation))],
				]}
			/>
		</>
	);
}

interface AmountProps {
	free: bigint;
	candidate: Candidate | undefined;
	problem: string | undefined;
}

function AmountField({ free, candidate, problem }: AmountProps): ReactNode {
	const { amount: text } = useStore(draft);
	const most = allBut(free, candidate ? roomOf(candidate) : free);
	const hint = `${walletTexts.free(amount(free))}. ${texts.leavesForFees(exact(FOR_FEES))}`;
	return (
		<div className="with-button">
			<Field label={texts.amountLabel} hint={hint} problem={problem}>
				{(props) => (
					<input
						{...props}
						name="amount"
						inputMode="decimal"
						autoComplete="off"
						value={text}
						onChange={(event) => draft.patch({ amount: event.target.value })}
					/>
				)}
			</Field>
			<button
				type="button"
				data-action="all"
				onClick={() => draft.patch({ amount: exact(most) })}
			>
				{texts.allFree}
			</button>
		</div>
	);
}
