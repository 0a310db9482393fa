// The contract and the accounts that every node is measured with.

import { Interface, type TransactionRequest, getCreateAddress } from "ethers";
import { Ethereum, type EthReceipt, keyOf } from "../ethereum.ts";
import { compile } from "../solidity.ts";
import { eventually } from "../wait.ts";
import type { Client } from "./client.ts";
import type { Contender } from "./contender.ts";

/** Accounts that send; each of the nodes gives them money. */
const SENDERS = 10;
/** Of each sender, enough for every run. */
const SHARE = 1_000_000n;

const { Coin } = compile("Tokens.sol");
const coin = new Interface(Coin!.abi);
const wallets = Array.from({ length: SENDERS }, (_, index) => keyOf(index));

/** First topic of the log that a transfer leaves. */
export const TRANSFER = coin.getEvent("Transfer")!.topicHash;

/** What a transaction of the sender with this index does. */
export type Request = (index: number) => TransactionRequest;

/** Addresses of the senders. */
export const addresses = wallets.map(({ address }) => address);

function next(index: number): string {
	return addresses[(index + 1) % SENDERS]!;
}

function transfer(token: string, to: string, amount: bigint): TransactionRequest {
	const data = coin.encodeFunctionData("transfer", [to, amount]);
	return { to: token, data, gasLimit: 60_000n };
}

/** Each sender pays the next one a planck. */
export function plain(index: number): TransactionRequest {
	return { to: next(index), value: 1n };
}

/** Each sender gives the next one the least part of a token. */
export function erc20(token: string): Request {
	return (index) => transfer(token, next(index), 1n);
}

/** The question how much of a token the first sender has. */
export function balance(token: string): { to: string; data: string } {
	return { to: token, data: coin.encodeFunctionData("balanceOf", [addresses[0]]) };
}

/** The nonce of each sender's next transaction. */
function nonces(client: Client): Promise<number[]> {
	const of = (address: string) => client.number("eth_getTransactionCount", address, "latest");
	return Promise.all(addresses.map(of));
}

/** `each` transactions of every sender, signed, in the order in which their nonces rise. */
export async function signed(client: Client, request: Request, each: number): Promise<string[]> {
	const signer = new Ethereum(client.port);
	const first = await nonces(client);
	const all: string[] = [];
	for (let turn = 0; turn < each; turn++) {
		for (const [index, wallet] of wallets.entries()) {
			const nonce = first[index]! + turn;
			all.push(await signer.sign(wallet, { ...request(index), nonce }));
		}
	}
	return all;
}

/** Waits until a transaction is in a block, which is made where the node makes none by itself. */
export async function settled({ client, mine }: Contender, hash: string): Promise<EthReceipt> {
	const look = async () => {
		await mine?.(1);
		return (await client.call<EthReceipt | null>("eth_getTransactionReceipt", hash)) ?? undefined;
	};
	const receipt = await eventually(`the receipt of ${hash}`, look, { everyMs: mine ? 20 : 200 });
	if (Number(receipt.status) !== 1) throw new Error(`transaction ${hash} failed`);
	return receipt;
}

/** Makes a token of which every sender has the same, and tells where it is. */
export async function token(contender: Contender): Promise<string> {
	const { client } = contender;
	const signer = new Ethereum(client.port);
	const [owner] = wallets;
	let nonce = (await nonces(client))[0]!;
	const send = async (request: TransactionRequest) => {
		const raw = await signer.sign(owner!, { ...request, nonce: nonce++ });
		return client.call<string>("eth_sendRawTransaction", raw);
	};
	const at = getCreateAddress({ from: owner!.address, nonce });
	const terms = coin.encodeDeploy(["Speed", "SPD", SHARE * BigInt(SENDERS)]);
	let last = await send({ data: Coin!.bytecode + terms.slice(2), gasLimit: 5_000_000n });
	for (const address of addresses.slice(1)) last = await send(transfer(at, address, SHARE));
	await settled(contender, last);
	return at;
}
