// One fault, told as a story: what happens to the network, and what is demanded meanwhile. The runner
// does the rest: it waits for recovery, holds the nodes against each other, and counts what was lost.

import type { Laboratory } from "./laboratory.ts";
import { type Need, lacking } from "./needs.ts";
import type { Mark } from "./reporter.ts";

const MINUTE = 60_000;
/** How long a network may take to be whole again. */
const RECOVERY_MS = 5 * MINUTE;

/** A fault with its demands. */
export interface Scenario {
	name: string;
	/** What happens, in a few words. */
	what: string;
	needs: readonly Need[];
	/** About how long it takes, in minutes, with recovery and without the start of the network. */
	minutes: number;
	/** Leaves validators in jail, so that the network is of no use to another scenario. */
	spoils?: boolean;
	/** Offences that it must not see: all but those it provokes. */
	provokes?: readonly string[];
	/** Brings the fault, makes the demands, ends the fault; the moment of that end. */
	run(laboratory: Laboratory): Promise<Mark>;
	/** What must come true once the network has recovered. */
	afterwards?(laboratory: Laboratory): Promise<void>;
}

/** What came of a scenario. */
export interface Result {
	scenario: string;
	/** Whether it ran at all, and whether all demands held. */
	outcome: "passed" | "failed" | "skipped";
	/** Why it failed or was skipped. */
	reason?: string;
	/** Blocks that were best on some node and did not become final. */
	lostNonFinal?: number;
	/** Final blocks that another took the place of. */
	lostFinal?: number;
	/** Seconds from the end of the fault until every node had a new block, and a new final one. */
	untilBlocks?: number;
	untilFinality?: number;
	/** The longest stretches, in seconds, in which no node told of a new block, or new finality. */
	pauseOfBlocks?: number;
	pauseOfFinality?: number;
	seconds?: number;
	notes?: string[];
}

/** Why a scenario cannot run on this machine; nothing where it can. */
export function hindrance({ needs }: Scenario): string | undefined {
	const reasons = needs.map(lacking).filter((reason) => reason !== undefined);
	return reasons.length > 0 ? reasons.join("; ") : undefined;
}

/** Demands that nobody was slashed for what the scenario does not provoke. */
async function demandNoSlash(laboratory: Laboratory, { provokes = [] }: Scenario): Promise<void> {
	const slashes = await (await laboratory.dpos()).slashes();
	const wrong = slashes.filter(({ kind }) => !provokes.includes(kind));
	if (wrong.length === 0) return;
	const list = wrong.map(({ candidate, kind }) => `${candidate} for ${kind}`);
	throw new Error(`slashed without reason: ${list.join(", ")}`);
}

/** Brings the fault and measures; an error where a demand does not hold. */
async function measure(laboratory: Laboratory, scenario: Scenario): Promise<Partial<Result>> {
	const { reporter, nodes } = laboratory;
	reporter.resetPauses();
	const from = reporter.mark().final;
	const { forgetful } = reporter;
	const mark = await scenario.run(laboratory);
	const recovery = await reporter.recovered(nodes, mark, RECOVERY_MS);
	const pauses = reporter.pauses();
	await scenario.afterwards?.(laboratory);
	await laboratory.calm();
	await demandNoSlash(laboratory, scenario);
	await reporter.demandSameState(nodes, reporter.lowestFinal(nodes));
	const forgot = reporter.forgetful - forgetful;
	if (forgot > 0) laboratory.note(`${forgot} killed nodes had not written all that was final`);
	if (reporter.problems.length > 0) throw new Error(reporter.problems.join("; "));
	return {
		lostNonFinal: reporter.lost(from),
		lostFinal: reporter.revised,
		untilBlocks: recovery.blocks,
		untilFinality: recovery.finality,
		pauseOfBlocks: pauses.blocks,
		pauseOfFinality: pauses.finality,
	};
}

/** Runs a scenario on a calm network. */
export async function runScenario(laboratory: Laboratory, scenario: Scenario): Promise<Result> {
	const begin = Date.now();
	const { name } = scenario;
	laboratory.notes.length = 0;
	const rest = (): Partial<Result> => ({
		seconds: (Date.now() - begin) / 1_000,
		...(laboratory.notes.length > 0 ? { notes: [...laboratory.notes] } : {}),
	});
	try {
		const measures = await measure(laboratory, scenario);
		return { scenario: name, outcome: "passed", ...measures, ...rest() };
	} catch (error) {
		const lostFinal = laboratory.reporter.revised;
		const reason = (error as Error).message;
		return { scenario: name, outcome: "failed", reason, lostFinal, ...rest() };
	}
}
