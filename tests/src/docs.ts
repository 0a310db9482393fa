// The pages of the docs as text: what they name must be there.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { repositoryRoot } from "./binary.ts";

const DOCS = join(repositoryRoot, "docs");

/** The text of a page. */
export function pageOf(name: string): string {
	return readFileSync(join(DOCS, name), "utf8");
}

/** A page without its blocks of code. */
function prose(text: string): string {
	return text.replace(/^( *)```[\s\S]*?^\1```$/gm, "");
}

/** The anchors that a page's headings make. */
function anchorsOf(text: string): string[] {
	const headings = [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
	return headings.map((heading) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, "")
			.replaceAll(" ", "-"),
	);
}

/** Links of a page to files and headings of the repository that are not there. */
export function deadLinks(name: string): string[] {
	const here = join(DOCS, name);
	const links = [...prose(pageOf(name)).matchAll(/\]\(([^)\s]+)\)/g)].map(
		([, link = ""]) => link,
	);
	return links.filter((link) => {
		if (/^[a-z]+:/.test(link)) return false;
		const [path = "", anchor] = link.split("#");
		const file = path === "" ? here : join(dirname(here), path);
		if (!existsSync(file) || relative(repositoryRoot, file).startsWith("..")) return true;
		return anchor !== undefined && !anchorsOf(readFileSync(file, "utf8")).includes(anchor);
	});
}

/** The blocks of shell commands in a text, without the indentation of a list that they stand in. */
export function shellIn(text: string): string[] {
	const blocks = [...text.matchAll(/^( *)```sh\n([\s\S]*?)^\1```$/gm)];
	return blocks.map(([, indent = "", block = ""]) =>
		block.replaceAll(`\n${indent}`, "\n").trim(),
	);
}

/** All blocks of shell commands of a page, with a word in place of each `<what to fill in>`. */
export function shellOf(name: string): string[] {
	return shellIn(pageOf(name)).map((block) => block.replace(/<[a-z][^<>\n]*>/gi, "filled-in"));
}

/** The flags in the first column of a page's tables. */
export function flagsOf(name: string): string[] {
	const rows = pageOf(name)
		.split("\n")
		.filter((line) => line.startsWith("| `--"));
	return rows.flatMap((row) =>
		[...(row.split(" | ")[0] ?? "").matchAll(/--[a-z][a-z-]*/g)].flat(),
	);
}
