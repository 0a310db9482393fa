// A labelled input with its hint and what is wrong with what was entered.

import { type ReactNode, useId } from "react";

/** What the input itself takes. */
export interface FieldProps {
	id: string;
	"aria-describedby": string | undefined;
	"aria-invalid": boolean | undefined;
}

interface Parts {
	label: string;
	hint?: string | undefined;
	problem?: string | undefined;
	children: (props: FieldProps) => ReactNode;
}

export function Field({ label, hint, problem, children }: Parts): ReactNode {
	const id = useId();
	const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
	return (
		<div className="field">
			<label htmlFor={id}>{label}</label>
			{children({
				id,
				"aria-describedby": described || undefined,
				"aria-invalid": problem ? true : undefined,
			})}
			{hint && (
				<p className="hint" id={`${id}-hint`}>
					{hint}
				</p>
			)}
			{problem && (
				<p className="problem" id={`${id}-problem`} role="alert">
					{problem}
				</p>
			)}
		</div>
	);
}

interface TextParts extends Omit<Parts, "children"> {
	value: string;
	onValue: (value: string) => void;
	/** Whether a number is wanted, for which phones show another keyboard. */
	amount?: boolean;
}

/** A field for one line of text, such as an address or an amount. */
export function TextField({ value, onValue, amount, ...parts }: TextParts): ReactNode {
	return (
		<Field {...parts}>
			{(props) => (
				<input
					{...props}
					autoComplete="off"
					inputMode={amount ? "decimal" : undefined}
					value={value}
					onChange={(event) => onValue(event.target.value)}
				/>
			)}
		</Field>
	);
}
