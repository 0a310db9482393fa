// JSON-RPC over connections that stay open, with as little time of the client's own as can be: what
// is measured is the node.

import { Agent, type IncomingMessage, request } from "node:http";

/** An answer may take so long: a node that makes a large block may answer nothing meanwhile. */
const PATIENCE = 120_000;

interface Answer<T> {
	result?: T;
	error?: { code: number; message: string };
}

/** An error that a node answered with. */
export class Refused extends Error {}

async function textOf(response: IncomingMessage): Promise<string> {
	const parts: Buffer[] = [];
	for await (const part of response) parts.push(part as Buffer);
	return Buffer.concat(parts).toString();
}

/** One node's JSON-RPC. Each request that is under way has a connection of its own. */
export class Client {
	private readonly agent = new Agent({ keepAlive: true });

	constructor(readonly port: number) {}

	/** What a method answers. */
	async call<T>(method: string, ...params: unknown[]): Promise<T> {
		const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
		const { result, error } = JSON.parse(await this.post(body)) as Answer<T>;
		if (error) throw new Refused(`${method}: ${error.message} (${error.code})`);
		return result as T;
	}

	/** What a method answers, as a number. */
	async number(method: string, ...params: unknown[]): Promise<number> {
		return Number(await this.call<string>(method, ...params));
	}

	private post(body: string): Promise<string> {
		return new Promise((resolve, reject) => {
			const options = {
				host: "127.0.0.1",
				port: this.port,
				method: "POST",
				agent: this.agent,
				timeout: PATIENCE,
				headers: {
					"content-type": "application/json",
					"content-length": Buffer.byteLength(body),
				},
			};
			const call = request(options, (response) => {
				textOf(response).then(resolve, reject);
			});
			call.once("timeout", () => call.destroy(new Error(`no answer within ${PATIENCE} ms`)));
			call.once("error", (error: NodeJS.ErrnoException) => {
				// A server closes connections that rest for seconds, perhaps at this very moment.
				const closed = call.reusedSocket && error.code === "ECONNRESET";
				if (closed) this.post(body).then(resolve, reject);
				else reject(error);
			});
			call.end(body);
		});
	}

	/** Closes the connections. */
	close(): void {
		this.agent.destroy();
	}
}

/** Runs `work` for each item, `width` at once. */
export async function each<T>(
	items: Iterable<T>,
	width: number,
	work: (item: T) => Promise<unknown>,
): Promise<void> {
	const queue = items[Symbol.iterator]();
	const worker = async (): Promise<void> => {
		for (let next = queue.next(); !next.done; next = queue.next()) await work(next.value);
	};
	await Promise.all(Array.from({ length: width }, worker));
}
