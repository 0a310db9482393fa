import { describe, expect, it } from "vitest";
import { duration } from "./times.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("a duration", () => {
	it("is told by its largest two units", () => {
		expect(duration(45)).toBe("45 seconds");
		expect(duration(90)).toBe("1 minute 30 seconds");
		expect(duration(2 * HOUR + 5 * MINUTE)).toBe("2 hours 5 minutes");
		expect(duration(2 * DAY + 3 * HOUR)).toBe("2 days 3 hours");
	});

	it("leaves out a unit of which there is none", () => {
		expect(duration(MINUTE)).toBe("1 minute");
		expect(duration(HOUR + 59)).toBe("1 hour");
		expect(duration(14 * DAY)).toBe("14 days");
	});

	it("is never told to be longer than it is", () => {
		expect(duration(59.9)).toBe("59 seconds");
		expect(duration(2 * MINUTE - 1)).toBe("1 minute 59 seconds");
		expect(duration(HOUR - 1)).toBe("59 minutes 59 seconds");
		expect(duration(DAY - 1)).toBe("23 hours 59 minutes");
		expect(duration(2 * DAY - 1)).toBe("1 day 23 hours");
	});

	it("that is over is none", () => {
		expect(duration(0)).toBe("0 seconds");
		expect(duration(-5)).toBe("0 seconds");
	});
});
