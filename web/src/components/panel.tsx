// What opens below its head, over the page, and closes with Escape or when the user goes elsewhere.

import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";

export function Panel({ head, children }: { head: ReactNode; children: ReactNode }): ReactNode {
	const element = useRef<HTMLDetailsElement>(null);
	useEffect(() => {
		const away = ({ target }: Event): void => {
			const details = element.current;
			if (details && !details.contains(target as Node)) details.open = false;
		};
		document.addEventListener("pointerdown", away);
		return () => document.removeEventListener("pointerdown", away);
	}, []);
	const onKeyDown = ({ key, currentTarget }: KeyboardEvent<HTMLDetailsElement>): void => {
		if (key !== "Escape") return;
		currentTarget.open = false;
		currentTarget.querySelector("summary")?.focus();
	};
	return (
		<details ref={element} onKeyDown={onKeyDown}>
			<summary>{head}</summary>
			<div className="panel">{children}</div>
		</details>
	);
}
