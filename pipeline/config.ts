/**
 * The configuration of a preparation: every option, its default, its check.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "./contract/errors.ts";
import { DEFAULT_SEED } from "./contract/random.ts";
import { MAX_EXPONENT, PROTOCOLS } from "./negatives.ts";
import { ENCODINGS, FORMATS } from "./readers/mod.ts";
import { checkConfig } from "./terminal/config.ts";

const text = z.string().min(1);
const texts = z.union([text, z.array(text).min(1)]).transform((value) => [value].flat());
const count = z.int().nonnegative();

/** Options of a preparation, by the names they have in a configuration file; flags are the same in kebab case. */
export const prepareSchema = z.strictObject({
  // What is read
  data: texts.optional(),
  dataset: text.optional(),
  format: z.enum(FORMATS).default("auto"),
  delimiter: text.optional(),
  header: z.boolean().optional(),
  columns: texts.optional(),
  encoding: z.enum(ENCODINGS).optional(),
  sequenceTimestamps: text.optional(),
  items: text.optional(),
  users: text.optional(),
  features: texts.optional(),
  cache: text.optional(),
  // What is checked and kept
  onBadRow: z.enum(["error", "skip"]).default("error"),
  duplicates: z.enum(["keep", "first", "last", "error"]).default("keep"),
  minRating: z.number().optional(),
  minUser: count.default(10),
  minItem: count.default(0),
  filter: z.enum(["once", "k-core"]).default("once"),
  // How it is split
  split: z.enum(["leave-one-out", "ratio", "global-time"]).default("leave-one-out"),
  ratios: z.array(z.coerce.number()).length(3).transform((r) => r as [number, number, number]).optional(),
  validFrom: z.number().optional(),
  testFrom: z.number().optional(),
  ties: z.enum(["file", "item"]).default("file"),
  // What it is ranked against
  negatives: count.default(100),
  protocols: z.array(z.enum(PROTOCOLS)).min(1).default([...PROTOCOLS]),
  exponent: z.number().min(-MAX_EXPONENT).max(MAX_EXPONENT).default(1),
  seed: count.default(DEFAULT_SEED),
  // Where it goes
  out: text,
  name: text.optional(),
  force: z.boolean().default(false),
  overwrite: z.boolean().default(false),
});

/** Marks options that were checked. */
declare const CHECKED: unique symbol;
type Values = z.output<typeof prepareSchema>;

/** The options of a preparation, checked, with defaults filled in. Only {@link resolvePrepareConfig} and {@link checkPreparation} make it. */
export type PrepareConfig = Values & { readonly [CHECKED]: true };
/** The options of a preparation as a caller gives them. Options that were checked are none: they are parsed once. */
export type PrepareInput = z.input<typeof prepareSchema> & { readonly [CHECKED]?: never };

/**
 * Checks the options, fills in defaults and refuses those that contradict each other.
 *
 * @throws {InputError} for an unknown key, a value that does not fit, options that exclude each other.
 */
export const resolvePrepareConfig = (values: PrepareInput): PrepareConfig =>
  checkPreparation(checkConfig(prepareSchema, values));

/**
 * Refuses options that contradict each other.
 *
 * @throws {InputError}
 */
export function checkPreparation(config: Values): PrepareConfig {
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
    given(config.ratios) && given(config.validFrom),
    "Options --ratios and --valid-from exclude each other: split by shares or by times",
  );
  refuse(
    config.format === "sequences" && given(config.columns),
    "Option --columns does not go with --format sequences, whose lines are a user and items",
  );
  refuse(
    given(config.sequenceTimestamps) && config.format !== "sequences",
    "Option --sequence-timestamps goes with --format sequences",
  );
  refuse(
    given(config.features) && !config.items && !dataset,
    "Option --features needs a table of items: name its file with --items",
  );
  return config as PrepareConfig;
}

/** What decides the content of a dataset: two runs with the same content options on the same sources make the same dataset. */
export function contentOptions(config: PrepareConfig): Record<string, unknown> {
  const { out: _out, force: _force, overwrite: _overwrite, cache: _cache, ...content } = config;
  return JSON.parse(JSON.stringify(content));
}
