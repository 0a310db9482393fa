// From a form to the dialog of its action, and what is done once the action has succeeded.

import { createContext, useContext } from "react";
import type { Action } from "../../actions/action.ts";
import type { Account } from "../../wallets/account.ts";

/** An action with who signs it. */
export interface Started {
	action: Action;
	from: Account;
}

/** Opens the dialog of an action. */
export type Start = (from: Account, action: Action, done?: () => void) => void;

export const Acting = createContext<Start>(() => undefined);
export const useActing = (): Start => useContext(Acting);

/** The same action, which calls `done` when it is in a block. */
export const followedBy = (action: Action, done: () => void): Action => ({
	...action,
	tells: (events, from) => {
		done();
		return action.tells(events, from);
	},
});
