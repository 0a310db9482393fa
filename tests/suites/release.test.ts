// What `make release` says and refuses, without a build: in a small repository of its own, with a
// runtime of a few bytes. Seconds.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, it } from "node:test";
import { blake2AsHex } from "@polkadot/util-crypto";
import { repositoryRoot } from "../src/binary.ts";
import { temporaryFolder } from "../src/janitor.ts";
import { outputOf, runProgram } from "../src/program.ts";

const CHANGELOG = `# Changelog

## [0.2.0] - 2026-11-29

Needs node: 0.1.0 or newer.

### Runtime User

- Something new.

## [0.1.0] - 2026-10-01

Needs node: 0.1.0 or newer.

- All of it.
`;
const MIGRATIONS = `pub type Unreleased = (crate::First<Runtime>, crate::Second,);
pub type MultiBlock = ();
`;

const runtimeSource = (spec: number): string =>
	`pub const VERSION: RuntimeVersion = RuntimeVersion {\n\tspec_version: ${spec},\n\ttransaction_version: 1,\n};\n`;

/** A module that is nothing but a runtime's version, as the SDK encodes it. */
function runtimeWasm(spec: number): Buffer {
	const numbers = Buffer.alloc(21);
	numbers.writeUInt32LE(1, 0);
	numbers.writeUInt32LE(spec, 4);
	numbers.writeUInt32LE(1, 8);
	// No APIs, in one byte; then the version of transactions and that of the state.
	numbers.writeUInt32LE(1, 13);
	const name = Buffer.concat([Buffer.of(10 << 2), Buffer.from("cybermiles")]);
	const section = Buffer.from("runtime_version");
	const body = [Buffer.of(section.length), section, name, name, numbers.subarray(0, 18)];
	const content = Buffer.concat(body);
	return Buffer.concat([Buffer.from("\0asm\x01\0\0\0"), Buffer.of(0, content.length), content]);
}

/** A repository with a release 0.1.0, and one of 0.2.0 that may be made. */
class Repository {
	readonly folder = temporaryFolder("release");
	readonly dist = join(temporaryFolder("dist"), "0.2.0");
	readonly wasm = join(temporaryFolder("wasm"), "runtime.wasm");
	private readonly key = join(temporaryFolder("key"), "key");

	async begin(): Promise<void> {
		for (const path of ["scripts", "runtime/src", "pallets"]) {
			mkdirSync(join(this.folder, path), { recursive: true });
		}
		for (const file of ["lib.sh", "release.sh", "release-sign.sh", "release.mjs"]) {
			cpSync(join(repositoryRoot, "scripts", file), join(this.folder, "scripts", file));
		}
		await outputOf("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", this.key]);
		const signers = `${this.key}.allowed`;
		writeFileSync(signers, `* ${readFileSync(`${this.key}.pub`, "utf8")}`);
		await this.git("init", "--quiet", "--initial-branch=main");
		const settings = { "user.name": "R", "user.email": "r@example.org", "gpg.format": "ssh" };
		const signing = { "user.signingKey": this.key, "gpg.ssh.allowedSignersFile": signers };
		for (const [name, value] of Object.entries({ ...settings, ...signing })) {
			await this.git("config", name, value);
		}
		await this.release("0.1.0", 1);
		await this.release("0.2.0", 2);
		mkdirSync(this.dist);
		writeFileSync(this.wasm, runtimeWasm(2));
		this.writeDist("cybermiles-runtime-0.2.0.compact.compressed.wasm", "compressed");
		this.writeDist("cybermiles-0.2.0-x86_64", "binary");
	}

	private async release(version: string, spec: number): Promise<void> {
		this.write("Cargo.toml", `[workspace.package]\nedition = "2021"\nversion = "${version}"\n`);
		this.write("CHANGELOG.md", CHANGELOG);
		this.write("runtime/src/lib.rs", runtimeSource(spec));
		this.write("runtime/src/migrations.rs", MIGRATIONS);
		await this.commit();
		await this.git("tag", "-s", "-m", version, `v${version}`);
	}

	write(file: string, text: string): void {
		writeFileSync(join(this.folder, file), text);
	}

	writeDist(file: string, text: string): void {
		writeFileSync(join(this.dist, file), text);
	}

	async commit(): Promise<void> {
		await this.git("add", "--all");
		await this.git("commit", "--quiet", "--allow-empty", "-m", "change");
	}

	/** Commits a change and moves the signed tag of 0.2.0 there. */
	async change(file: string, text: string): Promise<void> {
		this.write(file, text);
		await this.commit();
		await this.git("tag", "-f", "-s", "-m", "0.2.0", "v0.2.0");
	}

	git(...args: string[]): Promise<string> {
		return outputOf("git", args, { cwd: this.folder });
	}

	private run(command: string[], env: Record<string, string> = {}) {
		const [program = "", ...args] = command;
		return runProgram(program, args, { cwd: this.folder, env });
	}

	texts(...args: string[]): string[] {
		return [process.execPath, "scripts/release.mjs", ...args];
	}

	/** Demands that a command works; what it printed. */
	async works(command: string[], env?: Record<string, string>): Promise<string> {
		const { code, stdout, stderr } = await this.run(command, env);
		assert.equal(code, 0, `${stdout} ${stderr}`);
		return stdout;
	}

	/** Demands that a command refuses with one sentence that matches `why`. */
	async refuses(command: string[], why: RegExp, env?: Record<string, string>): Promise<void> {
		const { code, stdout, stderr } = await this.run(command, env);
		assert.notEqual(code, 0, stdout);
		const lines = stderr.trim().split("\n");
		assert.equal(lines.length, 1, stderr);
		assert.match(lines[0] ?? "", why);
		assert.match(lines[0] ?? "", /^error: /);
	}

	readDist(file: string): string {
		return readFileSync(join(this.dist, file), "utf8");
	}
}

let repository: Repository;
let check: string[];
let write: string[];

beforeEach(async () => {
	repository = new Repository();
	await repository.begin();
	check = repository.texts("check");
	write = repository.texts("write", repository.dist, repository.wasm);
});

describe("a release that may be made", () => {
	it("has a version", async () => {
		assert.equal(await repository.works(check), "0.2.0\n");
	});

	it("has the changelog's notes, and only those of the version", async () => {
		await repository.works(write);
		const notes = repository.readDist("RELEASE-NOTES.md");
		assert.match(notes, /^# CyberMiles 0\.2\.0\n\n[^]*- Something new\.\n$/);
		assert.doesNotMatch(notes, /All of it/);
	});

	it("tells operators versions, node, hash and migrations", async () => {
		await repository.works(write);
		const text = repository.readDist("UPGRADE.md");
		assert.match(text, /spec_version before \| 1 \(v0\.1\.0\)/);
		assert.match(text, /spec_version now \| 2 /);
		assert.match(text, /node needed \| 0\.1\.0 or newer/);
		assert.match(text, new RegExp(`\`${blake2AsHex("compressed", 256)}\``));
		assert.match(text, /- `crate::First<Runtime>`\n- `crate::Second`\n/);
		assert.match(text, /over several blocks, in which transactions wait: none\./);
	});

	it("has a manifest of all its files", async () => {
		await repository.works(write);
		const manifest = JSON.parse(repository.readDist("manifest.json"));
		assert.equal(manifest.version, "0.2.0");
		assert.equal(manifest.commit, (await repository.git("rev-parse", "HEAD")).trim());
		assert.deepEqual(manifest.runtime.previous, { tag: "v0.1.0", specVersion: 1 });
		assert.equal(manifest.runtime.specVersion, 2);
		const names = manifest.files.map(({ name }: { name: string }) => name);
		assert.deepEqual(names, [
			"RELEASE-NOTES.md",
			"UPGRADE.md",
			"cybermiles-0.2.0-x86_64",
			"cybermiles-runtime-0.2.0.compact.compressed.wasm",
		]);
		const sum = createHash("sha256").update("binary").digest("hex");
		assert.deepEqual(manifest.files[2], { name: names[2], bytes: 6, sha256: sum });
	});

	it("is signed, and what is changed afterwards is noticed", async () => {
		const key = join(temporaryFolder("minisign"), "key");
		// Installs minisign where it is missing; without a key it does not get that far.
		writeFileSync(key, "untrusted comment: minisign encrypted secret key\n");
		await repository.works(["scripts/release-sign.sh"], { RELEASE_KEY: key });
		rmSync(key);
		await outputOf("minisign", ["-G", "-W", "-p", `${key}.pub`, "-s", key]);
		await repository.works(["scripts/release-sign.sh", repository.dist], { RELEASE_KEY: key });
		const sums = join(repository.dist, "SHA256SUMS");
		await outputOf("minisign", ["-V", "-p", `${key}.pub`, "-m", sums]);
		const sha = ["-c", "--quiet", "SHA256SUMS"];
		await outputOf("sha256sum", sha, { cwd: repository.dist });
		repository.writeDist("cybermiles-0.2.0-x86_64", "another");
		const { code } = await runProgram("sha256sum", sha, { cwd: repository.dist });
		assert.notEqual(code, 0);
	});
});

describe("a release is refused", () => {
	it("without its version in the changelog", async () => {
		await repository.change(
			"CHANGELOG.md",
			CHANGELOG.replace("[0.2.0] - 2026-11-29", "[Unreleased]"),
		);
		await repository.refuses(check, /no section '## \[0\.2\.0\]/);
		await repository.change(
			"CHANGELOG.md",
			CHANGELOG.replace(/(0\.2\.0.*\n)[^]*(?=## \[0\.1)/, "$1\n"),
		);
		await repository.refuses(check, /section \[0\.2\.0\] of CHANGELOG.md is empty/);
	});

	it("where it does not say which node it needs", async () => {
		await repository.change(
			"CHANGELOG.md",
			CHANGELOG.replace("Needs node: 0.1.0", "Needs: 0.1.0"),
		);
		await repository.refuses(check, /no line 'Needs node: <version> or newer\.'/);
		await repository.change("CHANGELOG.md", CHANGELOG.replace("node: 0.1.0", "node: 0.10.0"));
		await repository.refuses(check, /needs node 0\.10\.0, which is newer than this release/);
	});

	it("from a working copy with changes", async () => {
		repository.write("stray.txt", "");
		await repository.refuses(check, /differs from its commit, in 1 files/);
	});

	it("without a signed tag at this commit", async () => {
		await repository.commit();
		await repository.refuses(check, /v0\.2\.0 is at another commit/);
		await repository.git("tag", "-f", "v0.2.0");
		await repository.refuses(check, /v0\.2\.0 has no signature/);
		await repository.git("tag", "-f", "-a", "-m", "0.2.0", "v0.2.0");
		await repository.refuses(check, /v0\.2\.0 has no signature/);
		await repository.git("tag", "-d", "v0.2.0");
		await repository.refuses(check, /there is no tag v0\.2\.0/);
	});

	it("with a version that does not fit", async () => {
		await repository.change("Cargo.toml", '[workspace.package]\nedition = "2021"\n');
		await repository.refuses(check, /names no version/);
	});

	it("with a runtime of another version than the source's", async () => {
		writeFileSync(repository.wasm, runtimeWasm(3));
		await repository.refuses(write, /the WASM is of version 3.*the source of 2/);
		writeFileSync(repository.wasm, "\0asm\x01\0\0\0");
		await repository.refuses(write, /no section runtime_version/);
	});

	it("with a spec_version that was not raised", async () => {
		await repository.change("runtime/src/lib.rs", `// Changed.\n${runtimeSource(1)}`);
		writeFileSync(repository.wasm, runtimeWasm(1));
		await repository.refuses(
			write,
			/the runtime changed since v0\.1\.0: raise spec_version above 1/,
		);
		await repository.change("runtime/src/lib.rs", runtimeSource(0));
		writeFileSync(repository.wasm, runtimeWasm(0));
		await repository.refuses(write, /spec_version 0 is below 1 of v0\.1\.0/);
	});

	it("without a key that signs, before anything is built", async () => {
		const release = ["scripts/release.sh"];
		await repository.refuses(release, /RELEASE_KEY must name/, { RELEASE_KEY: "" });
		await repository.refuses(release, /cannot be read/, { RELEASE_KEY: "/nowhere" });
		const other = join(repository.folder, "CHANGELOG.md");
		await repository.refuses(release, /is no secret key of minisign/, { RELEASE_KEY: other });
	});
});
