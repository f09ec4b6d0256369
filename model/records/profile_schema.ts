/**
 * The schema of `data.json`: how a run's data are distributed.
 *
 * @module
 */
import { z } from "zod";
import type { DatasetProfile } from "../../pipeline/inspect/facts.ts";

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const binsOf = (place: z.ZodNumber) => z.array(z.object({ from: place, to: place, count })).min(1);
const bins = binsOf(z.number());
/** Milliseconds since 1970, within the range of dates. */
const moment = z.number().min(-8.64e15).max(8.64e15);
/** The most popular hundredth and tenth of the items, or more shares. */
const shares = z.array(z.object({ items: share, interactions: z.number().min(0).max(1 + 1e-9) })).min(2);

const distribution = z.object({
  count,
  min: z.number(),
  q1: z.number(),
  median: z.number(),
  mean: z.number(),
  q3: z.number(),
  max: z.number(),
  scale: z.enum(["linear", "log"]),
  bins,
});

/** Schema of `data.json`. */
export const profileSchema: z.ZodType<DatasetProfile> = z.object({
  sequenceLength: distribution,
  popularity: distribution,
  concentration: z.object({ gini: z.number(), top: shares, curve: shares }),
  time: z.object({
    first: z.number(),
    last: z.number(),
    unit: z.enum(["seconds", "milliseconds", "microseconds", "nanoseconds", "order"]),
    firstDate: z.string().optional(),
    lastDate: z.string().optional(),
    days: z.number().optional(),
  }),
  overTime: z.object({ every: z.string(), bins: binsOf(moment) }).optional(),
}).refine(
  ({ overTime, time }) => !overTime || time.firstDate !== undefined && time.lastDate !== undefined,
  { path: ["time"], error: "no first and last date of what is over time" },
);
