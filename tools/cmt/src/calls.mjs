// Questions and calls by their names, with arguments as they are typed.

import { Trouble } from "./trouble.mjs";

const DECIMALS = 18;

/** `1000CMT` and `0.5CMT` in planck. */
function amount(whole, part = "") {
	if (part.length > DECIMALS)
		throw new Trouble(`CMT has ${DECIMALS} decimals, not ${part.length}`);
	return BigInt(whole + part.padEnd(DECIMALS, "0"));
}

function json(word) {
	try {
		return JSON.parse(word);
	} catch (error) {
		throw new Trouble(`'${word}' is not valid JSON: ${error.message}`);
	}
}

/** Arguments as the chain takes them. */
export function amountsIn(words) {
	return words.map((word) => {
		const [, whole, part] = /^(\d+)(?:\.(\d+))?CMT$/.exec(word) ?? [];
		if (whole !== undefined) return amount(whole, part);
		if (word === "none") return null;
		return /^[{[]/.test(word) ? json(word) : word;
	});
}

/** `17.25 CMT`, without the noise of 18 decimals. */
export function inCmt(planck) {
	const digits = BigInt(planck)
		.toString()
		.padStart(DECIMALS + 1, "0");
	const whole = digits.slice(0, -DECIMALS).replace(/\B(?=(\d{3})+$)/g, ",");
	const part = digits.slice(-DECIMALS).slice(0, 6).replace(/0+$/, "");
	return `${whole}${part && `.${part}`} CMT`;
}

/** Compares with what is wanted, and names what there is. */
function demandCount(name, args, wanted) {
	if (args.length === wanted.length) return;
	const names = wanted.map((one) => one.name.toString()).join(", ") || "none";
	throw new Trouble(`${name} takes ${wanted.length} arguments (${names}), not ${args.length}`);
}

/** The answer of DposApi. */
export async function ask(api, name, args) {
	const question = api.call.dposApi[name];
	if (!question) {
		const known = Object.keys(api.call.dposApi).join(", ");
		throw new Trouble(`there is no question '${name}': ask one of ${known}`);
	}
	demandCount(name, args, question.meta.params);
	try {
		return await question(...args);
	} catch (error) {
		throw new Trouble(`${name} cannot be asked so: ${error.message}`);
	}
}

/** A call, to be signed. */
export function callOf(api, name, args) {
	const [pallet, method] = name.split(".");
	const calls = api.tx[pallet];
	if (!calls?.[method]) {
		const known = Object.keys(calls ?? api.tx).join(", ");
		throw new Trouble(
			`there is no call '${name}'${calls ? ` in ${pallet}` : ""}: try ${known}`,
		);
	}
	demandCount(name, args, calls[method].meta.args);
	try {
		return calls[method](...args);
	} catch (error) {
		throw new Trouble(`${name} cannot be called so: ${error.message}`);
	}
}
