// Governance: all referenda, or one of them.

import type { ReactNode } from "react";
import { href, usePlace } from "../../router.ts";
import { governance as texts } from "../../texts.ts";
import "./governance.css";
import { ProposalList } from "./list.tsx";
import { ProposalPage } from "./proposal.tsx";

export default function GovernancePage(): ReactNode {
	const { rest } = usePlace();
	const [number] = rest;
	if (number === undefined || number === "") {
		return (
			<>
				<h1>{texts.heading}</h1>
				<p>{texts.explains}</p>
				<ProposalList />
			</>
		);
	}
	return (
		<>
			<p>
				<a href={href("governance")}>{texts.back}</a>
			</p>
			{isIndex(number) ? (
				<ProposalPage key={number} index={Number(number)} />
			) : (
				<>
					<h1>{texts.heading}</h1>
					<p>{texts.notANumber}</p>
				</>
			)}
		</>
	);
}

/** Numbers of referenda have 32 bits. */
const isIndex = (text: string): boolean => /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32;
