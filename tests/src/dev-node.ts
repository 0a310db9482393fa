// A development chain of one node, whose blocks the test makes.

import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { type Call, type Included, type SubmitOptions, submit } from "./calls.ts";
import { Dpos } from "./dpos.ts";
import { removeFolder, temporaryFolder } from "./janitor.ts";
import { ChainNode } from "./node.ts";
import { heads, rpc } from "./rpc.ts";

/** What `engine_createBlock` answers. */
interface CreatedBlock {
	hash: string;
}

/** The part of `chain_getBlock`'s answer that is read here. */
interface FullBlock {
	block: { extrinsics: string[] };
}

/** Extrinsics that every block has: the time. */
const INHERENTS = 1;

/** A node with `--dev`, on a folder of its own that goes away with it. */
export class DevNode {
	private constructor(
		readonly node: ChainNode,
		public api: ApiPromise,
		private readonly folder: string,
		private readonly manual: boolean,
	) {}

	/** Starts a node with this sealing, `instant`, `manual` or milliseconds, and further flags. */
	static async launch(sealing: string, ...flags: string[]): Promise<DevNode> {
		const folder = temporaryFolder("dev");
		const args = ["--dev", `--sealing=${sealing}`, "--no-prometheus", ...flags];
		const node = await ChainNode.launch({ name: "Alice", folder, args });
		return new DevNode(node, await node.api(), folder, sealing === "manual");
	}

	/** The runtime API of delegated stake. */
	get dpos(): Dpos {
		return new Dpos(this.api);
	}

	/** Makes and finalises blocks, empty ones too; only with manual sealing. */
	async seal(count = 1): Promise<string> {
		let hash = "";
		for (let made = 0; made < count; made++) {
			const params = [true, true, null];
			const port = this.node.ports.rpc;
			hash = (await rpc<CreatedBlock>(port, "engine_createBlock", params)).hash;
		}
		return hash;
	}

	/** Makes blocks until the session, the era or the block has reached this number. */
	async sealUntil(what: "session" | "era" | "block", number: number): Promise<void> {
		const now = {
			block: async () => (await heads(this.node.ports.rpc)).best,
			era: () => this.dpos.era(),
			session: async () => (await this.api.query.session.currentIndex()).toNumber(),
		};
		while ((await now[what]()) < number) await this.seal();
	}

	/**
	 * Makes blocks until one takes what waits: the first block of a session takes no transaction.
	 * The block is asked and not only the pool, which learns of a block a little later.
	 */
	private async sealWaiting(): Promise<void> {
		const port = this.node.ports.rpc;
		for (;;) {
			const { block } = await rpc<FullBlock>(port, "chain_getBlock", [await this.seal()]);
			if (block.extrinsics.length > INHERENTS) return;
			if ((await rpc<string[]>(port, "author_pendingExtrinsics", [])).length === 0) return;
		}
	}

	/** Signs and submits a call and waits for its block. */
	submit(signer: KeyringPair, call: Call, options: SubmitOptions = {}): Promise<Included> {
		const sealing = this.manual ? { seal: () => this.sealWaiting() } : {};
		return submit(this.api, signer, call, { ...sealing, ...options });
	}

	/** Starts a node again that was stopped, on the same ports and with what it had. */
	async restart(): Promise<void> {
		this.node.start();
		await this.node.answers();
		this.api = await this.node.api();
	}

	/** Stops the node and removes its folder. */
	async stop(): Promise<void> {
		await this.node.stop();
		removeFolder(this.folder);
	}
}
