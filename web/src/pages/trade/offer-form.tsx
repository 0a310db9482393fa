// The form of an offer. It says what the contract would refuse before anybody signs.

import { type ReactNode, useState } from "react";
import type { Hex } from "viem";
import { offer } from "../../actions/trade.ts";
import { type Asset, CMT } from "../../chain/escrow/asset.ts";
import { type Draft, FIRST_DRAFT, type ReadDraft, readDraft } from "../../chain/escrow/draft.ts";
import type { Terms } from "../../chain/escrow/escrow.ts";
import { keepTrade } from "../../chain/escrow/known.ts";
import { stakeOf } from "../../chain/escrow/money.ts";
import { asAddress } from "../../chain/escrow/place.ts";
import { keepText } from "../../chain/escrow/texts.ts";
import { href } from "../../router.ts";
import { useStore } from "../../store.ts";
import { trade as texts, wallets } from "../../texts.ts";
import type { Account } from "../../wallets/account.ts";
import { chosen, signing } from "../../wallets/wallets.ts";
import { useAsset, useShow } from "./hooks.tsx";
import { Amounts, Goods, People, Periods, type Shown, Sides, Token } from "./offer-fields.tsx";
import { Signer } from "./parts.tsx";
import { Payment } from "./payment.tsx";

interface Props {
	genesis: string;
	escrow: Hex;
}

export function OfferForm(props: Props): ReactNode {
	const accounts = signing(useStore(chosen));
	const [kind, setKind] = useState<string>();
	const from = accounts.find((account) => account.kind === kind) ?? accounts[0];
	return (
		<section className="card" data-form="offer">
			<h2>{texts.make}</h2>
			<p>{texts.formNote}</p>
			{from ? (
				<>
					<Signer accounts={accounts} value={from} onChange={(one) => setKind(one.kind)} />
					<DraftForm {...props} from={from} />
				</>
			) : (
				<p className="hint">{wallets.signFirst}</p>
			)}
		</section>
	);
}

/** The address of the asset that a draft names; nothing where it is no address. */
const assetAddress = ({ token }: Draft): Hex | undefined =>
	token.trim() === "" ? CMT.address : asAddress(token);

interface FormProps extends Props {
	from: Account;
}

function DraftForm(props: FormProps): ReactNode {
	const { escrow, from } = props;
	const [draft, setDraft] = useState<Draft>(FIRST_DRAFT);
	const [attempted, setAttempted] = useState(false);
	const found = useAsset(assetAddress(draft));
	const make = useOffer(props);
	const asset = found === "none" ? undefined : found;
	const read = readDraft(draft, from.ethereum, asset);
	const { terms } = read;
	const shown: Shown = {
		draft,
		asset: found,
		problems: attempted ? read.problems : touched(draft, read),
		change: (part) => setDraft((before) => ({ ...before, ...part })),
	};
	return (
		<form onSubmit={(event) => event.preventDefault()}>
			<Fields {...shown} />
			{terms && asset ? (
				<Payment
					escrow={escrow}
					asset={asset}
					from={from}
					stake={stakeOf(terms, draft.side)}
					label={texts.titles.offer}
					onPay={(amount) => make(terms, asset, amount, draft.goods)}
				/>
			) : (
				<button type="submit" onClick={() => setAttempted(true)}>
					{texts.titles.offer}
				</button>
			)}
			{attempted && !terms && <p className="problem" role="alert">{texts.incomplete}</p>}
		</form>
	);
}

type Make = (terms: Terms, asset: Asset, amount: bigint, goods: string) => void;

/** What opens the dialog of an offer, and shows the trade once it is made and the dialog is closed. */
function useOffer({ genesis, escrow, from }: FormProps): Make {
	const show = useShow();
	return (terms, asset, amount, goods) => {
		keepText(goods);
		let made: Hex | undefined;
		const onOffer = (id: Hex): void => {
			made = id;
			keepTrade(genesis, escrow, id);
		};
		const goThere = (): void => {
			if (made) location.hash = href("trade", made);
		};
		show(offer(escrow, terms, asset, amount, onOffer), from, goThere);
	};
}

function Fields(shown: Shown): ReactNode {
	return (
		<>
			<Sides {...shown} />
			<Goods {...shown} />
			<People {...shown} />
			<Token {...shown} />
			<Amounts {...shown} />
			<Periods {...shown} />
		</>
	);
}

/** Before an attempt, only what was written is found fault with. */
function touched(draft: Draft, { problems }: ReadDraft): ReadDraft["problems"] {
	const written = (name: string): boolean => draft[name as keyof Draft] !== "";
	return Object.fromEntries(Object.entries(problems).filter(([name]) => written(name)));
}
