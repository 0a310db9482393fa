// The node in the head of the page: how it is, its blocks, and its address.

import type { ReactNode } from "react";
import { type Health, connection, urlProblem } from "../chain/connection.ts";
import { duration } from "../format/times.ts";
import { useStore } from "../store.ts";
import { frame, health as texts } from "../texts.ts";
import { type Theme, theme, chooseColours } from "../theme.ts";
import { Field } from "./field.tsx";
import { LineForm } from "./line-form.tsx";
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
	const take = (text: string): string | undefined => {
		const wrong = urlProblem(text);
		if (!wrong) connection.use(text);
		return wrong && texts[wrong];
	};
	const { nodeAddress: label, nodeHint: hint, connect: button } = frame;
	return <LineForm label={label} hint={hint} button={button} value={url} take={take} />;
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
