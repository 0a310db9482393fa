import { describe, expect, it } from "vitest";
import type { Line } from "../connection.ts";
import { readPast } from "./past.ts";

const ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const proposal = {
	Type: "emergency",
	track: 22,
	blocks: { submitted: 3 },
	Detail: {
		hash: "0x12",
		length: 2,
		available: true,
		pallet: "System",
		call: "remark",
		bytes: "0x0000" as const,
	},
	tally: { opens: 1, total: "300", ayes: "200", nays: "10", abstentions: "0", needed: null },
};
const votes = [
	{ candidate: ALICE, power: "300", vote: "aye", taken_out: "10" },
	{ candidate: ALICE, power: "5", vote: null, taken_out: "0" },
];

type Answer = (method: string, params: unknown[]) => unknown;

function answering(answer: Answer): Line {
	const _request = async (...asked: Parameters<Answer>): Promise<unknown> => answer(...asked);
	return { client: { _request } } as unknown as Line;
}

describe("the past of a referendum", () => {
	it("is told as the runtime told it, in the block before the end", async () => {
		const answers: Record<string, unknown> = {
			"cmt_queryProposal 7,41": { data: proposal },
			"cmt_queryVotes 7,41": { data: votes },
			"chain_getBlockHash 41": "0x41",
		};
		const past = await readPast(
			answering((method, params) => answers[`${method} ${params}`]),
			7,
			42,
		);
		expect(past).toMatchObject({ block: 41, hash: "0x41", track: 22, submitted: 3 });
		expect(past?.tally).toMatchObject({
			total: 300n,
			ayes: 200n,
			nays: 10n,
			needed: undefined,
		});
		expect(past?.votes.map(({ power, vote }) => [power, vote?.type])).toEqual([
			[300n, "Aye"],
			[5n, undefined],
		]);
		expect(new TextDecoder().decode(past?.trackName)).toBe("emergency");
		expect(new TextDecoder().decode(past?.proposed?.pallet)).toBe("System");
		expect(past?.proposed?.bytes).toEqual(Uint8Array.of(0, 0));
	});

	it("is unknown where the node threw the state away, and nowhere else", async () => {
		const failing = (code: number): Line =>
			answering(() => {
				throw Object.assign(new Error("no"), { code });
			});
		expect(await readPast(failing(18_002), 7, 42)).toBeUndefined();
		await expect(readPast(failing(18_005), 7, 42)).rejects.toThrow("no");
	});
});
