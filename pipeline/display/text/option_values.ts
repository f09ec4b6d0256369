/**
 * Values of options in messages, and how they are written in code: `popular` is `"popular"` there, `3,5` is `[3, 5]`.
 *
 * @module
 */

/** Words that an option accepts: any other word after it belongs to the sentence ("--out goes with"). A test compares the commands' own. */
export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  preset: ["beauty", "demo", "ml-100k", "ml-1m"],
  until: ["dataset", "search", "retrain", "evaluate"],
  people: ["ids", "numbers", "none"],
  engine: ["native", "wasm", "cpu", "auto", "polars", "duckdb", "spark"],
  score: ["dot", "cosine"],
  fusion: ["sum", "concat"],
  search: ["shared", "darts", "darts2", "exhaustive", "none"],
  loss: ["ce", "bce", "bpr", "sampled-softmax", "bpr-max", "top1-max"],
  trainDistribution: ["uniform", "popularity"],
  precision: ["float32", "bfloat16"],
  schedule: ["constant", "cosine"],
  format: [
    ...["auto", "csv", "tsv", "movielens", "recbole", "amazon", "jsonl", "parquet", "arrow", "sequences"],
  ],
  encoding: [
    ...[
      "utf-8",
      "latin1",
      "latin2",
      "windows-1250",
      "windows-1251",
      "windows-1252",
      "windows-1253",
      "windows-1254",
      "windows-1255",
      "windows-1256",
      "windows-1257",
      "windows-1258",
      "windows-874",
      "iso-8859-15",
    ],
    ...["koi8-r", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"],
  ],
  decimal: ["point", "comma"],
  onBadRow: ["error", "skip"],
  duplicates: ["keep", "same-time", "first", "last", "error"],
  filter: ["once", "k-core"],
  split: ["leave-one-out", "ratio", "global-time"],
  ties: ["file", "item", "reverse"],
  protocols: ["recbole", "strict", "uniform"],
  to: [
    ...["recbole", "csv", "parquet", "jsonl", "lenskit", "libsvm", "sasrec", "sequences", "session", "onnx"],
  ],
  examples: ["each", "last"],
  tuner: ["halving", "random", "grid"],
  onUnknown: ["error", "skip", "popular"],
  holdOut: ["none", "test"],
  // There is no list of them: demo is the one that messages name.
  dataset: ["demo"],
};

/** Options without a value that messages tell the reader to give. */
export const SWITCHES: readonly string[] = ["force", "overwrite", "resume", "strict"];

/** Options that are lists in code, even with one value. */
const LISTS: readonly string[] = ["protocols", "lengths", "methods", "tags", "seeds", "nullValues"];

/** Options whose value is a file on a command line, and something else in code. */
const OTHERWISE: Readonly<Record<string, string>> = { "histories FILE": '[["ITEM", "ITEM"]]' };

/** Writes a value as in code: as a number, a text, or a list. */
export function valueInCode(name: string, value: string): string {
  const otherwise = OTHERWISE[`${name} ${value}`];
  if (otherwise !== undefined) return otherwise;
  if (value.startsWith('"')) return value;
  const isQuoted = value.startsWith("'");
  const text = isQuoted ? value.slice(1, -1).replaceAll("'\\''", "'") : value;
  if (LISTS.includes(name) || (text.includes(",") && !isQuoted)) {
    return `[${text.split(",").map(literal).join(", ")}]`;
  }
  return isQuoted ? JSON.stringify(text) : literal(text);
}

const literal = (value: string): string => /^-?\d+(\.\d+)?$/.test(value) ? value : JSON.stringify(value);
