// Ethereum's tools on the network of 19 validators, as on one node in `ethereum-tools.test.ts` and
// `ethereum-projects.test.ts`: here a block takes 3 seconds, and holds what several users send.

import { after, before, describe } from "node:test";
import { NetworkChain } from "../src/chain.ts";
import { describeBothWorlds } from "./flows/both-worlds.ts";
import { describeFees } from "./flows/fees.ts";
import { describeFoundry } from "./flows/foundry.ts";
import { describeHardhat } from "./flows/hardhat.ts";
import { describeLibraries } from "./flows/libraries.ts";
import { describeStake } from "./flows/stake.ts";
import { describeStandards } from "./flows/standards.ts";

let network: NetworkChain;

before(async () => {
	network = await NetworkChain.launch();
});
after(() => network?.stop());

const chain = (): NetworkChain => network;

// At the same time, each by keys of its own.
describe("users of one network", { concurrency: true }, () => {
	describeLibraries(chain);
	describeStandards(chain);
	describeBothWorlds(chain);
	describeStake(chain);
});

// By keys that the libraries are done with.
describe("developers of contracts on one network", { concurrency: true }, () => {
	describeHardhat(chain, { tests: false });
	describeFoundry(chain);
});

// Alone.
describeFees(chain);
