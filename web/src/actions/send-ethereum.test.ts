import { expect, test, vi } from "vitest";
import type { Line } from "../chain/connection.ts";
import type { Account } from "../wallets/account.ts";
import type { Action } from "./action.ts";
import { sendEthereum } from "./send-ethereum.ts";

/** What the wallet was asked for. */
const asked = vi.hoisted(() => [] as { method: string; params: unknown[] }[]);

vi.mock("../chain/connection.ts", () => ({ connection: {} }));
vi.mock("../wallets/ethereum.ts", () => ({
	switchChain: async () => undefined,
	providerOf: () => ({
		request: async (request: (typeof asked)[number]) => {
			asked.push(request);
			return "0x01";
		},
	}),
}));
vi.mock("./rehearse.ts", () => ({ trial: async () => undefined }));

const from = { kind: "ethereum", ethereum: "0xaa" } as unknown as Account;
const line = { facts: { ethereumId: 1234 } } as Line;

test("a transaction names its chain, so that a wallet of another one refuses it", async () => {
	const call = { to: "0xbb", data: "0x", value: 10n ** 21n };
	const action = { ethereum: async () => call } as unknown as Action;
	await sendEthereum(line, from, action);
	const value = "0x3635c9adc5dea00000";
	const parameters = { from: "0xaa", to: "0xbb", data: "0x", value, chainId: "0x4d2" };
	expect(asked).toEqual([{ method: "eth_sendTransaction", params: [parameters] }]);
});
