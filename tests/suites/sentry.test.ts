// A validator behind a sentry with the flags of docker/validator, as processes of this machine. Half a
// minute.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type SpecFile, rawSpecFile } from "../src/chain-spec.ts";
import { composeFile, environmentFile } from "../src/compose.ts";
import { temporaryFolder } from "../src/janitor.ts";
import { networkIdentityOf, suriOf } from "../src/keys.ts";
import { ChainNode } from "../src/node.ts";
import { freePort } from "../src/ports.ts";
import { heads } from "../src/rpc.ts";
import { eventually } from "../src/wait.ts";

/** What the harness gives every node itself, and what a single sentry on a single machine cannot do. */
const OTHERWISE = /^--(?:chain|base-path|name|no-telemetry|no-mdns|prometheus-external|sync)\b/;

const variables = {
	...environmentFile("validator/.env.example"),
	GRAFANA_PASSWORD: "secret",
	SENTRY_PEER_ID: networkIdentityOf("sentry").peerId,
	VALIDATOR_PEER_ID: networkIdentityOf("validator").peerId,
};

interface Peer {
	peerId: string;
}

describe("a validator behind a sentry", () => {
	const folder = temporaryFolder("sentry");
	const ports = new Map<string, number>();
	const nodes = new Map<string, ChainNode>();
	let chain: SpecFile;

	/** The flags of a service, with addresses of this machine for those of containers. */
	function flags(service: string): string[] {
		const { command = [] } = composeFile("validator", variables).services[service] ?? {};
		const own = command.filter((flag) => !OTHERWISE.test(flag));
		const toPort = (_: string, name: string) => `/ip4/127.0.0.1/tcp/${ports.get(name)}`;
		return own.map((flag) => flag.replace(/\/dns\/(\w+)\/tcp\/30333/, toPort));
	}

	async function start(name: string, args: readonly string[], keys?: string): Promise<void> {
		const node = await ChainNode.prepare({
			name,
			folder: join(folder, name),
			chain: chain.path,
			args: [...args, "--no-prometheus"],
			ports: { p2p: ports.get(name)! },
		});
		if (keys) node.insertKeys(chain.id, suriOf(keys));
		node.start();
		nodes.set(name, node);
		await node.answers();
	}

	const peersOf = async (name: string) => {
		const peers = await nodes.get(name)!.call<Peer[]>("system_peers");
		return peers.map(({ peerId }) => peerId);
	};
	const identity = (name: string) => networkIdentityOf(name).peerId;

	before(async () => {
		chain = await rawSpecFile("dev", folder);
		for (const name of ["validator", "sentry", "outsider"]) ports.set(name, await freePort());
		await start("sentry", flags("sentry"));
		await start("validator", flags("validator"), "Alice");
		// It knows where the validator is, and tries.
		const known = ["sentry", "validator"].map((name) => nodes.get(name)!.address);
		await start("outsider", ["--bootnodes", ...known]);
	});
	after(() => Promise.all([...nodes.values()].map((node) => node.kill())));

	it("has flags that part the two", () => {
		assert.ok(flags("validator").includes("--reserved-only"));
		assert.equal(flags("validator").filter((flag) => flag.startsWith("--reserved-nodes=")).length, 1);
	});

	it("makes blocks that others get and see made final, through the sentry", async () => {
		const look = async () => (await heads(nodes.get("outsider")!.ports.rpc)).finalized >= 4;
		await eventually("final blocks at the outsider", look, { timeoutMs: 90_000 });
	});

	it("has the sentry as its only peer, also where others know its address", async () => {
		assert.deepEqual(await peersOf("validator"), [identity("sentry")]);
		assert.deepEqual(await peersOf("outsider"), [identity("sentry")]);
		assert.ok((await peersOf("sentry")).includes(identity("validator")));
	});
});
