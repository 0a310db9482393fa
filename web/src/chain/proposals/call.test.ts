import { describe, expect, it } from "vitest";
import { type Argument, type Dictionary, readable } from "./call.ts";

const CALLS: Record<string, Record<string, string>> = {
	"Treasury.spend": { asset_kind: "Box", amount: "AssetBalanceOf<T, I>", beneficiary: "Box" },
	"Governance.change_parameter": { parameter: "RuntimeParameters" },
	"Utility.batch": { calls: "Vec<<T as Config>::RuntimeCall>" },
	"System.set_heap_pages": { pages: "u64" },
	"System.remark": { remark: "Vec<u8>" },
};
const words: Dictionary = {
	call: (pallet, name) => {
		const types = CALLS[`${pallet}.${name}`];
		return types && { docs: [`About ${name}.`], types: new Map(Object.entries(types)) };
	},
	units: new Map([
		["Inflation", "Perbill"],
		["MinDelegation", "Planck"],
		["JailTime", "Milliseconds"],
		["Validators", "Count"],
	]),
};
const call = (type: string, name: string, value: unknown) =>
	readable({ type, value: { type: name, value } }, words);
const text = (args: Argument[], ...path: string[]): string | undefined => {
	const found = args.find(({ name }) => name === path[0]);
	return path.length > 1 ? text(found?.parts ?? [], ...path.slice(1)) : found?.text;
};

describe("a call in words", () => {
	it("has amounts where the field is a balance, and numbers elsewhere", () => {
		const ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
		const spend = call("Treasury", "spend", {
			asset_kind: undefined,
			amount: 10_000n * 10n ** 18n + 1n,
			beneficiary: ALICE,
		});
		expect(spend).toMatchObject({ pallet: "Treasury", name: "spend", docs: ["About spend."] });
		expect(text(spend.args, "amount")).toBe("10,000.000000000000000001 CMT");
		expect(text(spend.args, "asset_kind")).toBe("none");
		expect(text(spend.args, "beneficiary")).toBe(ALICE);
		expect(text(call("System", "set_heap_pages", { pages: 1_024n }).args, "pages")).toBe(
			"1,024",
		);
	});

	it("has parameters in their units", () => {
		const parameter = (group: string, name: string, value: unknown): string | undefined => {
			const parameter = { type: group, value: { type: name, value: [value] } };
			return text(call("Governance", "change_parameter", { parameter }).args, "parameter");
		};
		expect(parameter("Awards", "Inflation", 60_000_000)).toBe("Awards: Inflation: 6.00 %");
		expect(parameter("Staking", "MinDelegation", 10n ** 21n)).toBe(
			"Staking: MinDelegation: 1,000 CMT",
		);
		expect(parameter("Offences", "JailTime", 3_600_000n)).toBe("Offences: JailTime: 1 hour");
		expect(parameter("Election", "Validators", 21)).toBe("Election: Validators: 21");
	});

	it("has the calls inside it", () => {
		const inner = { type: "Treasury", value: { type: "spend", value: { amount: 10n ** 18n } } };
		const { args } = call("Utility", "batch", { calls: [inner, inner] });
		const parts = args[0]?.parts ?? [];
		expect(parts.map((part) => part.call?.name)).toEqual(["spend", "spend"]);
		expect(text(parts[0]?.call?.args ?? [], "amount")).toBe("1 CMT");
	});

	it("tells bytes as text where they are, and long ones in short", () => {
		const remark = (bytes: Uint8Array) =>
			text(call("System", "remark", { remark: bytes }).args, "remark");
		expect(remark(new TextEncoder().encode("Grüße!"))).toBe("“Grüße!”");
		expect(remark(Uint8Array.of(0, 255))).toBe("0x00ff");
		expect(remark(new Uint8Array(5_000))).toBe(
			`5,000 bytes, which begin with 0x${"00".repeat(16)}`,
		);
		expect(remark(new Uint8Array())).toBe("empty");
		const turned = new TextEncoder().encode("\u202Eevil");
		expect(remark(turned)).toMatch(/^0x/);
	});

	it("stops where calls lie too deep", () => {
		const nested = (depth: number): unknown =>
			depth === 0
				? { type: "System", value: { type: "remark", value: { remark: new Uint8Array() } } }
				: {
						type: "Utility",
						value: { type: "batch", value: { calls: [nested(depth - 1)] } },
					};
		const told = JSON.stringify(readable(nested(200) as never, words));
		expect(told).toContain("too deep");
		expect(told.length).toBeLessThan(5_000);
	});
});
