// Free ports of the loopback address.

import { createServer } from "node:net";

// Below the range from which systems take ports of outgoing connections, so that none of those
// comes between finding a port and using it.
const FIRST = 20_000;
const LAST = 31_999;

let next = FIRST + Math.floor(Math.random() * (LAST - FIRST));

/** Whether nothing listens on this port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", () => resolve(false));
		server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
	});
}

/** A port that is free now and is given out only once. */
export async function freePort(): Promise<number> {
	for (let tries = 0; tries < LAST - FIRST; tries++) {
		const port = next;
		// Moved on before the first pause: others ask at the same time.
		next = port >= LAST ? FIRST : port + 1;
		if (await isFree(port)) return port;
	}
	throw new Error("no free port");
}
