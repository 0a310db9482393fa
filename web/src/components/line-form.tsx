// A form of one line, such as an address: a field, a button, and what is wrong with what was entered.

import { type FormEvent, type ReactNode, useState } from "react";
import { TextField } from "./field.tsx";

interface Parts {
	label: string;
	hint: string;
	button: string;
	/** What stands in the field at first. */
	value?: string;
	/** Takes what was entered; says what is wrong with it where it cannot. */
	take: (text: string) => string | undefined | Promise<string | undefined>;
}

export function LineForm({ label, hint, button, value = "", take }: Parts): ReactNode {
	const [text, setText] = useState(value);
	const [problem, setProblem] = useState<string>();
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		setProblem(await take(text.trim()));
	};
	return (
		<form onSubmit={(event) => void submit(event)}>
			<TextField label={label} hint={hint} problem={problem} value={text} onValue={setText} />
			<button type="submit">{button}</button>
		</form>
	);
}
