// A running chain as its users see it, be it one development node or a network.

import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { type Call, type Included, submit } from "./calls.ts";
import { Dpos } from "./dpos.ts";
import { temporaryFolder } from "./janitor.ts";
import { Network } from "./network.ts";
import type { ChainNode } from "./node.ts";

/** What tests need of a chain; `DevNode` is one too. */
export interface Chain {
	/** The node that is asked. */
	readonly node: ChainNode;
	/** Its polkadot.js API. */
	readonly api: ApiPromise;
	/** The runtime API of delegated stake. */
	readonly dpos: Dpos;
	/** Signs and submits a call and waits for its block. */
	submit(signer: KeyringPair, call: Call): Promise<Included>;
	/** Ends all of it. */
	stop(): Promise<void>;
}

/** The network of `make run`: 19 validators, a block every 3 seconds. */
export class NetworkChain implements Chain {
	readonly node: ChainNode;
	readonly dpos: Dpos;

	private constructor(
		private readonly network: Network,
		readonly api: ApiPromise,
	) {
		this.node = network.nodes[0]!;
		this.dpos = new Dpos(api);
	}

	/** Starts all nodes and waits for the first final block. */
	static async launch(): Promise<NetworkChain> {
		const network = await Network.prepare({ folder: temporaryFolder("network") });
		try {
			await network.start();
			await network.finalises();
			return new NetworkChain(network, await network.nodes[0]!.api());
		} catch (error) {
			await network.discard();
			throw error;
		}
	}

	submit(signer: KeyringPair, call: Call): Promise<Included> {
		return submit(this.api, signer, call);
	}

	stop(): Promise<void> {
		return this.network.discard();
	}
}
