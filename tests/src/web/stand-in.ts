// A WebSocket server between the page and a node, which can change what either says, or say nothing:
// for nodes that are behind, that belong to another chain, or that are no nodes at all.

import type { AddressInfo } from "node:net";
import { type RawData, WebSocket, WebSocketServer } from "ws";

/** Changes a message; nothing drops it. */
export type Change = (message: string) => string | undefined;

/** How a stand-in differs from the node behind it. */
export interface Differences {
	/** Changes what the node answers. */
	answers?: Change;
	/** Changes what the page asks. */
	asks?: Change;
}

/** Stands between pages and a node. */
export class StandIn {
	/** Messages that went to the page, in bytes. */
	received = 0;

	private constructor(private readonly server: WebSocketServer) {}

	/** Starts one on a free port, in front of the node at `url`. */
	static async start(url: string, differences: Differences = {}): Promise<StandIn> {
		const standIn = new StandIn(new WebSocketServer({ host: "127.0.0.1", port: 0 }));
		const { server } = standIn;
		await new Promise((listening) => server.once("listening", listening));
		server.on("connection", (page) => standIn.join(page, new WebSocket(url), differences));
		return standIn;
	}

	get url(): string {
		return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	async close(): Promise<void> {
		for (const client of this.server.clients) client.terminate();
		await new Promise((closed) => this.server.close(closed));
	}

	private join(page: WebSocket, node: WebSocket, { answers, asks }: Differences): void {
		const waiting: string[] = [];
		page.on("message", (data) => {
			const text = changed(data, asks);
			if (text === undefined) return;
			if (node.readyState === WebSocket.OPEN) node.send(text);
			else waiting.push(text);
		});
		node.on("open", () => waiting.splice(0).forEach((text) => node.send(text)));
		node.on("message", (data) => {
			const text = changed(data, answers);
			if (text === undefined) return;
			this.received += text.length;
			page.send(text);
		});
		page.on("close", () => node.terminate());
		node.on("close", () => page.terminate());
		node.on("error", () => page.terminate());
		page.on("error", () => node.terminate());
	}
}

function changed(data: RawData, change: Change | undefined): string | undefined {
	const text = String(data);
	return change ? change(text) : text;
}

/** Text in the hexadecimal form in which it stands in metadata. */
export const hexOf = (text: string): string => Buffer.from(text).toString("hex");

/** Changes every text in metadata and plain answers; both have the same length. */
export function instead(text: string, other: string): Change {
	if (text.length !== other.length) throw new Error("both texts must have the same length");
	return (message) => message.replaceAll(hexOf(text), hexOf(other)).replaceAll(text, other);
}
