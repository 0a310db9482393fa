// The node in the head of the page: how it is, its blocks, and its address.

import { type FormEvent, type ReactNode, useState } from "react";
import { type Health, connection, urlProblem } from "../chain/connection.ts";
import { useStore } from "../chain/store.ts";
import { duration } from "../format/times.ts";
import { frame, health as texts } from "../texts.ts";
import { type Theme, theme, chooseColours } from "../theme.ts";
import { Field, TextField } from "./field.tsx";
import { Panel } from "./panel.tsx";

const whole = (number: number | undefined): string => (number ?? 0).toLocaleString("en");

export function NodeBar(): ReactNode {
	const { url, health, facts, best, finalized } = useStore(connection.state);
	return (
		<section className="node" aria-label={frame.node} data-health={health.kind}>
			<Panel
				head={
					<>
						<span className="lamp" aria-hidden="true" />
						<span>{facts?.name ?? frame.node}</span>
						{best && (
							<span className="quiet" data-best={best.hash}>
								{frame.block(whole(best.number))}, {frame.final(whole(finalized?.number))}
							</span>
						)}
					</>
				}
			>
				<NodeForm key={url} url={url} />
				<Colours />
			</Panel>
			<p className="health" role="status">
				{healthText(health)}
			</p>
		</section>
	);
}

/** How a node is, in words; nothing to say where it is well. */
function healthText(health: Health): string {
	if (health.kind === "good") return "";
	if (health.kind === "behind") return texts.behind(duration(health.seconds));
	if ("found" in health) return texts[health.kind](health.found);
	return texts[health.kind];
}

function NodeForm({ url }: { url: string }): ReactNode {
	const [text, setText] = useState(url);
	const [problem, setProblem] = useState<string>();
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		const wrong = urlProblem(text.trim());
		setProblem(wrong && texts[wrong]);
		if (!wrong) connection.use(text.trim());
	};
	return (
		<form onSubmit={submit}>
			<TextField
				label={frame.nodeAddress}
				hint={frame.nodeHint}
				problem={problem}
				value={text}
				onValue={setText}
			/>
			<button type="submit">{frame.connect}</button>
		</form>
	);
}

function Colours(): ReactNode {
	const chosen = useStore(theme);
	return (
		<Field label={frame.theme}>
			{(props) => (
				<select
					{...props}
					value={chosen}
					onChange={(event) => chooseColours(event.target.value as Theme)}
				>
					{Object.entries(frame.themes).map(([name, title]) => (
						<option key={name} value={name}>
							{title}
						</option>
					))}
				</select>
			)}
		</Field>
	);
}
