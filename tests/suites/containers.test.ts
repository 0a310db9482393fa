// docker/: image, compose files and units by themselves, and the same scripts and flags as processes
// of this machine. One minute.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { nodeBinary, output } from "../src/binary.ts";
import { rawSpecFile } from "../src/chain-spec.ts";
import { dockerFolder, composeFile, environmentFile } from "../src/compose.ts";
import { guardProcess, temporaryFolder } from "../src/janitor.ts";
import { suriOf, writeKeystore } from "../src/keys.ts";
import { freePort } from "../src/ports.ts";
import { outputOf, runProgram } from "../src/program.ts";
import { rpc } from "../src/rpc.ts";
import { DROP_INS, flagsOf, install } from "../src/systemd.ts";
import { eventually } from "../src/wait.ts";

const example = { ...environmentFile("validator/.env.example"), GRAFANA_PASSWORD: "secret" };
const files = {
	network: composeFile("network"),
	validator: composeFile("validator", example),
};

/** Version numbers or dates: an image that does not become another one by itself. */
const PINNED = /^(?:cybermiles|docker\.io\/[\w/-]+):v?\d+\.\d+\.\d+$/;

describe("the image", () => {
	const text = readFileSync(join(dockerFolder, "Dockerfile"), "utf8");
	const last = (word: string) =>
		[...text.matchAll(new RegExp(`^${word} (.*)$`, "gm"))].at(-1)?.[1] ?? "";

	it("has a pinned base, runs as nobody in particular, and checks its health", () => {
		assert.match(last("FROM"), /^docker\.io\/library\/debian:bookworm-\d{8}-slim$/);
		assert.match(last("USER"), /^[1-9]\d{3,}:[1-9]\d{3,}$/);
		assert.ok(last("VOLUME") === "/data" && last("HEALTHCHECK"));
		assert.doesNotMatch(text, /^ADD |curl|wget/m);
	});

	it("is named in the compose files with the version of the workspace and its user", () => {
		const manifest = readFileSync(join(dockerFolder, "..", "Cargo.toml"), "utf8");
		const version = /^version = "(.*)"$/m.exec(manifest)?.[1];
		for (const { services } of Object.values(files)) {
			const ours = Object.values(services).filter(({ image }) => image.startsWith("cybermiles:"));
			assert.ok(ours.length > 1);
			for (const { image, user } of ours) {
				assert.equal(image, `cybermiles:${version}`);
				assert.equal(user, last("USER"));
			}
		}
	});
});

for (const [folder, { services, volumes, networks = {} }] of Object.entries(files)) {
	describe(`docker/${folder}/compose.yaml`, () => {
		for (const [name, service] of Object.entries(services)) {
			it(`${name} is pinned, closed and watched`, () => {
				assert.match(service.image, PINNED);
				assert.match(service.user ?? "", /^[1-9]\d*:[1-9]\d*$/, "not root");
				assert.equal(service.read_only, true);
				assert.deepEqual(service.cap_drop, ["ALL"]);
				assert.deepEqual(service.security_opt, ["no-new-privileges:true"]);
				assert.notEqual(service.privileged, true);
				// The image of the node has a check of its own; what ends has none.
				const watched = service.image.startsWith("cybermiles:") || service.healthcheck?.test;
				assert.ok(watched, "has a health check");
			});
		}

		it("keeps data in named volumes, and everything else read-only", () => {
			for (const [name, service] of Object.entries(services)) {
				for (const volume of service.volumes ?? []) {
					const [source = "", , mode = ""] = volume.split(":");
					assert.ok(source in volumes || mode.split(",").includes("ro"), `${name}: ${volume}`);
				}
			}
		});

		it("opens the port of nodes to others, and all other ports to this machine only", () => {
			for (const [name, { ports = [] }] of Object.entries(services)) {
				for (const port of ports) assert.match(port, /^127\.0\.0\.1:|^30333:30333$/, name);
			}
		});

		it("lets Prometheus read every node", () => {
			const path = join(dockerFolder, folder, "targets", "nodes.yml");
			const named = [...readFileSync(path, "utf8").matchAll(/([\w-]+):9615/g)].map((match) => match[1]);
			const nodes = Object.entries(services)
				.filter(([, { image, restart }]) => image.startsWith("cybermiles:") && restart !== "no")
				.map(([name]) => name);
			assert.deepEqual(named.sort(), nodes.sort());
		});

		it("is understood by docker-compose, where that is installed", async (test) => {
			const path = join(dockerFolder, folder, "compose.yaml");
			const options = { env: example };
			const run = runProgram("docker-compose", ["--file", path, "config", "--quiet"], options);
			const ended = await run.catch(() => undefined);
			if (!ended) return test.diagnostic("docker-compose is not installed");
			assert.equal(ended.code, 0, ended.stderr);
		});

		it("uses the networks that it declares", () => {
			const used = Object.values(services).flatMap((service) => service.networks ?? []);
			assert.deepEqual([...new Set(used)].sort(), Object.keys(networks).sort());
		});
	});
}

describe("a validator behind a sentry", () => {
	const { validator, sentry } = files.validator.services;

	it("is in no network that leads outside, and opens no port", () => {
		assert.deepEqual(validator?.networks, ["inside"]);
		assert.equal(files.validator.networks?.["inside"]?.internal, true);
		assert.equal(validator?.ports, undefined);
	});

	it("opens its RPC to nobody, and neither does the sentry", () => {
		const flags = [...(validator?.command ?? []), ...(sentry?.command ?? [])];
		assert.ok(flags.length > 10);
		assert.deepEqual(flags.filter((flag) => /rpc/.test(flag)), []);
	});
});

describe("the units of systemd", () => {
	for (const dropIn of [undefined, ...DROP_INS]) {
		it(`${dropIn ?? "the plain service"} is valid and closed`, async () => {
			const unit = install(temporaryFolder("unit"), process.execPath, dropIn);
			const { code, stderr } = await runProgram("systemd-analyze", ["verify", "--man=no", unit]);
			assert.equal(code, 0, stderr);
			assert.equal(stderr, "");
			// Tenths of systemd's exposure: 1.4 of 10 when this was written.
			const security = ["security", "--offline=yes", "--threshold=15", "--no-pager", unit];
			await outputOf("systemd-analyze", security);
		});
	}

	it("start nodes with the flags of the containers", () => {
		const shape = (flags: readonly string[]) =>
			flags.map((flag) => flag.split("=")[0]!).filter((flag) => flag.startsWith("--"));
		const own = ["--prometheus-external", "--no-telemetry", "--sync"];
		const { validator, sentry } = files.validator.services;
		const pairs = [
			["hidden-validator.conf", validator],
			["sentry.conf", sentry],
		] as const;
		for (const [dropIn, service] of pairs) {
			const expected = shape(service?.command ?? []).filter((flag) => !own.includes(flag));
			assert.deepEqual(shape(flagsOf(dropIn)).sort(), expected.sort(), dropIn);
		}
	});

	it("name only variables that the example of node.env has", () => {
		const known = Object.keys(environmentFile("systemd/node.env.example"));
		const names = readdirSync(join(dockerFolder, "systemd")).filter((name) => /\.(service|conf)$/.test(name));
		for (const name of names) {
			const text = flagsOf(name).join(" ");
			const used = [...text.matchAll(/\$\{?(\w+)/g)].map((match) => match[1]!);
			assert.deepEqual(used.filter((variable) => !known.includes(variable)), [], name);
		}
	});
});

describe("the scripts of the containers, as processes", () => {
	const folder = temporaryFolder("containers");
	/** What the scripts find as `cybermiles`. */
	const path = `${folder}:${process.env["PATH"]}`;
	const script = (name: string) => join(dockerFolder, name);
	/** Of all services it has the most flags. */
	const { command = [], environment = {} } = files.network.services["alice"] ?? {};
	const [name = "", ...flags] = command;
	let node: ChildProcess;
	let port: string;
	const env = () => ({ PATH: path, RPC_PORT: port });

	before(async () => {
		symlinkSync(nodeBinary(), join(folder, "cybermiles"));
		const { path: spec } = await rawSpecFile("local", folder);
		port = String(await freePort());
		const listen = `/ip4/127.0.0.1/tcp/${await freePort()}`;
		const own = [`--rpc-port=${port}`, `--prometheus-port=${await freePort()}`, "--no-mdns"];
		node = spawn(script("network/validator.sh"), [name, ...flags, ...own], {
			env: {
				...process.env,
				PATH: path,
				DATA: join(folder, "data"),
				SPEC: spec,
				FLAGS: `${environment["FLAGS"]} --listen-addr=${listen}`,
			},
			stdio: "ignore",
		});
		guardProcess(node);
		const look = () => rpc<string>(Number(port), "system_name").then(Boolean);
		await eventually("the validator's answer", look, { timeoutMs: 120_000 });
	});
	after(() => node?.kill("SIGKILL"));

	it("a validator has its session keys, once, as the keystore has them", async () => {
		const [chain = ""] = readdirSync(join(folder, "data", "chains"));
		const keystore = join(folder, "data", "chains", chain, "keystore");
		const expected = join(folder, "expected");
		writeKeystore(expected, suriOf(name));
		const read = (where: string) =>
			readdirSync(where)
				.sort()
				.map((file) => [file, readFileSync(join(where, file), "utf8")]);
		assert.deepEqual(read(keystore), read(expected));
	});

	it("the first nodes to meet have the peer ids of compose.yaml", async () => {
		const named = [...(environment["FLAGS"] ?? "").matchAll(/\/dns\/(\w+)\/tcp\/30333\/p2p\/(\w+)/g)];
		assert.deepEqual(named.map(([, service]) => service), ["alice", "bob"]);
		for (const [, service, peerId] of named) {
			const owner = files.network.services[service!]?.command?.[0];
			const key = createHash("sha256").update(`cybermiles local network ${owner}`).digest("hex");
			const file = join(folder, `${owner}.key`);
			writeFileSync(file, key);
			assert.equal((await output(["key", "inspect-node-key", "--file", file])).trim(), peerId);
		}
	});

	it("healthcheck tells life from readiness, and how to use it", async () => {
		const check = (...args: string[]) =>
			runProgram(script("healthcheck.sh"), args, { env: env() });
		assert.equal((await check("live")).code, 0);
		const ready = await check("ready");
		assert.equal(ready.code, 1);
		assert.match(ready.stderr, /status 500/);
		assert.equal((await check("well")).code, 2);
		const gone = { ...env(), RPC_PORT: String(await freePort()) };
		const dead = await runProgram(script("healthcheck.sh"), ["live"], { env: gone });
		assert.equal(dead.code, 1);
		assert.match(dead.stderr, /nothing answers on port \d+/);
	});

	it("rpc calls a method with parameters", async () => {
		const call = (...args: string[]) => outputOf(script("rpc.sh"), args, { env: env() });
		const genesis = JSON.parse(await call("chain_getBlockHash", "[0]")) as { result: string };
		assert.equal(genesis.result, await rpc(Number(port), "chain_getBlockHash", [0]));
		assert.match(await call("system_name"), /"result":"/);
		// From outside the container nobody may change anything.
		assert.match(await call("author_rotateKeys"), /"error":/);
	});
});
