import { describe, expect, it } from "vitest";
import type { Line } from "../chain/connection.ts";
import {
	placeDecisionDeposit,
	refundDecisionDeposit,
	refundSubmissionDeposit,
} from "./governance.ts";

const ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const CMT = 10n ** 18n;
const deposit = { who: ALICE, amount: 100n * CMT };

/** A chain that encodes each call of referenda as one byte, and its index. */
const line = {
	api: {
		tx: {
			Referenda: new Proxy(
				{},
				{
					get:
						(_, name: string) =>
						({ index }: { index: number }) => ({
							name,
							getEncodedData: async () => Uint8Array.of(name.length, index),
						}),
				},
			),
		},
	},
} as unknown as Line;

const event = (name: string) => [
	{ type: "Referenda", value: { type: name, value: { index: 7, ...deposit } } },
];

describe("deposits of referenda", () => {
	const actions = {
		place_decision_deposit: placeDecisionDeposit(7, 20_000n * CMT),
		refund_decision_deposit: refundDecisionDeposit(7, deposit),
		refund_submission_deposit: refundSubmissionDeposit(7, deposit),
	};

	it.each(Object.entries(actions))(
		"%s is the same call for both wallets",
		async (name, action) => {
			const from = {} as never;
			expect(await action.native(line, from)).toMatchObject({ name });
			expect(await action.ethereum(line, from)).toMatchObject({
				to: "0x6d6f646c70792f70616464720000000000000000",
				data: `0x${name.length.toString(16).padStart(2, "0")}07`,
				value: 0n,
			});
		},
	);

	it("take only what is placed from the signer", () => {
		expect(Object.values(actions).map(({ spends }) => spends)).toEqual([20_000n * CMT, 0n, 0n]);
		expect(actions.place_decision_deposit.explains[0]).toContain("20,000 CMT");
		expect(actions.refund_decision_deposit.explains[0]).toContain("100 CMT to 5Grwva");
	});

	it("tell what came back to whom", () => {
		const from = {} as never;
		const placed = actions.place_decision_deposit.tells(event("DecisionDepositPlaced"), from);
		expect(placed).toBe("100 CMT are left for the decision.");
		const back = actions.refund_submission_deposit.tells(
			event("SubmissionDepositRefunded"),
			from,
		);
		expect(back).toBe("5Grwva…GKutQY has 100 CMT back.");
		expect(actions.refund_decision_deposit.tells([], from)).toBe("Done.");
	});
});
