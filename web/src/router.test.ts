import { describe, expect, it } from "vitest";
import { href, placeOf } from "./router.ts";

describe("a place", () => {
	it("is what the address names", () => {
		const { page, rest, query } = placeOf("#/validators/5Grw?compare=a,b");
		expect([page, rest, query.get("compare")]).toEqual(["validators", ["5Grw"], "a,b"]);
		expect(placeOf("").page).toBe("validators");
	});

	it("is found again by its own address", () => {
		const { page, rest } = placeOf(href("trade", "a/b", "50%"));
		expect([page, rest]).toEqual(["trade", ["a/b", "50%"]]);
	});

	it("may be written with a per cent sign that means nothing", () => {
		expect(placeOf("#/validators/100%").rest).toEqual(["100%"]);
		expect(placeOf("#/%E0%A4%A").page).toBe("%E0%A4%A");
	});
});
