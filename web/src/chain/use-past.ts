// Amounts of the past, looked up once while a part of the page is shown.

import { useEffect, useRef, useState } from "react";
import { useStore } from "../store.ts";
import { type Line, connection } from "./connection.ts";
import { type Past, type Source, lookBack } from "./past.ts";

const NOTHING: Past = { points: [], end: undefined };

/** What the node still knows; more of it with each answer. `key` says of what: another one looks anew. */
export function usePast(key: string, sourceOf: (line: Line) => Source): Past {
	const line = useStore(connection.line);
	const [past, setPast] = useState(NOTHING);
	const latest = useRef(sourceOf);
	latest.current = sourceOf;
	useEffect(() => {
		if (!line) return;
		const stop = new AbortController();
		const look = async (): Promise<void> => {
			const grid = await line.api.query.CmtDpos.Clock.getValue({ at: "best" });
			await lookBack(latest.current(line), grid, setPast, stop.signal);
		};
		look().catch(() => stop.signal.aborted || setPast({ points: [], end: "failed" }));
		return () => stop.abort();
	}, [line, key]);
	return past;
}
