// What is sold, in words: the text that was agreed on, or a way to compare one with the chain's hash.

import { type FormEvent, type ReactNode, useState } from "react";
import type { Hex } from "viem";
import { keepText, textHash, texts as keptTexts } from "../../chain/escrow-texts.ts";
import { useStore } from "../../chain/store.ts";
import { Field } from "../../components/field.tsx";
import { trade as texts } from "../../texts.ts";

export function GoodsCard({ hash }: { hash: Hex }): ReactNode {
	const text = useStore(keptTexts)[hash];
	return (
		<section className="card" data-goods={text === undefined ? "unknown" : "verified"}>
			<h3>{texts.goods}</h3>
			{text === undefined ? (
				<Comparison hashes={[hash]} explains={texts.goodsUnknown} />
			) : (
				<>
					<p className="trade-goods">{text}</p>
					<p className="good">{texts.goodsVerified}</p>
				</>
			)}
			<p className="hint">
				<code>{hash}</code>
			</p>
		</section>
	);
}

/** Takes a text that somebody has from elsewhere, if it is one of those with these hashes. */
export function Comparison({ hashes, explains }: { hashes: Hex[]; explains: string }): ReactNode {
	const [text, setText] = useState("");
	const [problem, setProblem] = useState<string>();
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		const found = hashes.includes(textHash(text));
		setProblem(found ? undefined : texts.textDiffers);
		if (!found) return;
		keepText(text);
		setText("");
	};
	return (
		<form onSubmit={submit}>
			<p>{explains}</p>
			<Field label={texts.text} problem={problem}>
				{(props) => (
					<textarea
						{...props}
						value={text}
						onChange={(event) => setText(event.target.value)}
					/>
				)}
			</Field>
			<button type="submit">{texts.compare}</button>
		</form>
	);
}
