// Files and functions stay short enough to be read at one go: no file over 800 lines, no function
// over 60, nine functions in ten under 45. Generated weights do not count, and neither do the page's
// texts: a translator replaces them as one file.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const FILE_LINES = 800;
const FUNCTION_LINES = 60;
const USUAL_LINES = 45;
const USUAL_SHARE = 0.9;

// What stands before the name of a function, by language.
const heads = {
	rs: /\bfn\s+(\w+)/g,
	ts: /\bfunction\b\s*\*?\s*(\w+)|\bconst\s+(\w+)\s*=\s*(?:async\s*)?\([^()]*\)[^=\n]*=>\s*(?=\{)/g,
	sol: /\bfunction\s+(\w+)/g,
	sh: /^(\w+)\(\)/gm,
};
heads.mjs = heads.tsx = heads.ts;

// Comments, strings and characters: their braces are no blocks.
const quoted = {
	rs: /\/\/[^\n]*|\/\*[\s\S]*?\*\/|r(#*)"[\s\S]*?"\1|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[^\n']{1,9}|[^'\\\n])'/g,
	ts: /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`/g,
	sh: /^\s*#[^\n]*|'[^']*'|"(?:\\[\s\S]|[^"\\])*"/gm,
};
quoted.mjs = quoted.tsx = quoted.sol = quoted.ts;

const blank = (text) => text.replace(/[^\n]/g, " ");
const lines = (text) => text.split("\n").length;

function sources() {
	const patterns = Object.keys(heads).map((ending) => `*.${ending}`);
	return execFileSync("git", ["ls-files", "-co", "--exclude-standard", "--", ...patterns], { encoding: "utf8" })
		.split("\n")
		.filter((file) => file && existsSync(file) && !/(^|\/)weights(\/|\.rs)|^web\/src\/texts\.ts$/.test(file));
}

/** The index after the block that a function's head opens, or -1 where it has none. */
function endOfBody(code, from) {
	let depth = 0;
	let opened = false;
	for (let i = from; i < code.length; i++) {
		if ("([{".includes(code[i])) {
			opened ||= code[i] === "{" && depth === 0;
			depth++;
		} else if (")]}".includes(code[i])) {
			depth--;
			if (depth === 0 && opened) return i + 1;
		} else if (code[i] === ";" && depth === 0) return -1;
	}
	return -1;
}

function functions(file, text) {
	const ending = file.slice(file.lastIndexOf(".") + 1);
	const code = text.replace(quoted[ending], blank);
	const found = [];
	for (const head of code.matchAll(heads[ending])) {
		const end = endOfBody(code, head.index + head[0].length);
		if (end < 0) continue;
		const line = lines(code.slice(0, head.index));
		found.push({ file, line, name: head[1] ?? head[2], length: lines(code.slice(head.index, end)) });
	}
	return found;
}

const files = sources().map((file) => ({ file, text: readFileSync(file, "utf8") }));
const all = files.flatMap(({ file, text }) => functions(file, text));
const problems = [
	...files
		.map(({ file, text }) => ({ file, length: lines(text) - 1 }))
		.filter(({ length }) => length > FILE_LINES)
		.map(({ file, length }) => `${file} has ${length} lines, over ${FILE_LINES}`),
	...all
		.filter(({ length }) => length > FUNCTION_LINES)
		.map(({ file, line, name, length }) => `${file}:${line} ${name} has ${length} lines, over ${FUNCTION_LINES}`),
];
const usual = all.filter(({ length }) => length < USUAL_LINES).length / (all.length || 1);
if (usual < USUAL_SHARE) problems.push(`only ${(usual * 100).toFixed(1)} % of functions are under ${USUAL_LINES} lines`);

for (const problem of problems) console.error(`error: ${problem}`);
const mean = all.reduce((sum, { length }) => sum + length, 0) / (all.length || 1);
console.log(
	`${files.length} files, ${all.length} functions of ${mean.toFixed(1)} lines on average, ` +
		`${(usual * 100).toFixed(1)} % under ${USUAL_LINES}`,
);
process.exitCode = problems.length ? 1 : 0;
