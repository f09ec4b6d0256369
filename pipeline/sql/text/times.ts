/**
 * Combines the times of several files, each with its own type.
 *
 * @module
 */
import { PER_MILLISECOND } from "../../contract/values/date_units.ts";
import type { Dialect } from "../dialect.ts";
import type { SourceTime } from "./schema.ts";

type Dates = Extract<SourceTime, "microseconds" | "nanoseconds">;

const areDates = (time: SourceTime): time is Dates => time === "microseconds" || time === "nanoseconds";

/**
 * Returns the kind of all times together: dates stay dates, and numbers of one type stay numbers; dates next to other kinds become
 * whole milliseconds; numbers of different types, or next to text, become text.
 */
export function timeTogether(times: ReadonlySet<SourceTime>): SourceTime {
  const all = [...times];
  if (all.every(areDates)) return times.has("microseconds") ? "microseconds" : "nanoseconds";
  const others = new Set(all.map((time) => areDates(time) ? "whole" : time));
  return others.size > 1 ? "text" : [...others][0];
}

/**
 * Converts a file's times to the common kind `together`.
 *
 * @param time The file's own times; for dates, the number of their units since 1970.
 */
export function timeAmong(d: Dialect, time: string, own: SourceTime, together: SourceTime): string {
  if (own === together) return time;
  if (areDates(own) && areDates(together)) {
    return d.floored(time, PER_MILLISECOND[own] / PER_MILLISECOND[together]);
  }
  const number = areDates(own) ? d.floored(time, PER_MILLISECOND[own]) : time;
  return together === "text" ? `cast(${number} AS STRING)` : number;
}
