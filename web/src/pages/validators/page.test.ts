import { expect, test } from "vitest";
import { leadsToSite } from "./page.ts";

test.each([
	["https://node.example/a?b#c", true],
	["http://node.example", true],
	["HTTPS://NODE.EXAMPLE", true],
	["javascript:alert(1)", false],
	["java\nscript:alert(1)", false],
	["data:text/html,<script>alert(1)</script>", false],
	["node.example", false],
	["//node.example", false],
	["", false],
])("%j leads to a site: %s", (text, leads) => {
	expect(leadsToSite(text)).toBe(leads);
});
