// What was typed into the form to delegate. It outlives the parts of the page, so that neither
// another page nor a node that goes away takes it.

import { Store } from "../../store.ts";
import type { AccountKind } from "../../wallets/account.ts";

export interface Draft {
	/** Who delegates; the first that can sign where nothing was chosen. */
	from: AccountKind | undefined;
	/** Address of the candidate; empty where none was chosen. */
	candidate: string;
	search: string;
	/** In CMT, as it was typed. */
	amount: string;
}

export const draft = new Store<Draft>({ from: undefined, candidate: "", search: "", amount: "" });
