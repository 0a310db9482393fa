import type { Abi, Hex } from "viem";
import { bytesToHex, decodeFunctionData, encodeFunctionResult, hexToBytes } from "viem/utils";
import { describe, expect, it } from "vitest";
import type { At } from "../at-block.ts";
import { CMT, money, parseUnits, readAsset, tokenAbi, unitsText, unnamed } from "./asset.ts";

/** A node, and a token on it: what it says of itself, or why nothing is heard of it. */
function nodeOf(answer: { symbol: string; decimals: number } | "reverts" | "nothing" | Error): At {
	const call = async (...[, , , , , input]: unknown[]) => {
		if (answer instanceof Error) throw answer;
		const flags = answer === "reverts" ? 1 : 0;
		const data = typeof answer === "object" ? told(answer, input as Uint8Array) : new Uint8Array();
		return { result: { success: true, value: { flags, data } } };
	};
	return { facts: { genesis: "0x00" }, api: { apis: { ReviveApi: { call } } } } as unknown as At;
}

function told(answer: { symbol: string; decimals: number }, input: Uint8Array): Uint8Array {
	const { functionName } = decodeFunctionData({ abi: tokenAbi, data: bytesToHex(input) });
	const result = answer[functionName as keyof typeof answer];
	// Whatever a token answers, also more than its type can hold.
	const type = typeof result === "number" ? "uint256" : "string";
	const abi: Abi = [
		{ type: "function", name: "any", inputs: [], outputs: [{ type }], stateMutability: "view" },
	];
	return hexToBytes(encodeFunctionResult({ abi, functionName: "any", result }));
}

/** Another token each time: what is known of one is kept. */
let tokens = 0;
const token = (): Hex => `0x${String(++tokens).padStart(4, "0")}${"00".repeat(15)}abcdef`;

describe("an asset", () => {
	it("that is a token has its address in its name: it may call itself CMT", async () => {
		const address = token();
		const asset = await readAsset(nodeOf({ symbol: "CMT", decimals: 2 }), address);
		expect(asset).toEqual({ address, symbol: "CMT (0x0001…abcdef)", decimals: 2 });
		expect(money(1_050n, asset!)).toBe("10.5 CMT (0x0001…abcdef)");
		expect(money(1_050n, unnamed(address))).toBe("1,050 units (0x0001…abcdef)");
		expect(money(10n ** 18n, CMT)).toBe("1 CMT");
	});

	it("has a name that turns no text and is no book", async () => {
		const symbol = " \u202eCENT".padEnd(90, "!");
		const asset = await readAsset(nodeOf({ symbol, decimals: 0 }), token());
		expect(asset?.symbol).toMatch(/^CENT!{8} \(0x/);
	});

	it("is none where the contract refuses, says nothing, or claims what nobody can count", async () => {
		expect(await readAsset(nodeOf("reverts"), token())).toBeUndefined();
		expect(await readAsset(nodeOf("nothing"), token())).toBeUndefined();
		const decimals = 2 ** 31;
		expect(await readAsset(nodeOf({ symbol: "BIG", decimals }), token())).toBeUndefined();
	});

	it("is not known where the node fails, and is asked for again", async () => {
		const address = token();
		await expect(readAsset(nodeOf(new Error("gone")), address)).rejects.toThrow("gone");
		expect((await readAsset(nodeOf({ symbol: "A", decimals: 6 }), address))?.decimals).toBe(6);
	});
});

describe("amounts of an asset", () => {
	it("are written with all decimals, without zeros at the end", () => {
		expect(unitsText(1_234_500n, 3)).toBe("1,234.5");
		expect(unitsText(5n, 3)).toBe("0.005");
		expect(unitsText(1_000n, 0)).toBe("1,000");
		expect(unitsText(0n, 18)).toBe("0");
	});

	it("are read with no more decimals than the asset has", () => {
		expect(parseUnits("1,234.5", 3)).toBe(1_234_500n);
		expect(parseUnits("0.0001", 3)).toBeUndefined();
		expect(parseUnits("7", 0)).toBe(7n);
		expect(parseUnits("7.0", 0)).toBeUndefined();
		expect(parseUnits("-1", 3)).toBeUndefined();
		expect(parseUnits("", 3)).toBeUndefined();
	});

	it("are not read where a comma stands for the point", () => {
		expect(parseUnits("1,5", 3)).toBeUndefined();
		expect(parseUnits("0,5", 3)).toBeUndefined();
		expect(parseUnits("1,2345", 3)).toBeUndefined();
		expect(parseUnits("1,234,567", 0)).toBe(1_234_567n);
		expect(parseUnits("1 234.5", 3)).toBe(1_234_500n);
	});
});
