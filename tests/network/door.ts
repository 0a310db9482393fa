// Doors from ports of 127.0.0.1 into a host, so that whatever asks a node by its port can ask one
// that lives elsewhere.

import { type Server, type Socket, connect, createServer } from "node:net";
import { pipeline } from "node:stream";

/** Forwards connections to a port of 127.0.0.1 to the same port of a host. */
export class Door {
	private readonly sockets = new Set<Socket>();

	private constructor(private readonly server: Server) {}

	static async open(port: number, host: string): Promise<Door> {
		const server = createServer();
		const door = new Door(server);
		server.on("connection", (outside) => door.join(outside, connect(port, host)));
		await new Promise<void>((resolve, reject) => {
			server.once("error", reject);
			server.listen(port, "127.0.0.1", resolve);
		});
		return door;
	}

	private join(outside: Socket, inside: Socket): void {
		for (const socket of [outside, inside]) {
			this.sockets.add(socket);
			socket.setNoDelay(true).once("close", () => this.sockets.delete(socket));
		}
		// An end of one side, in order or not, ends the other one.
		pipeline(outside, inside, () => inside.destroy());
		pipeline(inside, outside, () => outside.destroy());
	}

	/** Shuts the door and whatever goes through it. */
	close(): void {
		this.server.close();
		for (const socket of this.sockets) socket.destroy();
	}
}
