// The page "Validators": the list, two side by side, or one alone.

import { type ReactNode, Suspense, lazy } from "react";
import { connection } from "../../chain/connection.ts";
import { usePlace } from "../../router.ts";
import { useStore } from "../../store.ts";
import { frame } from "../../texts.ts";
import { ListPage } from "./list.tsx";
import { PAIR, addressesOf } from "./query.ts";

const CandidatePage = lazy(() => import("./candidate.tsx"));
const ComparePage = lazy(() => import("./compare.tsx"));

export function ValidatorsPage(): ReactNode {
	const { rest, query } = usePlace();
	const genesis = useStore(connection.state).facts?.genesis;
	const [address] = rest;
	const pair = addressesOf(query, "compare");
	if (!address && pair.length < PAIR) return <ListPage />;
	// What was seen of one chain does not belong to another.
	const key = `${genesis} ${address ?? pair}`;
	return (
		<Suspense fallback={<p role="status">{frame.loading}</p>}>
			{address ? (
				<CandidatePage key={key} address={address} />
			) : (
				<ComparePage key={key} first={pair[0]!} second={pair[1]!} />
			)}
		</Suspense>
	);
}
