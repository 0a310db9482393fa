// Visitors who use a network a little, so that its metrics have something to tell.

import { CMT, submit } from "../calls.ts";
import { Referenda } from "../governance.ts";
import { accountOf } from "../keys.ts";
import type { Network } from "../network.ts";
import { RpcError, rpc } from "../rpc.ts";

/** Calls of wallets that change nothing. */
const READS: [method: string, params: unknown[]][] = [
	["eth_chainId", []],
	["eth_blockNumber", []],
	["eth_gasPrice", []],
	["eth_getBlockByNumber", ["latest", false]],
	["net_version", []],
	["system_health", []],
];

/** A visitor of the network's first node. */
export class Visitor {
	constructor(private readonly network: Network) {}

	private get node() {
		const [node] = this.network.nodes;
		if (!node) throw new Error("a network without nodes");
		return node;
	}

	/** Sends a transfer, asks what wallets ask, and makes a call that is refused. */
	async visit(): Promise<void> {
		const api = await this.node.api();
		const transfer = api.tx.balances.transferKeepAlive(accountOf("Bob").address, CMT);
		await submit(api, accountOf("Alice"), transfer);
		await this.read();
	}

	/** The calls of a wallet. */
	async read(): Promise<void> {
		const { rpc: port } = this.node.ports;
		for (const [method, params] of READS) await rpc(port, method, params);
		await rpc(port, "author_submitExtrinsic", ["0x00"]).then(
			() => Promise.reject(new Error("an extrinsic of one byte was taken")),
			(error: unknown) => {
				if (!(error instanceof RpcError)) throw error;
			},
		);
	}

	/** Puts a referendum to the vote. */
	async propose(): Promise<void> {
		const api = await this.node.api();
		const call = api.tx.system.remark("0x6d6f6e69746f72");
		await new Referenda(api).propose(accountOf("Alice"), "Root", call);
	}
}
