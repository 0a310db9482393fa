// Calls in words: what a referendum would do, argument by argument, as the chain explains it.

import { decAnyMetadata, unifyMetadata } from "@polkadot-api/substrate-bindings";
import { bytesToHex } from "viem/utils";
import { exact, perbill } from "../../format/amounts.ts";
import { plain } from "../../format/names.ts";
import { duration } from "../../format/times.ts";
import { governance as texts } from "../../texts.ts";
import type { At } from "../at-block.ts";

/** An argument, or a part of one. */
export interface Argument {
	/** Its name; its place in a list, from 1; empty where it has none. */
	name: string;
	/** What it says; empty where its parts say all. */
	text: string;
	parts: Argument[];
	/** The call that it is, if it is one. */
	call?: ReadableCall;
}

export interface ReadableCall {
	/** As in metadata. */
	pallet: string;
	name: string;
	/** What the chain says about it: a paragraph each. */
	docs: string[];
	args: Argument[];
}

/** How calls of a runtime are explained. */
export interface Dictionary {
	/** A call by pallet and name; nothing where the runtime has none. */
	call: (
		pallet: string,
		name: string,
	) => { docs: string[]; types: Map<string, string> } | undefined;
	/** What a parameter of the protocol counts, by its name. */
	units: ReadonlyMap<string, string>;
}

/** The call that these bytes are; nothing where they are none, or more than one. */
export async function readCall(at: At, bytes: Uint8Array): Promise<ReadableCall | undefined> {
	const [words, decoded] = await Promise.all([dictionaryAt(at), decode(at, bytes)]);
	return decoded && readable(decoded, words);
}

/** A call as the client tells it. */
interface Decoded {
	type: string;
	value: { type: string; value?: unknown };
}

async function decode({ api, hash }: At, bytes: Uint8Array): Promise<Decoded | undefined> {
	try {
		const transaction = await api.txFromCallData(bytes, { at: hash });
		// The decoder does not mind bytes that follow the call; the chain does.
		const again = await transaction.getEncodedData();
		return again.length === bytes.length ? (transaction.decodedCall as Decoded) : undefined;
	} catch {
		return undefined;
	}
}

const dictionaries = new Map<string, Promise<Dictionary>>();

/** The dictionary of the runtime at a block; made once for each runtime. */
async function dictionaryAt(at: At): Promise<Dictionary> {
	const { id } = await at.api.getStaticApis({ at: at.hash });
	const known = dictionaries.get(id);
	if (known) return known;
	const made = dictionaryFrom(at);
	dictionaries.set(id, made);
	made.catch(() => dictionaries.delete(id));
	return made;
}

async function dictionaryFrom({ api, client, hash }: At): Promise<Dictionary> {
	const [metadata, parameters] = await Promise.all([
		client.getMetadata(hash),
		api.apis.DposApi.parameters({ at: hash }),
	]);
	const units = new Map(parameters.map(({ name, unit }) => [plain(name), unit.type as string]));
	return { call: callsIn(metadata), units };
}

/** Finds calls in metadata. */
function callsIn(encoded: Uint8Array): Dictionary["call"] {
	const { lookup, pallets } = unifyMetadata(decAnyMetadata(encoded));
	return (pallet, name) => {
		const calls = pallets.find((one) => one.name === pallet)?.calls;
		const { def } = (calls && lookup[calls.type]) ?? {};
		const call =
			def?.tag === "variant" ? def.value.find((one) => one.name === name) : undefined;
		if (!call) return undefined;
		const types = call.fields.map((field) => [field.name ?? "", field.typeName ?? ""] as const);
		return { docs: paragraphs(call.docs), types: new Map(types) };
	};
}

/** The first part of a documentation, up to its first heading: lines become paragraphs. */
function paragraphs(lines: readonly string[]): string[] {
	const text = lines.map((line) => line.trim()).join("\n");
	const [head = ""] = text.split(/^#/m);
	return head
		.split(/\n{2,}/)
		.map((part) => part.replaceAll("\n", " ").trim())
		.filter(Boolean);
}

/** A call in words. */
export function readable(decoded: Decoded, words: Dictionary, depth = 0): ReadableCall {
	const {
		type: pallet,
		value: { type: name, value },
	} = decoded;
	const { docs = [], types } = words.call(pallet, name) ?? {};
	const fields = Object.entries((value ?? {}) as Record<string, unknown>);
	const args = fields.map(([field, content]) => {
		const amounts = /Balance/.test(types?.get(field) ?? "");
		return argument(field, content, { words, amounts, unit: undefined, depth: depth + 1 });
	});
	return { pallet, name, docs, args };
}

/** Where a value stands. */
interface Place {
	words: Dictionary;
	/** Whether large numbers are amounts in planck. */
	amounts: boolean;
	/** What numbers count, where a parameter of the protocol says so. */
	unit: string | undefined;
	/** In how many calls and values it lies. */
	depth: number;
}

/** Deeper than this nothing is told: calls can hold calls that hold calls. */
const DEEPEST = 24;

function argument(name: string, value: unknown, place: Place): Argument {
	const { words, depth } = place;
	const said = depth > DEEPEST ? texts.tooDeep : simple(value, place);
	if (said !== undefined) return { name, text: said, parts: [] };
	if (isCall(value, words)) {
		return { name, text: "", parts: [], call: readable(value, words, depth) };
	}
	const inner = { ...place, depth: depth + 1 };
	if (isVariant(value)) return variant(name, value, inner);
	const parts = Array.isArray(value)
		? value.map((item, index) => argument(String(index + 1), item, inner))
		: Object.entries(value as object).map(([field, item]) => argument(field, item, inner));
	return { name, text: parts.length === 0 ? texts.empty : "", parts };
}

/** A choice, such as `Id: 5Grw…`. */
function variant(name: string, { type, value }: Variant, place: Place): Argument {
	if (value === undefined) return { name, text: type, parts: [] };
	const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
	const inner = argument("", only, { ...place, unit: place.words.units.get(type) ?? place.unit });
	return { ...inner, name, text: inner.text ? `${type}: ${inner.text}` : type };
}

interface Variant {
	type: string;
	value?: unknown;
}

const isVariant = (value: unknown): value is Variant =>
	typeof value === "object" &&
	value !== null &&
	"type" in value &&
	typeof value.type === "string";

const isCall = (value: unknown, words: Dictionary): value is Decoded =>
	isVariant(value) &&
	isVariant(value.value) &&
	words.call(value.type, value.value.type) !== undefined;

/** Most bytes that are told one by one. */
const TOLD = 64;
/** Of longer ones, this many. */
const FIRST = 16;

/** What has no parts, in words; nothing where it has some. */
function simple(value: unknown, place: Place): string | undefined {
	if (value === undefined || value === null) return texts.nothing;
	if (typeof value === "boolean") return value ? texts.yes : texts.no;
	if (typeof value === "string") return value;
	if (typeof value === "bigint" || typeof value === "number") return numeral(value, place);
	return value instanceof Uint8Array ? bytesInWords(value) : undefined;
}

function numeral(value: bigint | number, { amounts, unit }: Place): string {
	if (unit === "Perbill") return perbill(Number(value));
	if (unit === "Milliseconds") return duration(Number(value) / 1000);
	const planck = typeof value === "bigint" && (amounts || unit === "Planck");
	return planck ? texts.cmt(exact(value)) : value.toLocaleString("en");
}

/** Letters, digits and signs alone: no mark that turns text or stands for broken bytes. */
const READABLE = /^(?:(?!\ufffd)[\p{L}\p{N}\p{P}\p{S} \n])+$/u;

/** Text where the bytes are readable, else their digits. */
function bytesInWords(bytes: Uint8Array): string {
	if (bytes.length === 0) return texts.empty;
	const text = new TextDecoder().decode(bytes);
	if (READABLE.test(text)) return `“${text}”`;
	if (bytes.length <= TOLD) return bytesToHex(bytes);
	return texts.bytes(bytes.length.toLocaleString("en"), bytesToHex(bytes.slice(0, FIRST)));
}
