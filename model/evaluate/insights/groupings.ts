/**
 * For whom a method works well: the mean of a metric by properties of users and targets.
 *
 * @module
 */
import type { DataFrame } from "nodejs-polars";
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import { formatCell } from "../../../pipeline/display/table.ts";
import { trainingCounts } from "../../popularity.ts";
import {
  type Group,
  type Grouping,
  HAD_BEFORE,
  IN_TRAINING,
  IS_NEW,
  NEVER,
  REPEATED,
} from "../../records/insights.ts";
import { clusteredEstimate } from "../clustered.ts";
import type { Positives } from "../positives.ts";

/** Number of groups of about the same size that numbers are divided into. */
const PARTS = 5;
/** A column with more different values is not used for groups: it may hold addresses, for example. */
const MOST_VALUES = 12;
/** Our own columns of the users' table. */
const OWN = ["user", "id", "interactions"];

/** The positives that are grouped: n, in the order of their users. */
interface Divided {
  /** Values of a metric, [n]. */
  values: Float64Array;
  /** Users, [n]. */
  users: Uint32Array;
  /** Weight of each in the mean over users, [n]: 1 divided by its user's number of positives. */
  weights: Float64Array;
  /** Number of users: the sum of the weights. */
  people: number;
}

/**
 * Groups positives by the length of their history, the popularity of the target (new items apart), whether the target
 * is in the history, each column of the users' table that has few values or holds numbers or dates, and each such
 * feature of the target with one value per item. A positive has the same weight in its group as in the mean over
 * users, so the groups' means are parts of that mean.
 *
 * @param repeats 1 if the target is in the history, [positives]; see `repeatsAmong`.
 * @param values Values of a metric, [positives].
 */
export function groupingsOf(
  dataset: SequenceDataset,
  { lengths, targets, users, groups }: Positives,
  repeats: Uint8Array,
  values: Float64Array,
): Grouping[] {
  const weights = new Float64Array(values.length), people = groups.length - 1;
  for (let u = 0; u < people; u++) weights.fill(1 / (groups[u + 1] - groups[u]), groups[u], groups[u + 1]);
  const divided = { values, users, weights, people };
  const counts = trainingCounts(dataset), ofUsers = dataset.table("users"), ofItems = dataset.table("items");
  return [
    byNumber("length of the history", lengths, divided),
    byFrequency(targets.map((item) => counts[item]), divided),
    byRepeats(repeats, divided),
    ...ofUsers.columns.filter((column) => !OWN.includes(column)).flatMap((column) =>
      byValue(column, valuesOf(ofUsers, column, users), divided) ?? []
    ),
    ...dataset.manifest.features.filter(({ kind }) => kind !== "multi").flatMap(({ name }) =>
      byValue(`${name} of the target`, valuesOf(ofItems, name, targets), divided) ?? []
    ),
  ].filter(({ groups }) => groups.length > 1);
}

/**
 * Items that the training part does not have are a separate group: a method that knows items only by their ids knows
 * nothing about them.
 */
function byFrequency(times: Uint32Array, divided: Divided): Grouping {
  const never = groupOf(NEVER, times, 0, divided);
  if (never.size === 0) return byNumber(IN_TRAINING, times, divided);
  const known = Array.from(times, (n) => n === 0 ? NaN : n);
  const others = never.size < times.length ? byNumber(IN_TRAINING, known, divided).groups : [];
  return { by: IN_TRAINING, groups: [never, ...others] };
}

function byRepeats(repeats: Uint8Array, divided: Divided): Grouping {
  const groups = [groupOf(IS_NEW, repeats, 0, divided), groupOf(REPEATED, repeats, 1, divided)];
  return { by: HAD_BEFORE, groups: groups.filter(({ size }) => size > 0) };
}

/** The values of a table's column for some numbers, which count from 1. */
function valuesOf(table: DataFrame, column: string, numbers: Uint32Array): unknown[] {
  const of = table.getColumn(column).toArray() as unknown[];
  return Array.from(numbers, (number) => of[number - 1]);
}

function byValue(by: string, own: readonly unknown[], divided: Divided): Grouping | undefined {
  const known = own.filter((value) => value !== null && value !== "");
  const different = [...new Set(known.map(String))];
  const isNumber = different.length > 0 && known.every((value) => Number.isFinite(Number(value)));
  if (isNumber && different.length > PARTS) {
    const numbers = own.map(numberOf);
    return byNumber(by, numbers, divided, valueFormat(numbers));
  }
  if (different.length <= MOST_VALUES) return byText(by, own, different, divided);
  const areDates = known.every((value) => !Number.isNaN(dayOf(value)));
  return areDates ? byNumber(by, own.map(dayOf), divided, dateOf) : undefined;
}

function byText(
  by: string,
  own: readonly unknown[],
  different: readonly string[],
  divided: Divided,
): Grouping {
  const natural = new Intl.Collator("en", { numeric: true });
  // An unknown value is not the word null.
  const keys = own.map((value) => value === null ? undefined : String(value));
  return {
    by,
    groups: different.toSorted(natural.compare).map((label) => groupOf(label, keys, label, divided)),
  };
}

/** Numbers from this one on cannot be years. */
const GROUPED_FROM = 10_000;

/** How values of a column are written: with thousands separators only if one of them cannot be a year. */
function valueFormat(numbers: readonly number[]): (value: number) => string {
  const isGrouped = numbers.some((value) => Math.abs(value) >= GROUPED_FROM);
  return isGrouped ? formatCell : (value) => formatCell(value).replaceAll(",", "");
}

const numberOf = (value: unknown) => value === null || value === "" ? NaN : Number(value);

/** The day of a date in ISO 8601, with or without a time, in milliseconds since 1970; NaN for anything else. */
const dayOf = (value: unknown) => Date.parse(/^\d{4}-\d{2}-\d{2}(?!\d)/.exec(String(value ?? ""))?.[0] ?? "");

const dateOf = (day: number) => new Date(day).toISOString().slice(0, 10);

function groupOf<T>(
  label: string,
  keys: ArrayLike<T>,
  key: T,
  { values, users, weights, people }: Divided,
): Group {
  const isOf = (_: number, i: number) => keys[i] === key, own = weights.filter(isOf);
  const whose = users.filter(isOf);
  return {
    label,
    size: own.length,
    users: new Set(whose).size,
    share: Math.min(1, own.reduce((sum, weight) => sum + weight, 0) / people),
    ...clusteredEstimate(values.filter(isOf), whose, own),
  };
}

/** Groups of about the same size; equal numbers are in the same group. Values that are not numbers are in none. */
function byNumber(
  by: string,
  numbers: ArrayLike<number>,
  divided: Divided,
  written: (value: number) => string = formatCell,
): Grouping {
  const all = Array.from(numbers), sorted = all.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const cuts = Array.from(
    { length: PARTS - 1 },
    (_, i) => sorted[Math.floor((i + 1) * sorted.length / PARTS)],
  );
  const edges = [...new Set(cuts)].filter((cut) => cut > sorted[0]);
  const part = all.map((value) => Number.isNaN(value) ? -1 : edges.filter((edge) => value >= edge).length);
  const groups = Array.from({ length: edges.length + 1 }, (_, i) => {
    const members = all.filter((_, j) => part[j] === i);
    const [low, high] = members.reduce(
      ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
      [Infinity, -Infinity],
    );
    const label = low === high ? written(low) : `${written(low)} – ${written(high)}`;
    return groupOf(label, part, i, divided);
  });
  return { by, groups };
}
