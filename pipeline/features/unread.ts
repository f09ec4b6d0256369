/**
 * Columns of the item table that models would read as numbers if some of their values did not look like words for no value.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { DataFrame } from "../contract/frame.ts";
import { NOTHING, nullValuesOption, wordsForNothing } from "../contract/values/nothing.ts";
import { inferFeatures, type InferredFeature } from "./infer.ts";
import { columnValues } from "./values.ts";

/**
 * Returns the warnings about such columns.
 *
 * @param found The result of {@link inferFeatures}.
 */
export function unread(items: DataFrame, found: readonly InferredFeature[]): string[] {
  return found.filter(({ kind }) => ["categorical", "text"].includes(kind)).flatMap(({ name, kind }) => {
    const values = columnValues(items, name).filter(pl.col("value").isNotNull());
    const words = wordsForNothing(values.getColumn("value"));
    if (words.length === 0) return [];
    const others = values.filter(pl.col("value").str.contains(NOTHING).not()).getColumn("value");
    const [{ kind: without }] = inferFeatures(pl.DataFrame([others.rename(name)]));
    if (without !== "numeric" && without !== "date") return [];
    return `the values of "${name}" are ${without === "date" ? "dates" : "numbers"}, except for ${
      words.map((word) => JSON.stringify(word)).join(", ")
    } in ${values.height - others.length} of ${items.height} items, which ${
      kind === "text" ? "is why models do not read them" : "makes them categories"
    }; if no value is meant, give ${nullValuesOption(words)}`;
  });
}
