/**
 * Which format a time may have been written in, for messages: guessed for a person to decide, never for a program.
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
/** What ends a day, so that its time may follow at once. */
const ENDED = /[日일]$/;
const WHOLE = ["%a %b %d %H:%M:%S %z %Y", "%a %b %d %H:%M:%S %Y"];

/** Usual formats that a text may have been written in; more than one where day and month may be either. */
export function likelyFormats(text: string): string[] {
  if (!/\d.*\D.*\d/.test(text)) return [];
  // Most days are no beginning of it: of these the times need not be tried, which takes seconds for all.
  const days = DAYS.filter((day) => beginOf(day).test(text));
  const withTime = days.flatMap((day) =>
    [...BETWEEN, ...(ENDED.test(day) ? [""] : [])].flatMap((between) =>
      TIMES.map((time) => day + between + time)
    )
  );
  return [...days, ...withTime, ...WHOLE].filter((format) => parseTimeFormat(format).look.test(text));
}

/** How texts begin that begin with a day of a format. */
const beginOf = (day: string) => new RegExp(parseTimeFormat(day).look.source.replace(/\$$/, ""));
