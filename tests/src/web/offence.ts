// How a candidate comes into jail for good on a development chain, whose node has no keys but Alice's.

import { u8aToHex } from "@polkadot/util";
import { blake2AsHex, blake2AsU8a } from "@polkadot/util-crypto";
import type { KeyringPair } from "@polkadot/keyring/types";
import type { DevNode } from "../dev-node.ts";
import { accountOf } from "../keys.ts";

const AURA_ENGINE = "0x61757261";
/** Turns that are tried: of two validators one has every other. */
const TURNS = 4;

/** Reports two headers of this content for one slot, both sealed with the key of a validator. */
async function report(dev: DevNode, name: string, reporter: KeyringPair, hash: string): Promise<void> {
	const { api } = dev;
	const key = accountOf(name);
	const { parentHash, number, stateRoot, digest } = await api.rpc.chain.getHeader(hash);
	const slot = digest.logs.find(({ isPreRuntime }) => isPreRuntime)!;
	const headers = ["one block", "another one"].map((content) => {
		const fields = { parentHash, number, stateRoot, extrinsicsRoot: blake2AsHex(content) };
		const bare = api.createType("Header", { ...fields, digest: { logs: [slot] } });
		const seal = { Seal: [AURA_ENGINE, u8aToHex(key.sign(blake2AsU8a(bare.toU8a())))] };
		return api.createType("Header", { ...fields, digest: { logs: [slot, seal] } }).toHex();
	});
	const before = await api.at(parentHash);
	const proof = {
		offender: u8aToHex(key.publicKey),
		slot: Buffer.from(slot.asPreRuntime[1].toU8a(true)).readBigUInt64LE(),
		firstHeader: headers[0],
		secondHeader: headers[1],
	};
	const keyProof = {
		session: (await before.query.session.currentIndex()).toNumber(),
		validatorCount: (await before.query.session.validators()).length,
	};
	const { reportDoubleAuthoring } = api.tx.slashing;
	await dev.submit(reporter, reportDoubleAuthoring(proof as never, keyProof as never));
}

/**
 * Accuses a validator of two blocks that it never made, which its key on a test chain can prove. The
 * key is that of a well-known name; the candidate's address is that name's too, unless it is given.
 */
export async function tombstone(
	dev: DevNode,
	name: string,
	reporter: KeyringPair,
	candidate = accountOf(name).address,
): Promise<void> {
	for (let turn = 0; turn < TURNS; turn += 1) {
		const call = dev.api.tx.balances.transferKeepAlive(accountOf(name).address, 1n);
		const { blockHash } = await dev.submit(reporter, call);
		// Another one's turn is no proof against this one.
		await report(dev, name, reporter, blockHash).catch(() => undefined);
		if ((await dev.dpos.conduct(candidate)).tombstoned) return;
	}
	throw new Error(`${name} is not in jail`);
}
