// Times and durations as people read them.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const count = (amount: number, unit: string): string =>
	`${amount} ${unit}${amount === 1 ? "" : "s"}`;

/** Units that stand beside each other, the largest first: their seconds, and their names. */
const PAIRS = [
	[DAY, HOUR, "day", "hour"],
	[HOUR, MINUTE, "hour", "minute"],
	[MINUTE, 1, "minute", "second"],
] as const;

/**
 * A duration in seconds, by its largest two units: `2 days 3 hours`, `1 minute 30 seconds`. What is
 * smaller is cut off: nobody is told of more time than there is.
 */
export function duration(seconds: number): string {
	const whole = Math.max(0, Math.floor(seconds));
	const pair = PAIRS.find(([unit]) => whole >= unit);
	if (!pair) return count(whole, "second");
	const [large, small, largeName, smallName] = pair;
	const first = count(Math.floor(whole / large), largeName);
	const rest = Math.floor((whole % large) / small);
	return rest > 0 ? `${first} ${count(rest, smallName)}` : first;
}

// Made once: thousands of events are written at a time.
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** A moment in milliseconds since 1970, in the reader's time zone. */
export const moment = (milliseconds: number): string => MOMENT.format(milliseconds);
