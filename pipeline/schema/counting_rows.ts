/**
 * Selects the rows of a frame that are taken for interactions at all, before anything else is checked: rows with a user, an item and an
 * event that counts.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { DataFrame } from "../contract/frame.ts";
import type { DroppedRows } from "../contract/stage/dropped.ts";
import { flawsAmong, UNPARSED } from "../contract/stage/row_flaws.ts";
import { ALL_EVENTS, countingOf, noEvents } from "./events.ts";
import { isNothing, withoutIds } from "./null_values.ts";

/** The selected rows, and what became of the others. */
export interface CountingFrame {
  /** The rows, with their places in the original frame in the column `_row`. */
  frame: DataFrame;
  dropped: DroppedRows[];
  /** Warnings about events. */
  warnings: string[];
}

/** Selects the rows by `events` and `nullValues`; see `SchemaOptions`. */
export function countingRows(
  frame: DataFrame,
  { events, nullValues }: { events?: readonly string[]; nullValues?: readonly string[] },
): CountingFrame {
  const counting = ofEvents(frame.withRowIndex("_row"), events);
  const named = ofSomebody(counting.frame, nullValues);
  return { ...counting, frame: named.frame, dropped: [...counting.dropped, ...named.dropped] };
}

/** Selects the rows whose events count. A line that cannot be parsed is kept: whether its event would count is not known. */
function ofEvents(frame: DataFrame, events: readonly string[] | undefined): CountingFrame {
  const hasEvent = frame.columns.includes("event");
  if (!events) return { frame, dropped: [], warnings: hasEvent ? [ALL_EVENTS] : [] };
  if (!hasEvent) throw noEvents(events);
  const event = pl.col("event").cast(pl.String);
  const kinds = frame.lazy().filter(event.isNotNull().and(event.neq(pl.lit(""))))
    .groupBy("event").agg(pl.len().alias("n")).select(event, pl.col("n")).collectSync();
  const counts = new Map((kinds.rows() as [string, number][]).map(([event, n]) => [event, Number(n)]));
  const isUnparsed = frame.columns.includes(UNPARSED) ? pl.col(UNPARSED) : pl.lit(false);
  const { dropped, warnings } = countingOf(events, counts, frame.height - frame.filter(isUnparsed).height);
  return { frame: frame.filter(event.isIn([...events]).or(isUnparsed)), dropped, warnings };
}

/**
 * If there are words for no value, selects the rows with a user and an item. A malformed row is kept, because it does not count as empty.
 */
function ofSomebody(frame: DataFrame, nullValues?: readonly string[]): Omit<CountingFrame, "warnings"> {
  if (!nullValues) return { frame, dropped: [] };
  const isFlawed = flawsAmong(frame.columns).map((flaw) => pl.col(flaw));
  const isNamed = isNothing("user", nullValues).or(isNothing("item", nullValues)).not();
  const kept = frame.filter(isFlawed.reduce((kept, flaw) => kept.or(flaw), isNamed));
  return { frame: kept, dropped: [withoutIds(nullValues, frame.height - kept.height)] };
}
