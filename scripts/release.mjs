// What a release says about itself; `scripts/release.sh` calls it, and tests do, without a build.
//
//   node scripts/release.mjs check                     may this working copy be released? its version
//   node scripts/release.mjs write <folder> <wasm>     notes, upgrade notes and manifest into <folder>
//   node scripts/release.mjs sbom <from> <to>          an SBOM of what the node is made of, and no more
//
// <wasm> is the runtime as it was built, not compressed: its version is read from it. <folder> holds
// what is released already, the compressed runtime among it.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A sentence with reason and remedy. */
class Refusal extends Error {}

function refuse(sentence) {
	throw new Refusal(sentence);
}

/** What git answers; nothing where it refuses. */
function git(...args) {
	try {
		return execFileSync("git", args, {
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
		}).trim();
	} catch {
		return undefined;
	}
}

function read(file) {
	if (!existsSync(file)) refuse(`${file} is not there: run this in the root of the repository`);
	return readFileSync(file, "utf8");
}

/** The version that all crates share. */
function versionIn(manifest) {
	const [, section = ""] = manifest.split(/^\[workspace\.package\]$/m);
	const [, version] = /^version = "(\d+\.\d+\.\d+)"$/m.exec(section.split(/^\[/m)[0]) ?? [];
	return (
		version ?? refuse("Cargo.toml names no version of the form 1.2.3 in [workspace.package]")
	);
}

/** The changelog's text of a version. */
function notesOf(version) {
	const heading = new RegExp(
		`^## \\[${version.replaceAll(".", "\\.")}\\] - \\d{4}-\\d\\d-\\d\\d$`,
		"m",
	);
	const [, after] = read("CHANGELOG.md").split(heading);
	if (after === undefined) {
		refuse(
			`CHANGELOG.md has no section '## [${version}] - <year>-<month>-<day>': give [Unreleased] that heading`,
		);
	}
	const text = after.split(/^## /m)[0].trim();
	return text || refuse(`the section [${version}] of CHANGELOG.md is empty: say what changed`);
}

/** The oldest release of the node that executes this runtime, as the changelog says. */
function nodeNeeded(version, notes) {
	const [, needed] = /^Needs node: (\d+\.\d+\.\d+) or newer\.$/m.exec(notes) ?? [];
	if (!needed)
		refuse(
			`the section [${version}] of CHANGELOG.md has no line 'Needs node: <version> or newer.'`,
		);
	const number = (text) => text.split(".").reduce((sum, part) => sum * 10_000 + Number(part), 0);
	if (number(needed) > number(version))
		refuse(`the changelog needs node ${needed}, which is newer than this release, ${version}`);
	return needed;
}

/** Demands a signed tag of this version at a commit without changes. */
function demandTag(version) {
	const changed = git("status", "--porcelain") ?? refuse("this is no working copy of git");
	if (changed)
		refuse(
			`the working copy differs from its commit, in ${changed.split("\n").length} files: commit or remove the changes`,
		);
	const tag = `v${version}`;
	const tagged = git("rev-parse", "--verify", "--quiet", `${tag}^{commit}`);
	if (!tagged) refuse(`there is no tag ${tag}: git tag -s ${tag}`);
	if (tagged !== git("rev-parse", "HEAD"))
		refuse(
			`the tag ${tag} is at another commit: check it out, or raise the version in Cargo.toml`,
		);
	if (git("cat-file", "-t", tag) !== "tag" || git("verify-tag", tag) === undefined) {
		refuse(`the tag ${tag} has no signature that git can verify: git tag -s -f ${tag}`);
	}
	return tag;
}

/** All that can be told before anything is built. */
function check() {
	const version = versionIn(read("Cargo.toml"));
	const notes = notesOf(version);
	return { version, notes, needed: nodeNeeded(version, notes), tag: demandTag(version) };
}

/** SCALE's compact length at the start of bytes, and how many bytes it takes. */
function lengthAt(bytes, at) {
	const mode = bytes[at] & 3;
	if (mode === 0) return [bytes[at] >> 2, 1];
	if (mode === 1) return [bytes.readUInt16LE(at) >> 2, 2];
	return [bytes.readUInt32LE(at) >>> 2, 4];
}

/** Name and versions that a runtime carries in its section `runtime_version`. */
function runtimeVersion(file) {
	const module = new WebAssembly.Module(readFileSync(file));
	const [section] = WebAssembly.Module.customSections(module, "runtime_version");
	if (!section)
		refuse(`${file} has no section runtime_version: it is no runtime, or a compressed one`);
	const bytes = Buffer.from(section);
	const [length, taken] = lengthAt(bytes, 0);
	const name = bytes.toString("utf8", taken, taken + length);
	const [other, taken2] = lengthAt(bytes, taken + length);
	const numbers = taken + length + taken2 + other;
	const [apis, taken3] = lengthAt(bytes, numbers + 12);
	// Each API is a name of 8 bytes and a version of 4.
	const transaction = numbers + 12 + taken3 + 12 * apis;
	return {
		name,
		spec: bytes.readUInt32LE(numbers + 4),
		transaction: bytes.readUInt32LE(transaction),
	};
}

/** The versions in the runtime's source. */
function sourceVersion(text) {
	const of = (field) => {
		// Before it, with a feature of its own, may stand the one of the tests of upgrades.
		const [, number] =
			new RegExp(`pub const VERSION[^;]*?\\b${field}: (\\d+)`).exec(text) ?? [];
		return number === undefined ? undefined : Number(number);
	};
	return { spec: of("spec_version"), transaction: of("transaction_version") };
}

/** The release before, and its versions; nothing before the first. */
function previous(tag) {
	const before = git("describe", "--tags", "--abbrev=0", "--match", "v*", `${tag}^`);
	const text = before && git("show", `${before}:runtime/src/lib.rs`);
	return text ? { tag: before, ...sourceVersion(text) } : undefined;
}

/** The migrations that the source lists for an upgrade: in its block, and over several. */
function migrations() {
	const text = read("runtime/src/migrations.rs");
	const list = (name) => {
		const [, types = ""] =
			new RegExp(`^pub type ${name} =\\s*\\(([^;]*)\\);`, "m").exec(text) ?? [];
		return types
			.split(/,(?![^<(]*[>)])/)
			.map((type) => type.replace(/\s+/g, " ").trim())
			.filter(Boolean);
	};
	return { single: list("Unreleased"), multi: list("MultiBlock") };
}

const sha256 = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** As `system.authorizeUpgrade` names code. */
function blake2(file) {
	return `0x${execFileSync("b2sum", ["--length=256", file], { encoding: "utf8" }).slice(0, 64)}`;
}

/** The one file in the folder with this ending. */
function only(folder, ending) {
	const [found, another] = readdirSync(folder).filter((file) => file.endsWith(ending));
	if (!found || another) refuse(`${folder} must hold one file that ends in ${ending}`);
	return join(folder, found);
}

/** Demands versions that fit the release before, and say when something changed. */
function demandVersions(now, before, source) {
	if (now.spec !== source.spec || now.transaction !== source.transaction) {
		refuse(
			`the WASM is of version ${now.spec}, transactions ${now.transaction}, and the source of ${source.spec}, ${source.transaction}: build it anew`,
		);
	}
	if (!before) return;
	if (now.spec < before.spec || now.transaction < before.transaction) {
		refuse(`spec_version ${now.spec} is below ${before.spec} of ${before.tag}: raise it`);
	}
	const changed =
		git("diff", "--quiet", before.tag, "--", "runtime/src", "pallets") === undefined;
	if (changed && now.spec === before.spec)
		refuse(`the runtime changed since ${before.tag}: raise spec_version above ${now.spec}`);
}

const bullets = (items) =>
	items.length ? items.map((item) => `- \`${item}\``).join("\n") : "None.";

/** What an operator has to know and do. */
function upgradeNotes({ version, needed, runtime, before, wasm, migrating }) {
	const was = before ? `${before.spec} (${before.tag})` : "none: this is the first release";
	const signed =
		before && before.transaction !== runtime.transaction
			? "changes: transactions signed before are refused and have to be signed again"
			: "does not change";
	return `# Upgrade to ${version}

| | |
|---|---|
| spec_version before | ${was} |
| spec_version now | ${runtime.spec} |
| transaction_version | ${runtime.transaction}, ${signed} |
| node needed | ${needed} or newer |
| code | \`${basename(wasm)}\` |
| its blake2-256, for \`system.authorizeUpgrade\` | \`${blake2(wasm)}\` |
| its size | ${statSync(wasm).size} bytes |

${before && before.spec === runtime.spec ? "The rules of the chain stay: only nodes are replaced." : `Replace nodes older than ${needed} before the code is applied. The others may stay.`}

Migrations in the block of the upgrade: ${migrating.single.length ? "" : "none."}
${migrating.single.length ? `\n${bullets(migrating.single)}\n` : ""}
Migrations over several blocks, in which transactions wait: ${migrating.multi.length ? "" : "none."}
${migrating.multi.length ? `\n${bullets(migrating.multi)}\n` : ""}
What to do, and how to try the upgrade on the state of a network first: \`docs/upgrades.md\`.
`.replace(/\n{3,}/g, "\n\n");
}

/** All files of a release, with their sums. */
function manifest(folder, { version, tag, needed, runtime, before, wasm, migrating }) {
	const files = readdirSync(folder)
		.sort()
		.map((name) => {
			const file = join(folder, name);
			return { name, bytes: statSync(file).size, sha256: sha256(file) };
		});
	return {
		name: "cybermiles",
		version,
		tag,
		commit: git("rev-parse", "HEAD"),
		// Of the commit: whoever builds the tag anew gets the same manifest.
		date: git("log", "-1", "--format=%cI"),
		node: { needed },
		runtime: {
			name: runtime.name,
			specVersion: runtime.spec,
			transactionVersion: runtime.transaction,
			previous: before ? { tag: before.tag, specVersion: before.spec } : null,
			file: basename(wasm),
			blake2_256: blake2(wasm),
			migrations: migrating,
		},
		files,
	};
}

function write(folder, built) {
	const release = check();
	const runtime = runtimeVersion(built);
	const before = previous(release.tag);
	demandVersions(runtime, before, sourceVersion(read("runtime/src/lib.rs")));
	const wasm = only(folder, ".compressed.wasm");
	const all = { ...release, runtime, before, wasm, migrating: migrations() };
	writeFileSync(
		join(folder, "RELEASE-NOTES.md"),
		`# CyberMiles ${release.version}\n\n${release.notes}\n`,
	);
	writeFileSync(join(folder, "UPGRADE.md"), upgradeNotes(all));
	const text = JSON.stringify(manifest(folder, all), null, "\t");
	writeFileSync(join(folder, "manifest.json"), `${text}\n`);
}

/** The crates that the node is built from on this machine, as `name@version`. */
function crates() {
	const args = [
		"tree",
		"--locked",
		"--package=cybermiles-node",
		"--edges=normal,build",
		"--prefix=none",
		"--format={p}",
	];
	const text = execFileSync("cargo", args, { encoding: "utf8", maxBuffer: 1 << 28 });
	return new Set(
		text.split("\n").map((line) => line.split(" ").slice(0, 2).join("@").replace("@v", "@")),
	);
}

/** Takes out crates that no feature turns on, which cargo-cyclonedx lists too, and the machine's paths. */
function sbom(from, to) {
	const bom = JSON.parse(read(from));
	const used = crates();
	bom.components = bom.components.filter(({ name, version }) => used.has(`${name}@${version}`));
	const refs = new Set([
		bom.metadata.component["bom-ref"],
		...bom.components.map((one) => one["bom-ref"]),
	]);
	bom.dependencies = bom.dependencies
		.filter(({ ref }) => refs.has(ref))
		.map((one) =>
			one.dependsOn
				? { ...one, dependsOn: one.dependsOn.filter((ref) => refs.has(ref)) }
				: one,
		);
	const folder = dirname(dirname(from));
	writeFileSync(to, `${JSON.stringify(bom, null, "\t").replaceAll(folder, "/cybermiles")}\n`);
}

const [what, ...args] = process.argv.slice(2);
try {
	if (what === "check" && args.length === 0) console.log(check().version);
	else if (what === "write" && args.length === 2) write(...args);
	else if (what === "sbom" && args.length === 2) sbom(...args);
	else
		refuse(
			"usage: release.mjs check | release.mjs write <folder> <wasm> | release.mjs sbom <from> <to>",
		);
} catch (error) {
	if (!(error instanceof Refusal)) throw error;
	console.error(`error: ${error.message}`);
	process.exitCode = 1;
}
