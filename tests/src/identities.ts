// Names for the candidates of the local network: a genesis gives none.

import type { ApiPromise } from "@polkadot/api";
import { submit } from "./calls.ts";
import { accountOf } from "./keys.ts";
import { localCandidates } from "./names.ts";

const PATIENCE_MS = 120_000;

/** Lets every candidate of the local network say its name on the chain. */
export async function introduce(api: ApiPromise): Promise<void> {
	const none = { None: null };
	const unsaid = { legal: none, web: none, matrix: none, email: none, image: none };
	const handles = { pgpFingerprint: null, twitter: none, github: none, discord: none };
	await Promise.all(
		localCandidates.map((name) => {
			const info = { display: { Raw: name }, ...unsaid, ...handles };
			const call = api.tx.identity.setIdentity(info as never);
			return submit(api, accountOf(name), call, { timeoutMs: PATIENCE_MS });
		}),
	);
}
