// The budget of the first load: what the browser fetches before it shows something, compressed.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET = 300 * 1000;
const dist = fileURLToPath(new URL("../dist", import.meta.url));
const html = readFileSync(join(dist, "index.html"), "utf8");
const named = [...html.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css|svg))"/g)].map(([, file]) => file);
// What the first page imports as soon as a node answers: how to read its runtime.
const soon = readdirSync(join(dist, "assets"))
	.filter((file) => /^(descriptors|metadataTypes)-.*\.js$/.test(file))
	.map((file) => `assets/${file}`);
const sizes = ["index.html", ...named, ...soon].map((file) => [file, gzipSync(readFileSync(join(dist, file))).length]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);

for (const [file, size] of sizes) console.log(`${(size / 1000).toFixed(1).padStart(8)} kB  ${file}`);
console.log(`${(total / 1000).toFixed(1).padStart(8)} kB  of ${BUDGET / 1000} kB that the first load may take`);
if (total > BUDGET) {
	console.error("error: the first load is over its budget; load a part of it later, by import()");
	process.exit(1);
}
