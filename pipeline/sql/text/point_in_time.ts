/**
 * Points in time in SQL.
 *
 * @module
 */
import type { TimeInUnit } from "../../times/point_in_time.ts";
import type { Dialect } from "../dialect.ts";

/** Whether a row's time is that or later. */
export const isFrom = (d: Dialect, time: TimeInUnit): string =>
  typeof time === "bigint"
    ? `timestamp >= cast('${time}' AS BIGINT)`
    : `cast(timestamp AS DOUBLE) >= ${d.double(time)}`;

/** The largest of all times, by its absolute value: `largest`. */
export const largestTime = (rows: string): string =>
  `SELECT max(abs(cast(timestamp AS DOUBLE))) AS largest FROM ${rows}`;

/** The `first` and the `last` time. */
export const timeSpan = (rows: string): string =>
  `SELECT min(cast(timestamp AS DOUBLE)) AS first, max(cast(timestamp AS DOUBLE)) AS last FROM ${rows}`;
