// Dark or light: as the system says, or as the user chose.

import { recall, remember } from "./remembered.ts";
import { Store } from "./store.ts";

export type Theme = "system" | "light" | "dark";

export const theme = new Store<Theme>(recall<Theme>("theme", "system"));

/** Shows the colours that were chosen. */
export function applyTheme(): void {
	const chosen = theme.get();
	if (chosen === "system") delete document.documentElement.dataset["theme"];
	else document.documentElement.dataset["theme"] = chosen;
}

/** Chooses colours, also for the next visit. */
export function chooseColours(chosen: Theme): void {
	theme.set(chosen);
	remember("theme", chosen);
	applyTheme();
}
