// The stake of the past, looked up once while a candidate's page is open.

import { useEffect, useState } from "react";
import { connection } from "../../chain/connection.ts";
import { type Past, lookBack, statesOf } from "../../chain/past.ts";
import { useStore } from "../../chain/store.ts";

const NOTHING: Past = { points: [], end: undefined };

/** What the node still knows; more of it with each answer. */
export function usePast(candidate: string): Past {
	const line = useStore(connection.line);
	const [past, setPast] = useState(NOTHING);
	useEffect(() => {
		if (!line) return;
		const stop = new AbortController();
		const look = async (): Promise<void> => {
			const grid = await line.api.query.CmtDpos.Clock.getValue({ at: "best" });
			await lookBack(statesOf(line, candidate), grid, setPast, stop.signal);
		};
		look().catch(() => stop.signal.aborted || setPast({ points: [], end: "failed" }));
		return () => stop.abort();
	}, [line, candidate]);
	return past;
}
