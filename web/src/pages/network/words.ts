// Words of the network page: names, whole numbers, times of day.

import { type Names, nameOf } from "../../chain/names.ts";
import { network as texts } from "../../texts.ts";

/** A whole number with commas. */
export const whole = (number: number): string => number.toLocaleString("en");

/** The name of a candidate, or that nobody can tell who it is. */
export const authorWords = (names: Names, candidate: string | undefined): string =>
	candidate === undefined ? texts.unknownAuthor : nameOf(names, candidate);

/** A time of day, in the reader's time zone. */
export const timeOfDay = (milliseconds: number): string =>
	new Date(milliseconds).toLocaleTimeString(undefined, { timeStyle: "medium", hourCycle: "h23" });
