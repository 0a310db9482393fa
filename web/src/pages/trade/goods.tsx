// What is sold, in words: the text that was agreed on, or a way to compare one with the chain's hash.

import { type FormEvent, type ReactNode, useState } from "react";
import type { Hex } from "viem";
import { LONGEST_TEXT, keepText, textHash, texts as keptTexts } from "../../chain/escrow/texts.ts";
import { Field } from "../../components/field.tsx";
import { useStore } from "../../store.ts";
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

/** What is wrong with a text for these hashes. A right one may be longer than what is kept here. */
function faultOf(text: string, hashes: Hex[]): string | undefined {
	if (!hashes.includes(textHash(text))) return texts.textDiffers;
	return text.trim().length > LONGEST_TEXT ? texts.textTooLong : undefined;
}

/** Takes a text that somebody has from elsewhere, if it is one of those with these hashes. */
export function Comparison({ hashes, explains }: { hashes: Hex[]; explains: string }): ReactNode {
	const [text, setText] = useState("");
	const [problem, setProblem] = useState<string>();
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		const fault = faultOf(text, hashes);
		setProblem(fault);
		if (fault) return;
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
