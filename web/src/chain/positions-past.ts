// What a position was worth at blocks of the past, as far as the node still has their states.

import type { Line } from "./connection.ts";
import { type Source, statesOf } from "./past.ts";

/** The worth of a position; nothing where there was none. */
export function worthOf(line: Line, who: string, candidate: string): Source {
	const { client, api } = line;
	const states = statesOf(line, candidate);
	return {
		stakeAt: async (block) => {
			// Asked first, because it tells a state that is gone from other failures.
			if ((await states.stakeAt(block)) === undefined) return undefined;
			const hash = await client._request<string, [number]>("chain_getBlockHash", [block]);
			const positions = await api.apis.DposApi.positions(who, { at: hash });
			return positions.find((position) => position.candidate === candidate)?.value;
		},
	};
}
