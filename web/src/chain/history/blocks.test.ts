import { expect, test } from "vitest";
import { compact } from "./blocks.ts";

test("versions are read as SCALE writes them", () => {
	expect(compact(Uint8Array.of(0x04))).toBe(1);
	expect(compact(Uint8Array.of(0xfc))).toBe(63);
	expect(compact(Uint8Array.of(0x01, 0x01))).toBe(64);
	expect(compact(Uint8Array.of(0xfd, 0xff))).toBe(16_383);
	expect(compact(Uint8Array.of(0x02, 0x00, 0x01, 0x00))).toBe(16_384);
	expect(compact(Uint8Array.of(0xfe, 0xff, 0xff, 0xff))).toBe(2 ** 30 - 1);
	expect(compact(new Uint8Array())).toBe(0);
});
