/**
 * Points in time in SQL.
 *
 * @module
 */
import type { TimeInUnit } from "../../times/point_in_time.ts";
import type { Dialect } from "../dialect.ts";

/** Whether a row's time is the given one or later. */
export const isFrom = (d: Dialect, time: TimeInUnit): string =>
  typeof time === "bigint"
    ? `timestamp >= cast('${time}' AS BIGINT)`
    : `cast(timestamp AS DOUBLE) >= ${d.double(time)}`;

/** Returns a query for the largest absolute value of all times: `largest`. */
export const largestTime = (rows: string): string =>
  `SELECT max(abs(cast(timestamp AS DOUBLE))) AS largest FROM ${rows}`;

/** Returns a query for the `first` and the `last` time. */
export const timeSpan = (rows: string): string =>
  `SELECT min(cast(timestamp AS DOUBLE)) AS first, max(cast(timestamp AS DOUBLE)) AS last FROM ${rows}`;
