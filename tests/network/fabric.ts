// Hosts on one machine: each has a namespace with two cables. `lan` leads to a switch where it meets
// the other hosts, and where the faults are. `mgmt` leads to the harness, which so sees a host that
// nobody else sees any more.

import type { Place } from "../src/node.ts";
import { Namespace, ip } from "./namespace.ts";

/** A host with an address of its own. */
export interface Host {
	name: string;
	index: number;
	namespace: Namespace;
	/** Its address among the hosts. */
	address: string;
	/** Its address for the harness. */
	management: string;
	/** For nodes that are to live there. */
	place: Place;
}

// What RFC 2544 sets aside for tests of networks, so that it meets no network in use.
const MANAGEMENT = "198.18";
/** Networks that may be there at the same time. */
const NETWORKS = 256;
/** The harness's place in its network; hosts have those below. */
const HARNESS = 254;

/** A switch, the cables to it, and the hosts. */
export class Fabric {
	private readonly hosts = new Map<string, Host>();
	private last = 0;

	private constructor(
		private readonly hub: Namespace,
		/** The first three numbers of addresses of the management network. */
		private readonly prefix: string,
	) {}

	/** Makes a fabric without hosts. */
	static async create(): Promise<Fabric> {
		const hub = await Namespace.create("switch");
		const fabric = new Fabric(hub, uplink(hub.pid));
		const bridges = ["lan0", "lan1", "mgmt"];
		hub.ip(
			...bridges.map((name) => `link add ${name} type bridge`),
			...bridges.map((name) => `link set ${name} up`),
			"link set uplink master mgmt up",
		);
		return fabric;
	}

	/** The harness's address in the management network. */
	get harness(): string {
		return `${this.prefix}.${HARNESS}`;
	}

	/** Adds a host, with both cables plugged in. */
	async attach(name: string): Promise<Host> {
		const index = ++this.last;
		if (index >= HARNESS) throw new Error(`no address is left for ${name}`);
		if (this.hosts.has(name)) throw new Error(`there is a host ${name} already`);
		const namespace = await Namespace.create(name);
		const address = `10.77.0.${index}`;
		const { pid, launcher } = namespace;
		const place = { address, launcher };
		const management = `${this.prefix}.${index}`;
		const host: Host = { name, index, namespace, address, management, place };
		this.hub.ip(
			`link add lan-${index} type veth peer name lan netns ${pid}`,
			`link add mgmt-${index} type veth peer name mgmt netns ${pid}`,
			`link set lan-${index} master lan0 up`,
			`link set mgmt-${index} master mgmt up`,
		);
		namespace.ip(
			"link set lo up",
			`addr add ${host.address}/24 dev lan`,
			`addr add ${host.management}/24 dev mgmt`,
			"link set lan up",
			"link set mgmt up",
		);
		this.hosts.set(name, host);
		return host;
	}

	/** The host of this name. */
	host(name: string): Host {
		const found = this.hosts.get(name);
		if (!found) throw new Error(`no host ${name}`);
		return found;
	}

	/** Moves these hosts to a second switch: they see each other, and nobody else. */
	split(names: readonly string[]): void {
		this.hub.ip(...names.map((name) => `link set lan-${this.host(name).index} master lan1`));
	}

	/** Has all hosts on one switch again. */
	heal(): void {
		const all = [...this.hosts.values()];
		this.hub.ip(...all.map(({ index }) => `link set lan-${index} master lan0`));
	}

	/** Pulls the cable of a host: nothing is said to its peers, they hear nothing any more. */
	unplug(name: string): void {
		this.hub.ip(`link set lan-${this.host(name).index} down`);
	}

	/** Ends all namespaces. */
	end(): void {
		for (const { namespace } of this.hosts.values()) namespace.end();
		this.hub.end();
	}
}

/** A cable from this machine to the namespace of process `pid`; the prefix of its network. */
function uplink(pid: number): string {
	let reason = "";
	for (let index = 0; index < NETWORKS; index++) {
		const cable = `cmt-lab${index}`;
		try {
			// Who makes the cable of this name has the network of this number.
			ip([`link add ${cable} type veth peer name uplink netns ${pid}`]);
		} catch (error) {
			reason = (error as Error).message;
			continue;
		}
		const prefix = `${MANAGEMENT}.${index}`;
		ip([`addr add ${prefix}.${HARNESS}/24 dev ${cable}`, `link set ${cable} up`]);
		return prefix;
	}
	throw new Error(`no network of ${MANAGEMENT}.0.0/16 can be made: ${reason.trim()}`);
}
