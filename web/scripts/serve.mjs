// A web server for the built page on 127.0.0.1, for machines without another one.
//
//   node scripts/serve.mjs     serves dist/ on port 4173, or on that of WEB_PORT
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { argv } from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const TYPES = {
	".css": "text/css",
	".html": "text/html; charset=utf-8",
	".js": "text/javascript",
	".json": "application/json",
	".md": "text/plain; charset=utf-8",
	".svg": "image/svg+xml",
};

/** Where the page is served unless WEB_PORT says otherwise. */
export const PAGE_PORT = Number(process.env["WEB_PORT"] || 4173);
/** Where its build stands. */
export const PAGE_FOLDER = fileURLToPath(new URL("../dist", import.meta.url));

/** The file behind a path of an address, or nothing where there is none in this folder. */
function fileOf(folder, path) {
	const inside = normalize(decodeURIComponent(path));
	const file = join(folder, inside.endsWith("/") ? `${inside}index.html` : inside);
	return existsSync(file) && statSync(file).isFile() ? file : undefined;
}

/** Answers a request, compressed where the browser takes that. */
function answer(folder, request, response) {
	const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
	const file = fileOf(folder, pathname);
	if (!file) return response.writeHead(404).end();
	const type = TYPES[extname(file)];
	const headers = { "content-type": type ?? "application/octet-stream" };
	// Names of built files change with what they hold.
	headers["cache-control"] = pathname.includes("/assets/") ? "max-age=31536000, immutable" : "no-cache";
	const takes = type && /\bgzip\b/.test(String(request.headers["accept-encoding"]));
	const body = readFileSync(file);
	if (!takes) return response.writeHead(200, headers).end(body);
	return response.writeHead(200, { ...headers, "content-encoding": "gzip" }).end(gzipSync(body));
}

/** Serves a folder on a port of 127.0.0.1, 0 for any that is free. Fails where the port is taken. */
export function serveFolder(folder, port) {
	const server = createServer((request, response) => {
		try {
			answer(folder, request, response);
		} catch {
			// An address that cannot be read.
			response.writeHead(400).end();
		}
	});
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, "127.0.0.1", () => resolve(server));
	});
}

async function main() {
	if (!existsSync(join(PAGE_FOLDER, "index.html"))) {
		throw new Error("the page is not built; run: make web");
	}
	await serveFolder(PAGE_FOLDER, PAGE_PORT).catch((error) => {
		if (error.code !== "EADDRINUSE") throw error;
		const remedy = "stop what listens there, or choose another with WEB_PORT";
		throw new Error(`port ${PAGE_PORT} of 127.0.0.1 is taken; ${remedy}`);
	});
	console.log(`The page: http://127.0.0.1:${PAGE_PORT}
It looks for a node at ws://127.0.0.1:9944, which make run and make dev start. Ctrl-C stops it.`);
}

if (import.meta.url === pathToFileURL(argv[1] ?? "").href) {
	main().catch((error) => {
		console.error(`Error: ${error.message}`);
		process.exit(1);
	});
}
