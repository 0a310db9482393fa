// The page of trades: the escrow, then a list of trades, one trade, or the form of an offer.

import type { ReactNode } from "react";
import type { Hex } from "viem";
import { isTradeId } from "../../chain/escrow/known.ts";
import { textsOf } from "../../chain/escrow/texts.ts";
import { href, usePlace } from "../../router.ts";
import { frame, trade as texts } from "../../texts.ts";
import { EscrowCard } from "./escrow-card.tsx";
import { DialogHost, useEscrow } from "./hooks.tsx";
import { OfferForm } from "./offer-form.tsx";
import { Overview } from "./overview.tsx";
import { TradeView } from "./trade-view.tsx";
import "./trade.css";

export default function TradePage(): ReactNode {
	const place = useEscrow();
	const { genesis, escrow, code } = place;
	const { rest } = usePlace();
	const known = code.value === "known" && genesis !== undefined && escrow !== undefined;
	return (
		<DialogHost>
			<h1>{texts.heading}</h1>
			{rest.length === 0 ? <p>{texts.lead}</p> : <p><a href={href("trade")}>{texts.back}</a></p>}
			{known && <Shown genesis={genesis} escrow={escrow} />}
			<EscrowCard place={place} />
		</DialogHost>
	);
}

/** What the address of the page names. */
function Shown({ genesis, escrow }: { genesis: string; escrow: Hex }): ReactNode {
	const { rest, query } = usePlace();
	const [first] = rest;
	if (first === undefined) return <Overview genesis={genesis} escrow={escrow} />;
	if (first === "offer") return <OfferForm genesis={genesis} escrow={escrow} />;
	const id = first.toLowerCase();
	if (!isTradeId(id)) return <p>{frame.notFound}</p>;
	return <TradeView key={id} genesis={genesis} escrow={escrow} id={id} told={textsOf(query)} />;
}
