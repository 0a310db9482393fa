import { describe, expect, it } from "vitest";
import type { Proposal, State } from "../../chain/proposals/proposals.ts";
import { callWords, nextWords, trackWords, whenWords } from "./words.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const proposal = (type: State, rest: Partial<Proposal>): Proposal =>
	({ index: 1, state: { type, value: undefined }, blocks: {}, ...rest }) as unknown as Proposal;

describe("times", () => {
	it("count three seconds for a block", () => {
		expect(whenWords(140, 100)).toBe("in 2 minutes");
		expect(whenWords(90, 100)).toBe("30 seconds ago");
		expect(whenWords(100, 100)).toBe("now");
	});

	it("tell what comes next, by the state", () => {
		const blocks = { decision_ends: 300, confirmation_ends: 120 };
		expect(nextWords(proposal("Deciding", { blocks }), 100)).toBe(
			"decision ends in 10 minutes",
		);
		expect(nextWords(proposal("Confirming", { blocks }), 100)).toBe("confirmed in 1 minute");
		expect(nextWords(proposal("Rejected", { blocks: { ended: 99 } }), 100)).toBe(
			"ended 3 seconds ago",
		);
		expect(nextWords(proposal("Queued", {}), 100)).toContain("when a referendum");
	});

	it("do not say that a moment is over which waits for something else", () => {
		const blocks = { decision_starts: 90 };
		expect(nextWords(proposal("Preparing", { blocks }), 100)).toBe("decision begins soon");
	});
});

describe("names", () => {
	it("are those of the chain where the page has no word", () => {
		expect(trackWords(bytes("small_spend"))).toBe("small spends");
		expect(trackWords(bytes("new_track"))).toBe("new_track");
		expect(trackWords(undefined)).toBe("");
	});

	it("of a call are told, or why there is none", () => {
		const proposed = { hash: "0x00", pallet: bytes("System"), call: bytes("remark") };
		expect(callWords(proposal("Deciding", { proposed: proposed as never }))).toBe(
			"System.remark",
		);
		const unknown = { hash: "0x00", available: false };
		expect(callWords(proposal("Deciding", { proposed: unknown as never }))).toMatch(
			/not on the/,
		);
		expect(callWords(proposal("Rejected", {}))).toMatch(/forgotten/);
	});
});
