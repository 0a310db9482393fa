// The node as Ethereum's tools see it, on the connection that is there already.

import {
	type Hex,
	type PublicClient,
	createPublicClient,
	custom,
} from "viem";
import type { Line } from "./connection.ts";

const clients = new WeakMap<Line, PublicClient>();

/** A viem client for reading contracts and logs. */
export function ethereumClient(line: Line): PublicClient {
	const known = clients.get(line);
	if (known) return known;
	const request = ({ method, params }: { method: string; params?: unknown }) =>
		line.client._request(method, (params ?? []) as unknown[]);
	const made = createPublicClient({ transport: custom({ request }, { retryCount: 0 }) });
	clients.set(line, made);
	return made;
}

/** CMT that an account can spend, in planck. The existential deposit of 1 planck is left out. */
export async function spendable(line: Line, address: Hex): Promise<bigint> {
	return BigInt(await line.client._request<Hex, unknown[]>("eth_getBalance", [address, "latest"]));
}
