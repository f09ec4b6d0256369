/**
 * What is to become of a column of the item table, and how people write it: `genres:multi`, `price:numeric:buckets=10`, `published:date`.
 *
 * @module
 */
import { checkCall, TEXT } from "../contract/options/arguments.ts";
import { didYouMean, InputError } from "../contract/errors.ts";
import { parseTimeFormat } from "../times/format.ts";

/** One value of a few; several of a few; a number; a date; text, which is left out. The kind in a {@link FeatureSpec}. */
export type FeatureKind = "categorical" | "multi" | "numeric" | "date" | "text";

const KINDS: readonly FeatureKind[] = ["categorical", "multi", "numeric", "date", "text"];

/** How one column of the item table is encoded. {@link parseFeatureSpec} makes one of text. */
export interface FeatureSpec {
  /** The column; the feature is called the same. */
  name: string;
  /** What becomes of its values. */
  kind: FeatureKind;
  /** `multi`: what separates the values of one item. Default: `|`, or what the reader of lists put behind values that have a `|`. */
  separator?: string;
  /** `categorical`, `multi`: values that fewer items have count as missing. Default 1: none are. */
  minCount?: number;
  /** `date`: how dates are written, as in `%d.%m.%Y`. Default: as in ISO 8601. */
  format?: string;
  /** `numeric`, `date`: to mean 0 and standard deviation 1 (the default), or into buckets with equally many items. */
  encoding?: "standardise" | "buckets";
  /** `numeric`, `date` in buckets: how many, at least 2. */
  buckets?: number;
}

/** Options in a written spec: which kinds take it, the least value, and its place in {@link FeatureSpec}. */
const OPTIONS: Record<
  string,
  { kinds: FeatureKind[]; least: number; set: (value: number) => Partial<FeatureSpec> }
> = {
  min: { kinds: ["categorical", "multi"], least: 1, set: (minCount) => ({ minCount }) },
  buckets: { kinds: ["numeric", "date"], least: 2, set: (buckets) => ({ encoding: "buckets", buckets }) },
};

/**
 * Reads a feature as people write it: `NAME[:KIND][:HOW][:OPTION=N…]`, KIND being `categorical` (the default),
 * `multi`, `numeric`, `date` or `text`; HOW is what separates the values of `multi`, and how a `date` is written (`%d.%m.%Y`); the options are
 * `min=N` (categorical, multi) and `buckets=N` (numeric, date).
 *
 * @throws {InputError} if the text is of another form.
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
  checkCall('parseFeatureSpec("genres:multi")', [text, TEXT]);
  const wrong = (state: string) => new InputError(`Cannot use feature "${text}": ${state}`);
  const [name, kindText = "categorical", ...rest] = text.split(":");
  if (name === "") throw wrong("it names no column; write NAME:KIND, as in genres:multi");
  const kind = KINDS.find((known) => known === kindText);
  if (kind === undefined) {
    throw wrong(`"${kindText}" is no kind${didYouMean(kindText, KINDS)}; the kinds are ${KINDS.join(", ")}`);
  }
  let spec: FeatureSpec = { name, kind };
  // Options come last, so that what stands in front of them may hold any character, ":" and "=" too.
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

/** The spec as people write it: {@link parseFeatureSpec} gives it back. */
export function formatFeatureSpec(spec: FeatureSpec): string {
  const how = [
    ...(spec.kind === "multi" && spec.separator !== undefined ? [spec.separator] : []),
    ...(spec.kind === "date" && spec.format !== undefined ? [spec.format] : []),
  ];
  const minCount = spec.minCount !== undefined ? [`min=${spec.minCount}`] : [];
  const buckets = spec.encoding === "buckets" ? [`buckets=${spec.buckets}`] : [];
  return [spec.name, spec.kind, ...how, ...minCount, ...buckets].join(":");
}
