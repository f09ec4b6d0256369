import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { encodeFeatures, inferFeatures } from "../../../pipeline/features.ts";

Deno.test("inference: kinds and reasons", () => {
  const n = 60;
  const column = (name: string, value: (i: number) => string | null) =>
    pl.Series(name, Array.from({ length: n }, (_, i) => value(i)), pl.String);
  const items = pl.DataFrame([
    column("id", (i) => `i${i}`),
    column("title", (i) => `A title, number ${i}`),
    column("tags", (i) => ["red|blue", "blue", "green|red|blue"][i % 3]),
    column("urls", (i) => `http://a/${i}|http://b/${i}`),
    column("price", (i) => `${i / 4}`),
    column("age", (i) => `${i % 7}`),
    column("brand", (i) => i % 5 ? `brand ${i % 9}` : null),
    column("shop", () => "the one"),
    column("note", (i) => i % 2 ? "" : null),
  ]);
  const kinds = Object.fromEntries(inferFeatures(items).map(({ name, kind }) => [name, kind]));
  assert.deepEqual(kinds, {
    title: "text",
    tags: "multi",
    urls: "text",
    price: "numeric",
    age: "categorical",
    brand: "categorical",
    shop: "text",
    note: "text",
  });
  assert.ok(inferFeatures(items).every(({ reason }) => reason.length > 5));
  encodeFeatures(items, inferFeatures(items));
});

Deno.test("lists of which values have a | are known by the end that each value has; explicitly, too", () => {
  const values = (texts: string[]) => texts.map((text) => `${text}\u001f`).join("");
  const lists = [["R&B|Soul", "Pop"], ["Pop"], ["R&B|Soul"], []];
  const items = pl.DataFrame([
    pl.Series("id", ["a", "b", "c", "d"]),
    pl.Series("genres", lists.map(values), pl.String),
    pl.Series("brand", ["x|y", "z", "x|y", "z"].map((text) => values([text])), pl.String),
  ]);
  const [genres, brand] = inferFeatures(items);
  assert.deepEqual([genres.kind, genres.separator, brand.kind], ["multi", "\u001f", "categorical"]);
  for (const specs of [[genres, brand], [{ name: "genres", kind: "multi" as const }]]) {
    const { frame, vocabulary, features } = encodeFeatures(items, specs);
    assert.deepEqual(frame.getColumn("genres_codes").toArray(), [[1, 2], [1], [2], []]);
    assert.equal(features[0].separator, "\u001f");
    assert.deepEqual(
      vocabulary.getColumn("value").toArray(),
      specs.length > 1 ? ["Pop", "R&B|Soul", "x|y", "z"] : ["Pop", "R&B|Soul"],
    );
  }
});
