// Why something was refused, in words: the name of the reason, what it means, what to do.

import type { Abi, Hex } from "viem";
import { decodeErrorResult } from "viem/utils";
import { problems } from "../texts.ts";

export interface Problem {
	/** The name of the reason, as in docs and metadata. */
	name: string;
	/** What is wrong. */
	what: string;
	/** What the user can do; empty where nothing. */
	remedy: string;
}

/** Carries a problem to who shows it. */
export class Refused extends Error {
	constructor(readonly problem: Problem) {
		super(problem.what);
	}
}

/** The problem of this name, with the words of the chain where the page has none of its own. */
export function problem(name: string, said = ""): Problem {
	const known = (problems as Record<string, readonly [string, string]>)[name];
	if (known) return { name, what: known[0], remedy: known[1] };
	return { name, what: said || problems.Unknown[0], remedy: said ? "" : problems.Unknown[1] };
}

/** Names of errors lie this deep at most in what the chain tells. */
const DEPTH = 4;

/** Reads a dispatch error, such as `Module: { CmtDpos: BelowMinimum }`: the innermost name. */
export function problemOfDispatch(error: { type: string; value?: unknown }): Problem {
	let name = error.type;
	let inner = error.value;
	for (let depth = 0; depth < DEPTH && isNamed(inner); depth++) {
		name = inner.type;
		inner = inner.value;
	}
	return problem(name);
}

const isNamed = (value: unknown): value is { type: string; value?: unknown } =>
	typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** Reads what a call of a contract reverted with. */
export function problemOfRevert(data: Hex, abi: Abi): Problem {
	if (data === "0x") return problem("RevertedSilently");
	try {
		const { errorName, args } = decodeErrorResult({ abi, data });
		if (errorName !== "Error") return problem(errorName);
		const [, name = "Reverted", said = ""] = /^(\w+): (.*)$/s.exec(String(args?.[0])) ?? [];
		return problem(name, said || String(args?.[0]));
	} catch {
		return problem("RevertedSilently");
	}
}

/** EIP-1193's code for a user who says no. */
const DENIED_CODE = 4001;
/**
 * What wallets say otherwise when their user says no: one word, or a sentence in which the user did
 * it. A node that rejects a transaction says so too, but names no user.
 */
const DENIED = [
	/^(cancell?ed|rejected)\.?$/i,
	/\buser\b.{0,20}\b(cancell?ed|rejected|denied|declined)\b/i,
	/\b(cancell?ed|rejected|denied|declined) by (the )?user\b/i,
];

/** Reads whatever was thrown. */
export function problemOf(error: unknown): Problem {
	if (error instanceof Refused) return error.problem;
	const { code, message, error: inner } = Object(error) as Record<string, unknown>;
	if (isNamed(inner)) return problemOfDispatch(inner);
	const said = String(message ?? error);
	if (code === DENIED_CODE || DENIED.some((words) => words.test(said))) {
		return problem("UserRejected");
	}
	if (/insufficient funds/i.test(said)) return problem("NotEnoughForFees");
	return problem("WalletFailed", said);
}
