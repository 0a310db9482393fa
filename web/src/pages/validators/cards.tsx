// The figures of one candidate, in groups.

import type { ReactNode } from "react";
import type { Candidate } from "../../chain/candidates.ts";
import type { Seats } from "../../chain/network/seats.ts";
import { validators as texts } from "../../texts.ts";
import { ethereumOf } from "../../wallets/account.ts";
import { FIGURES, type Figure, written } from "./figures.ts";
import { type Page, leadsToSite } from "./page.ts";

const PLACES = 4;

interface Of {
	candidate: Candidate;
}

interface GroupProps extends Of {
	title: string;
	keys: Figure["key"][];
	hint?: string;
	children?: ReactNode;
}

/** A group of figures, and further lines. */
function Group({ title, keys, candidate, hint, children }: GroupProps): ReactNode {
	const figures = keys.map((key) => FIGURES.find((figure) => figure.key === key)!);
	return (
		<section className="card">
			<h2>{title}</h2>
			<dl className="figures-list">
				{figures.map((figure) => (
					<Item key={figure.key} name={figure.key} title={texts.figures[figure.key]}>
						{written(figure, candidate, PLACES)}
					</Item>
				))}
				{children}
			</dl>
			{hint && <p className="hint">{hint}</p>}
		</section>
	);
}

interface ItemProps {
	name: string;
	title: string;
	children: ReactNode;
}

function Item({ name, title, children }: ItemProps): ReactNode {
	return (
		<>
			<dt>{title}</dt>
			<dd data-figure={name}>{children}</dd>
		</>
	);
}

export const StakeCard = ({ candidate }: Of): ReactNode => (
	<Group
		title={texts.groups.stake}
		candidate={candidate}
		keys={["stake", "maxStake", "room", "selfStake", "positions"]}
		hint={texts.positionsHint}
	/>
);

export const RatesCard = ({ candidate }: Of): ReactNode => (
	<Group
		title={texts.groups.rates}
		candidate={candidate}
		keys={["rate", "maxRate", "yearly"]}
		hint={texts.yearlyHint}
	/>
);

export const ConductCard = ({ candidate }: Of): ReactNode => (
	<Group
		title={texts.groups.conduct}
		candidate={candidate}
		keys={["missed", "jail", "slashes"]}
		{...(candidate.conduct.absent && { hint: texts.absentHint })}
	/>
);

/** What it does now, and in the next two sessions. */
export function SeatCard({ page: { candidate, next, expected } }: { page: Page }): ReactNode {
	const { address, seat } = candidate;
	return (
		<Group
			title={texts.groups.seat}
			candidate={candidate}
			keys={["rank", "role", "state", "counted", "share", "leftOut"]}
			{...(seat && { hint: texts.capHint })}
		>
			<Item name="next" title={texts.laterSession(String(next.session))}>
				{seatWords(next, address)}
			</Item>
			<Item name="expected" title={texts.laterSession(String(expected.session))}>
				{texts.expected(seatWords(expected, address))}
			</Item>
		</Group>
	);
}

function seatWords({ validators, standbys }: Seats, address: string): string {
	const place = (seats: Seats["validators"]): number =>
		seats.findIndex(({ candidate }) => candidate === address) + 1;
	const [validator, standby] = [place(validators), place(standbys)];
	if (validator > 0) return texts.sits(texts.roles.Validator, String(validator));
	return standby > 0 ? texts.sits(texts.roles.Standby, String(standby)) : texts.sitsNot;
}

/** Who runs it, as they say themselves, and by which addresses. */
export function PeopleCard({ candidate }: Of): ReactNode {
	const { address, owner, profile, verified } = candidate;
	const { website, email, location } = profile;
	return (
		<Group
			title={texts.groups.people}
			candidate={candidate}
			keys={[]}
			hint={verified ? texts.verifiedHint : texts.unverifiedHint}
		>
			<Item name="website" title={texts.website}>
				<Site address={website} />
			</Item>
			<Item name="email" title={texts.email}>
				{email || texts.none}
			</Item>
			<Item name="location" title={texts.location}>
				{location || texts.none}
			</Item>
			<Item name="address" title={texts.address}>
				<Both native={address} />
			</Item>
			<Item name="owner" title={texts.owner}>
				{owner === address ? texts.ownAddress : <Both native={owner} />}
			</Item>
		</Group>
	);
}

/** A link where it leads to a site, else what the owner wrote. */
function Site({ address }: { address: string }): ReactNode {
	if (!leadsToSite(address)) return address || texts.none;
	return (
		<a href={address} rel="noreferrer noopener" target="_blank">
			{address}
		</a>
	);
}

/** An account by both its names. */
function Both({ native }: { native: string }): ReactNode {
	return (
		<>
			<code>{native}</code>
			<br />
			<span className="unseen">{texts.forContracts}</span>
			<code>{ethereumOf(native)}</code>
		</>
	);
}
