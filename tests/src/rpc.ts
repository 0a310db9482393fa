// JSON-RPC over HTTP, for what needs no types: cheap enough to ask 24 nodes every second.

/** An error that the node answered with. */
export class RpcError extends Error {
	constructor(
		readonly method: string,
		readonly code: number,
		message: string,
	) {
		super(`${method}: ${message} (${code})`);
	}
}

interface Answer<T> {
	result?: T;
	error?: { code: number; message: string; data?: unknown };
}

/** Calls `method` of the node that listens on `port`. */
export async function rpc<T>(
	port: number,
	method: string,
	params: readonly unknown[] = [],
	timeoutMs = 20_000,
): Promise<T> {
	const response = await fetch(`http://127.0.0.1:${port}`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ id: 1, jsonrpc: "2.0", method, params }),
		signal: AbortSignal.timeout(timeoutMs),
	});
	const answer = (await response.json()) as Answer<T>;
	if (answer.error) {
		const detail = answer.error.data === undefined ? "" : `: ${String(answer.error.data)}`;
		throw new RpcError(method, answer.error.code, answer.error.message + detail);
	}
	return answer.result as T;
}

/** A header as nodes tell it. */
export interface Header {
	number: number;
	parentHash: string;
	stateRoot: string;
	extrinsicsRoot: string;
	/** Digest items in hex, in their order. */
	logs: string[];
}

interface RawHeader extends Omit<Header, "number" | "logs"> {
	number: string;
	digest: { logs: string[] };
}

/** The header of a block, the best one by default. */
export async function header(port: number, hash?: string): Promise<Header> {
	const params = hash === undefined ? [] : [hash];
	const raw = await rpc<RawHeader | null>(port, "chain_getHeader", params);
	if (raw === null) throw new Error(`no header of ${hash}`);
	const { number, digest, ...rest } = raw;
	return { ...rest, number: Number(number), logs: digest.logs };
}

/** The hash of the best chain's block of this number; none where it is not there yet. */
export async function blockHash(port: number, number?: number): Promise<string | undefined> {
	const params = number === undefined ? [] : [number];
	return (await rpc<string | null>(port, "chain_getBlockHash", params)) ?? undefined;
}

/** Numbers of the best and of the finalised block. */
export async function heads(port: number): Promise<{ best: number; finalized: number }> {
	// Asked first, so that the difference is never told too small.
	const finalizedHash = await rpc<string>(port, "chain_getFinalizedHead");
	const finalized = (await header(port, finalizedHash)).number;
	return { finalized, best: (await header(port)).number };
}
