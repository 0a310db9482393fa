import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { type Plugin, defineConfig } from "vite";

const descriptors = fileURLToPath(new URL(".papi/descriptors/dist/index.js", import.meta.url));

/**
 * What the built page may do: run its own scripts, talk to nodes, show icons that wallets bring along.
 * React and the charts set styles on elements. The server for development needs more.
 */
const POLICY = [
	"default-src 'self'",
	"connect-src 'self' http: https: ws: wss:",
	"img-src 'self' data:",
	"style-src 'self' 'unsafe-inline'",
	"object-src 'none'",
	"base-uri 'none'",
	"form-action 'none'",
].join("; ");

const policy: Plugin = {
	name: "content-security-policy",
	apply: "build",
	transformIndexHtml: () => [
		{ tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY } },
	],
};

export default defineConfig({
	// Relative: the page works in any folder of any static host.
	base: "./",
	plugins: [react(), policy],
	resolve: { alias: { "@polkadot-api/descriptors": descriptors } },
	build: {
		target: "es2022",
		sourcemap: false,
		reportCompressedSize: false,
		// What the licences of others ask for: their texts go with their code.
		license: { fileName: "licences.md" },
	},
});
