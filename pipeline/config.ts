/**
 * The configuration of a preparation: every option with its default, its check and its help text.
 *
 * @module
 */
import { z } from "zod";
import type { Describes } from "./contract/options/describes.ts";
import { ROLES } from "./contract/stage/location.ts";
import { DECIMALS } from "./contract/values/decimals.ts";
import { TIES } from "./contract/values/ties.ts";
import { InputError } from "./contract/errors.ts";
import { DEFAULT_SEED } from "./contract/random.ts";
import { DEFAULT_NEGATIVES } from "./negatives/default_number.ts";
import type {
  CHECKED,
  ColumnNames,
  PrepareConfig,
  PrepareInput,
  PrepareValues,
  TableColumnNames,
} from "./prepare_options.ts";
import { PROTOCOLS } from "./contract/dataset/protocols.ts";
import { MAX_EXPONENT } from "./negatives/protocols.ts";
import { ENCODING_HINTS } from "./readers/encoding.ts";
import { ENCODINGS, FORMATS } from "./readers/mod.ts";
import { withSourceNames } from "./tables/names.ts";
import { checkPeriod } from "./schema/period.ts";
import { checkRatios } from "./split/parts.ts";
import { checkGivenPoints } from "./split/time_points.ts";
import { parseTimeFormat } from "./times/format.ts";
import { parsePointInTime } from "./times/point_in_time.ts";
import { checkOptions } from "./terminal/config.ts";

const text = z.string().min(1);
const texts = z.union([text, z.array(text).min(1)]).transform((value) => [value].flat());
const count = z.int().nonnegative();
/** A word; some logs have a number in its place. */
const word = z.union([text, z.number()]);
const words = z.union([word, z.array(word).min(1)]).transform((value) => [value].flat().map(String));
/** Names of columns: a list, or an object with a name for each role, as programs pass them. */
const columnNames = <Names extends object>() => {
  const byRole = z.record(z.string(), text) as unknown as z.ZodType<Record<string, string>, Names>;
  return z.union([text, z.array(text).min(1), byRole]).transform((names) =>
    typeof names === "object" && !Array.isArray(names)
      ? Object.entries(names).map(([role, column]) => `${role}=${column}`)
      : [names].flat()
  );
};

/** `columns` as a list; undefined if the value is not valid. */
export const columnList = (columns: unknown): string[] | undefined =>
  columnNames<ColumnNames>().safeParse(columns).data;

/** Accepts dates too, because YAML parses them as dates. */
const pointInTime = (name: string) =>
  z.union([z.number(), text, z.date()]).transform((point) => parsePointInTime(point, name));

/** Options for what is read. */
const read = {
  data: texts.optional()
    .meta({
      title: "FILE",
      description:
        "files of interactions, or globs; plain or gzip; with --engine spark also table:DATABASE.NAME",
    }),
  dataset: text.optional().meta({
    title: "NAME",
    description:
      "a known data set (ml-100k, ml-1m, amazon-beauty …, or demo), downloaded or read from the copy given by --data",
  }),
  format: z.enum(FORMATS).default("auto").meta({
    title: "FORMAT",
    description: "format of the files of interactions",
  }),
  delimiter: text.optional()
    .meta({ title: "TEXT", description: 'what separates fields, as in ";" or "::"', fallback: "detected" }),
  header: z.boolean().optional().meta({
    yaml: true,
    description: "whether the first line names the columns",
    fallback: "detected",
  }),
  quotes: z.boolean().optional().meta({
    yaml: true,
    description: "whether fields may be in quotes; if not, quotes are text, as in many files with tabs",
    fallback: "they may",
  }),
  columns: columnNames<ColumnNames>().optional().meta({
    title: "NAMES",
    description:
      "roles by position (user,item,rating,timestamp; _ skips one) or by name (user=reviewerID,item=asin); event is one more, for --events",
    keys: ROLES,
  }),
  encoding: z.enum(ENCODINGS).optional().meta({
    title: "NAME",
    description: "encoding of text files; UTF-16 is detected",
    fallback: "utf-8",
    hints: ENCODING_HINTS,
  }),
  timeFormat: text.optional().meta({
    title: "FORMAT",
    description:
      'how times are written, as in "%d.%m.%Y %H:%M" or "%b %d, %Y %I:%M %p"; without a zone they are UTC',
    fallback: "numbers, or as in 2024-05-01 10:00:00",
  }),
  decimal: z.enum(DECIMALS).optional().meta({
    yaml: true,
    description: "decimal separator in ratings and in columns of --items and --users, as in 3,5",
    fallback: "point",
    hints: { ",": "a comma is called comma", ".": "a point is called point" },
  }),
  sequenceTimestamps: text.optional().meta({
    yaml: true,
    title: "FILE",
    description: "with --format sequences: a file with the same lines that holds the timestamps",
  }),
  items: text.optional().meta({
    title: "FILE",
    description: "file with a table of the items: id and more columns",
  }),
  itemColumns: columnNames<TableColumnNames>().optional().meta({
    yaml: true,
    title: "NAMES",
    description:
      "what columns of --items are called: { id: article_no, title: name }; or all by position: [id, title, genres] (_ skips one)",
    fallback: "by the header; the id also by its name in --columns",
  }),
  users: text.optional().meta({
    title: "FILE",
    description: "file with a table of the users: id and more columns",
  }),
  userColumns: columnNames<TableColumnNames>().optional().meta({
    yaml: true,
    title: "NAMES",
    description: "the same for --users: { id: customer_ref, age: years }",
    fallback: "the same",
  }),
  features: texts.optional().meta({
    title: "SPECS",
    description:
      "item features: genres:multi, brand:categorical:min=5, price:numeric:buckets=10, published:date, title:text (left out)",
    fallback: "detected",
  }),
  cache: text.optional()
    .meta({
      title: "DIR",
      description: "folder in which downloads are kept",
      fallback: "the user's cache folder",
    }),
};

/** Options for what is checked and which interactions are kept. */
const keep = {
  onBadRow: z.enum(["error", "skip"]).default("error")
    .meta({
      description: "what to do with a row that cannot be read: stop the job, or write it to rejected.csv",
    }),
  duplicates: z.enum(["keep", "same-time", "first", "last", "error"]).default("keep").meta({
    title: "CHOICE",
    description:
      "which interactions of the same user with the same item to keep; same-time keeps one of those at the same time, for a log that was delivered twice",
  }),
  events: words.optional().meta({
    title: "NAMES",
    description:
      "events that count as interactions, where --columns names a column event=…: purchase,addtocart",
    fallback: "all",
  }),
  nullValues: words.optional().meta({
    title: "WORDS",
    description:
      "words that mean no value, as in NULL,-1: rows whose user or item is such a word, or empty, are left out; in tables of items and users, such a value is missing",
    fallback: "none, and an empty user or item is a bad row",
  }),
  timeFrom: pointInTime("--time-from").optional().meta({
    title: "TIME",
    description: "drop interactions before it: a date (2024-05-01), or a number as the data have it",
  }),
  timeBefore: pointInTime("--time-before").optional()
    .meta({ title: "TIME", description: "drop interactions at that time and later" }),
  minRating: z.number().optional().meta({ title: "X", description: "drop ratings below X" }),
  minUser: count.default(10).meta({ title: "N", description: "drop users with fewer than N interactions" }),
  maxUser: count.min(1).optional().meta({
    title: "N",
    description: "drop users with more than N interactions, such as robots; applied first, and once",
    fallback: "none",
  }),
  minItem: count.default(0).meta({ title: "N", description: "drop items with fewer than N interactions" }),
  filter: z.enum(["once", "k-core"]).default("once")
    .meta({
      title: "MODE",
      description: "how --min-user and --min-item are applied: once, or repeatedly until both hold",
    }),
  sampleUsers: count.min(1).optional().meta({
    title: "N",
    description:
      "keep N users, drawn at random (--seed) from those with enough interactions, for quick trials",
    fallback: "all",
  }),
};

const split = {
  split: z.enum(["leave-one-out", "ratio", "global-time"]).default("leave-one-out")
    .meta({ title: "KIND", description: "how interactions are split into training, validation and test" }),
  ratios: z.array(z.coerce.number<number | string>()).length(3).transform((r) =>
    r as [number, number, number]
  ).optional()
    .meta({
      title: "A,B,C",
      description: "shares of training, validation and test, for --split ratio and global-time",
      fallback: "0.8,0.1,0.1",
    }),
  validFrom: pointInTime("--valid-from").optional().meta({
    title: "TIME",
    description:
      "with --split global-time: first time of validation, as a date (2024-05-01) or as the data have it",
  }),
  testFrom: pointInTime("--test-from").optional()
    .meta({ title: "TIME", description: "with --split global-time: first time of test" }),
  ties: z.enum(TIES).default("file").meta({
    title: "ORDER",
    description:
      "order of one user's interactions at the same time: as in the file, reversed (for files with the newest first), or by item id",
  }),
};

/** Options for what positives are ranked against. */
const rank = {
  evalNegatives: count.optional().meta({
    title: "N",
    description: "negatives for each validation and test positive",
    fallback: `${DEFAULT_NEGATIVES}, fewer where items are few`,
  }),
  // Order and repetition do not matter, so they must not change the dataset.
  protocols: z.array(z.enum(PROTOCOLS)).min(1)
    .transform((names) => PROTOCOLS.filter((name) => names.includes(name))).default([...PROTOCOLS])
    .meta({ title: "NAMES", description: "how negatives are drawn" }),
  exponent: z.number().min(-MAX_EXPONENT).max(MAX_EXPONENT).default(1)
    .meta({
      yaml: true,
      title: "X",
      description: "exponent of an item's popularity when negatives are drawn",
    }),
  seed: count.default(DEFAULT_SEED).meta({
    title: "N",
    description: "seed of the negatives, and of --sample-users",
  }),
};

const place = {
  out: text.meta({
    title: "DIR",
    description: "dataset folder to write; replaced in one step when all is done",
  }),
  name: text.optional()
    .meta({ title: "NAME", description: "name of the data set", fallback: "from the first file" }),
  force: z.boolean().default(false).meta({ description: "prepare again even if nothing changed" }),
  overwrite: z.boolean().default(false).meta({
    description: "replace a dataset that was changed since, or an automlp export; never other files",
  }),
};

/**
 * Options of a preparation in the groups of `--help`, under their names in a configuration file; flags are the same names in kebab case.
 */
export const prepareGroups = {
  "What is read": read,
  "What is checked and kept": keep,
  "How it is split": split,
  "What positives are ranked against": rank,
  "Where it goes": place,
};

export const prepareSchema = z.strictObject({ ...read, ...keep, ...split, ...rank, ...place });

true satisfies Describes<typeof prepareSchema, PrepareValues, Omit<PrepareInput, typeof CHECKED>>;

/**
 * Checks the options, fills in defaults and refuses options that contradict each other.
 *
 * @throws {InputError} for an unknown key, an invalid value, or options that exclude each other.
 * @example
 * ```ts
 * import { resolvePrepareConfig } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const { minUser, split } = resolvePrepareConfig({ data: "ratings.csv", out: "data/mine", minUser: 5 });
 * assert.deepEqual([minUser, split], [5, "leave-one-out"]);
 * ```
 */
export const resolvePrepareConfig = (values: PrepareInput): PrepareConfig =>
  checkPreparation(checkOptions(prepareSchema, values));

/**
 * Refuses options that contradict each other.
 *
 * @param options Options of a preparation, or of a longer job; those that do not belong to a preparation are left out.
 * @throws {InputError}
 */
export function checkPreparation(options: PrepareValues): PrepareConfig {
  const own: unknown = Object.fromEntries(
    Object.entries(options).filter(([key]) => Object.hasOwn(prepareSchema.shape, key)),
  );
  const config = own as PrepareConfig;
  const { data, dataset, split } = config;
  const given = (value: unknown) => value !== undefined;
  const refuse = (conflict: boolean, message: string) => {
    if (conflict) throw new InputError(message);
  };
  refuse(
    !data && !dataset,
    "Nothing to prepare: give --data FILE, or --dataset NAME for a known data set (--dataset demo needs no file)",
  );
  refuse(
    given(config.ratios) && split === "leave-one-out",
    "Option --ratios goes with --split ratio or --split global-time, not with leave-one-out",
  );
  refuse(
    (given(config.validFrom) || given(config.testFrom)) && split !== "global-time",
    `Options --valid-from and --test-from go with --split global-time, not with ${split}`,
  );
  refuse(
    given(config.ratios) && (given(config.validFrom) || given(config.testFrom)),
    `Options --ratios and ${
      given(config.validFrom) ? "--valid-from" : "--test-from"
    } exclude each other: split by shares or by times`,
  );
  if (config.ratios) checkRatios(config.ratios);
  checkGivenPoints(config);
  checkPeriod(config);
  refuse(
    config.format === "sequences" && given(config.columns),
    "Option --columns does not go with --format sequences, whose lines are a user and items",
  );
  refuse(
    given(config.sequenceTimestamps) && config.format !== "sequences",
    "Option sequenceTimestamps goes with --format sequences",
  );
  refuse(
    config.exponent !== 1 &&
      (config.evalNegatives === 0 || config.protocols.every((name) => name === "uniform")),
    "Option exponent goes with negatives that are drawn by popularity: those of --protocols recbole and strict",
  );
  refuse(
    config.maxUser !== undefined && config.maxUser < config.minUser,
    `Cannot filter: no user has at least ${config.minUser} interactions (--min-user) and no more than ${config.maxUser} (--max-user); raise --max-user, or lower --min-user`,
  );
  if (config.timeFormat !== undefined) parseTimeFormat(config.timeFormat);
  for (const [columns, file] of [["itemColumns", "items"], ["userColumns", "users"]] as const) {
    refuse(
      given(config[columns]) && !config[file],
      `Option ${columns} names columns of a table: name its file with --${file}`,
    );
  }
  refuse(
    given(config.features) && !config.items && !dataset,
    "Option --features needs a table of items: name its file with --items",
  );
  return config;
}

/**
 * Returns the options that decide the content of a dataset: two runs with the same content options on the same sources make the same
 * dataset.
 *
 * @param evalNegatives The number that was drawn. If it was not given as an option, there may have been too few items for the default.
 */
export function contentOptions(
  config: PrepareConfig,
  evalNegatives = config.evalNegatives ?? DEFAULT_NEGATIVES,
): Record<string, unknown> {
  const { out: _out, force: _force, overwrite: _overwrite, cache: _cache, ...content } = withSourceNames(
    config,
  );
  return JSON.parse(JSON.stringify({ ...content, evalNegatives }));
}
