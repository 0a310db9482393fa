import type { EIP1193Provider } from "viem";
import { beforeEach, expect, test, vi } from "vitest";
import type { Line } from "../chain/connection.ts";
import { type Account, nativeOf } from "./account.ts";
import type { AnnouncedWallet } from "./ethereum.ts";

const ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const BOB = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
const ETHEREUM = "0xf24ff3a9cf04c71dbc94d0b566f7a27b94566cac";

/** What the wallets of the browser offer. */
const browser = vi.hoisted(() => ({
	kept: new Map<string, string>(),
	native: [] as string[],
	/** Whether the user allows the page to see the accounts of MetaMask. */
	allows: true,
	line: undefined as unknown,
}));

vi.stubGlobal("localStorage", {
	getItem: (name: string) => browser.kept.get(name) ?? null,
	setItem: (name: string, value: string) => browser.kept.set(name, value),
});
vi.mock("../chain/connection.ts", () => ({ connection: { line: { get: () => browser.line } } }));
vi.mock("./native.ts", () => ({
	nativeWallets: () => ["polkadot-js"],
	connectNative: async () => browser.native.map((native) => account("native", native)),
}));
vi.mock("./ethereum.ts", () => ({
	ethereumWallets: { get: () => [metamask.wallet] },
	connectEthereum: async () => {
		if (!browser.allows) throw new Error("no");
		return [account("ethereum", nativeOf(ETHEREUM))];
	},
}));

const account = (kind: Account["kind"], native: string): Account => ({
	kind,
	name: kind,
	wallet: kind === "native" ? "polkadot-js" : "MetaMask",
	native,
	ethereum: ETHEREUM,
});

/** A wallet that tells the page of changes by `changed`. */
const metamask = {
	changed: (): void => undefined,
	wallet: {
		info: { uuid: "1", name: "MetaMask", icon: "", rdns: "io.metamask" },
		provider: {
			on: (_: string, listener: () => void) => void (metamask.changed = listener),
			request: () => Promise.reject(new Error("away")),
		} as unknown as EIP1193Provider,
	} satisfies AnnouncedWallet,
};

const line = {
	api: { query: { Revive: { OriginalAccount: { getValue: async () => undefined } } } },
} as unknown as Line;

/** The page as a new visit finds it. */
async function visit(): Promise<typeof import("./wallets.ts")> {
	vi.resetModules();
	return import("./wallets.ts");
}

const kept = (): unknown => JSON.parse(browser.kept.get("cybermiles:accounts") ?? "{}");

beforeEach(() => {
	browser.kept.clear();
	Object.assign(browser, { native: [ALICE, BOB], allows: true, line });
});

/** A visit whose user has an account of each kind. */
async function withAll(): Promise<void> {
	const { joinEthereum, joinNative, watch } = await visit();
	await joinNative("polkadot-js", BOB);
	await joinEthereum(metamask.wallet, line);
	await watch(ALICE);
}

const ALL = {
	native: { wallet: "polkadot-js", address: BOB },
	ethereum: { wallet: "MetaMask" },
	watched: ALICE,
};

test("the accounts of the last visit are taken up", async () => {
	await withAll();
	const { chosen, resume } = await visit();
	await resume(line);
	const { native, ethereum, watched } = chosen.get();
	expect([native?.native, watched?.native]).toEqual([BOB, ALICE]);
	expect(ethereum?.native).toBe(nativeOf(ETHEREUM));
	expect(kept()).toEqual(ALL);
});

test("a wallet that is not taken up this time stays kept, whatever else is chosen", async () => {
	await withAll();
	browser.allows = false;
	const { choose, chosen, resume } = await visit();
	await resume(line);
	expect(chosen.get().ethereum).toBeUndefined();
	choose(account("native", ALICE));
	expect(kept()).toEqual({ ...ALL, native: { ...ALL.native, address: ALICE } });
});

test("an account that its wallet does not offer any more is replaced by no other", async () => {
	await withAll();
	browser.native = [ALICE];
	const { chosen, resume } = await visit();
	await resume(line);
	expect(chosen.get().native).toBeUndefined();
	expect(kept()).toEqual(ALL);
});

test("what is taken off the page is not kept", async () => {
	await withAll();
	const { forget, resume } = await visit();
	await resume(line);
	forget("ethereum");
	expect(kept()).toEqual({ native: ALL.native, watched: ALICE });
});

test("a wallet that does not tell its accounts after a change has none here", async () => {
	const { chosen, joinEthereum } = await visit();
	await joinEthereum(metamask.wallet, line);
	expect(chosen.get().ethereum).toBeDefined();
	metamask.changed();
	await vi.waitFor(() => expect(chosen.get().ethereum).toBeUndefined());
});
