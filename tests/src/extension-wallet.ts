// A wallet that behaves as the polkadot.js extension does, with its user in the test: it asks before
// it signs, and answers pages by what injected-extension.js puts into them. It has no metadata of the
// chain, as the extension has none of a chain it sees for the first time. Its keys never enter a page.

import { fileURLToPath } from "node:url";
import type { KeyringPair } from "@polkadot/keyring/types";
import { TypeRegistry } from "@polkadot/types";
import type { SignerPayloadJSON, SignerPayloadRaw } from "@polkadot/types/types";
import { decodeAddress } from "@polkadot/keyring";
import { u8aToHex, u8aWrapBytes } from "@polkadot/util";
import type { BrowserContext } from "playwright-core";

const EXTENSION = fileURLToPath(new URL("injected-extension.js", import.meta.url));

/** What the user is asked to agree to. */
export type Question = "connect" | "message" | "transaction";

/** What the extension tells a page whose question was denied. */
const DENIED: Record<Question, string> = {
	connect: "Rejected",
	message: "Cancelled",
	transaction: "Cancelled",
};

/** An account as pages see it. */
interface Shown {
	address: string;
	genesisHash: null;
	name: string;
	type: string;
}

interface Signature {
	signature: string;
}

type Handler = (...params: never[]) => Promise<unknown>;

/** The wallet; its accounts are shown in the order of their keys. */
export class ExtensionWallet {
	/** Questions that the user was asked, in their order. */
	readonly asked: Question[] = [];
	/** The transactions that the user was asked to sign, in their order. */
	readonly payloads: SignerPayloadJSON[] = [];
	/** The messages that the user was asked to sign, in their order. */
	readonly messages: SignerPayloadRaw[] = [];
	/** What pages were told when something failed, in its order. */
	readonly failures: string[] = [];

	private context: BrowserContext | undefined;
	private connected = false;
	private rejects = false;
	private answers: Promise<void> = Promise.resolve();

	private readonly handlers: Record<string, Handler> = {
		enable: () => this.connect(),
		accounts: async () => this.accounts,
		signPayload: (payload: SignerPayloadJSON) => this.signPayload(payload),
		signRaw: (payload: SignerPayloadRaw) => this.signRaw(payload),
	};

	constructor(private keys: readonly KeyringPair[]) {}

	/** Puts the extension into all pages of a browser. */
	async install(context: BrowserContext): Promise<void> {
		this.context = context;
		await context.exposeBinding("extensionRequest", (_source, method: string, params: never[]) =>
			this.answer(method, params),
		);
		await context.addInitScript({ path: EXTENSION });
	}

	/** The user says no to the next question. */
	rejectNext(): void {
		this.rejects = true;
	}

	/** The user takes as long as `until` to answer what is asked from now on. */
	answerAfter(until: Promise<void>): void {
		this.answers = until;
	}

	/** The user changes the accounts that the wallet has. */
	async useKeys(keys: readonly KeyringPair[]): Promise<void> {
		this.keys = keys;
		const text = `window.extensionAccounts?.(${JSON.stringify(this.accounts)})`;
		const pages = this.context?.pages().filter((page) => page.url() !== "about:blank") ?? [];
		await Promise.all(pages.map((page) => page.evaluate(text)));
	}

	private get accounts(): Shown[] {
		return this.keys.map(({ address, meta, type }) => ({
			address,
			genesisHash: null,
			name: String(meta["name"] ?? address.slice(0, 8)),
			type,
		}));
	}

	private async answer(method: string, params: never[]): Promise<object> {
		try {
			const handler = this.handlers[method];
			if (!handler) throw new Error(`Unable to handle message: ${method}`);
			return { result: (await handler(...params)) ?? null };
		} catch (error) {
			const { message } = error as Error;
			this.failures.push(message);
			return { error: message };
		}
	}

	private async ask(question: Question): Promise<void> {
		this.asked.push(question);
		const rejected = this.rejects;
		this.rejects = false;
		await this.answers;
		if (rejected) throw new Error(DENIED[question]);
	}

	private async connect(): Promise<void> {
		if (this.connected) return;
		await this.ask("connect");
		this.connected = true;
	}

	private keyOf(address: string): KeyringPair {
		const wanted = u8aToHex(decodeAddress(address));
		const found = this.keys.find(({ publicKey }) => u8aToHex(publicKey) === wanted);
		if (!this.connected || !found) throw new Error("Unable to find keypair");
		return found;
	}

	/** As the extension does for a chain without metadata: by the extensions that the page names. */
	private async signPayload(payload: SignerPayloadJSON): Promise<Signature> {
		const key = this.keyOf(payload.address);
		this.payloads.push(payload);
		await this.ask("transaction");
		const registry = new TypeRegistry();
		registry.setSignedExtensions(payload.signedExtensions);
		const { version } = payload;
		const { signature } = registry.createType("ExtrinsicPayload", payload, { version }).sign(key);
		return { signature };
	}

	private async signRaw(payload: SignerPayloadRaw): Promise<Signature> {
		const key = this.keyOf(payload.address);
		this.messages.push(payload);
		await this.ask("message");
		return { signature: u8aToHex(key.sign(u8aWrapBytes(payload.data))) };
	}
}
