// The network: blocks, seats, money, and whether all is well.

import type { ReactNode } from "react";
import { useAtBest } from "../../chain/at-block.ts";
import { connection } from "../../chain/connection.ts";
import { readBlocks } from "../../chain/network/blocks.ts";
import { readSeats } from "../../chain/network/seats.ts";
import { useStore } from "../../store.ts";
import { network as texts } from "../../texts.ts";
import { AbsentCard } from "./absent-card.tsx";
import { BlocksCard } from "./blocks-card.tsx";
import { ChartCard } from "./chart-card.tsx";
import { MoneyCards } from "./money-cards.tsx";
import "./network.css";
import { SessionCard } from "./session-card.tsx";
import { StakeCard } from "./stake-card.tsx";

export default function NetworkPage(): ReactNode {
	const blocks = useAtBest("blocks", readBlocks);
	const seats = useAtBest("seats", readSeats);
	const finalized = useStore(connection.state).finalized?.number ?? 0;
	return (
		<>
			<h1>{texts.heading}</h1>
			<div className="cards">
				<BlocksCard reading={blocks} finalized={finalized} />
				<div className="column">
					<SessionCard seats={seats} />
					<AbsentCard />
					<ChartCard reading={blocks} finalized={finalized} />
				</div>
			</div>
			<StakeCard seats={seats} />
			<MoneyCards />
		</>
	);
}
