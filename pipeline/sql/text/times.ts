/**
 * Times of several files that have them in types of their own: what they are together.
 *
 * @module
 */
import { PER_MILLISECOND } from "../../contract/values/date_units.ts";
import type { Dialect } from "../dialect.ts";
import type { SourceTime } from "./schema.ts";

type Dates = Extract<SourceTime, "microseconds" | "nanoseconds">;

const areDates = (time: SourceTime): time is Dates => time === "microseconds" || time === "nanoseconds";

/** Numbers of one type stay, and dates; dates in one file are whole milliseconds beside others, and numbers beside text are text. */
export function timeTogether(times: ReadonlySet<SourceTime>): SourceTime {
  const all = [...times];
  if (all.every(areDates)) return times.has("microseconds") ? "microseconds" : "nanoseconds";
  const others = new Set(all.map((time) => areDates(time) ? "whole" : time));
  return others.size > 1 ? "text" : [...others][0];
}

/**
 * The times of a file where all are `together`.
 *
 * @param time Its own: of dates, how many of their unit since 1970.
 */
export function timeAmong(d: Dialect, time: string, own: SourceTime, together: SourceTime): string {
  if (own === together) return time;
  if (areDates(own) && areDates(together)) {
    return d.floored(time, PER_MILLISECOND[own] / PER_MILLISECOND[together]);
  }
  const number = areDates(own) ? d.floored(time, PER_MILLISECOND[own]) : time;
  return together === "text" ? `cast(${number} AS STRING)` : number;
}
