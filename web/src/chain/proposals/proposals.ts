// Referenda as governance pages read them: lists, votes by stake, bars, and how far each is.

import type { At } from "../at-block.ts";
import type { Api } from "../connection.ts";
import { type Names, readNames } from "../names.ts";

type GovernanceApi = Api["apis"]["GovernanceApi"];
type Answer<Name extends keyof GovernanceApi> = Awaited<ReturnType<GovernanceApi[Name]>>;

/** A referendum. Power and deposits are in planck, moments are block numbers. */
export type Proposal = Answer<"proposals">[number];
export type Tally = NonNullable<Proposal["tally"]>;
export type State = Proposal["state"]["type"];
export type Track = Answer<"tracks">[number];
export type Bar = Track["support"];
/** Power and vote of a seat. */
export type SeatVote = Answer<"votes">[number];
/** Power and own vote of a position. */
export type PositionPower = Answer<"voting_power">[number];

/** Referenda in one answer of the chain. */
const PAGE = 100;

export interface ProposalsReading {
	/** The newest first. */
	proposals: Proposal[];
	/** Whether there are older ones. */
	more: boolean;
	/** The block of this reading. */
	now: number;
}

/** The newest referenda, so many pages of them. */
export async function readProposals(
	{ api, hash, number }: At,
	pages: number,
): Promise<ProposalsReading> {
	const starts = Array.from({ length: pages }, (_, page) => page * PAGE);
	const answers = await Promise.all(
		starts.map((start) => api.apis.GovernanceApi.proposals(start, PAGE, { at: hash })),
	);
	const proposals = answers.flat();
	return { proposals, more: (proposals.at(-1)?.index ?? 0) > 0, now: number };
}

export interface ProposalReading {
	/** None where there is no referendum of this number. */
	proposal: Proposal | undefined;
	track: Track | undefined;
	/** The votes of the seats, the most powerful first; none before voting opens or after it. */
	votes: SeatVote[];
	names: Names;
	now: number;
	session: number;
}

/** One referendum with its votes. */
export async function readProposal(at: At, index: number): Promise<ProposalReading> {
	const { GovernanceApi } = at.api.apis;
	const block = { at: at.hash };
	const [proposal, tracks, votes, session] = await Promise.all([
		GovernanceApi.proposal(index, block),
		GovernanceApi.tracks(block),
		GovernanceApi.votes(index, block),
		at.api.query.CmtDpos.CurrentSession.getValue(block),
	]);
	const names = await readNames(
		at,
		session,
		votes.map(({ candidate }) => candidate),
	);
	const track = tracks.find(({ id }) => id === proposal?.track);
	return { proposal, track, votes, names, now: at.number, session };
}

/** What an account can say on a referendum. */
export interface Voice {
	positions: PositionPower[];
	/** The candidate that it owns. */
	owned: string | undefined;
	names: Names;
}

export async function readVoice(at: At, index: number, who: string): Promise<Voice> {
	const block = { at: at.hash };
	const [positions, owned, session] = await Promise.all([
		at.api.apis.GovernanceApi.voting_power(index, who, block),
		at.api.apis.DposApi.candidate_of(who, block),
		at.api.query.CmtDpos.CurrentSession.getValue(block),
	]);
	const candidates = positions.map(({ candidate }) => candidate);
	const names = await readNames(at, session, owned ? [...candidates, owned] : candidates);
	return { positions, owned, names };
}

/** How near a bar is: `part` of `whole`, in planck. */
export interface Reach {
	part: bigint;
	whole: bigint;
	bar: Bar;
	reached: boolean;
}

/** Compares exactly, in whole numbers; nothing of nothing reaches no bar. */
function reach(part: bigint, whole: bigint, bar: Bar): Reach {
	const reached = whole > 0n && part * BigInt(bar.denominator) >= whole * BigInt(bar.numerator);
	return { part, whole, bar, reached };
}

/** Support and approval against the bars of a track. */
export function reaches(
	{ ayes, nays, total = 0n }: Tally,
	track: Track,
): { support: Reach; approval: Reach } {
	return {
		support: reach(ayes, total, track.support),
		approval: reach(ayes, ayes + nays, track.approval),
	};
}

const ONGOING: ReadonlySet<State> = new Set<State>([
	"Preparing",
	"AwaitingDeposit",
	"Queued",
	"Deciding",
	"Confirming",
]);

export const isOngoing = ({ state }: Proposal): boolean => ONGOING.has(state.type);

/** Whether it takes votes: from the session after its submission to its end. */
export const takesVotes = (proposal: Proposal): boolean =>
	isOngoing(proposal) && proposal.tally?.total !== undefined;

/** A moment of a referendum. */
export type Moment =
	| "submitted"
	| "timesOut"
	| "decisionStarts"
	| "decisionEnds"
	| "confirmationEnds"
	| "ended"
	| "enactment";

export interface Step {
	moment: Moment;
	block: number;
	/** Whether it is behind us. */
	reached: boolean;
}

/** The moments of a referendum that are known, in their order. */
export function timeline({ blocks, state }: Proposal): Step[] {
	const decided = state.type === "Deciding" || state.type === "Confirming";
	const steps: [Moment, number | undefined, boolean][] = [
		["submitted", blocks.submitted, true],
		["timesOut", blocks.times_out, false],
		["decisionStarts", blocks.decision_starts, decided],
		["confirmationEnds", blocks.confirmation_ends, false],
		["decisionEnds", blocks.decision_ends, false],
		["ended", blocks.ended, true],
		["enactment", blocks.enactment, false],
	];
	return steps.flatMap(([moment, block, reached]) =>
		block === undefined ? [] : [{ moment, block, reached }],
	);
}

/** What comes next of a referendum, or how it ended; nothing where it waits for others. */
export function nextMoment(proposal: Proposal): Step | undefined {
	const of: Record<State, Moment | undefined> = {
		Preparing: "decisionStarts",
		AwaitingDeposit: "timesOut",
		Queued: undefined,
		Deciding: "decisionEnds",
		Confirming: "confirmationEnds",
		Approved: proposal.blocks.enactment === undefined ? "ended" : "enactment",
		Rejected: "ended",
		Cancelled: "ended",
		TimedOut: "ended",
		Killed: "ended",
	};
	return timeline(proposal).find(({ moment }) => moment === of[proposal.state.type]);
}

/** The name of a pallet and a call as in metadata, or of a track. */
export const nameIn = (bytes: Uint8Array | undefined): string | undefined =>
	bytes && new TextDecoder().decode(bytes);
