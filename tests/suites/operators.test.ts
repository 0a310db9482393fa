// The pages for operators: a stranger on an empty machine follows docs/operators.md, block by block,
// and has a candidate with metrics. Beside one authority of a development chain; about a minute.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { output } from "../src/binary.ts";
import { CMT, submit } from "../src/calls.ts";
import { Cmt } from "../src/cmt.ts";
import { deadLinks, flagsOf, shellOf } from "../src/docs.ts";
import { Dpos } from "../src/dpos.ts";
import { temporaryFolder } from "../src/janitor.ts";
import { accountOf } from "../src/keys.ts";
import { Network } from "../src/network.ts";
import { Operator, blockWith } from "../src/operator.ts";
import { freePort } from "../src/ports.ts";
import { outputOf } from "../src/program.ts";
import { heads } from "../src/rpc.ts";
import { eventually, inBatches } from "../src/wait.ts";

const PAGES = ["operators", "validators", "backup", "rpc", "chain-specs", "releases"].map(
	(name) => `${name}.md`,
);
const LIGHT = ["--allow-private-ip", "--discover-local", "--no-mdns", "--no-hardware-benchmarks"];
// As the page says for fewer than three peers.
const start = blockWith("operators.md", "4. Start the node", "--validator").replace(
	"--sync warp ",
	"",
);

const step = (heading: string, command: string): string =>
	blockWith("operators.md", heading, command);

let network: Network;
let operator: Operator;
let cmt: Cmt;
/** The stranger's account. */
let owner = { phrase: "", address: "" };

before(async () => {
	network = await Network.prepare({
		folder: temporaryFolder("operators"),
		preset: "dev",
		names: ["Alice"],
		args: () => ["--no-prometheus", "--force-authoring"],
	});
	await network.start();
	await network.finalises();
	const args = [...LIGHT, ...network.bootnodes()];
	operator = await Operator.arrive({ spec: network.spec.path, args });
	cmt = new Cmt(join(operator.home, "cmt"));
});
after(async () => {
	await operator?.stop("SIGKILL");
	await network?.discard();
});

const here = () => ({ url: `ws://127.0.0.1:${operator.ports.rpc}`, secret: owner.phrase });

async function inSync(): Promise<void> {
	const [alice] = network.nodes;
	const { finalized } = await heads(alice!.ports.rpc);
	const look = async () => (await heads(operator.ports.rpc)).finalized >= finalized;
	await eventually("the operator's node to be in sync", look);
}

/** The heights in what the page's commands print. */
function heightsIn(text: string): Record<string, number> {
	const found = [...text.matchAll(/^substrate_block_height\{.*status="(\w+)".*\} (\d+)$/gm)];
	return Object.fromEntries(found.map(([, status, height]) => [status, Number(height)]));
}

describe("from nothing to a candidate", () => {
	it("chain spec, network key, node", async () => {
		assert.match(
			await operator.run(step("2. Get the chain spec", "sha256sum")),
			/mainnet.json/,
		);
		await operator.run(step("3. Make the network key", "generate-node-key"));
		await operator.start(start);
		await inSync();
	});

	it("health and metrics", async () => {
		const block = step("5. Look at it", "system_health");
		// Metrics are told every few seconds.
		const text = await eventually("heights that rise", async () => {
			const told = await operator.run(block);
			const { best = 0, finalized = 0 } = heightsIn(told);
			return best > 0 && finalized > 0 && told;
		});
		assert.match(text, /"isSyncing":false/);
		assert.match(text, /"peers":1/);
		assert.match(text, /^substrate_sub_libp2p_peers_count(\{.*\})? 1$/m);
	});

	it("an account with CMT", async () => {
		const text = await operator.run(step("6. Make the owner's account", "key generate"));
		const [, phrase = ""] = /^Secret phrase: +(.+)$/m.exec(text) ?? [];
		const [, address = ""] = /SS58 Address: +(\S+)$/m.exec(text) ?? [];
		owner = { phrase, address };
		const needed = /can spend 0 CMT and needs 10\.0+\d* CMT: a deposit/;
		await cmt.refuses(["rotate-keys"], needed, here());
		const api = await network.nodes[0]!.api();
		// As the page says: a tenth of the maximum, the deposit, and one for fees.
		const transfer = api.tx.balances.transferKeepAlive(address, 100_011n * CMT);
		await submit(api, accountOf("Alice"), transfer);
	});

	it("session keys, registered with their proof", async () => {
		const block = step("7. Make and register the session keys", "rotate-keys");
		const text = await operator.run(block, {}, owner.phrase);
		assert.match(text, /has no candidate yet[^]*check +the node holds them[^]*declare/);
	});

	it("a candidate in the list", async () => {
		const block = step("8. Declare the candidate", "cmtDpos.declare");
		const text = await operator.run(block, { SECRET: owner.phrase, OWNER: owner.address });
		assert.match(text, new RegExp(`"candidate": "${owner.address}"`));
		assert.match(text, /state +active, rank 2\n/);
		assert.match(text, /from session \d+ on, in about .*: this node holds them/);
		const chain = new Dpos(await network.nodes[0]!.api());
		const found = await chain.candidate(owner.address);
		assert.equal(found?.selfStake, 100_000n * CMT);
		assert.equal(found?.rank, 2);
	});
});

describe("what cannot be done is refused with its reason and remedy", () => {
	it("where no node answers", async () => {
		const url = `ws://127.0.0.1:${await freePort()}`;
		await cmt.refuses(["era"], /no node answers at .*ECONNREFUSED.*start it/, { url });
		await cmt.refuses(["era"], /is no address of a node/, { url: "127.0.0.1:9944" });
	});

	it("where nobody, or the wrong one, signs", async () => {
		const { url } = here();
		await cmt.refuses(["rotate-keys"], /nothing signs: read -rs SECRET/, { url });
		await cmt.refuses(["rotate-keys"], /no secret phrase/, { url, secret: "open sesame" });
		const alice = accountOf("Alice").address;
		const why = new RegExp(`matter of ${alice}.*is no proxy of it.*addProxy`);
		await cmt.refuses(["rotate-keys", alice], why, here());
		await cmt.refuses(["rotate-keys", "5Alice"], /is no address/, here());
	});

	it("where a question or a call is wrong", async () => {
		const refusals: [string[], RegExp][] = [
			[["yield"], /no question 'yield': ask one of .*yields/],
			[["candidates", "0"], /takes 2 arguments \(start, count\), not 1/],
			[["cmtDpos.stake"], /no call 'cmtDpos.stake' in cmtDpos: try/],
			[["cmtDpos.retire", "now"], /takes 0 arguments/],
			[["identity.setIdentity", "{display"], /is not valid JSON/],
			[["cmtDpos.activate"], /cmtDpos\.AlreadyActive/],
			[["status", accountOf("Bob").address], /neither is a candidate/],
			[["wait-final", "soon"], /no number of blocks/],
		];
		await inBatches(refusals, 4, ([args, why]) => cmt.refuses(args, why, here()));
	});

	it("where the node is open to others", async () => {
		await operator.stop();
		await operator.start(start, ["--rpc-methods=safe"]);
		await inSync();
		await cmt.refuses(["rotate-keys"], /is open to others.*--rpc-external/, here());
		const text = await cmt.run(["status", owner.address], here());
		assert.match(text, /does not say whether it holds them/);
	});
});

describe("the pages for operators", () => {
	for (const page of PAGES) {
		it(`${page} names files and headings that are there, and has commands that parse`, async () => {
			assert.deepEqual(deadLinks(page), []);
			for (const block of shellOf(page)) await outputOf("bash", ["-n", "-c", block]);
		});
	}

	it("name flags that the node has", async () => {
		const help = await output(["--help"]);
		const flags = [...new Set(PAGES.flatMap(flagsOf))];
		assert.ok(flags.length > 20, flags.join(" "));
		const known = new Set([...help.matchAll(/--[a-z][a-z-]*/g)].flat());
		assert.deepEqual(
			flags.filter((flag) => !known.has(flag)),
			[],
		);
	});
});
