// Long and lossy lines between regions. Packets between hosts of different regions leave by a tunnel
// (VXLAN) to a relay here, which holds each one for a while and drops some. So TCP meets real delay
// and loss of packets, on kernels that do not have `netem` too, and connections that are open
// already go on over the new line.

import { type Socket, createSocket } from "node:dgram";
import type { Fabric, Host } from "./fabric.ts";

const PORT = 14_789;
const BUFFER = 4 * 1024 * 1024;
/** Where in a datagram the tunnelled Ethernet frame names its receiver. */
const RECEIVER = 8;
const MAC_LENGTH = 6;

/** What a line does to packets. */
export interface Line {
	/** How long a packet takes, one way. */
	delayMs: number;
	/** The part of packets that do not arrive, 0 to 1. */
	loss: number;
}

/** What a relay has seen. */
export interface Traffic {
	packets: number;
	dropped: number;
}

function macOf(index: number): string {
	return `02:00:00:00:00:${index.toString(16).padStart(2, "0")}`;
}

/** Regions of hosts with a line between each two. */
export class WideArea {
	readonly traffic: Traffic = { packets: 0, dropped: 0 };
	private removed = false;
	/** The management address of a host by its address in the tunnel. */
	private readonly addresses = new Map<string, string>();

	private constructor(
		private readonly regions: readonly (readonly Host[])[],
		private readonly line: Line,
		private readonly relay: Socket,
	) {
		for (const { index, management } of regions.flat()) {
			this.addresses.set(macOf(index).replaceAll(":", ""), management);
		}
		relay.on("message", (packet) => this.take(packet));
	}

	/** Lays the lines. */
	static async lay(
		fabric: Fabric,
		regions: readonly (readonly Host[])[],
		line: Line,
	): Promise<WideArea> {
		const relay = createSocket({ type: "udp4", recvBufferSize: BUFFER, sendBufferSize: BUFFER });
		await new Promise<void>((resolve, reject) => {
			relay.once("error", reject);
			relay.bind(PORT, fabric.harness, resolve);
		});
		const area = new WideArea(regions, line, relay);
		for (const [region, hosts] of regions.entries()) {
			for (const host of hosts) area.connect(host, region, fabric.harness);
		}
		return area;
	}

	private connect({ index, management, namespace }: Host, region: number, relay: string): void {
		const others = this.regions.filter((_, place) => place !== region).flat();
		const ends = `remote ${relay} local ${management} dev mgmt`;
		const tunnel = `type vxlan id 7 dstport ${PORT} ${ends} nolearning`;
		namespace.ip(
			`link add wan address ${macOf(index)} ${tunnel}`,
			"link set wan up",
		);
		// The relay reads whole packets: none may be left for hardware to check or to cut.
		namespace.run("ethtool", "-K", "wan", "tx", "off");
		namespace.ip(
			...others.map(({ address }) => `route add ${address}/32 dev wan`),
			// Nobody has to ask over the line who has an address.
			...others.map((to) => `neigh add ${to.address} lladdr ${macOf(to.index)} dev wan`),
		);
	}

	private take(packet: Buffer): void {
		this.traffic.packets += 1;
		if (Math.random() < this.line.loss) {
			this.traffic.dropped += 1;
			return;
		}
		setTimeout(() => this.deliver(packet), this.line.delayMs);
	}

	private deliver(packet: Buffer): void {
		const mac = packet.toString("hex", RECEIVER, RECEIVER + MAC_LENGTH);
		const receiver = this.addresses.get(mac);
		// What a host says to all of its network is for nobody in another region.
		if (receiver === undefined || this.removed) return;
		// Who waits for an answer sends again, as with any packet that is lost.
		this.relay.send(packet, PORT, receiver, () => {});
	}

	/** Takes the lines away: all hosts are neighbours again. Packets on their way are lost. */
	async remove(): Promise<void> {
		for (const { namespace } of this.regions.flat()) namespace.ip("link del wan");
		this.removed = true;
		await new Promise<void>((resolve) => this.relay.close(() => resolve()));
	}
}
