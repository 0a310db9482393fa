// The link of a trade for the other side and the arbiter, with the texts that this browser has.

import { type ReactNode, useState } from "react";
import type { Hex } from "viem";
import { texts as keptTexts, tradeLink } from "../../chain/escrow/texts.ts";
import { Field } from "../../components/field.tsx";
import { useStore } from "../../store.ts";
import { trade as texts } from "../../texts.ts";

interface Props {
	escrow: Hex;
	id: Hex;
	/** Hashes of the texts that belong to the trade, that of the goods first. */
	hashes: Hex[];
}

export function ShareCard({ escrow, id, hashes }: Props): ReactNode {
	const kept = useStore(keptTexts);
	const [result, setResult] = useState<string>();
	const [goods] = hashes;
	// Without the goods, a link would begin with another text.
	const told = goods && kept[goods] ? [...new Set(hashes)].map((hash) => kept[hash]) : [];
	const link = tradeLink(location.href, escrow, id, told.filter((text) => text !== undefined));
	const copy = async (): Promise<void> => {
		// Browsers have no clipboard for pages that came by plain HTTP.
		const written = await navigator.clipboard?.writeText(link).then(
			() => true,
			() => false,
		);
		setResult(written ? texts.copied : texts.copyByHand);
	};
	return (
		<section className="card">
			<h3>{texts.share}</h3>
			<p>{texts.shareNote}</p>
			<Field label={texts.linkLabel}>
				{(props) => (
					<input
						{...props}
						readOnly
						data-link
						value={link}
						onFocus={(event) => event.target.select()}
					/>
				)}
			</Field>
			<button type="button" onClick={() => void copy()}>
				{texts.copyLink}
			</button>{" "}
			<span role="status">{result}</span>
		</section>
	);
}
