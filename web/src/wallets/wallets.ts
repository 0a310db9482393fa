// The accounts on this page: at most one of each kind, side by side.

import { type Line, connection } from "../chain/connection.ts";
import { recall, remember } from "../remembered.ts";
import { Store } from "../store.ts";
import { type Account, type AccountKind, ethereumOf, parseAddress } from "./account.ts";
import { type AnnouncedWallet, connectEthereum, ethereumWallets } from "./ethereum.ts";
import { connectNative, nativeWallets } from "./native.ts";

/** The chosen account of each kind. */
export type Chosen = Partial<Record<AccountKind, Account>>;

/** What is kept between visits: which account to choose again, and the address that is watched. */
interface Kept {
	native?: { wallet: string; address: string } | undefined;
	ethereum?: { wallet: string } | undefined;
	watched?: string | undefined;
}

const KEPT = "accounts";

export const chosen = new Store<Chosen>({});
/** All accounts that connected wallets offer, to choose from. */
export const offered = new Store<Account[]>([]);

/** The chosen accounts, those that can sign first. */
export function accountsOf({ native, ethereum, watched }: Chosen): Account[] {
	return [native, ethereum, watched].filter((account) => account !== undefined);
}

/** The chosen accounts that can sign. */
export const signing = (all: Chosen): Account[] =>
	accountsOf(all).filter(({ kind }) => kind !== "watched");

/** Chooses an account in place of the one of its kind, also for the next visit. */
export function choose(account: Account): void {
	chosen.patch({ [account.kind]: account });
	keep(account.kind);
}

/** Takes the account of a kind off the page. */
export function forget(kind: AccountKind): void {
	chosen.patch({ [kind]: undefined });
	offered.set(offered.get().filter((account) => account.kind !== kind));
	keep(kind);
}

/** Connects a Polkadot wallet and chooses its first account; the named one or none where one is. */
export async function joinNative(wallet: string, address?: string): Promise<void> {
	const accounts = await connectNative(wallet);
	offer("native", accounts);
	const account = address ? accounts.find(({ native }) => native === address) : accounts[0];
	if (account) choose(account);
	else throw new NoAccount(wallet);
}

/** Connects an Ethereum wallet and chooses its account. */
export async function joinEthereum(wallet: AnnouncedWallet, line: Line): Promise<void> {
	const accounts = await Promise.all((await connectEthereum(wallet, line)).map(known(line)));
	offer("ethereum", accounts);
	const account = accounts[0];
	if (!account) throw new NoAccount(wallet.info.name);
	choose(account);
	watchChanges(wallet);
}

/** Watches an address without a wallet. Tells false where the text is no address. */
export async function watch(text: string): Promise<boolean> {
	const address = parseAddress(text);
	if (!address) return false;
	const account: Account = { kind: "watched", name: "", wallet: "", ...address };
	const line = connection.line.get();
	choose(line ? await known(line)(account) : account);
	return true;
}

/** A wallet that offers no account to this page. */
export class NoAccount extends Error {
	constructor(readonly wallet: string) {
		super(`${wallet} offers no account to this page`);
	}
}

/** The native account behind an Ethereum address, where the chain knows one. */
function known(line: Line): (account: Account) => Promise<Account> {
	return async (account) => {
		if (ethereumOf(account.native) !== account.ethereum) return account;
		const original = await line.api.query.Revive.OriginalAccount.getValue(account.ethereum as never);
		return original ? { ...account, native: original } : account;
	};
}

function offer(kind: AccountKind, accounts: Account[]): void {
	offered.set([...offered.get().filter((other) => other.kind !== kind), ...accounts]);
}

const followed = new WeakSet<object>();

/** The user may change the account in the wallet itself. */
function watchChanges({ info, provider }: AnnouncedWallet): void {
	if (followed.has(provider)) return;
	followed.add(provider);
	provider.on("accountsChanged", () => {
		const line = connection.line.get();
		if (chosen.get().ethereum?.wallet !== info.name || !line) return;
		void rejoin({ info, provider }, line).catch(() => forget("ethereum"));
	});
}

/** Chooses the account that the user changed to; none where the wallet offers none any more. */
async function rejoin(wallet: AnnouncedWallet, line: Line): Promise<void> {
	const accounts = await wallet.provider.request({ method: "eth_accounts" });
	if (accounts.length === 0) forget("ethereum");
	else await joinEthereum(wallet, line);
}

/** Keeps the choice of one kind. Those of the others stay kept, also where they are not taken up yet. */
function keep(kind: AccountKind): void {
	const { native, ethereum, watched } = chosen.get();
	const present: Kept = {
		native: native && { wallet: native.wallet, address: native.native },
		ethereum: ethereum && { wallet: ethereum.wallet },
		watched: watched?.native,
	};
	remember(KEPT, { ...recall<Kept>(KEPT, {}), [kind]: present[kind] });
}

/** Takes up the accounts of the last visit, once the node answers. Wallets ask where they must. */
export async function resume(line: Line): Promise<void> {
	const { native, ethereum, watched } = recall<Kept>(KEPT, {});
	const wallet = ethereumWallets.get().find(({ info }) => info.name === ethereum?.wallet);
	const steps: Promise<unknown>[] = [];
	if (watched) steps.push(watch(watched));
	if (native && nativeWallets().includes(native.wallet)) {
		steps.push(joinNative(native.wallet, native.address));
	}
	if (wallet) steps.push(joinEthereum(wallet, line));
	await Promise.allSettled(steps);
}
