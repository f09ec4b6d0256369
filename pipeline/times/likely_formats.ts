/**
 * Which format a time may have been written in, for messages: guessed for a person to decide, never for a program.
 *
 * @module
 */
import { parseTimeFormat } from "./format.ts";

const DAYS = [
  ...["%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d"],
  ...["%d.%m.%y", "%m/%d/%y", "%d/%m/%y"],
  ...["%d %b %Y", "%b %d, %Y", "%b %d %Y", "%a, %d %b %Y", "%d-%b-%Y", "%d/%b/%Y", "%Y年%m月%d日"],
];
const TIMES = [
  ...["%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%I:%M:%S %p", "%I:%M %p"],
  ...["%H:%M:%S %z", "%H:%M:%S %Z", "%H"],
];
const BETWEEN = [" ", ", ", "T", ":"];
const WHOLE = ["%a %b %d %H:%M:%S %z %Y", "%a %b %d %H:%M:%S %Y"];

/** Usual formats that a text may have been written in; more than one where day and month may be either. */
export function likelyFormats(text: string): string[] {
  if (!/\d.*\D.*\d/.test(text)) return [];
  const withTime = DAYS.flatMap((day) =>
    BETWEEN.flatMap((between) => TIMES.map((time) => day + between + time))
  );
  return [...DAYS, ...withTime, ...WHOLE].filter((format) => parseTimeFormat(format).look.test(text));
}
