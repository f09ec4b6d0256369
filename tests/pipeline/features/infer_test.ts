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

Deno.test("inference: where one kind begins and the other ends, and the reason for it", () => {
  const infer = (...texts: string[]) => {
    const [{ name: _, ...found }] = inferFeatures(
      pl.DataFrame([pl.Series("id", texts.map((_, i) => `i${i}`)), pl.Series("x", texts, pl.String)]),
    );
    return found;
  };
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => String(i));
  assert.deepEqual(infer(...upTo(20), "7"), { kind: "categorical", reason: "only 20 different numbers" });
  assert.deepEqual(infer(...upTo(21), "7"), {
    kind: "numeric",
    encoding: "standardise",
    reason: "all values are numbers, 21 different ones",
  });
  const days = (n: number) => upTo(n).map((i) => `2024-01-${String(Number(i) + 1).padStart(2, "0")}`);
  assert.deepEqual(infer(...days(20), "2024-01-01"), {
    kind: "text",
    reason: "95 % of the values are distinct, as names are",
  });
  assert.deepEqual(infer(...days(21)), {
    kind: "date",
    encoding: "standardise",
    reason: "all values are dates, 21 different ones",
  });
  assert.equal(infer(...days(21), "unknown").kind, "text");
  const named = (different: number) => Array.from({ length: 10 }, (_, i) => `name ${i % different}`);
  assert.deepEqual(infer(...named(8)), { kind: "categorical", reason: "8 different values" });
  assert.deepEqual(infer(...named(9)), {
    kind: "text",
    reason: "90 % of the values are distinct, as names are",
  });
  const one = (others: number) => ["a|b", ...new Array<string>(others).fill("a")];
  assert.deepEqual(infer(...one(9)), {
    kind: "multi",
    separator: "|",
    reason: "10 % of the values have a |, with 2 different parts",
  });
  assert.deepEqual(infer(...one(10)), { kind: "categorical", reason: "2 different values" });
  const parts = (...last: string[]) => infer("a|b", "c|d", "e|f", "g|h", last.join("|"));
  assert.deepEqual(parts("a", "b"), {
    kind: "multi",
    separator: "|",
    reason: "100 % of the values have a |, with 8 different parts",
  });
  assert.equal(parts("a", "i").kind, "text");
  const list = (...values: string[]) => values.map((value) => `${value}\u001f`).join("");
  assert.equal(
    infer(list("a", "b"), list("a"), list("b"), list("a")).reason,
    "25 % of the values are lists of several, with 2 different parts",
  );
});

Deno.test("whole numbers under a name as ids have are no quantity", () => {
  const infer = (name: string, number: (i: number) => number) => {
    const ids = Array.from({ length: 60 }, (_, i) => `i${i}`), numbers = ids.map((_, i) => String(number(i)));
    const items = pl.DataFrame([pl.Series("id", ids), pl.Series(name, numbers, pl.String)]);
    return inferFeatures(items)[0];
  };
  const thirty = (i: number) => 5 + i % 30;
  for (
    const name of [
      "manufacturer_id",
      "BRAND_ID",
      "brandId",
      "brandID",
      "zip code",
      "hs-codes",
      "Household Key",
    ]
  ) {
    assert.equal(infer(name, thirty).kind, "categorical", name);
  }
  for (const name of ["price", "paid", "humid", "turnkey", "ideas", "width"]) {
    assert.equal(infer(name, thirty).kind, "numeric", name);
  }
  assert.equal(infer("brand_id", thirty).reason, "30 different whole numbers, and it is called as ids are");
  assert.equal(infer("grid_code", (i) => i % 30 + 0.5).kind, "numeric", "no id has a part behind the point");
  assert.deepEqual(infer("other_id", (i) => i), {
    name: "other_id",
    kind: "text",
    reason: "100 % of its numbers are distinct, as ids are",
  });
});

Deno.test("what is called a title is one, though items share it; of another name it is a feature", () => {
  const kindsOf = (...names: string[]) => {
    const shirts = ["Shirt", "Shirt", "Shirt", "Trousers"];
    const columns = names.map((name) => pl.Series(name, shirts, pl.String));
    const items = pl.DataFrame([pl.Series("id", ["a", "b", "c", "d"]), ...columns]);
    return inferFeatures(items).map(({ kind }) => kind);
  };
  assert.deepEqual(kindsOf("title"), ["text"]);
  assert.deepEqual(kindsOf("Name"), ["text"]);
  assert.deepEqual(kindsOf("name", "title"), ["categorical", "text"]);
  assert.deepEqual(kindsOf("brand_name"), ["categorical"]);
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
  const { vocabulary } = encodeFeatures(items.slice(2, 2), [{ name: "genres", kind: "multi" }]);
  assert.deepEqual(vocabulary.getColumn("value").toArray(), ["R&B|Soul"], "one list says it of all");
});

Deno.test("types in the header decide in place of the values, but for titles, constants and what is nearly all distinct", () => {
  const items = pl.DataFrame({
    id: ["1", "2", "3", "4", "5", "6"],
    few: ["1", "2", "1", "2", "1", "2"],
    which: ["1.5", "a|b", "1.5", "a|b", "1.5", "a|b"],
    rarely: ["x", "x", "x", "y", "y", "y"],
    vector: ["1|2", "1|2", "1|3", "1|3", "1|2", "1|3"],
    url: ["a", "b", "c", "d", "e", "f"],
    same: ["1", "1", "1", "1", "1", "1"],
    title: ["a", "a", "a", "b", "b", "b"],
    untyped: ["1", "2", "1", "2", "1", "2"],
  });
  const found = inferFeatures(items, {
    few: { type: "float" },
    which: { type: "token" },
    rarely: { type: "token_seq", separator: "|" },
    vector: { type: "float_seq", separator: "|" },
    url: { type: "token" },
    same: { type: "float" },
    title: { type: "token" },
  });
  assert.deepEqual(Object.fromEntries(found.map(({ name, kind }) => [name, kind])), {
    few: "numeric",
    which: "categorical",
    rarely: "multi",
    vector: "text",
    url: "text",
    same: "text",
    title: "text",
    untyped: "categorical",
  });
  assert.deepEqual(found.slice(0, 4).map(({ reason }) => reason), [
    "its header says float",
    "its header says token",
    "its header says token_seq",
    "its header says float_seq: each value is a vector of numbers",
  ]);
});
