// Referenda in words: track, state, call, and when something happens.

import { SLOT_SECONDS } from "../../chain/clock.ts";
import { type Proposal, type Step, nameIn, nextMoment } from "../../chain/proposals/proposals.ts";
import { duration } from "../../format/times.ts";
import { governance as texts } from "../../texts.ts";

/** The name of a track; empty where the chain has forgotten it. */
export function trackWords(name: Uint8Array | undefined): string {
	const track = nameIn(name) ?? "";
	return texts.tracks[track] ?? track;
}

/** The call as `Pallet.call`, or why there is none to name. */
export function callWords({ proposed }: Proposal): string {
	if (!proposed) return texts.forgotten;
	const [pallet, call] = [nameIn(proposed.pallet), nameIn(proposed.call)];
	return pallet && call ? `${pallet}.${call}` : texts.notKnown;
}

/** When a block is or was there, if every slot has its block. */
export function whenWords(block: number, now: number): string {
	if (block === now) return texts.now;
	const time = duration(Math.abs(block - now) * SLOT_SECONDS);
	return block > now ? texts.inAbout(time) : texts.ago(time);
}

/** What comes next, or how it ended, and when. */
export function nextWords(proposal: Proposal, now: number): string {
	const step = nextMoment(proposal);
	if (!step) return proposal.state.type === "Queued" ? texts.moments.queued : "";
	return `${texts.moments[step.moment as keyof typeof texts.moments]} ${aboutWords(step, now)}`;
}

/** A moment that was to come already waits for something else, such as a deposit. */
export function aboutWords({ block, reached }: Step, now: number): string {
	return !reached && block <= now ? texts.soon : whenWords(block, now);
}
