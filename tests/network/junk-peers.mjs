// Peers that are none: `node junk-peers.mjs <host> <port> <connections>` keeps so many connections
// open, each of which misbehaves in one of several ways, and opens another one where the node closes
// one. Tells its counts once a second, as a line of JSON, until it is killed. Plain JavaScript, so
// that it needs no loader.

import { randomBytes, randomInt } from "node:crypto";
import { connect } from "node:net";

const [host, port, connections] = process.argv.slice(2);
const REOPEN_MS = 500;
/** How long it waits between opening two of the first connections, so that none is dropped. */
const APART_MS = 3;
const DRIP_MS = 500;

/** How a dialer begins: both sides choose a protocol, each name with its length before it. */
const negotiate = (...names) =>
	Buffer.concat(names.map((name) => Buffer.from([name.length + 1, ...Buffer.from(`${name}\n`)])));
const opening = negotiate("/multistream/1.0.0", "/noise");
const request = Buffer.from("GET / HTTP/1.1\r\nhost: validator\r\n\r\n");

/** A noise message of so many random bytes, whose length may be a lie. */
function noise(length, told = length) {
	const head = Buffer.alloc(2);
	head.writeUInt16BE(told);
	return Buffer.concat([head, randomBytes(length)]);
}

/** Sends the opening byte by byte. */
function drip(socket) {
	let sent = 0;
	const timer = setInterval(() => {
		socket.write(opening.subarray(sent % opening.length, (sent % opening.length) + 1));
		sent += 1;
	}, DRIP_MS);
	socket.once("close", () => clearInterval(timer));
}

const manners = [
	() => {},
	(socket) => socket.write(randomBytes(randomInt(1, 8_192))),
	(socket) => socket.write(opening),
	(socket) => socket.write(Buffer.concat([opening, noise(randomInt(1, 2_000))])),
	(socket) => socket.write(Buffer.concat([opening, noise(40, 65_535)])),
	(socket) => socket.write(negotiate("/multistream/1.0.0", `/${"x".repeat(120)}`)),
	(socket) => socket.write(request),
	drip,
];

const count = { open: 0, opened: 0, closed: 0, failed: 0 };

function open(index) {
	const socket = connect(Number(port), host);
	let reached = false;
	socket.on("connect", () => {
		reached = true;
		count.open += 1;
		count.opened += 1;
		manners[index % manners.length](socket);
	});
	// What the node says is read and not understood.
	socket.on("data", () => {});
	socket.on("error", () => {});
	socket.on("close", () => {
		if (reached) count.open -= 1;
		count[reached ? "closed" : "failed"] += 1;
		setTimeout(open, REOPEN_MS, index);
	});
}

for (let index = 0; index < Number(connections); index++) setTimeout(open, index * APART_MS, index);
setInterval(() => console.log(JSON.stringify(count)), 1_000);
