import type { EIP1193Provider } from "viem";
import { expect, test } from "vitest";
import type { Line } from "../chain/connection.ts";
import { switchChain } from "./ethereum.ts";

const OURS = "0x4d2";
const facts = { name: "CyberMiles", genesis: "0x", version: 1, ethereumId: 0x4d2 };
const line = { url: "ws://node:9944", facts } as Line;

/** What a wallet does with a request, by its name; nothing where it tells that all went well. */
type Answers = Record<string, (wallet: Wallet) => void>;

class Wallet {
	chain = "0x1";
	known = false;
	readonly asked: string[] = [];

	constructor(private readonly answers: Answers) {}

	request = async ({ method }: { method: string }): Promise<unknown> => {
		if (method === "eth_chainId") return this.chain;
		this.asked.push(method);
		this.answers[method]?.(this);
		return null;
	};
}

const SWITCH = "wallet_switchEthereumChain";
const ADD = "wallet_addEthereumChain";

const refusing = (code: number) => (): never => {
	throw Object.assign(new Error("no"), { code });
};
const changes = (wallet: Wallet): void => {
	if (!wallet.known) refusing(4902)();
	wallet.chain = OURS;
};
const adds = (wallet: Wallet): void => {
	wallet.known = true;
};

const led = (wallet: Wallet): Promise<void> =>
	switchChain(wallet as unknown as EIP1193Provider, line);

test("a wallet of the chain is asked for nothing", async () => {
	const wallet = new Wallet({});
	wallet.chain = "0x04D2";
	await led(wallet);
	expect(wallet.asked).toEqual([]);
});

test("a wallet that adds the chain is asked to change to it too", async () => {
	const wallet = new Wallet({ [SWITCH]: changes, [ADD]: adds });
	await led(wallet);
	expect(wallet.asked).toEqual([SWITCH, ADD, SWITCH]);
	expect(wallet.chain).toBe(OURS);
});

test("a wallet that changes a moment after it told so is waited for", async () => {
	const later = (wallet: Wallet): void => void setTimeout(() => (wallet.chain = OURS), 120);
	await led(new Wallet({ [SWITCH]: later }));
});

test("a wallet that stays on another chain is refused, whatever it tells", async () => {
	const refused = { problem: { name: "WalletOnOtherChain" } };
	await expect(led(new Wallet({}))).rejects.toMatchObject(refused);
});

test("a user who adds the chain and does not change to it is heard", async () => {
	const wallet: Wallet = new Wallet({
		[SWITCH]: ({ known }) => refusing(known ? 4001 : 4902)(),
		[ADD]: adds,
	});
	await expect(led(wallet)).rejects.toMatchObject({ code: 4001 });
	expect(wallet.chain).toBe("0x1");
});
