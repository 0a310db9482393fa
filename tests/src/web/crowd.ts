// A development chain with hundreds of candidates, of whom one makes the blocks.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeAddress } from "@polkadot/util-crypto";
import { CMT } from "../calls.ts";
import { exportSpec } from "../chain-spec.ts";
import { DevNode } from "../dev-node.ts";
import { temporaryFolder } from "../janitor.ts";
import { accountOf, sessionKeysOf, suriOf } from "../keys.ts";

interface GenesisCandidate {
	account: string;
	maxRate: number;
	maxStake: number | bigint;
	selfStake: number | bigint;
}

interface Keys {
	aura: string;
	grandpa: string;
	[type: string]: string;
}

/** The parts of a plain chain spec that are read here. */
interface Patch {
	balances: { balances: [string, bigint][] };
	cmtDpos: { candidates: GenesisCandidate[] };
	protocolGenesis: Record<string, number>;
	session: { keys: [string, string, Keys][] };
}

/** Their stakes differ by this much, so that no two have the same. */
const STEP = 1_000n * CMT;
const LEAST = 100_000n * CMT;

const nameOf = (index: number): string => `Candidate${String(index).padStart(3, "0")}`;

/** Session keys of a name, by the fields that the genesis of `like` has. */
function keysOf(name: string, like: Keys): Keys {
	const { aura, gran, audi } = sessionKeysOf(suriOf(name));
	const fields = Object.keys(like).map((field) => {
		const key = field === "aura" ? aura : field === "grandpa" ? gran : audi;
		return [field, encodeAddress(key, 42)];
	});
	return Object.fromEntries(fields) as Keys;
}

/** Adds candidates to a genesis: each with stake of its own. */
function add(patch: Patch, count: number): void {
	const like = patch.session.keys[0]![2];
	for (let index = 0; index < count; index += 1) {
		const name = nameOf(index);
		const { address: account } = accountOf(name);
		const selfStake = LEAST + BigInt(index) * STEP;
		patch.balances.balances.push([account, selfStake * 2n]);
		patch.cmtDpos.candidates.push({
			account,
			maxRate: 100 + (index % 20) * 10,
			maxStake: selfStake * 10n,
			selfStake,
		});
		patch.session.keys.push([account, account, keysOf(name, like)]);
	}
	// Whose key the node does not have could make no block.
	patch.protocolGenesis["validators"] = 1;
}

/** Numbers above 2^53 pass as they are written. */
function plainJson(value: unknown): string {
	const marked = JSON.stringify(value, (_, item: unknown) =>
		typeof item === "bigint" ? `big:${item}` : item,
	);
	return marked.replace(/"big:(\d+)"/g, "$1");
}

/** Starts a development node that makes a block for each transaction, with `count` candidates more. */
export async function launchCrowd(count: number): Promise<DevNode> {
	const text = await exportSpec("dev", false);
	// Balances have more digits than JavaScript's numbers.
	const spec = JSON.parse(text.replace(/(?<=[[:,\s])(\d{16,})(?=[\],\s}])/g, '"big:$1"')) as {
		genesis: { runtimeGenesis: { patch: Patch } };
	};
	add(spec.genesis.runtimeGenesis.patch, count);
	const path = join(temporaryFolder("crowd"), "crowd.json");
	writeFileSync(path, plainJson(spec));
	return DevNode.launch("instant", `--chain=${path}`);
}
