// The libraries by which applications use Ethereum, and accounts and contracts of both worlds, on a
// development node. `ethereum-network.test.ts` does the same with 19 validators.

import { after, before } from "node:test";
import { DevNode } from "../src/dev-node.ts";
import { describeBothWorlds } from "./flows/both-worlds.ts";
import { describeFees } from "./flows/fees.ts";
import { describeLibraries } from "./flows/libraries.ts";
import { describeStake } from "./flows/stake.ts";
import { describeStandards } from "./flows/standards.ts";

let dev: DevNode;

before(async () => {
	dev = await DevNode.launch("instant");
});
after(() => dev?.stop());

const chain = (): DevNode => dev;

describeLibraries(chain);
describeStandards(chain);
describeBothWorlds(chain);
describeStake(chain);
describeFees(chain);
