/**
 * Stage 4, vocabulary: gives users and items dense ids, and encodes item features as numbers. The tables keep the original ids.
 *
 * @module
 */
import pl, { type Expr } from "nodejs-polars";
import type { DataFrame } from "./contract/frame.ts";
import type { ColumnType, SideColumns } from "./contract/dataset/columns.ts";
import { InputError } from "./contract/errors.ts";
import type { FeatureInfo } from "./contract/dataset/manifest.ts";
import { StageReport } from "./contract/stage/report.ts";
import type { InteractionsFrame, StageContext, StageResult } from "./contract/stage.ts";
import { stageResult } from "./contract/stage/result.ts";
import { lookAlikes, lookAlikesAmong, withCodes } from "./contract/dataset/original_ids.ts";
import { NOTHING, nullValuesOption } from "./contract/values/nothing.ts";
import { titleAmong } from "./contract/dataset/item_features.ts";
import {
  checkSpecs,
  encodeFeatures,
  type FeatureSpec,
  inferFeatures,
  unread,
  unsplit,
  withoutEnds,
} from "./features.ts";

/** Options of {@link buildVocabulary}. */
export interface VocabularyOptions extends StageContext {
  /** Side table of the items: `id` and other columns. */
  items?: DataFrame;
  /** Types of the columns of `items`, as the headers of RecBole's atomic files give them. Default: none. */
  itemTypes?: Readonly<Record<string, ColumnType>>;
  /** Side table of the users: `id` and other columns. */
  users?: DataFrame;
  /** Which columns of `items` become features, and how. Default: inferred from the types and values. */
  features?: readonly FeatureSpec[];
}

/** What is known of items and users. */
export type Known = Pick<VocabularyOptions, "items" | "itemTypes" | "users">;

/** What {@link buildVocabulary} returns. */
export interface VocabularyResult extends StageResult {
  /** Table of users: `user` (1 … U), `id`, `interactions`, and the side columns. */
  users: DataFrame;
  /** Table of items: `item` (1 … I), `id`, `interactions`, the side columns, and the encoded features. */
  items: DataFrame;
  /** Table of feature values: `feature`, `code`, `value`, `items`. */
  features: DataFrame;
  /** The features that were made, as in the manifest. */
  featureInfo: FeatureInfo[];
}

/**
 * Numbers users and items from 1, in the order of their original ids: numerically if all are whole numbers, else as text
 * by code point. The numbers therefore depend neither on the order of rows nor on chunks. 0 is left for padding.
 *
 * @param frame Interactions with `user`, `item` (Categorical or String), `rating`?, `timestamp`.
 * @example
 * ```ts
 * import pl from "nodejs-polars";
 * import { buildVocabulary } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const log = pl.DataFrame({ user: ["10", "9"], item: ["y", "x"], timestamp: [1, 2] });
 * const { frame, users } = buildVocabulary(log);
 * assert(frame.getColumn("user").toArray().join() === "2,1"); // as numbers, 9 comes before 10
 * assert(users.getColumn("id").toArray().join() === "9,10");
 * ```
 * @returns The same rows in the same order, with `user` and `item` as UInt32.
 */
export function buildVocabulary(frame: InteractionsFrame, options: VocabularyOptions = {}): VocabularyResult {
  const started = performance.now();
  const users = numberIds(frame, "user");
  const items = numberIds(frame, "item");
  const key = (column: string) => pl.col("_id").alias(column);
  const coded = frame.lazy()
    .join(users.lazy().select(key("user"), pl.col("user").alias("_user")), {
      on: "user",
      how: "left",
      maintainOrder: "left",
    })
    .join(items.lazy().select(key("item"), pl.col("item").alias("_item")), {
      on: "item",
      how: "left",
      maintainOrder: "left",
    })
    .select(
      pl.col("_user").alias("user"),
      pl.col("_item").alias("item"),
      ...frame.columns.filter((name) => name !== "user" && name !== "item").map((name) => pl.col(name)),
    ).collectSync();

  const tables = { users: users.drop("_id"), items: items.drop("_id"), rows: frame.height, started };
  return stageResult({ frame: coded, ...completeVocabulary(tables, options) });
}

/** Numbered users and items, as counted by any engine. */
export interface Numbered {
  /** Table of users: `user` (1 … U), `id`, `interactions`. */
  users: DataFrame;
  /** Table of items: `item` (1 … I), `id`, `interactions`. */
  items: DataFrame;
  /** Total number of interactions. */
  rows: number;
  /** Start of the work on them, in the milliseconds of `performance.now()`. */
  started: number;
}

/**
 * Adds side columns and features to numbered users and items.
 *
 * @throws {InputError} for side tables that do not fit, and features that cannot be made from them.
 */
export function completeVocabulary(
  { users, items, rows, started }: Numbered,
  options: VocabularyOptions,
): Omit<VocabularyResult, "frame"> {
  const warnings = [
    ...[...spaced(users, "user"), ...spaced(items, "item")],
    ...[...alike(users, "user"), ...alike(items, "item")],
    ...placeholders({ users, items }, rows),
  ];
  const userTable = withSide(users, options.users, "user", warnings);
  const itemTable = withSide(items, options.items, "item", warnings);
  const { itemTypes = {} } = options;
  const specs = options.features ?? inferred(sideColumns(itemTable), itemTypes, warnings);
  if (specs.length > 0 && !options.items) {
    throw new InputError(
      `Cannot make the feature "${specs[0].name}": there is no table of items; name its file with --items`,
    );
  }
  checkSpecs(sideColumns(itemTable), specs); // side columns only: counted ones, such as interactions, are not from the source
  warnings.push(...vectors(specs, itemTypes));
  const encoded = encodeFeatures(itemTable, specs);
  const report = new StageReport({
    stage: "vocabulary",
    rowsIn: rows,
    rowsOut: rows,
    counts: {
      users: userTable.height,
      items: itemTable.height,
      ...Object.fromEntries(encoded.features.map(({ name, values }) => [`values of ${name}`, values])),
    },
    warnings,
    ...((options.items || options.users) && {
      tables: {
        ...(options.items && { items: itemColumns(options.items, encoded.features) }),
        ...(options.users && { users: { features: [], kept: besideId(options.users) } }),
      },
    }),
    seconds: (performance.now() - started) / 1000,
  });
  return {
    report,
    users: withoutEnds(userTable),
    items: withoutEnds(encoded.frame),
    features: encoded.vocabulary,
    featureInfo: encoded.features,
  };
}

/** Returns a table with `{column}` (UInt32 from 1), `id` (String), `interactions` (UInt32), and `_id`: the key as it is in the frame. */
function numberIds(frame: DataFrame, column: "user" | "item"): DataFrame {
  const counts = frame.lazy().groupBy(column).agg(pl.len().cast(pl.UInt32).alias("interactions"))
    .collectSync()
    .withColumns(pl.col(column).alias("_id"), pl.col(column).cast(pl.String).alias("id"));
  const number = pl.col("id").cast(pl.Int64, false);
  // "007" and "7" are two ids: ids are ordered as numbers only if each is written as a number would be.
  const [numeric] = counts.select(
    number.cast(pl.String).eq(pl.col("id")).fillNull(pl.lit(false)).all().alias("n"),
  )
    .row(0) as boolean[];
  const order: Expr = numeric ? number : pl.col("id");
  return counts.lazy().withColumn(order.alias("_order")).sort("_order").withRowIndex("_number", 1)
    .select(
      pl.col("_number").cast(pl.UInt32).alias(column),
      pl.col("id"),
      pl.col("interactions"),
      pl.col("_id"),
    )
    .collectSync();
}

/** Warns of ids with an invisible space at either end: ids are taken as they are, and without the space they would be other ids. */
function spaced(ids: DataFrame, kind: string): string[] {
  const found = ids.getColumn("id").filter(ids.getColumn("id").str.strip().neq(ids.getColumn("id")));
  if (found.length === 0) return [];
  return [
    `ids of ${kind}s that begin or end with a space: ${found.length} of ${ids.height}, as ${
      withCodes(found.get(0))
    }; ` +
    "it is kept: remove it from the data if it is not part of the id",
  ];
}

/** Advice on ids that look the same. */
const WRITE_ALIKE = "write them alike in the data, in Unicode's form NFC and without what nobody sees";

/** Warns of ids that look the same: each counts as an id of its own. */
function alike(ids: DataFrame, kind: string): string[] {
  const found = lookAlikes(ids);
  return found === undefined ? [] : [
    `ids of ${kind}s that look like another one: ${found.count} of ${ids.height}, as ${
      withCodes(found.id)
    } like ${withCodes(found.other)}; each counts for itself: if they are one, ${WRITE_ALIKE}`,
  ];
}

/** The part of a message that names ids that look like one in a side table, with advice; empty if there are none. */
function alikeThere(unknown: DataFrame, side: DataFrame, kind: string): string {
  const found = lookAlikesAmong(unknown, side);
  return found === undefined
    ? ""
    : `; ids of them that look like one there: ${found.count}, as ${withCodes(found.id)} like ${
      withCodes(found.other)
    } in the table of ${kind}s: ${WRITE_ALIKE}`;
}

/** The number that programs write in place of a missing value, if it is the only negative one. */
const NO_NUMBER = "^-1(\\.0)?$", NEGATIVE = "^-\\d";

/** Returns the ids that may mean a missing value, with their interactions. */
function placeholdersAmong(ids: DataFrame): DataFrame {
  const matching = (pattern: string) => ids.filter(ids.getColumn("id").str.contains(pattern));
  const isOnlyNegative = matching(NEGATIVE).height === 1;
  return matching(isOnlyNegative ? `${NOTHING}|${NO_NUMBER}` : NOTHING).select("id", "interactions");
}

/** Warns of ids that may mean a missing value. Only the data's owner knows, so they count as ids. */
function placeholders(kinds: Record<"users" | "items", DataFrame>, rows: number): string[] {
  const found = Object.entries(kinds).flatMap(([kind, ids]) => {
    const alike = placeholdersAmong(ids).rows();
    return alike.length === 0 ? [] : [{ kind, ids: alike as [id: string, interactions: number][] }];
  });
  if (found.length === 0) return [];
  const named = found.map(({ kind, ids }) =>
    `${kind} ${ids.map(([id, interactions]) => `${JSON.stringify(id)} in ${interactions}`).join(", ")}`
  );
  const words = new Set(found.flatMap(({ ids }) => ids.map(([id]) => id)));
  return [
    `ids that may stand for nothing: ${named.join("; ")} of ${rows} interactions; if they do, ` +
    `${nullValuesOption([...words])} leaves their rows out`,
  ];
}

/** Adds the side table's columns to the table of ids. Ids that the side table lacks get nulls, and a warning gives their number. */
function withSide(ids: DataFrame, side: DataFrame | undefined, kind: string, warnings: string[]): DataFrame {
  if (!side) return ids;
  const taken = [...ids.columns, ...(kind === "item" ? ["popularity"] : [])]; // the negatives stage adds it
  for (const column of side.columns) {
    if (column !== "id" && taken.includes(column)) {
      throw new InputError(
        `Cannot join the table of ${kind}s: its column "${column}" has a name the dataset uses; ` +
          `call it something else, as in ${kind}Columns: own_${column}=${column}`,
      );
    }
  }
  const lacking = ids.lazy().join(side.lazy().select("id"), { on: "id", how: "anti" }).collectSync();
  const unknown = lacking.height;
  if (unknown === ids.height) {
    throw new InputError(
      `Cannot join the table of ${kind}s: none of its ${side.height} ids is one of the ${ids.height} in the interactions ` +
        `(such as "${ids.getColumn("id").get(0)}" here, "${side.getColumn("id").get(0)}" there)${
          alikeThere(lacking, side, kind)
        }`,
    );
  }
  if (unknown > 0) {
    warnings.push(
      `${unknown} of ${ids.height} ${kind}s are not in the table of ${kind}s${
        alikeThere(lacking, side, kind)
      }`,
    );
  }
  return ids.lazy().join(side.lazy(), { on: "id", how: "left", maintainOrder: "left" }).collectSync();
}

const besideId = (table: DataFrame) => table.columns.filter((name) => name !== "id");

/** Returns which columns of the table of items are features, and which of the others is the title. */
function itemColumns(items: DataFrame, encoded: readonly FeatureInfo[]): SideColumns {
  const features = encoded.map(({ name }) => name);
  const title = titleAmong(items.columns, encoded);
  const kept = besideId(items).filter((name) => !features.includes(name) && name !== title);
  return { ...(title !== undefined && { title }), features, kept };
}

/** Infers what the side columns are, and adds warnings about those that are uncertain. */
function inferred(
  columns: DataFrame,
  types: Readonly<Record<string, ColumnType>>,
  warnings: string[],
): FeatureSpec[] {
  const found = inferFeatures(columns, types),
    untyped = found.filter(({ name }) => !Object.hasOwn(types, name));
  warnings.push(...unsplit(columns, untyped), ...unread(columns, untyped));
  return found;
}

/** Warns of features that were asked for but are vectors of numbers. */
const vectors = (specs: readonly FeatureSpec[], types: Readonly<Record<string, ColumnType>>): string[] =>
  specs.filter(({ name, kind }) => types[name]?.type === "float_seq" && kind !== "text").map((
    { name, kind },
  ) =>
    `the values of "${name}" are vectors of numbers (float_seq), which models cannot read: as ${kind}, ` +
    `each different ${kind === "multi" ? "number" : "text"} counts as a category; leave it out of --features`
  );

/** The side columns of the item table, after `id`. */
const sideColumns = (items: DataFrame) =>
  items.select(...items.columns.filter((name) => name !== "item" && name !== "interactions"));
