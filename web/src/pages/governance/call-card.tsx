// What a referendum would do: its call in words, with calls inside it.

import type { ReactNode } from "react";
import { useAtBest } from "../../chain/at-block.ts";
import { type Argument, type ReadableCall, readCall } from "../../chain/proposals/call.ts";
import { type Proposal, nameIn } from "../../chain/proposals/proposals.ts";
import { Read } from "../../components/notice.tsx";
import { governance as texts } from "../../texts.ts";
import { whole } from "../network/words.ts";

type Proposed = NonNullable<Proposal["proposed"]>;

export function CallCard({ proposed }: { proposed: Proposed }): ReactNode {
	const { hash, length, bytes } = proposed;
	return (
		<section className="card" data-card="call">
			<h2>{texts.what}</h2>
			{bytes ? (
				<Decoded key={hash} hash={hash} bytes={bytes} />
			) : (
				<p>{unreadable(proposed)}</p>
			)}
			<dl className="figures-list">
				<dt>{texts.hash}</dt>
				<dd>
					<code>{hash}</code>
				</dd>
				{length !== undefined && (
					<>
						<dt>{texts.length}</dt>
						<dd>{whole(length)}</dd>
					</>
				)}
			</dl>
		</section>
	);
}

function unreadable({ hash, length = 0, available, pallet, call }: Proposed): string {
	if (!available) return texts.unavailable(hash);
	const names = [nameIn(pallet), nameIn(call)];
	const name = names.includes(undefined) ? texts.someCall : names.join(".");
	return texts.tooLong(name, whole(length), hash);
}

function Decoded({ hash, bytes }: { hash: string; bytes: Uint8Array }): ReactNode {
	const reading = useAtBest(`call ${hash}`, async (at) => ({ call: await readCall(at, bytes) }));
	return (
		<Read reading={reading}>
			{({ call }) => (call ? <Call call={call} /> : <p>{texts.undecodable(hash)}</p>)}
		</Read>
	);
}

function Call({ call: { pallet, name, docs, args } }: { call: ReadableCall }): ReactNode {
	return (
		<div className="call" data-call={`${pallet}.${name}`}>
			<strong>
				{pallet}.{name}
			</strong>
			{docs.length > 0 && <Docs docs={docs} />}
			<Arguments args={args} />
		</div>
	);
}

/** The first paragraph; the rest when asked for. */
function Docs({ docs: [first, ...rest] }: { docs: string[] }): ReactNode {
	return (
		<div className="quiet">
			<p>{first}</p>
			{rest.length > 0 && (
				<details>
					<summary>{texts.about}</summary>
					{rest.map((paragraph) => (
						<p key={paragraph}>{paragraph}</p>
					))}
				</details>
			)}
		</div>
	);
}

function Arguments({ args }: { args: Argument[] }): ReactNode {
	if (args.length === 0) return null;
	return (
		<ul className="args">
			{args.map(({ name, text, parts, call }) => (
				<li key={name} data-argument={name}>
					{name && <span className="quiet">{name}: </span>}
					{text}
					{call && <Call call={call} />}
					<Arguments args={parts} />
				</li>
			))}
		</ul>
	);
}
