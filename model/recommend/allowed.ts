/**
 * Which items may be recommended at all.
 *
 * @module
 */
import { AN_OBJECT, type Wanted } from "../../pipeline/contract/options/arguments.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { denseItems, knownItems, type RequestOptions } from "./requests.ts";

/**
 * A filter for items: columns of the items table, each with the value that an item must have, or a list of values of which it must have
 * one. `filter` of {@link RecommendOptions} takes it.
 */
export type ItemFilter = Readonly<
  Record<string, string | number | boolean | readonly (string | number | boolean)[]>
>;
/** A value of the items table, as it is asked for. */
type FilterValue = string | number | boolean;

/** The options that say which items are allowed; see `RecommendOptions`. */
export interface AllowedOptions extends Pick<RequestOptions, "onUnknown" | "progress"> {
  exclude?: string | readonly string[];
  only?: string | readonly string[];
  filter?: ItemFilter;
}

const isValue = (value: unknown): value is FilterValue =>
  ["string", "boolean"].includes(typeof value) || Number.isFinite(value);

const isCondition = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 && value.every(isValue) : isValue(value);

/** An {@link ItemFilter}, as an argument that no compiler has checked. */
export const ITEM_FILTER: Wanted = {
  what:
    'an object of columns and values, each a text, a number, true or false, or a list of these, as { category: "Tea" }',
  fits: (value) => AN_OBJECT.fits(value) && Object.values(value as object).every(isCondition),
};

/**
 * Determines the items that may be recommended.
 *
 * @returns [items + 1] 1 for items that may be recommended; undefined if all may.
 * @throws {InputError} for an item or a column that the dataset does not have, or if no item is left.
 */
export function allowedItems(
  dataset: SequenceDataset,
  { exclude, only, filter = {}, ...unknown }: AllowedOptions,
): Uint8Array | undefined {
  const conditions = Object.entries(filter);
  if (exclude === undefined && only === undefined && conditions.length === 0) return undefined;
  const allowed = new Uint8Array(dataset.items + 1).fill(only === undefined ? 1 : 0);
  for (const item of itemsOf(dataset, only, unknown)) allowed[item] = 1;
  for (const item of itemsOf(dataset, exclude, unknown)) allowed[item] = 0;
  for (const [column, wanted] of conditions) {
    const fitting = [wanted].flat().map(fitsTo), { values, offsets, codes } = columnOf(dataset, column);
    const fits = values.map((value) => fitting.some((fits) => fits(value)));
    for (let item = 1; item < allowed.length; item++) {
      let at = offsets[item];
      while (at < offsets[item + 1] && !fits[codes[at]]) at++;
      if (at === offsets[item + 1]) allowed[item] = 0;
    }
  }
  allowed[0] = 0;
  if (allowed.includes(1)) return allowed;
  const said = conditions.map(([column, wanted]) =>
    `${column} ${[wanted].flat().map((value) => JSON.stringify(value)).join(" or ")}`
  ).join(" and ");
  const among = [
    ...(only === undefined ? [] : [" of those of --only"]),
    ...(exclude === undefined || exclude.length === 0 ? [] : [" without those of --exclude"]),
  ];
  throw new InputError(
    `Cannot recommend: no item is left${among.join("")}${said ? ` with ${said}` : ""}; ${
      conditions.length > 0 ? "see what there is with inspect" : "name other items"
    }`,
  );
}

/** Dense ids of the named items, as far as they exist. */
function itemsOf(
  dataset: SequenceDataset,
  named: string | readonly string[] = [],
  { onUnknown, progress }: Pick<RequestOptions, "onUnknown" | "progress">,
): number[] {
  const lists = [[named].flat()], known = onUnknown === "skip" ? knownItems(dataset, lists, progress) : lists;
  return denseItems(dataset, known)[0];
}

/**
 * Returns a test for whether a text of the items table equals a value. Numbers, true and false can be written in several ways: 2.50, True.
 */
function fitsTo(wanted: FilterValue): (text: string) => boolean {
  if (typeof wanted === "number") return (text) => text.trim() !== "" && Number(text) === wanted;
  if (typeof wanted === "boolean") return (text) => text.trim().toLowerCase() === String(wanted);
  return (text) => text === wanted;
}

/**
 * A column of the items table: its distinct values, and which of them each item has: `codes[offsets[item]]` …
 * `codes[offsets[item + 1] − 1]`.
 */
interface Column {
  values: string[];
  /** [items + 2]; the padding has no values. */
  offsets: Uint32Array;
  codes: Uint32Array;
}

/**
 * Columns that were filtered by, kept because a server filters again and again, and reading all texts takes longer than computing all
 * scores.
 */
const COLUMNS = new WeakMap<SequenceDataset, Map<string, Column>>();

const columnOf = (dataset: SequenceDataset, name: string): Column =>
  COLUMNS.getOrInsertComputed(dataset, () => new Map())
    .getOrInsertComputed(name, () => encoded(valuesOf(dataset, name)));

/** @param all The values of each item, from the first item on. */
function encoded(all: readonly (readonly string[])[]): Column {
  const codeOf = new Map<string, number>(), codes: number[] = [], offsets = new Uint32Array(all.length + 2);
  all.forEach((values, i) => {
    for (const value of values) {
      let code = codeOf.get(value);
      if (code === undefined) codeOf.set(value, code = codeOf.size);
      codes.push(code);
    }
    offsets[i + 2] = codes.length;
  });
  return { values: [...codeOf.keys()], offsets, codes: Uint32Array.from(codes) };
}

/** The id and the source's columns in the items table; the others are codes of these, and counts. */
function sourceColumns({ manifest }: SequenceDataset, columns: readonly string[]): string[] {
  const own = ["item", "interactions", "popularity", ...manifest.features.map(({ column }) => column)];
  return columns.filter((name) => !own.includes(name));
}

/** The values of a column of the items table for each item: one, or several if the feature has several. */
function valuesOf(dataset: SequenceDataset, column: string): string[][] {
  // As written in the source, because filters are compared as text.
  const table = dataset.stored("items");
  if (!table.columns.includes(column)) {
    const known = sourceColumns(dataset, table.columns);
    throw new InputError(
      `Cannot filter by "${column}": the items of ${dataset.folder} have ${known.join(", ")}${
        didYouMean(column, known)
      }`,
    );
  }
  const feature = dataset.manifest.features.find(({ name }) => name === column);
  const separator = typeof feature?.separator === "string" ? feature.separator : undefined;
  return (table.getColumn(column).toArray() as unknown[]).map((value) => {
    if (value === null) return [];
    if (Array.isArray(value)) return value.map(String);
    return separator === undefined
      ? [String(value)]
      : String(value).split(separator).map((part) => part.trim()).filter((part) => part !== "");
  });
}
