// The one connection to a node, and how it is: connecting, wrong chain, behind, offline.

import { cmt } from "@polkadot-api/descriptors";
import { type BlockInfo, type PolkadotClient, type TypedApi, createClient } from "polkadot-api";
import { type StatusChange, WsEvent, getWsProvider } from "polkadot-api/ws";
import type { Subscription } from "rxjs";
import { recall, remember } from "../remembered.ts";
import { Store } from "../store.ts";

export type Api = TypedApi<typeof cmt>;

/** How well the node serves this page. */
export type Health =
	| { kind: "connecting" }
	| { kind: "good" }
	/** The node answers, but its best block is old, or it fetches blocks still. */
	| { kind: "behind"; seconds: number }
	/** It cannot be reached. The page tries again by itself. */
	| { kind: "offline" }
	/** It belongs to another chain than CyberMiles. */
	| { kind: "wrongChain"; found: string }
	/** Its runtime answers otherwise than this page expects. */
	| { kind: "otherRuntime"; found: string };

/** What does not change while the node is the same. */
export interface ChainFacts {
	/** Name of the chain, as in its spec. */
	name: string;
	/** Hash of the first block. */
	genesis: string;
	/** Version of the runtime. */
	version: number;
	/** Chain id by which Ethereum wallets know the chain. */
	ethereumId: number;
}

export interface ChainState {
	url: string;
	health: Health;
	facts: ChainFacts | undefined;
	best: BlockInfo | undefined;
	finalized: BlockInfo | undefined;
}

/** What a part of the page works with while the node answers. */
export interface Line {
	url: string;
	client: PolkadotClient;
	api: Api;
	facts: ChainFacts;
}

interface SystemHealth {
	isSyncing: boolean;
	shouldHavePeers: boolean;
}

const SPEC_NAME = "cybermiles";
const DEFAULT_URL = "ws://127.0.0.1:9944";
const HEALTH_EVERY = 6_000;
/** A chain of 3-second blocks whose best block is older than this is behind, in milliseconds. */
const OLD = 45_000;

/** The address of the node: from the page's address, what was used last, or a node on this machine. */
function firstUrl(): string {
	const named = new URLSearchParams(location.search).get("node");
	return named ?? recall("node", DEFAULT_URL);
}

/** Why an address cannot be a node's, or nothing. */
export function urlProblem(url: string): "notAnAddress" | "notWebSocket" | undefined {
	if (!URL.canParse(url)) return "notAnAddress";
	return /^wss?:$/.test(new URL(url).protocol) ? undefined : "notWebSocket";
}

export class Connection {
	readonly state = new Store<ChainState>({
		url: firstUrl(),
		health: { kind: "connecting" },
		facts: undefined,
		best: undefined,
		finalized: undefined,
	});
	/** What pages work with; nothing while no node of this chain was met. */
	readonly line = new Store<Line | undefined>(undefined);

	private client: PolkadotClient | undefined;
	private subscription: Subscription | undefined;
	private timer: ReturnType<typeof setInterval> | undefined;
	private reachable = false;

	/** Connects to a node, and leaves the one before. */
	open(url = this.state.get().url): void {
		this.close();
		if (urlProblem(url)) {
			this.state.patch({ url, health: { kind: "offline" } });
			return;
		}
		const fresh = { facts: undefined, best: undefined, finalized: undefined };
		this.state.set({ url, health: { kind: "connecting" }, ...fresh });
		const provider = getWsProvider(url, { onStatusChanged: (status) => this.status(status) });
		const client = createClient(provider);
		this.client = client;
		void this.meet(client, url);
		this.timer = setInterval(() => void this.check(client), HEALTH_EVERY);
	}

	/** Connects to a node and keeps its address for the next visit. */
	use(url: string): void {
		remember("node", url);
		this.open(url);
	}

	close(): void {
		clearInterval(this.timer);
		this.subscription?.unsubscribe();
		this.client?.destroy();
		this.client = undefined;
		this.line.set(undefined);
	}

	private status({ type }: StatusChange): void {
		this.reachable = type === WsEvent.CONNECTED;
		const lost = type === WsEvent.CLOSE || type === WsEvent.ERROR;
		if (lost) this.state.patch({ health: { kind: "offline" } });
		if (this.reachable && this.client) void this.check(this.client);
	}

	/** Learns which chain the node belongs to, and follows its blocks where it is ours. */
	private async meet(client: PolkadotClient, url: string): Promise<void> {
		const api = client.getTypedApi(cmt);
		try {
			const { name, genesisHash } = await client.getChainSpecData();
			const { spec_name, spec_version } = await api.constants.System.Version();
			if (client !== this.client) return;
			if (spec_name !== SPEC_NAME) {
				return this.state.patch({ health: { kind: "wrongChain", found: name } });
			}
			if (!(await answersAsExpected(api))) {
				const found = `${spec_name} ${spec_version}`;
				return this.state.patch({ health: { kind: "otherRuntime", found } });
			}
			const ethereumId = Number(await api.apis.EthereumApi.chain_id());
			const facts = { name, genesis: genesisHash, version: spec_version, ethereumId };
			this.state.patch({ facts });
			this.line.set({ url, client, api, facts });
			this.follow(client);
		} catch {
			if (client !== this.client) return;
			// A client that was met by nothing but errors does not come back by itself.
			if (this.reachable) this.state.patch({ health: { kind: "wrongChain", found: url } });
			else this.state.patch({ health: { kind: "offline" } });
		}
	}

	private follow(client: PolkadotClient): void {
		this.subscription?.unsubscribe();
		this.subscription = client.bestBlocks$.subscribe({
			next: (blocks) => {
				this.state.patch({ best: blocks[0], finalized: blocks.at(-1) });
				const { kind } = this.state.get().health;
				if (kind === "connecting" || kind === "offline") void this.check(client);
			},
			error: () => this.state.patch({ health: { kind: "offline" } }),
		});
	}

	/** Asks the node how it is. */
	private async check(client: PolkadotClient): Promise<void> {
		const line = this.line.get();
		if (!line || !this.reachable) return;
		try {
			const health = await client._request<SystemHealth, []>("system_health", []);
			const now = Number(await line.api.query.Timestamp.Now.getValue({ at: "best" }));
			if (client !== this.client || !this.reachable) return;
			const age = Date.now() - now;
			const behind = health.isSyncing || (health.shouldHavePeers && age > OLD);
			const seconds = Math.max(0, Math.round(age / 1000));
			this.state.patch({ health: behind ? { kind: "behind", seconds } : { kind: "good" } });
		} catch {
			if (client === this.client && !this.reachable) {
				this.state.patch({ health: { kind: "offline" } });
			}
		}
	}
}

/** Whether the runtime answers the questions that this page asks. */
async function answersAsExpected(api: Api): Promise<boolean> {
	const { compat } = await api.getStaticApis();
	const { DposApi, GovernanceApi } = compat.apis;
	const asked = [
		DposApi.summaries,
		DposApi.summary,
		DposApi.positions,
		DposApi.seats,
		DposApi.block_award,
		GovernanceApi.proposals,
		GovernanceApi.voting_power,
	];
	return asked.every((call) => call.isCompatible());
}

/** The page's connection. */
export const connection = new Connection();
