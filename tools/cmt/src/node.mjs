// The node that is asked: over HTTP for what concerns the node, over WebSocket for the chain.

import { ApiPromise, WsProvider } from "@polkadot/api";
import { Trouble } from "./trouble.mjs";

/** How long a node may take to answer, and to tell the form of its chain. */
const ANSWER_MS = 20_000;
const CONNECT_MS = 60_000;

/** Older than that, the newest block that a node knows cannot be the chain's newest one. */
export const STALE_MS = 60_000;

/** An error that a node answered with. */
export class RpcError extends Error {
	constructor(code, message) {
		super(message);
		this.code = code;
	}
}

/** A node without the state of its newest block: so it is while a warp sync fetches it. */
export class NotReady extends Trouble {
	constructor(reason) {
		super(
			`the node cannot read its newest block (${reason}): it is still syncing; wait until it logs 'Idle'`,
		);
	}
}

/** The address for HTTP of a node's WebSocket: both are on one port. */
function httpOf(url) {
	if (!/^wss?:\/\/./.test(url)) {
		throw new Trouble(`'${url}' is no address of a node: write NODE=ws://127.0.0.1:9944`);
	}
	return url.replace(/^ws/, "http");
}

/** Calls a method of the node. */
async function call(url, method, params) {
	const response = await fetch(httpOf(url), {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ id: 1, jsonrpc: "2.0", method, params }),
		signal: AbortSignal.timeout(ANSWER_MS),
	});
	if (!response.ok) throw new RpcError(response.status, `status ${response.status}`);
	const { result, error } = await response.json();
	if (error)
		throw new RpcError(error.code, [error.message, error.data].filter(Boolean).join(": "));
	return result;
}

/** The name of the chain, which any node tells; a sentence where none answers. */
async function chainOf(url) {
	try {
		return await call(url, "system_chain", []);
	} catch (error) {
		if (error instanceof Trouble) throw error;
		const reason = error.cause?.code ?? error.message;
		throw new Trouble(
			`no node answers at ${url} (${reason}): start it, or name its address in NODE; ` +
				"where it runs on a server: ssh -N -L 9944:127.0.0.1:9944 <server>",
		);
	}
}

/** polkadot.js connected to a node of this chain. */
async function apiOf(url, chain) {
	const api = new ApiPromise({ provider: new WsProvider(url), noInitWarn: true });
	let timer;
	const late = new Promise((_, reject) => {
		const trouble = new Trouble(`${url} answers over HTTP, but not over WebSocket: open both`);
		timer = setTimeout(reject, CONNECT_MS, trouble);
	});
	try {
		await Promise.race([api.isReadyOrError, late]);
		if (api.call.dposApi) return api;
		throw new Trouble(`${url} is a node of '${chain}', which is no CyberMiles chain: see NODE`);
	} catch (error) {
		await api.disconnect();
		throw error instanceof Trouble ? error : new NotReady(error.message);
	} finally {
		clearTimeout(timer);
	}
}

/** Connects to the node at a WebSocket's address. */
export async function open(url) {
	const chain = await chainOf(url);
	const api = await apiOf(url, chain);
	return {
		url,
		chain,
		api,
		rpc: (method, ...params) => call(url, method, params),
		close: () => api.disconnect(),
	};
}

/**
 * Numbers of the finalised and of the best block, and whether the node runs as validator; of the node
 * alone, which may have no state yet.
 */
export async function stateOf({ rpc }) {
	const [health, roles, final, best] = await Promise.all([
		rpc("system_health"),
		rpc("system_nodeRoles"),
		rpc("chain_getFinalizedHead").then((hash) => rpc("chain_getHeader", hash)),
		rpc("chain_getHeader"),
	]);
	return {
		...health,
		validator: roles.includes("Authority"),
		final: Number(final.number),
		best: Number(best.number),
	};
}

/** How long ago the newest block was made that the node knows, in milliseconds. */
export async function ageOf({ api }) {
	try {
		return Date.now() - (await api.query.timestamp.now()).toNumber();
	} catch (error) {
		throw new NotReady(error.message);
	}
}
