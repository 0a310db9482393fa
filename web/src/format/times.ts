// Times and durations as people read them.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const count = (amount: number, unit: string): string =>
	`${amount} ${unit}${amount === 1 ? "" : "s"}`;

/** A duration in seconds, by its largest two units: `2 days 3 hours`, `45 seconds`. */
export function duration(seconds: number): string {
	const whole = Math.max(0, Math.round(seconds));
	if (whole < MINUTE) return count(whole, "second");
	if (whole < HOUR) return count(Math.round(whole / MINUTE), "minute");
	const [large, small, names] =
		whole < DAY ? [HOUR, MINUTE, ["hour", "minute"]] as const : [DAY, HOUR, ["day", "hour"]] as const;
	const rest = Math.floor((whole % large) / small);
	const first = count(Math.floor(whole / large), names[0]);
	return rest > 0 ? `${first} ${count(rest, names[1])}` : first;
}

// Made once: thousands of events are written at a time.
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** A moment in milliseconds since 1970, in the reader's time zone. */
export const moment = (milliseconds: number): string => MOMENT.format(milliseconds);
