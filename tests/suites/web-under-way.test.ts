// Transactions of the web page whose dialog is closed, or whose block loses against another branch. What
// the page says of them must be what the chain did.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { browserBinary } from "../src/browser.ts";
import { CMT } from "../src/calls.ts";
import { DevNode } from "../src/dev-node.ts";
import { Ethereum, keyOf, nativeOf, quantity } from "../src/ethereum.ts";
import { accountOf, sessionKeysWithProof, suriOf } from "../src/keys.ts";
import { rpc } from "../src/rpc.ts";
import { audit } from "../src/web/audit.ts";
import { DESKTOP, type Kind, PHONE, WebPage, named } from "../src/web/web-page.ts";

const alice = accountOf("Alice");
/** Declares a candidate, and retires it. */
const dave = accountOf("Dave");
const bob = named("Bob");
const ethereum = keyOf(0);
const WHO: Record<Kind, string> = { native: bob.address, ethereum: nativeOf(ethereum.address) };
const CHAIN_ID = 1234;
/** Extrinsics that every block has: the time. */
const INHERENTS = 1;

let dev: DevNode;
let web: WebPage;

before(async () => {
	browserBinary();
	dev = await DevNode.launch("manual");
	const { tx } = dev.api;
	const { keys, proof } = sessionKeysWithProof(suriOf("Dave"), dave.publicKey);
	await dev.submit(dave, tx.session.setKeys(keys, proof));
	await dev.submit(dave, tx.cmtDpos.declare(20_000n * CMT, 300, 10_000n * CMT));
	web = await WebPage.open({ node: dev.node.url, extension: [bob], ethereum });
	const { http } = new Ethereum(dev.node.ports.rpc);
	await web.metamask?.useNetwork(quantity(CHAIN_ID), "CyberMiles", http);
	await web.arrive("stake");
	await web.join("native");
	await web.join("ethereum");
});
after(async () => {
	await web?.close();
	await dev?.stop();
});

/** What the head of the page shows of the transactions without a dialog. */
const entry = () => web.page.locator("header .transaction");

/** Signs a delegation of 1,000 CMT, and waits until it is sent. */
async function send(kind: Kind, candidate: string): Promise<void> {
	const form = web.page.locator('[data-form="delegate"]');
	await form.locator('[name="from"]').selectOption(kind);
	await form.locator('[name="candidate"]').selectOption(candidate);
	await form.locator('[name="amount"]').fill("1000");
	await form.locator('button[type="submit"]').click();
	await web.sign();
	await web.dialog.locator('[data-stage="sent"]').waitFor();
}

/** Makes a block that is not final upon a parent, the best block by default; its hash. */
async function build(parent: string | null = null): Promise<string> {
	const params = [true, false, parent];
	return (await rpc<{ hash: string }>(dev.node.ports.rpc, "engine_createBlock", params)).hash;
}

/** Makes blocks that are not final until one has a transaction. */
async function include(): Promise<void> {
	type Full = { block: { extrinsics: string[] } };
	await web.eventually("a block with the transaction", async () => {
		const { block } = await rpc<Full>(dev.node.ports.rpc, "chain_getBlock", [await build()]);
		return block.extrinsics.length > INHERENTS;
	});
}

/** Takes the entry off the head. */
async function dismiss(): Promise<void> {
	await entry().getByRole("button").click();
	await entry().waitFor({ state: "detached" });
}

describe("a dialog that is closed before the outcome", () => {
	for (const kind of ["native", "ethereum"] as const) {
		it(`loses nothing: the head tells of what the wallet of the kind ${kind} sent`, async () => {
			await send(kind, alice.address);
			await web.page.keyboard.press("Escape");
			await web.dialog.waitFor({ state: "detached" });
			await entry().locator('[data-stage="sent"]').waitFor();
			await web.go("validators");
			await dev.seal();
			await web.eventually("finality", async () => {
				await dev.seal();
				return (await entry().locator('[data-stage="final"]').count()) > 0;
			});
			assert.match(await entry().innerText(), /CMT are behind .+ now\./);
			const { principal } = (await dev.dpos.position(WHO[kind], alice.address))!;
			assert.equal(principal, 1_000n * CMT);
			await web.page.setViewportSize(PHONE);
			assert.equal(await web.overflow(), 0);
			assert.deepEqual(await audit(web.page), []);
			await web.page.setViewportSize(DESKTOP);
			await dismiss();
			await web.go("stake");
		});
	}
});

describe("a block that loses against another branch", () => {
	it("is not called final, and what the other branch made of it is told", async () => {
		const parent = await dev.seal();
		await send("native", dave.address);
		await include();
		assert.ok("words" in (await web.outcome()));
		await web.dialog.locator('[data-stage="included"]').waitFor();
		await web.dismiss();
		assert.equal(await entry().count(), 0);
		// On the other branch the candidate closes first.
		const retire = await dev.api.tx.cmtDpos.retire().signAsync(dave, { nonce: -1, tip: CMT });
		await rpc(dev.node.ports.rpc, "author_submitExtrinsic", [retire.toHex()]);
		const rival = await build(parent);
		await rpc(dev.node.ports.rpc, "engine_finalizeBlock", [rival, null]);
		await web.eventually("the new outcome", async () => {
			await dev.seal();
			return (await entry().locator('[data-problem="CandidateRetired"]').count()) > 0;
		});
		assert.equal(await entry().locator("[data-block], [data-stage]").count(), 0);
		assert.equal(await dev.dpos.position(WHO.native, dave.address), undefined);
		await dismiss();
		web.assertQuiet();
	});
});
