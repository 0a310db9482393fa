// A flood of transactions that no block can hold: `node spam.mjs <url> <connections> <file>`. The file
// is JSON: requests by kind, each a method and the bytes that it sends. Each connection sends one
// request after the other. Where an entry tells where its signature is, that is made up anew each
// time, so that no two are the same. Tells its counts once a second, as a line of JSON, until it is
// killed. Plain JavaScript, so that it needs no loader.

import { randomBytes, randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";

const [url, connections, file] = process.argv.slice(2);
const kinds = JSON.parse(readFileSync(file, "utf8"));
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
/** Answers by kind: refused, accepted (which none may be), and the texts of refusals. */
const counts = {};
/** Requests without an answer. */
let unanswered = 0;

const pick = (list) => list[randomInt(list.length)];
const hex = (bytes) => `0x${bytes.toString("hex")}`;

/** The same bytes with a part of the signature, which begins at byte `from`, made up. */
function forged({ data, from, length }) {
	const bytes = Buffer.from(data.slice(2), "hex");
	randomBytes(4).copy(bytes, from + randomInt(length - 4));
	return hex(bytes);
}

function bodyOf(kind) {
	const entry = pick(kinds[kind]);
	const { method } = entry;
	const param = entry.random
		? hex(randomBytes(randomInt(1, entry.random)))
		: entry.length
			? forged(entry)
			: entry.data;
	return JSON.stringify({ id: 1, jsonrpc: "2.0", method, params: [param] });
}

function post(body) {
	return new Promise((resolve, reject) => {
		const headers = {
			"content-type": "application/json",
			"content-length": Buffer.byteLength(body),
		};
		const call = request(url, { method: "POST", agent, headers }, (response) => {
			let text = "";
			response.setEncoding("utf8").on("data", (part) => (text += part));
			response.on("end", () => resolve(text)).on("error", reject);
		});
		call.on("error", reject);
		call.end(body);
	});
}

function note(kind, text) {
	const { error } = JSON.parse(text);
	const count = (counts[kind] ??= { refused: 0, accepted: 0, reasons: {} });
	if (error === undefined) {
		count.accepted += 1;
		return;
	}
	count.refused += 1;
	const { message, data } = error;
	const detail = typeof data === "string" ? `${message}: ${data}` : message;
	// Only the kinds of reasons count: those with figures or bytes in them are one.
	const reason = detail.replaceAll(/0x[0-9a-f]+|\d+/g, "#").slice(0, 120);
	count.reasons[reason] = (count.reasons[reason] ?? 0) + 1;
}

async function flood(index) {
	const names = Object.keys(kinds);
	for (let turn = index; ; turn++) {
		const kind = names[turn % names.length];
		try {
			note(kind, await post(bodyOf(kind)));
		} catch {
			unanswered += 1;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}
}

for (let index = 0; index < Number(connections); index++) void flood(index);
setInterval(() => console.log(JSON.stringify({ counts, unanswered })), 1_000);
