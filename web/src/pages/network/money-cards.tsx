// The award of the block, supply and treasury, and the books of escrow.

import type { ReactNode } from "react";
import { useAtBest } from "../../chain/at-block.ts";
import {
	type Award,
	type Books,
	type MoneyReading,
	readMoney,
	sumOf,
} from "../../chain/network/money.ts";
import { Read } from "../../components/notice.tsx";
import { exact, share } from "../../format/amounts.ts";
import { network as texts } from "../../texts.ts";
import { Figures, money } from "./figures.tsx";

export function MoneyCards(): ReactNode {
	const reading = useAtBest("money", readMoney);
	return (
		<Read reading={reading}>
			{(read) => (
				<div className="cards">
					<AwardCard award={read.award} />
					<SupplyCard read={read} />
					<BooksCard books={read.books} />
				</div>
			)}
		</Read>
	);
}

function AwardCard({ award }: { award: Award }): ReactNode {
	return (
		<section className="card" data-card="award">
			<h2>{texts.award}</h2>
			<Figures
				figures={[
					money("issued", texts.issued, award.issued),
					money("fees", texts.fees, award.fees),
					money("carried", texts.carried, award.carried),
					money("toValidators", texts.toValidators, award.to_validators),
					money("toStandbys", texts.toStandbys, award.to_standbys),
				]}
			/>
		</section>
	);
}

function SupplyCard({ read }: { read: MoneyReading }): ReactNode {
	const { issuance, bonded, unbonding, treasury } = read;
	return (
		<section className="card" data-card="supply">
			<h2>{texts.supply}</h2>
			<Figures
				figures={[
					money("issuance", texts.issuance, issuance),
					money("bonded", texts.bonded, bonded),
					{
						name: "bondedShare",
						title: texts.bondedShare,
						value: share(bonded, issuance),
					},
					money("unbonding", texts.unbonding, unbonding),
					money("treasury", texts.treasury, treasury),
				]}
			/>
		</section>
	);
}

function BooksCard({ books }: { books: Books }): ReactNode {
	return (
		<section className="card" data-card="books" data-paused={books.paused}>
			<h2>{texts.books}</h2>
			<Figures
				figures={[
					money("bookStake", texts.bookStake, books.stake),
					money("pending", texts.pending, books.pending),
					money("compensation", texts.compensation, books.compensation),
					money("slashes", texts.slashes, books.slashes),
					money("undistributed", texts.undistributed, books.undistributed),
					money("sum", texts.sum, sumOf(books)),
					money("escrow", texts.escrow, books.escrow),
				]}
			/>
			<p className={books.escrow < sumOf(books) ? "problem" : undefined} data-figure="match">
				{matchWords(books)}
			</p>
			<p className={books.paused ? "problem" : "good"}>
				{books.paused ? texts.paused : texts.notPaused}
			</p>
		</section>
	);
}

function matchWords(books: Books): string {
	const above = books.escrow - sumOf(books);
	if (above === 0n) return texts.booksMatch;
	return above > 0n ? texts.booksMore(exact(above)) : texts.booksLess(exact(-above));
}
