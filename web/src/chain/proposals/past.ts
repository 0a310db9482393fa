// A referendum as it stood before it ended: the chain forgets its votes, nodes may still know them.

import { hexToBytes } from "viem/utils";
import type { Line } from "../connection.ts";
import type { Proposal, SeatVote, Tally } from "./proposals.ts";

/** What stood in the last block in which a referendum went on. */
export interface Past {
	/** That block. */
	block: number;
	hash: string;
	/** Number and name of its track. */
	track: number | undefined;
	trackName: Uint8Array | undefined;
	/** The block in which it was submitted. */
	submitted: number | undefined;
	proposed: Proposal["proposed"];
	tally: Tally | undefined;
	votes: SeatVote[];
}

/** How a node tells a referendum by `cmt_queryProposal`; power is in planck, in decimal digits. */
interface ProposalJson {
	Type: string | null;
	track: number | null;
	blocks: { submitted: number | null };
	Detail: ProposedJson | null;
	tally: TallyJson | null;
}

interface ProposedJson {
	hash: string;
	length: number | null;
	available: boolean;
	pallet: string | null;
	call: string | null;
	bytes: `0x${string}` | null;
}

interface TallyJson {
	opens: number;
	total: string | null;
	ayes: string;
	nays: string;
	abstentions: string;
	needed: string | null;
}

interface VoteJson {
	candidate: string;
	power: string;
	vote: string | null;
	taken_out: string;
}

interface Answered<T> {
	data: T;
}

/** What nodes say of a block whose state they threw away. */
const PRUNED = 18_002;

/** What a referendum was in the block before its end; nothing where the node has forgotten too. */
export async function readPast(
	{ client }: Line,
	index: number,
	ended: number,
): Promise<Past | undefined> {
	const block = ended - 1;
	const ask = async <T>(method: string): Promise<T> =>
		(await client._request<Answered<T>>(method, [index, block])).data;
	try {
		const [proposal, votes, hash] = await Promise.all([
			ask<ProposalJson>("cmt_queryProposal"),
			ask<VoteJson[]>("cmt_queryVotes"),
			client._request<string>("chain_getBlockHash", [block]),
		]);
		return { block, hash, ...pastOf(proposal, votes) };
	} catch (error) {
		if ((error as { code?: number }).code === PRUNED) return undefined;
		throw error;
	}
}

/** The same as the runtime tells it. */
function pastOf(proposal: ProposalJson, votes: readonly VoteJson[]): Omit<Past, "block" | "hash"> {
	return {
		track: proposal.track ?? undefined,
		trackName: encoded(proposal.Type),
		submitted: proposal.blocks.submitted ?? undefined,
		proposed: proposal.Detail ? proposedOf(proposal.Detail) : undefined,
		tally: proposal.tally ? tallyOf(proposal.tally) : undefined,
		votes: votes.map(voteOf),
	};
}

const encoded = (text: string | null): Uint8Array | undefined =>
	text === null ? undefined : new TextEncoder().encode(text);

function proposedOf({
	hash,
	length,
	available,
	pallet,
	call,
	bytes,
}: ProposedJson): Past["proposed"] {
	return {
		hash,
		length: length ?? undefined,
		available,
		pallet: encoded(pallet),
		call: encoded(call),
		bytes: bytes ? hexToBytes(bytes) : undefined,
	} as Past["proposed"];
}

const planck = (text: string | null): bigint | undefined =>
	text === null ? undefined : BigInt(text);

const tallyOf = ({ opens, total, ayes, nays, abstentions, needed }: TallyJson): Tally => ({
	opens,
	total: planck(total),
	ayes: BigInt(ayes),
	nays: BigInt(nays),
	abstentions: BigInt(abstentions),
	needed: planck(needed),
});

type Vote = NonNullable<SeatVote["vote"]>;
const VOTES: Record<string, Vote["type"]> = { aye: "Aye", nay: "Nay", abstain: "Abstain" };

function voteOf({ candidate, power, vote, taken_out }: VoteJson): SeatVote {
	const type = vote === null ? undefined : VOTES[vote];
	return {
		candidate,
		power: BigInt(power),
		vote: type && ({ type, value: undefined } as Vote),
		taken_out: BigInt(taken_out),
	};
}
