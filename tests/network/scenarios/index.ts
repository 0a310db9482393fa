// All scenarios, in the order in which they run: those that leave the network as it was come first.

import type { Scenario } from "../scenario.ts";
import { absence } from "./absence.ts";
import { wrongClock } from "./clock.ts";
import { fullDisk } from "./disk.ts";
import { invalidExtrinsics } from "./invalid-extrinsics.ts";
import { junkPeers } from "./junk-peers.ts";
import { offenders } from "./offenders.ts";
import { partition } from "./partition.ts";
import { regions } from "./regions.ts";
import { powerCut, rolling } from "./restarts.ts";

export const scenarios: readonly Scenario[] = [
	powerCut,
	junkPeers,
	invalidExtrinsics,
	partition,
	regions,
	fullDisk,
	rolling,
	wrongClock,
	offenders,
	absence,
];
