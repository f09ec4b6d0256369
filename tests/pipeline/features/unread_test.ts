import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { encodeFeatures, inferFeatures, parseFeatureSpec, unread } from "../../../pipeline/features.ts";

Deno.test("words for no value that keep numbers and dates from models are warned of, with the option that names them", () => {
  const column = (name: string, value: (i: number) => string | null) =>
    pl.Series(name, Array.from({ length: 60 }, (_, i) => value(i)), pl.String);
  const items = pl.DataFrame([
    column("id", (i) => `i${i}`),
    column("price", (i) => i % 20 === 7 ? "NULL" : `${i}.5`),
    column("since", (i) => i === 7 ? "none" : i === 8 ? "\\N" : `2024-${10 + i % 3}-${10 + i % 19}`),
    column("weight", (i) => i % 9 === 0 ? "n/a" : `${i % 23}`),
    column("size", (i) => i % 20 === 7 ? "NULL" : `${i % 7}`),
    column("brand", (i) => i % 20 === 7 ? "NULL" : `brand ${i % 7}`),
    column("code", (i) => i === 7 ? "NULL" : i === 8 ? "a" : `${i}`),
    column("title", (i) => i === 7 ? "NULL" : `${i}`),
    column("cost", (i) => i === 7 ? null : `${i}`),
  ]);
  assert.deepEqual(unread(items, inferFeatures(items)), [
    `the values of "price" are numbers, except for "NULL" in 3 of 60 items, which is why models do not read them; if no value is meant, give --null-values 'NULL'`,
    `the values of "since" are dates, except for "\\\\N", "none" in 2 of 60 items, which is why models do not read them; if no value is meant, give --null-values '\\N,none'`,
    `the values of "weight" are numbers, except for "n/a" in 7 of 60 items, which makes them categories; if no value is meant, give --null-values 'n/a'`,
  ]);
  const encode = (spec: string) => () => encodeFeatures(items, [parseFeatureSpec(spec)]);
  assert.throws(
    encode("price:numeric"),
    /the first "NULL" \(item "i7"\); if "NULL" means no value, give --null-values 'NULL', or use price:categorical$/,
  );
  assert.throws(encode("since:date"), /; if "\\\\N", "none" means no value, give --null-values '\\N,none'/);
});
