import { describe, expect, it } from "vitest";
import {
	type Proposal,
	type State,
	type Tally,
	type Track,
	isOngoing,
	nextMoment,
	reaches,
	takesVotes,
	timeline,
} from "./proposals.ts";

const bar = (numerator: number, denominator: number) => ({ numerator, denominator, perbill: 0 });
const track = { support: bar(2, 3), approval: bar(3, 5) } as Track;
const votes = (ayes: bigint, nays: bigint, total: bigint | undefined = 300n): Tally => ({
	opens: 1,
	total,
	ayes,
	nays,
	abstentions: 0n,
	needed: undefined,
});

describe("bars", () => {
	it("are reached to the planck, and not a planck before", () => {
		expect(reaches(votes(200n, 0n), track).support.reached).toBe(true);
		expect(reaches(votes(199n, 0n), track).support.reached).toBe(false);
		expect(reaches(votes(60n, 40n), track).approval.reached).toBe(true);
		expect(reaches(votes(59n, 40n), track).approval.reached).toBe(false);
	});

	it("are compared in whole numbers, also where a float would round", () => {
		const total = 3n * 10n ** 27n;
		expect(reaches(votes(2n * 10n ** 27n - 1n, 0n, total), track).support.reached).toBe(false);
		expect(reaches(votes(2n * 10n ** 27n, 0n, total), track).support.reached).toBe(true);
	});

	it("are not reached by nothing of nothing", () => {
		const { support, approval } = reaches(votes(0n, 0n, undefined), track);
		expect([support.reached, approval.reached]).toEqual([false, false]);
	});
});

const proposal = (type: State, blocks: Partial<Proposal["blocks"]>, tally?: Tally): Proposal =>
	({ index: 1, state: { type, value: undefined }, blocks, tally }) as unknown as Proposal;

describe("a referendum", () => {
	it("takes votes from its opening to its end", () => {
		expect(takesVotes(proposal("Preparing", {}, votes(0n, 0n)))).toBe(true);
		const closed = { ...votes(0n, 0n), total: undefined };
		expect(takesVotes(proposal("Preparing", {}, closed))).toBe(false);
		expect(takesVotes(proposal("Rejected", {}))).toBe(false);
		expect(isOngoing(proposal("Confirming", {}))).toBe(true);
		expect(isOngoing(proposal("Killed", {}))).toBe(false);
	});

	it("tells its moments in their order, and which are behind us", () => {
		const blocks = {
			submitted: 1,
			decision_starts: 5,
			decision_ends: 90,
			confirmation_ends: 30,
		};
		expect(timeline(proposal("Confirming", blocks))).toEqual([
			{ moment: "submitted", block: 1, reached: true },
			{ moment: "decisionStarts", block: 5, reached: true },
			{ moment: "confirmationEnds", block: 30, reached: false },
			{ moment: "decisionEnds", block: 90, reached: false },
		]);
	});

	it("has not begun its decision while its deposit is missing, whatever the block", () => {
		const waiting = proposal("AwaitingDeposit", {
			submitted: 1,
			decision_starts: 5,
			times_out: 99,
		});
		expect(timeline(waiting).find(({ moment }) => moment === "decisionStarts")?.reached).toBe(
			false,
		);
		expect(nextMoment(waiting)?.moment).toBe("timesOut");
	});

	it("that is approved waits for its enactment, or has ended", () => {
		expect(nextMoment(proposal("Approved", { ended: 7, enactment: 9 }))?.moment).toBe(
			"enactment",
		);
		expect(nextMoment(proposal("Approved", { ended: 7 }))?.moment).toBe("ended");
	});

	it("in a queue waits for others", () => {
		expect(nextMoment(proposal("Queued", { submitted: 1 }))).toBeUndefined();
	});
});
