// What several parts of the trade page watch: the escrow, what was found of it, names, the dialog.

import {
	type ReactNode,
	createContext,
	useCallback,
	useContext,
	useEffect,
	useRef,
	useState,
} from "react";
import type { Hex } from "viem";
import { numberToHex } from "viem/utils";
import type { Action } from "../../actions/action.ts";
import { type Reading, useAtBest } from "../../chain/at-block.ts";
import { type Line, connection } from "../../chain/connection.ts";
import { type Asset, readAsset } from "../../chain/escrow/asset.ts";
import { type Code, readCode } from "../../chain/escrow/escrow.ts";
import { type Finder, type Progress, finderOf } from "../../chain/escrow/finder.ts";
import { escrowOn, keepEscrow, places, readFiled } from "../../chain/escrow/place.ts";
import { ActionDialog } from "../../components/action-dialog.tsx";
import { useStore } from "../../store.ts";
import { type Account, nativeOf } from "../../wallets/account.ts";
import { accountsOf, chosen } from "../../wallets/wallets.ts";

/** The escrow of the chain that the node belongs to. */
export interface EscrowPlace {
	/** Hash of the chain's first block; nothing before a node was met. */
	genesis: string | undefined;
	escrow: Hex | undefined;
	/** What stands there. */
	code: Reading<Code | undefined>;
}

export function useEscrow(): EscrowPlace {
	const genesis = useStore(connection.state).facts?.genesis;
	const state = useStore(places);
	const escrow = genesis ? escrowOn(state, genesis) : undefined;
	const code = useAtBest(`code ${genesis} ${escrow}`, async (at) =>
		escrow ? readCode(at, escrow) : undefined,
	);
	useEffect(() => {
		if (genesis && !escrow) void readFiled();
	}, [genesis, escrow]);
	useEffect(() => {
		const none = genesis !== undefined && state.kept[genesis] === undefined;
		if (none && escrow && code.value === "known") keepEscrow(genesis, escrow);
	}, [genesis, escrow, code.value, state]);
	return { genesis, escrow, code };
}

/** What was found of an escrow's trades; it is searched while a part that asks is shown. */
export function useFinder(genesis: string, escrow: Hex): { finder: Finder; progress: Progress } {
	const line = useStore(connection.line);
	const finder = finderOf(genesis, escrow);
	const progress = useStore(finder.progress);
	useEffect(() => (line ? finder.run(line) : undefined), [line, finder]);
	return { finder, progress };
}

/** The value of a reading, or the one before while another key is read for the first time. */
export function useKept<T>(reading: Reading<T>): Reading<T> {
	const last = useRef(reading);
	if (reading.value !== undefined || reading.error) last.current = reading;
	return last.current;
}

/** The asset at an address: nothing while it is asked for, `none` where no token answers. */
export function useAsset(address: Hex | undefined): Asset | "none" | undefined {
	return useAtBest(`asset ${address}`, async (at) =>
		address === undefined ? ("none" as const) : ((await readAsset(at, address)) ?? "none"),
	).value;
}

const natives = new Map<Hex, string>();

async function readNative({ api }: Line, address: Hex): Promise<string> {
	const met = natives.get(address);
	if (met) return met;
	const original = await api.query.Revive.OriginalAccount.getValue(address as never);
	if (original) natives.set(address, original);
	return original ?? nativeOf(address);
}

/** The native form of an account that contracts know by this address. */
export function useNative(address: Hex): string {
	const line = useStore(connection.line);
	const own = accountsOf(useStore(chosen)).find(({ ethereum }) => ethereum === address);
	const [found, setFound] = useState<{ address: Hex; native: string }>();
	useEffect(() => {
		let shown = true;
		const asked = line && readNative(line, address);
		void asked?.then((native) => shown && setFound({ address, native })).catch(() => undefined);
		return () => {
			shown = false;
		};
	}, [line, address]);
	if (own) return own.native;
	return found?.address === address ? found.native : nativeOf(address);
}

const times = new Map<string, number>();

/** When blocks were made, in milliseconds since 1970, by their numbers, as far as they are known. */
export function useBlockTimes(numbers: number[]): Map<number, number> {
	const line = useStore(connection.line);
	const [, draw] = useState(0);
	const key = numbers.join();
	useEffect(() => {
		if (!line) return;
		const wanted = key === "" ? [] : key.split(",");
		const missing = wanted.filter((number) => !times.has(nameOf(line, number)));
		const asked = missing.map(async (number) => {
			const params = [numberToHex(Number(number)), false];
			const block = await line.client._request<{ timestamp: Hex } | null, unknown[]>(
				"eth_getBlockByNumber", params,
			);
			if (block) times.set(nameOf(line, number), Number(block.timestamp) * 1000);
		});
		if (asked.length > 0) void Promise.allSettled(asked).then(() => draw((count) => count + 1));
	}, [line, key]);
	const known = numbers.map((number) => [number, line && times.get(nameOf(line, String(number)))]);
	return new Map(known.filter(([, time]) => time !== undefined) as [number, number][]);
}

const nameOf = ({ facts }: Line, number: string): string => `${facts.genesis} ${number}`;

/** Opens the dialog of an action; `onClosed` hears when the user closes it. */
export type Show = (action: Action, from: Account, onClosed?: () => void) => void;

const Shows = createContext<Show>(() => undefined);

/** What opens the page's dialog. */
export const useShow = (): Show => useContext(Shows);

/**
 * The page's dialog, outside of all that it acts on: what offers a step goes away with the step, and
 * the dialog stays to tell what happened.
 */
export function DialogHost({ children }: { children: ReactNode }): ReactNode {
	type Open = { action: Action; from: Account; onClosed: (() => void) | undefined };
	const [open, setOpen] = useState<Open>();
	const show = useCallback<Show>(
		(action, from, onClosed) => setOpen({ action, from, onClosed }),
		[],
	);
	const close = (): void => {
		setOpen(undefined);
		open?.onClosed?.();
	};
	return (
		<Shows value={show}>
			{children}
			{open && <ActionDialog action={open.action} from={open.from} onClose={close} />}
		</Shows>
	);
}
