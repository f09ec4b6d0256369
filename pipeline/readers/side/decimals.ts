/**
 * Handles columns of numbers with decimal commas in side tables.
 *
 * @module
 */
import pl, { type DataFrame, type Expr } from "nodejs-polars";
import { COMMA, type Decimal, LIKELY_COMMA, WITH_COMMA } from "../../contract/values/decimals.ts";
import { quoteAll } from "../roles.ts";

const ANYTHING = /\S/;
/** Number of rows checked for decimal commas if the user does not say that there are any. */
const SAMPLE_ROWS = 100;

/** Counts for a column that contains commas: values, those that are numbers that may have a decimal comma, and those that do have one. */
interface Found {
  present: number;
  numbers: number;
  commas: number;
}

/**
 * Replaces decimal commas with points, with `decimal: "comma"`, in columns that hold only such numbers; otherwise returns the table
 * unchanged.
 *
 * @param table `id` and text columns.
 * @param warnings Receives the columns that have decimal commas but stay text.
 */
export function readDecimals(
  path: string,
  table: DataFrame,
  decimal: Decimal,
  warnings: string[],
): DataFrame {
  const isComma = decimal === "comma",
    found = isComma ? numbersIn(table, COMMA) : numbersIn(table.head(SAMPLE_ROWS), LIKELY_COMMA);
  const all = Object.keys(found).filter((name) =>
    found[name].commas > 0 && found[name].numbers === found[name].present
  );
  if (!isComma) {
    warnings.push(
      ...all.map((name) =>
        `${path}: column ${
          quoteAll([name])
        } has numbers with a decimal comma, which are text here; say --decimal comma`
      ),
    );
    return table;
  }
  const mixed = Object.keys(found).filter((name) =>
    !all.includes(name) && found[name].commas > found[name].present / 2
  );
  for (const name of mixed) {
    const others = table.filter(isText(name, ANYTHING).and(isText(name, WITH_COMMA).not())).getColumn(name);
    warnings.push(
      `${path}: column ${quoteAll([name])} has numbers with a decimal comma, but ${
        quoteAll([others.get(0) as string])
      } is none: it is text`,
    );
  }
  return table.withColumns(...all.map((name) => pl.col(name).str.replace(",", ".", true)));
}

function numbersIn(table: DataFrame, comma: RegExp): Record<string, Found> {
  const counts = (names: readonly string[], fits: (name: string) => Expr) =>
    names.length === 0 ? [] : table.select(...names.map((name) => fits(name).sum())).row(0) as number[];
  const all = table.columns.filter((name) => name !== "id");
  const commas = counts(all, (name) => pl.col(name).str.contains(",", true));
  const names = all.filter((_, i) => commas[i] > 0); // of hundreds of columns checked, usually none
  const [present, numbers, decimals] = [ANYTHING, WITH_COMMA, comma].map((pattern) =>
    counts(names, (name) => isText(name, pattern))
  );
  return Object.fromEntries(
    names.map((name, i) => [name, { present: present[i], numbers: numbers[i], commas: decimals[i] }]),
  );
}

/** Whether a field is present and matches a pattern. */
const isText = (name: string, { source }: RegExp) =>
  pl.col(name).str.contains(source, false).fillNull(pl.lit(false));
