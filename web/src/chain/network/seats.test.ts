import { describe, expect, it } from "vitest";
import { type Seats, capLine, moves } from "./seats.ts";

const seat = (candidate: string, stake = 100n, counted = stake) => ({ candidate, stake, counted });
const seats = (validators: string[], standbys: string[]): Seats => ({
	session: 1,
	validators: validators.map((name) => seat(name)),
	standbys: standbys.map((name) => seat(name)),
});

describe("moves", () => {
	it("tells nothing where everybody stays, in whatever order", () => {
		expect(moves(seats(["a", "b"], ["c"]), seats(["b", "a"], ["c"]))).toEqual([]);
	});

	it("tells who comes, who changes its part and who goes", () => {
		expect(moves(seats(["a", "b"], ["c"]), seats(["a", "c"], ["d"]))).toEqual([
			{ candidate: "c", from: "standby", to: "validator" },
			{ candidate: "d", from: undefined, to: "standby" },
			{ candidate: "b", from: "validator", to: undefined },
		]);
	});
});

describe("the cap", () => {
	const FORTY = 400_000_000n;

	it("is its part of what counts", () => {
		// As in the example of pallet-stake-voting: 400, 150 and 150 under a cap of 40 %.
		const group = [seat("a", 400n, 200n), seat("b", 150n), seat("c", 150n)];
		expect(capLine(group, FORTY)).toBe(200n);
	});

	it("is the weakest seat where the group is too small for it", () => {
		expect(capLine([seat("a", 100n, 50n), seat("b", 50n)], FORTY)).toBe(50n);
	});

	it("is nothing without seats", () => {
		expect(capLine([], FORTY)).toBe(0n);
	});
});
