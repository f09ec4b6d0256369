/**
 * How a column of the item table is encoded, and how people specify it: `genres:multi`, `price:numeric:buckets=10`, `published:date`.
 *
 * @module
 */
import { didYouMean, InputError } from "../contract/errors.ts";
import { parseTimeFormat } from "../times/format.ts";

/**
 * The kind in a {@link FeatureSpec}: one value from a set (`categorical`), several values from a set (`multi`), a number, a date, or text,
 * which is left out.
 */
export type FeatureKind = "categorical" | "multi" | "numeric" | "date" | "text";

const KINDS: readonly FeatureKind[] = ["categorical", "multi", "numeric", "date", "text"];

/** How one column of the item table is encoded. {@link parseFeatureSpec} parses one from text. */
export interface FeatureSpec {
  /** Name of the column, and of the feature. */
  name: string;
  /** Kind of the feature. */
  kind: FeatureKind;
  /**
   * For `multi`: the separator between the values of an item. Default: `|`, or the terminator that the reader of lists uses if values
   * contain a `|`.
   */
  separator?: string;
  /** For `categorical` and `multi`: values that fewer items have count as missing. Default: 1, so that none do. */
  minCount?: number;
  /** For `date`: the format of dates, such as `%d.%m.%Y`. Default: ISO 8601. */
  format?: string;
  /**
   * For `numeric` and `date`: scaled to mean 0 and standard deviation 1 (the default), or divided into buckets with about the same number
   * of items.
   */
  encoding?: "standardise" | "buckets";
  /** For `numeric` and `date` in buckets: the number of buckets, at least 2. */
  buckets?: number;
}

/** Options in a written spec: the kinds that take it, its smallest value, and its place in {@link FeatureSpec}. */
const OPTIONS: Record<
  string,
  { kinds: FeatureKind[]; least: number; set: (value: number) => Partial<FeatureSpec> }
> = {
  min: { kinds: ["categorical", "multi"], least: 1, set: (minCount) => ({ minCount }) },
  buckets: { kinds: ["numeric", "date"], least: 2, set: (buckets) => ({ encoding: "buckets", buckets }) },
};

/**
 * Parses a written feature: `NAME[:KIND][:HOW][:OPTION=N…]`. KIND is `categorical` (the default),
 * `multi`, `numeric`, `date` or `text`. HOW is the separator of `multi` values or the format of a `date` (`%d.%m.%Y`). The options are
 * `min=N` (categorical, multi) and `buckets=N` (numeric, date).
 *
 * @throws {InputError} if the text has another form.
 * @example
 * ```ts
 * import { parseFeatureSpec } from "automlp";
 * import assert from "node:assert/strict";
 * const { name, kind, minCount } = parseFeatureSpec("brand:categorical:min=5");
 * assert(name === "brand" && kind === "categorical" && minCount === 5);
 * assert(parseFeatureSpec("genres:multi:,").separator === ",");
 * assert(parseFeatureSpec("released:date:%d.%m.%Y").format === "%d.%m.%Y");
 * ```
 */
export function parseFeatureSpec(text: string): FeatureSpec {
  const wrong = (state: string) => new InputError(`Cannot use feature "${text}": ${state}`);
  const [name, kindText = "categorical", ...rest] = text.split(":");
  if (name === "") throw wrong("it names no column; write NAME:KIND, as in genres:multi");
  const kind = KINDS.find((known) => known === kindText);
  if (kind === undefined) {
    throw wrong(`"${kindText}" is no kind${didYouMean(kindText, KINDS)}; the kinds are ${KINDS.join(", ")}`);
  }
  let spec: FeatureSpec = { name, kind };
  // Options come last, so that the text before them may contain any character, even ":" and "=".
  for (let match; (match = /^([a-z]+)=(.+)$/.exec(rest.at(-1) ?? "")); rest.pop()) {
    const [, key, value] = match;
    const option = OPTIONS[key];
    if (!option) {
      throw wrong(
        `it has no option "${key}"${
          didYouMean(key, Object.keys(OPTIONS))
        }; the options are min=N and buckets=N`,
      );
    }
    if (!option.kinds.includes(kind)) {
      throw wrong(`${key}=N goes with ${option.kinds.join(" or ")}, not with ${kind}`);
    }
    if (!/^\d{1,9}$/.test(value) || Number(value) < option.least) {
      throw wrong(`${key} must be a whole number, at least ${option.least}, not "${value}"`);
    }
    spec = { ...spec, ...option.set(Number(value)) };
  }
  if (rest.length === 0) return spec;
  const how = rest.join(":");
  if (kind === "multi") {
    if (how === "") {
      throw wrong(
        "the separator is empty; leave the last colon out to split at |, and write \\, for a comma",
      );
    }
    return { ...spec, separator: how };
  }
  if (kind === "date") {
    if (how === "") throw wrong("the format is empty; leave the last colon out for dates as in ISO 8601");
    parseTimeFormat(how, `dates of the feature ${name} by`);
    return { ...spec, format: how };
  }
  throw wrong(`"${how}" has no meaning here; only multi features take a separator, and dates a format`);
}

/** Formats a spec so that {@link parseFeatureSpec} returns the same one. */
export function formatFeatureSpec(spec: FeatureSpec): string {
  const how = [
    ...(spec.kind === "multi" && spec.separator !== undefined ? [spec.separator] : []),
    ...(spec.kind === "date" && spec.format !== undefined ? [spec.format] : []),
  ];
  const minCount = spec.minCount !== undefined ? [`min=${spec.minCount}`] : [];
  const buckets = spec.encoding === "buckets" ? [`buckets=${spec.buckets}`] : [];
  return [spec.name, spec.kind, ...how, ...minCount, ...buckets].join(":");
}
