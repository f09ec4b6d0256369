/**
 * Finds ids that other tools cannot read, before anything is written.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { SequenceDataset } from "../contract/dataset.ts";
import { InputError } from "../contract/errors.ts";

/** A rule for ids that a format cannot represent. */
interface IdRule {
  /** A regular expression that matches such ids. */
  pattern: string;
  /** What is wrong with them, as in `holds a space, which separates items there`. */
  problem: string;
}

/** Tabs, line ends and other control characters. */
export const CONTROL_CHARACTERS: IdRule = {
  pattern: "[\\x00-\\x1f\\x7f]",
  problem: "holds a tab, a line end or another control character",
};

/** Texts that pandas treats as missing values by default. */
export const MISSING_IN_PANDAS: readonly string[] =
  "#N/A,#N/A N/A,#NA,-1.#IND,-1.#QNAN,-NaN,-nan,1.#IND,1.#QNAN,<NA>,N/A,NA,NULL,NaN,None,n/a,nan,null".split(
    ",",
  );

/** Returns a regular expression that matches exactly these texts. */
export const anyOf = (texts: readonly string[]): string =>
  `^(${texts.map((text) => text.replace(/[^\w]/g, "\\$&")).join("|")})$`;

/** Counts the users or items whose id matches a pattern, or does not. */
export function countIds(
  dataset: SequenceDataset,
  kind: "user" | "item",
  pattern: string,
  matches = true,
): number {
  const found = pl.col("id").str.contains(pattern);
  return dataset.table(`${kind}s`).filter(matches ? found : found.not()).height;
}

/**
 * Refuses ids that break a rule.
 *
 * @throws {InputError} that names the first user or item whose id breaks a rule.
 */
export function checkIds(
  dataset: SequenceDataset,
  format: string,
  rules: IdRule[],
) {
  for (const kind of ["user", "item"] as const) {
    for (const { pattern, problem } of rules) {
      const broken = dataset.table(`${kind}s`).filter(pl.col("id").str.contains(pattern));
      if (broken.height === 0) continue;
      const more = broken.height > 1 ? ` (and ${broken.height - 1} more)` : "";
      throw new InputError(
        `Cannot export to ${format}: ${kind} id ${
          JSON.stringify(broken.getColumn("id").get(0))
        }${more} ${problem}; ` +
          "rename it in the source and prepare again, or choose another format",
      );
    }
  }
}

/** Characters that can separate ids in one field, in order of preference. */
const SEPARATORS = [" ", "|", ";", ",", "~", "\u001f"];

/**
 * Chooses a separator for item ids in one field: a space, or, if ids contain spaces, a character that no id contains.
 *
 * @throws {InputError} if every candidate occurs in some id.
 */
export function itemSeparator(dataset: SequenceDataset, format: string): string {
  const ids = dataset.table("items");
  const free = SEPARATORS.find((separator) =>
    ids.filter(pl.col("id").str.contains(pl.lit(separator), true)).height === 0
  );
  if (free !== undefined) return free;
  throw new InputError(
    `Cannot export to ${format}: item ids hold every character that could separate them ` +
      `(${SEPARATORS.map((separator) => JSON.stringify(separator)).join(" ")}); choose jsonl or parquet`,
  );
}
