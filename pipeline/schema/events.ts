/**
 * Which kinds of events count as interactions: of a shop's log, purchases and not views, say.
 *
 * @module
 */
import type { DroppedRows } from "../contract/stage/dropped.ts";
import { didYouMean, InputError } from "../contract/errors.ts";

/** How often each kind occurs, as it is written; rows without one have none. */
export type EventCounts = ReadonlyMap<string, number>;

const quoted = (events: readonly string[]) => events.map((event) => JSON.stringify(event)).join(", ");

/** Kinds that are named in a message. */
const MOST_NAMED = 8;

/** The error for kinds of events where no column has them. */
export const noEvents = (events: readonly string[]): InputError =>
  new InputError(
    `Cannot apply --events ${
      events.join(",")
    }: no column is named that has the events; name it, as in --columns ` +
      "user=visitor,item=product,timestamp=time,event=action",
  );

/** The remark on a column of events of which all count. */
export const ALL_EVENTS =
  "the column of events is not looked at: all rows count as interactions; --events says which do";

/** Of rows, those that count, and what became of the others. */
export interface CountingRows {
  rows: number;
  dropped: DroppedRows[];
  /** On kinds that are asked for and do not occur. */
  warnings: string[];
}

/**
 * How many rows count.
 *
 * @param rows All of them.
 * @throws {InputError} if no kind that is asked for occurs.
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

/** What is to be said of kinds that are asked for and do not occur; undefined where all of them do. */
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

/** Names of columns that say what was done, lower case without separators. */
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

/** What to say of a column that seems to have events and is not read; undefined where there is none. */
export function unreadEvents(unused: readonly string[]): string | undefined {
  const name = unused.find((name) => NAMES.includes(name.toLowerCase().replace(/[^a-z]/g, "")));
  return name === undefined
    ? undefined
    : `the column ${
      quoted([name])
    } is not read: whatever was done, a row counts as an interaction; to choose, name it in --columns as event=${name} and give those that count, as in --events purchase`;
}
