/**
 * Guesses the format of a time, for messages only: a person decides, never the program.
 *
 * @module
 */
import { parseTimeFormat } from "./format.ts";

const DAYS = [
  ...["%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d"],
  ...["%d.%m.%y", "%m/%d/%y", "%d/%m/%y"],
  ...[
    "%d %b %Y",
    "%b %d, %Y",
    "%b %d %Y",
    "%a, %d %b %Y",
    "%d-%b-%Y",
    "%d/%b/%Y",
    "%Y年%m月%d日",
    "%Y년 %m월 %d일",
  ],
];
const TIMES = [
  ...["%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%I:%M:%S %p", "%I:%M %p"],
  ...["%H:%M:%S %z", "%H:%M:%S %Z", "%H"],
  ...["%p %I:%M:%S", "%p%I:%M:%S", "%p %I:%M", "%p%I:%M"],
  ...["%H时%M分%S秒", "%H时%M分", "%H時%M分%S秒", "%H時%M分", "%p %I시 %M분 %S초", "%p %I시 %M분"],
];
const BETWEEN = [" ", ", ", "T", ":"];
/** A character that ends a day, so that the time may follow without a separator. */
const ENDED = /[日일]$/;
const WHOLE = ["%a %b %d %H:%M:%S %z %Y", "%a %b %d %H:%M:%S %Y"];

/** Returns the usual formats that a text may be written in; several if day and month are ambiguous. */
export function likelyFormats(text: string): string[] {
  if (!/\d.*\D.*\d/.test(text)) return [];
  // Most formats of days do not match its beginning, and need not be tried with all times: trying all would take seconds.
  const days = DAYS.filter((day) => beginOf(day).test(text));
  const withTime = days.flatMap((day) =>
    [...BETWEEN, ...(ENDED.test(day) ? [""] : [])].flatMap((between) =>
      TIMES.map((time) => day + between + time)
    )
  );
  return [...days, ...withTime, ...WHOLE].filter((format) => parseTimeFormat(format).look.test(text));
}

/** The pattern of texts that begin with a day in a format. */
const beginOf = (day: string) => new RegExp(parseTimeFormat(day).look.source.replace(/\$$/, ""));
