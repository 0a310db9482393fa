// The name of a candidate, which leads to its page.

import type { ReactNode } from "react";
import { type Names, nameOf } from "../../chain/names.ts";
import { href } from "../../router.ts";
import { network as texts } from "../../texts.ts";

interface Props {
	/** Its address; none where nobody can tell who it is. */
	candidate: string | undefined;
	names: Names;
}

export function CandidateLink({ candidate, names }: Props): ReactNode {
	if (candidate === undefined) return texts.unknownAuthor;
	return (
		<a href={href("validators", candidate)} title={candidate}>
			{nameOf(names, candidate)}
		</a>
	);
}
