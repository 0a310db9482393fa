// The node as Ethereum's tools see it, on the connection that is there already.

import type { Hex } from "viem";
import type { Line } from "./connection.ts";

/** CMT that an account can spend, in planck. The existential deposit of 1 planck is left out. */
export async function spendable(line: Line, address: Hex): Promise<bigint> {
	return BigInt(await line.client._request<Hex, unknown[]>("eth_getBalance", [address, "latest"]));
}
