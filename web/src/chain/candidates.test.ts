import { describe, expect, test } from "vitest";
import type { At } from "./at-block.ts";
import {
	isJailed,
	leftOutOf,
	readCandidate,
	readCandidates,
	roomOf,
	takesStake,
} from "./candidates.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function summary(index: number, active = true) {
	const info = {
		candidate: `5Candidate${String(index).padStart(20, "0")}`,
		owner: `5Owner${index}`,
		state: { type: active ? "Active" : "Inactive", value: undefined },
		role: { type: "Candidate", value: undefined },
		rank: active ? index + 1 : undefined,
		stake: 900n + BigInt(index),
		self_stake: 100n,
		max_stake: 1000n,
		max_rate: 300,
		default_rate: 155,
		positions: 3,
	};
	const name = index === 0 ? bytes(" Zoë\u202e ") : bytes("");
	const website = bytes("https://a.example");
	const profile = { name, website, location: bytes(""), email: bytes("") };
	const conduct = { absent: false, missed_turns: 0, tombstoned: false, slashes: 0 };
	return { info, profile: { ...profile, verified: index === 0 }, conduct, yearly: 81_000n };
}

type Summary = ReturnType<typeof summary>;

/** A node that answers for these candidates, and notes what it was asked. */
function nodeOf(all: Summary[], asked: string[] = []): At {
	const seat = (index: number, stake: bigint, counted: bigint) =>
		({ candidate: all[index]!.info.candidate, stake, counted });
	const note = (name: string, ...words: unknown[]) => asked.push([name, ...words].join(" "));
	const DposApi = {
		seats: async ({ at }: { at: string }) => {
			note("seats", at);
			const validators = [seat(0, 800n, 500n), seat(1, 500n, 500n)];
			return { session: 7, validators, standbys: all[2] ? [seat(2, 70n, 70n)] : [] };
		},
		summaries: async (start: number, count: number, { at }: { at: string }) => {
			note("summaries", start, count, at);
			return all.slice(start, start + count);
		},
		summary: async (address: string, { at }: { at: string }) => {
			note("summary", at);
			return all.find(({ info }) => info.candidate === address);
		},
	};
	return { api: { apis: { DposApi } }, hash: "0xab", number: 5 } as unknown as At;
}

const many = (count: number): Summary[] =>
	Array.from({ length: count }, (_, index) => summary(index));

describe("all candidates", () => {
	test("come in one answer where they are few, at one block", async () => {
		const asked: string[] = [];
		expect(await readCandidates(nodeOf(many(26), asked))).toHaveLength(26);
		expect(asked.sort()).toEqual(["seats 0xab", "summaries 0 100 0xab"]);
	});

	test.each([
		[99, 1],
		[100, 5],
		[250, 5],
		[500, 9],
		[1_001, 13],
	])("%i come in %i answers, each once and in their order", async (count, answers) => {
		const asked: string[] = [];
		const found = await readCandidates(nodeOf(many(count), asked));
		expect(found.map(({ rank }) => rank)).toEqual(many(count).map((_, index) => index + 1));
		expect(asked.filter((question) => question.startsWith("summaries"))).toHaveLength(answers);
	});

	test("have their names cleaned, and a short address where they have none", async () => {
		const [named, nameless] = await readCandidates(nodeOf(many(3)));
		expect(named!.name).toBe("Zoë");
		expect(nameless!.name).toBe("5Candi…000001");
	});

	test("know what counts of their seat, by group", async () => {
		const [capped, other, standby, none] = await readCandidates(nodeOf(many(4)));
		expect(capped!.seat).toEqual({ stake: 800n, counted: 500n, group: 1000n });
		expect(leftOutOf(capped!)).toBe(300n);
		expect(leftOutOf(other!)).toBe(0n);
		expect(standby!.seat?.group).toBe(70n);
		expect(none!.seat).toBeUndefined();
		expect(leftOutOf(none!)).toBeUndefined();
	});
});

describe("one candidate", () => {
	test("is asked for alone, at one block", async () => {
		const asked: string[] = [];
		const all = many(150);
		const found = await readCandidate(nodeOf(all, asked), all[120]!.info.candidate);
		expect(found?.stake).toBe(1020n);
		expect(asked.sort()).toEqual(["seats 0xab", "summary 0xab"]);
	});

	test("is nothing where the address names none", async () => {
		expect(await readCandidate(nodeOf(many(2)), "5Nobody")).toBeUndefined();
	});
});

describe("taking stake", async () => {
	const [one] = await readCandidates(nodeOf(many(2)));

	test("ends at the maximum, and awards may lift the stake above", () => {
		expect(roomOf(one!)).toBe(100n);
		expect(takesStake(one!)).toBe(true);
		const full = { ...one!, stake: 1001n };
		expect(roomOf(full)).toBe(0n);
		expect(takesStake(full)).toBe(false);
	});

	test("is not said of the jailed nor of those that stand aside", () => {
		const conduct = { ...one!.conduct, jailedUntil: 1n };
		expect(isJailed({ ...one!, conduct })).toBe(true);
		expect(takesStake({ ...one!, conduct })).toBe(false);
		const dead = { ...one!, conduct: { ...one!.conduct, tombstoned: true } };
		expect(takesStake(dead)).toBe(false);
		const aside = { ...one!, state: { type: "Inactive", value: undefined } } as typeof one;
		expect(takesStake(aside!)).toBe(false);
	});
});
