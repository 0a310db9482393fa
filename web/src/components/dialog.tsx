// A modal dialog: the browser's own, which keeps the focus in it and closes with Escape.

import { type ReactNode, useEffect, useId, useRef } from "react";

interface Props {
	title: string;
	onClose: () => void;
	children: ReactNode;
}

export function Dialog({ title, onClose, children }: Props): ReactNode {
	const element = useRef<HTMLDialogElement>(null);
	const id = useId();
	useEffect(() => {
		const dialog = element.current;
		const before = document.activeElement;
		dialog?.showModal();
		return () => {
			dialog?.close();
			// The element has left the page already, and gives no focus back itself.
			if (before instanceof HTMLElement) before.focus();
		};
	}, []);
	return (
		<dialog
			ref={element}
			aria-labelledby={id}
			onCancel={(event) => {
				event.preventDefault();
				onClose();
			}}
		>
			<h2 id={id}>{title}</h2>
			{children}
		</dialog>
	);
}
