/**
 * Which rows of a frame are taken for interactions at all, before anything in them is checked: those whose event counts, of a user and an item.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { DataFrame } from "../contract/frame.ts";
import type { DroppedRows } from "../contract/stage/dropped.ts";
import { flawsAmong } from "../contract/stage/row_flaws.ts";
import { ALL_EVENTS, countingOf, noEvents } from "./events.ts";
import { isNothing, withoutIds } from "./null_values.ts";

/** Rows, and what became of the others. */
export interface CountingFrame {
  /** With `_row`, their places in the frame that they are of. */
  frame: DataFrame;
  dropped: DroppedRows[];
  /** On events. */
  warnings: string[];
}

/** See `SchemaOptions`. */
export function countingRows(
  frame: DataFrame,
  { events, nullValues }: { events?: readonly string[]; nullValues?: readonly string[] },
): CountingFrame {
  const counting = ofEvents(frame.withRowIndex("_row"), events);
  const named = ofSomebody(counting.frame, nullValues);
  return { ...counting, frame: named.frame, dropped: [...counting.dropped, ...named.dropped] };
}

/** The rows whose events count. */
function ofEvents(frame: DataFrame, events: readonly string[] | undefined): CountingFrame {
  const hasEvent = frame.columns.includes("event");
  if (!events) return { frame, dropped: [], warnings: hasEvent ? [ALL_EVENTS] : [] };
  if (!hasEvent) throw noEvents(events);
  const event = pl.col("event").cast(pl.String);
  const kinds = frame.lazy().filter(event.isNotNull().and(event.neq(pl.lit(""))))
    .groupBy("event").agg(pl.len().alias("n")).select(event, pl.col("n")).collectSync();
  const counts = new Map((kinds.rows() as [string, number][]).map(([event, n]) => [event, Number(n)]));
  const { dropped, warnings } = countingOf(events, counts, frame.height);
  return { frame: frame.filter(event.isIn([...events])), dropped, warnings };
}

/** Where there are words for no value, the rows that have a user and an item. What is read wrongly is not empty for that. */
function ofSomebody(frame: DataFrame, nullValues?: readonly string[]): Omit<CountingFrame, "warnings"> {
  if (!nullValues) return { frame, dropped: [] };
  const isFlawed = flawsAmong(frame.columns).map((flaw) => pl.col(flaw));
  const isNamed = isNothing("user", nullValues).or(isNothing("item", nullValues)).not();
  const kept = frame.filter(isFlawed.reduce((kept, flaw) => kept.or(flaw), isNamed));
  return { frame: kept, dropped: [withoutIds(nullValues, frame.height - kept.height)] };
}
