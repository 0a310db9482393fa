// A Hardhat project and a Foundry project, as contract developers have them, on a development node.

import { after, before } from "node:test";
import { DevNode } from "../src/dev-node.ts";
import { describeFoundry } from "./flows/foundry.ts";
import { describeHardhat } from "./flows/hardhat.ts";

let dev: DevNode;

before(async () => {
	dev = await DevNode.launch("instant");
});
after(() => dev?.stop());

const chain = (): DevNode => dev;

describeHardhat(chain, { tests: true });
describeFoundry(chain);
