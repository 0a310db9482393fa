// How a command that cannot do its work has to end.

import assert from "node:assert/strict";
import { run } from "./binary.ts";
import type { Ended } from "./program.ts";

/** Text that only a crash prints. */
const CRASH = /panicked|RUST_BACKTRACE|stack backtrace|thread '|This is a bug|0x[0-9a-f]{200}/;

/** The last line on standard error that is neither empty nor part of the log. */
function lastSentence({ stderr }: Ended): string {
	const lines = stderr.split("\n").map((line) => line.trim());
	// A log line starts with its date or time.
	const sentences = lines.filter((line) => line !== "" && !/^\d{4}-\d\d-\d\d /.test(line));
	return sentences[sentences.length - 1] ?? "";
}

/**
 * Runs a command that must end by itself with a code other than 0 and say why in one sentence
 * that matches `why`, without the text of a crash.
 */
export async function demandRefusal(args: readonly string[], why: RegExp): Promise<string> {
	const ended = await run(args, { timeoutMs: 60_000 });
	const all = `${ended.stdout}\n${ended.stderr}`;
	const context = `cybermiles ${args.join(" ")}\n${all.slice(-3_000)}`;
	assert.notEqual(ended.signal, "SIGKILL", `it did not end by itself: ${context}`);
	assert.equal(ended.signal, null, context);
	assert.notEqual(ended.code, 0, context);
	assert.doesNotMatch(all, CRASH, context);
	const sentence = lastSentence(ended);
	assert.match(sentence, why, context);
	assert.ok(sentence.length < 400, `one clear sentence, not ${sentence.length} letters`);
	const errors = ended.stderr.split("\n").filter((line) => /^Error: /.test(line));
	assert.ok(errors.length <= 1, `one sentence, not ${errors.length}: ${context}`);
	return sentence;
}
