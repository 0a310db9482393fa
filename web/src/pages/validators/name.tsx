// A candidate's name with the mark of a registrar.

import type { ReactNode } from "react";
import type { Candidate } from "../../chain/candidates.ts";
import { href } from "../../router.ts";
import { validators as texts } from "../../texts.ts";

/** Stands before a name. */
export function Verified(): ReactNode {
	return (
		<span className="good" title={texts.verifiedHint}>
			<span aria-hidden="true">✓ </span>
			<span className="unseen">{texts.verified} </span>
		</span>
	);
}

/** The name as a link to the candidate's page. The mark comes first: long names are cut off. */
export function NameLink({ of: { address, name, verified } }: { of: Candidate }): ReactNode {
	return (
		<>
			{verified && <Verified />}
			<a href={href("validators", address)} title={address}>
				{name}
			</a>
		</>
	);
}
