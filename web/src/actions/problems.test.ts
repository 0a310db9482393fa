import { describe, expect, test } from "vitest";
import { problemOf } from "./problems.ts";

const nameOf = (error: unknown): string => problemOf(error).name;

describe("a user who says no", () => {
	test.each([
		"Cancelled",
		"Rejected",
		"Rejected by user",
		"User rejected the request.",
		"User Rejected Request",
		"User cancelled",
		"Request was cancelled by the user",
		"MetaMask Tx Signature: User denied transaction signature.",
	])("is known by the words %j", (message) => {
		expect(nameOf(new Error(message))).toBe("UserRejected");
	});

	test("is known by the code of EIP-1193, whatever the words", () => {
		expect(nameOf({ code: 4001, message: "no" })).toBe("UserRejected");
	});
});

describe("a node that says no", () => {
	test.each([
		"Transaction rejected",
		"transaction rejected: already known",
		"The request was rejected by the node",
		"Subscription cancelled",
		"Permission denied",
	])("is not taken for the user: %j", (message) => {
		expect(nameOf(new Error(message))).toBe("WalletFailed");
	});
});
