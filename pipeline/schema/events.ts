/**
 * Which kinds of events count as interactions: for example purchases, but not views, in a shop's log.
 *
 * @module
 */
import type { DroppedRows } from "../contract/stage/dropped.ts";
import { didYouMean, InputError } from "../contract/errors.ts";

/** Number of rows of each kind, as it is written; rows without a kind are not counted. */
export type EventCounts = ReadonlyMap<string, number>;

const quoted = (events: readonly string[]) => events.map((event) => JSON.stringify(event)).join(", ");

/** Maximum number of kinds that a message names. */
const MOST_NAMED = 8;

/** The error if kinds of events are requested but there is no column of events. */
export const noEvents = (events: readonly string[]): InputError =>
  new InputError(
    `Cannot apply --events ${
      events.join(",")
    }: no column is named that has the events; name it, as in --columns ` +
      "user=visitor,item=product,timestamp=time,event=action",
  );

/** The warning about a column of events if all of them count. */
export const ALL_EVENTS =
  "the column of events is not looked at: all rows count as interactions; --events says which do";

/** The number of rows that count, and what became of the others. */
export interface CountingRows {
  rows: number;
  dropped: DroppedRows[];
  /** Warnings about requested kinds that do not occur. */
  warnings: string[];
}

/**
 * Determines how many rows count.
 *
 * @param rows Total number of rows.
 * @throws {InputError} if none of the requested kinds occurs.
 */
export function countingOf(events: readonly string[], counts: EventCounts, rows: number): CountingRows {
  const asked = [...new Set(events)], missing = missingEvents(asked, counts);
  const counting = asked.reduce((sum, event) => sum + (counts.get(event) ?? 0), 0);
  const dropped = {
    reason: `event other than ${asked.join(", ")}`,
    rows: rows - counting,
    option: { name: "events", value: asked.join(",") },
  };
  return { rows: counting, dropped: [dropped], warnings: missing === undefined ? [] : [missing] };
}

/** The warning about requested kinds that do not occur; undefined if all of them do. */
function missingEvents(events: readonly string[], counts: EventCounts): string | undefined {
  const missing = events.filter((event) => !counts.has(event));
  if (missing.length === 0) return undefined;
  const [first] = missing, near = didYouMean(first, [...counts.keys()]);
  const common = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, MOST_NAMED);
  const there = counts.size === 0
    ? "the column is empty"
    : `there are ${common.map(([event, n]) => `${quoted([event])} (${n})`).join(", ")}${
      counts.size > common.length ? ` and ${counts.size - common.length} more` : ""
    }`;
  if (missing.length < events.length) return `no event is ${quoted(missing)}${near}; ${there}`;
  throw new InputError(
    `Cannot apply --events ${events.join(",")}: no event is ${quoted(missing)}${near}; ${there}`,
  );
}

/** Names of columns of events, in lower case without separators. */
const NAMES = [
  "event",
  "eventtype",
  "eventname",
  "action",
  "actiontype",
  "behavior",
  "behaviour",
  "behaviortype",
];

/** The remark about a column that seems to have events but is not read; undefined if there is none. */
export function unreadEvents(unused: readonly string[]): string | undefined {
  const name = unused.find((name) => NAMES.includes(name.toLowerCase().replace(/[^a-z]/g, "")));
  return name === undefined
    ? undefined
    : `the column ${
      quoted([name])
    } is not read: whatever was done, a row counts as an interaction; to choose, name it in --columns as event=${name} and give those that count, as in --events purchase`;
}
