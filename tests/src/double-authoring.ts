// What it takes to accuse an author of two blocks for one slot: one that it made, and one that is
// made up here with its key, which everybody knows on a test network. No node ever sees the second.

import type { ApiPromise } from "@polkadot/api";
import type { Header } from "@polkadot/types/interfaces";
import { u8aToHex } from "@polkadot/util";
import { blake2AsHex, blake2AsU8a } from "@polkadot/util-crypto";
import { slotOf } from "./blocks.ts";
import { accountOf } from "./keys.ts";
import { header } from "./rpc.ts";

/** The engine that seals are for: `aura`. */
const AURA_ENGINE = "0x61757261";

/** The arguments of `slashing.reportDoubleAuthoring`; headers are in hex. */
export interface Report {
	proof: { offender: string; slot: number; firstHeader: string; secondHeader: string };
	keyProof: { session: number; validatorCount: number };
}

/** A header like `first`, for other content, sealed with the key of `signer`. */
function rival(api: ApiPromise, first: Header, signer: string): Header {
	const { parentHash, number, stateRoot, digest } = first;
	const bare = digest.logs.slice(0, -1);
	const content = { parentHash, number, stateRoot, extrinsicsRoot: blake2AsHex("other content") };
	const unsealed = api.createType("Header", { ...content, digest: { logs: bare } });
	const signature = accountOf(signer).sign(blake2AsU8a(unsealed.toU8a()));
	const seal = { Seal: [AURA_ENGINE, u8aToHex(signature)] };
	return api.createType("Header", { ...content, digest: { logs: [...bare, seal] } });
}

/**
 * A report that `author` made a second block beside the one with this hash, as the node on `port`
 * knows it. The second one is sealed by `signer`, who should be the author.
 */
export async function reportOf(
	api: ApiPromise,
	port: number,
	hash: string,
	author: string,
	signer = author,
): Promise<Report> {
	const first = await api.rpc.chain.getHeader(hash);
	if (blake2AsHex(first.toU8a()) !== hash) throw new Error("the header is not read as it is");
	// Who authors is decided by the state before the block.
	const before = await api.at(first.parentHash);
	const session = (await before.query.session.currentIndex()).toNumber();
	const validatorCount = (await before.query.session.validators()).length;
	return {
		proof: {
			offender: u8aToHex(accountOf(author).publicKey),
			slot: slotOf(await header(port, hash)),
			firstHeader: first.toHex(),
			secondHeader: rival(api, first, signer).toHex(),
		},
		keyProof: { session, validatorCount },
	};
}
