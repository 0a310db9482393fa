// The filters above the list. What they hold stands in the page's address.

import type { FormEvent, ReactNode } from "react";
import { Field } from "../../components/field.tsx";
import { parseRate } from "../../format/amounts.ts";
import { problems, validators as texts } from "../../texts.ts";
import { type Filters, changeQuery, filtered, filtersOf } from "./query.ts";

function set<Key extends keyof Filters>(key: Key, value: Filters[Key]): void {
	changeQuery((query) => filtered(query, key, value));
}

export function FilterForm({ query }: { query: URLSearchParams }): ReactNode {
	const { text, role, standing, takes, verified, rate } = filtersOf(query);
	const unread = rate.trim() !== "" && parseRate(rate) === undefined;
	const problem = unread ? problems.NotARate.join(" ") : undefined;
	const stay = (event: FormEvent): void => event.preventDefault();
	return (
		<form className="candidate-filters" role="search" onSubmit={stay}>
			<Field label={texts.filters.text}>
				{(props) => (
					<input
						{...props}
						type="search"
						name="text"
						value={text}
						onChange={({ target }) => set("text", target.value)}
					/>
				)}
			</Field>
			<Choice name="role" value={role} choices={texts.filters.roles} />
			<Choice name="standing" value={standing} choices={texts.filters.standings} />
			<Field label={texts.filters.rate} problem={problem}>
				{(props) => (
					<input
						{...props}
						name="rate"
						inputMode="decimal"
						value={rate}
						onChange={({ target }) => set("rate", target.value)}
					/>
				)}
			</Field>
			<Switch name="takes" on={takes} />
			<Switch name="verified" on={verified} />
		</form>
	);
}

interface ChoiceProps<Key extends "role" | "standing"> {
	name: Key;
	value: Filters[Key];
	/** All that can be chosen, by what stands in the address. */
	choices: Record<string, string>;
}

function Choice<Key extends "role" | "standing">(props: ChoiceProps<Key>): ReactNode {
	const { name, value, choices } = props;
	return (
		<Field label={texts.filters[name]}>
			{(field) => (
				<select
					{...field}
					name={name}
					value={value}
					onChange={({ target }) => set(name, target.value as Filters[Key])}
				>
					<option value="">{texts.filters.all}</option>
					{Object.entries(choices).map(([choice, title]) => (
						<option key={choice} value={choice}>
							{title}
						</option>
					))}
				</select>
			)}
		</Field>
	);
}

function Switch({ name, on }: { name: "takes" | "verified"; on: boolean }): ReactNode {
	return (
		<label className="switch">
			<input
				type="checkbox"
				name={name}
				checked={on}
				onChange={({ target }) => set(name, target.checked)}
			/>{" "}
			{texts.filters[name]}
		</label>
	);
}
