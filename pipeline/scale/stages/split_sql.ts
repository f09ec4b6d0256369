/**
 * Order by time, and the three ways of splitting, in SQL.
 *
 * @module
 */
import { SPLITS } from "../../contract/stage.ts";
import type { Ties } from "../../contract/values/ties.ts";
import type { Dialect } from "../dialect.ts";
import type { TimeInUnit } from "../../times/point_in_time.ts";

/** How interactions are split. Points in time are in the data's unit, as BigInt if a Number cannot hold them. */
export type Parts =
  | { kind: "leave-one-out" }
  | { kind: "ratio"; ratios: readonly [number, number, number] }
  | { kind: "global-time"; validFrom: number | bigint; testFrom: number | bigint };

/** Returns the part of a row, from its `position` (from 1) among the `n` rows of its user, and its `timestamp`. */
export function partOf(d: Dialect, parts: Parts): string {
  const choose = (test: string, validation: string) =>
    `CASE WHEN ${test} THEN 'test' WHEN ${validation} THEN 'validation' ELSE 'train' END`;
  switch (parts.kind) {
    case "leave-one-out":
      return choose("position = n", "position = n - 1");
    case "ratio": {
      const [train, validation] = parts.ratios;
      // A tiny amount is added so that 10 · 0.8, or 0.7 + 0.1, does not fall below the whole number it stands for.
      const upTo = (share: number) => `floor(cast(n AS DOUBLE) * ${d.double(share)} + ${d.double(1e-9)})`;
      const trained = `greatest(${upTo(train)}, 1)`;
      return choose(
        `position > ${upTo(train + validation)} AND position > ${trained}`,
        `position > ${trained}`,
      );
    }
    case "global-time":
      return choose(isFrom(d, parts.testFrom), isFrom(d, parts.validFrom));
  }
}

/** The input of {@link arranged}. */
export interface Arrangement {
  /** Table with `user`, `item` (original ids), `rating`?, `timestamp`, `source_row`. */
  interactions: string;
  /** Table with `number`, `id`, `interactions`, `first_row`. */
  users: string;
  /** Table with `number`, `id`. */
  items: string;
  hasRating: boolean;
  /** Order of a user's interactions at the same time. */
  ties: Ties;
  /** Number of parts into which the rows are divided, each processed by one task. */
  parts: number;
  /** Maximum number of rows in a part, except that users are not divided. */
  rowsPerPart: number;
  how: Parts;
}

/**
 * Returns the order of a user's rows.
 *
 * @param from Which of them comes first.
 */
export function timeOrder(
  { ties, hasRating }: Pick<Arrangement, "ties" | "hasRating">,
  from: "first" | "last" = "first",
): string {
  const byItem = ties === "item" ? ["item", ...(hasRating ? ["rating"] : [])] : [], turned = from === "last";
  const direction = (falls: boolean) => falls ? " DESC" : "";
  return [
    ...["timestamp", ...byItem].map((name) => name + direction(turned)),
    "source_row" + direction(turned !== (ties === "reverse")),
  ].join(", ");
}

/**
 * Returns a query for interactions as numbers, with `n`, the user's number of rows, and `first_row`, where they begin. Rows of
 * users or items without a number are left out.
 */
const coded = (
  { interactions, users, items, hasRating }: Pick<
    Arrangement,
    "interactions" | "users" | "items" | "hasRating"
  >,
  more = "",
): string =>
  `SELECT u.number AS user, i.number AS item, ${
    hasRating ? "t.rating, " : ""
  }t.timestamp, t.source_row, u.interactions AS n, u.first_row${more}
    FROM ${interactions} t JOIN ${users} u ON t.user = u.id JOIN ${items} i ON t.item = i.id`;

/** Whether {@link arranged} rows have `step`: if ties are ordered by item id, the position in the source does not matter. */
export const hasStep = ({ ties }: Pick<Arrangement, "ties">): boolean => ties !== "item";

/**
 * Step from the previous row in the window `w` to a row: 0 at the same time, else 1, or -1 if the row is before the previous one in
 * the source.
 */
const STEP =
  `CASE WHEN timestamp = lag(timestamp) OVER w THEN 0 WHEN source_row < lag(source_row) OVER w THEN -1
      WHEN source_row > lag(source_row) OVER w THEN 1 END AS step`;

/**
 * Returns a query for interactions as numbers, each with its `row_index` in the order of user and time, its `position` in the
 * user's sequence, its `split`, and for {@link partCounts} `step`, the direction in the source.
 *
 * A single exchange of rows serves both order and split: it is known where a user's rows begin, so that no task needs to see all
 * rows.
 */
export function arranged(d: Dialect, arrangement: Arrangement): string {
  const { hasRating, parts, rowsPerPart, how } = arrangement, rating = hasRating ? "rating, " : "";
  const step = hasStep(arrangement) ? ", step" : "";
  const part = d.nth(d.labels(parts), `cast(floor(u.first_row / ${rowsPerPart}) AS INT)`);
  const divided = `${coded(arrangement, `, ${part} AS part`)}
    ${d.together("part")}`;
  const ordered = `SELECT user, item, ${rating}timestamp, n, first_row, part,
      row_number() OVER w AS position${step && `, ${STEP}`}
    FROM (${divided}) coded
    WINDOW w AS (PARTITION BY part, user ORDER BY ${timeOrder(arrangement)})`;
  return `SELECT user, item, ${rating}timestamp, first_row + position - 1 AS row_index, position, part${step}, ${
    partOf(d, how)
  } AS split
    FROM (${ordered}) ordered`;
}

/**
 * Returns the query from which {@link placed} is made, after sorting by `user` and {@link timeOrder}: for an engine that sorts all
 * rows at once.
 */
export const toSort = (
  { hasRating, ...tables }: Pick<Arrangement, "interactions" | "users" | "items" | "hasRating">,
) =>
  `SELECT cast(user AS INT) AS user, cast(item AS INT) AS item, ${
    hasRating ? "rating, " : ""
  }timestamp, source_row, cast(n AS INT) AS n, first_row FROM (${coded({ hasRating, ...tables })}) coded`;

/**
 * Returns a query for the rows of {@link arranged}, without `part`, from the sorted rows of {@link toSort}.
 *
 * @param ordered With `row_index`, the position of each row.
 */
export function placed(
  d: Dialect,
  ordered: string,
  { hasRating, how }: Pick<Arrangement, "hasRating" | "how">,
): string {
  const rating = hasRating ? "rating, " : "";
  return `SELECT user, item, ${rating}timestamp, row_index, position, ${partOf(d, how)} AS split
    FROM (SELECT *, row_index - first_row + 1 AS position FROM (${ordered}) ordered) numbered`;
}

/**
 * Returns a query, with one row, for the number of rows in each part, and `training_targets`: training rows with a history before
 * them.
 *
 * @param withSteps Whether rows have `step`; if so, `ties`, `later`, `back` are counted as well, as defined in `Steps`.
 */
export function partCounts(d: Dialect, arranged: string, withSteps: boolean): string {
  const conditions = {
    ...Object.fromEntries(SPLITS.map((part) => [part, `split = '${part}'`])),
    training_targets: "split = 'train' AND position > 1",
    ...(withSteps && { ties: "step = 0", later: "step <> 0", back: "step = -1" }),
  };
  const counts = Object.entries(conditions).map(([name, condition]) => `${d.countIf(condition)} AS ${name}`);
  return `SELECT ${counts.join(", ")} FROM ${arranged}`;
}

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
