// Where the escrow is, whether it is the one that the page knows, and how to use or make another.

import { type ReactNode, useState } from "react";
import { deployEscrow } from "../../actions/trade.ts";
import { asAddress, takeEscrow } from "../../chain/escrow/place.ts";
import { LineForm } from "../../components/line-form.tsx";
import { useStore } from "../../store.ts";
import { trade as texts, wallets } from "../../texts.ts";
import { chosen, signing } from "../../wallets/wallets.ts";
import { type EscrowPlace, useShow } from "./hooks.tsx";
import { Signer } from "./parts.tsx";

export function EscrowCard({ place }: { place: EscrowPlace }): ReactNode {
	const { genesis, escrow, code } = place;
	const state = escrow ? (code.value ?? "checking") : "missing";
	if (!genesis) return null;
	return (
		<section className="card" data-escrow={escrow} data-code={state}>
			<h2>{texts.escrow}</h2>
			{escrow ? (
				<p>
					<code>{escrow}</code>
				</p>
			) : (
				<p>{texts.noEscrow}</p>
			)}
			{escrow && <Verdict code={code.value} />}
			<details open={state !== "known" && state !== "checking"}>
				<summary>{texts.otherEscrow}</summary>
				<AddressForm genesis={genesis} />
				<Deployment genesis={genesis} />
			</details>
		</section>
	);
}

function Verdict({ code }: { code: EscrowPlace["code"]["value"] }): ReactNode {
	if (!code) return <p role="status">{texts.checking}</p>;
	const good = code === "known";
	return (
		<p className={good ? "good" : "problem"} role={good ? undefined : "alert"}>
			{texts.codes[code]}
		</p>
	);
}

function AddressForm({ genesis }: { genesis: string }): ReactNode {
	const take = (text: string): string | undefined => {
		const address = asAddress(text);
		if (address) takeEscrow(genesis, address);
		return address ? undefined : texts.notAnAddress;
	};
	const { escrowAddress: label, escrowHint: hint, useEscrow: button } = texts;
	return <LineForm label={label} hint={hint} button={button} take={take} />;
}

function Deployment({ genesis }: { genesis: string }): ReactNode {
	const accounts = signing(useStore(chosen));
	const [kind, setKind] = useState<string>();
	const show = useShow();
	const from = accounts.find((account) => account.kind === kind) ?? accounts[0];
	const deploy = (): void => {
		if (from) show(deployEscrow((escrow) => takeEscrow(genesis, escrow)), from);
	};
	return (
		<div className="trade-step">
			{from ? (
				<Signer accounts={accounts} value={from} onChange={(one) => setKind(one.kind)} />
			) : (
				<p className="hint">{wallets.signFirst}</p>
			)}
			<button type="button" disabled={!from} onClick={deploy}>
				{texts.deploy}
			</button>
		</div>
	);
}
