import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import pl, { type DataFrame } from "nodejs-polars";
import {
  encodeFeatures,
  type FeatureSpec,
  inferFeatures,
  parseFeatureSpec,
} from "../../pipeline/features.ts";
import { formatFeatureSpec } from "../../pipeline/features.ts";
import { InputError } from "../../pipeline/contract/errors.ts";

const ITEMS = pl.DataFrame([
  pl.Series("id", ["a", "b", "c", "d", "e", "f"], pl.String),
  pl.Series("genres", ["Drama|Comedy", "Drama", "", null, " Western | Drama|Drama", "|Comedy|"], pl.String),
  pl.Series("brand", ["Zed", "acme", "Zed", " Zed ", null, "Ölwerk"], pl.String),
  pl.Series("size", ["10", "9", "XL", "9", "100", ""], pl.String),
  pl.Series("price", ["1", "2", "3", "4", "", "10.0"], pl.String),
]);

const list = (frame: DataFrame, column: string) => [...frame.getColumn(column)];
const lists = (frame: DataFrame, column: string): number[][] =>
  frame.getColumn(column).toArray().map((codes) => [...codes as Iterable<number>]);
const vocabularyRows = (frame: DataFrame) =>
  frame.toRecords().map(({ feature, code, value, items }) => [feature, code, value, items]);

Deno.test("known answer: categories, lists, standardised numbers, buckets", () => {
  const specs = ["genres:multi", "brand", "size:categorical", "price:numeric"].map(parseFeatureSpec);
  const { frame, features, vocabulary } = encodeFeatures(ITEMS, specs);
  assert.deepEqual(frame.columns, [
    ...ITEMS.columns,
    "genres_codes",
    "brand_code",
    "size_code",
    "price_value",
  ]);
  assert.deepEqual(lists(frame, "genres_codes"), [[1, 2], [2], [], [], [2, 3], [1]]);
  assert.deepEqual(list(frame, "brand_code"), [1, 2, 1, 1, 0, 3]);
  assert.deepEqual(list(frame, "size_code"), [2, 1, 4, 1, 3, 0]); // 9, 10, 100, then text
  // 1 2 3 4 10: mean 4, population variance (9 + 4 + 1 + 0 + 36) / 5 = 10
  const expected = [-3, -2, -1, 0, 0, 6].map((x) => Math.fround(x / Math.sqrt(10)));
  assert.deepEqual(list(frame, "price_value").map((x) => Math.fround(x as number)), expected);
  assert.deepEqual(vocabularyRows(vocabulary), [
    ["genres", 1, "Comedy", 2],
    ["genres", 2, "Drama", 3],
    ["genres", 3, "Western", 1],
    ["brand", 1, "Zed", 3],
    ["brand", 2, "acme", 1],
    ["brand", 3, "Ölwerk", 1],
    ["size", 1, "9", 2],
    ["size", 2, "10", 1],
    ["size", 3, "100", 1],
    ["size", 4, "XL", 1],
  ]);
  assert.deepEqual(features, [
    {
      name: "genres",
      kind: "multi",
      column: "genres_codes",
      values: 3,
      separator: "|",
      minCount: 1,
      rare: 0,
      missing: 2,
    },
    { name: "brand", kind: "categorical", column: "brand_code", values: 3, minCount: 1, rare: 0, missing: 1 },
    { name: "size", kind: "categorical", column: "size_code", values: 4, minCount: 1, rare: 0, missing: 1 },
    {
      name: "price",
      kind: "numeric",
      encoding: "standardise",
      column: "price_value",
      values: 0,
      mean: 4,
      std: Math.sqrt(10),
      missing: 1,
    },
  ]);
  assert.equal(String(frame.getColumn("genres_codes").dtype), String(pl.List(pl.UInt32)));
  assert.equal(String(frame.getColumn("brand_code").dtype), String(pl.UInt32));
  assert.equal(String(frame.getColumn("price_value").dtype), String(pl.Float32));
});

Deno.test("known answer: buckets hold equally many items, and repeated numbers make fewer of them", () => {
  const encode = (price: (string | null)[], buckets: number) =>
    encodeFeatures(
      pl.DataFrame([
        pl.Series("id", price.map((_, i) => `${i}`), pl.String),
        pl.Series("price", price, pl.String),
      ]),
      [{ name: "price", kind: "numeric", encoding: "buckets", buckets }],
    );
  const even = encode(["8", "1", null, "2", "7", "3", "4"], 3);
  assert.deepEqual(list(even.frame, "price_code"), [3, 1, 0, 1, 3, 2, 2]);
  assert.deepEqual(vocabularyRows(even.vocabulary), [
    ["price", 1, "[1, 3)", 2],
    ["price", 2, "[3, 7)", 2],
    ["price", 3, "[7, 8]", 2],
  ]);
  assert.deepEqual(even.features[0].edges, [1, 3, 7]);
  const repeated = encode(["5", "5", "5", "5", "5", "9"], 4);
  assert.deepEqual(list(repeated.frame, "price_code"), [1, 1, 1, 1, 1, 1]);
  assert.deepEqual(vocabularyRows(repeated.vocabulary), [["price", 1, "[5, 9]", 6]]);
  assert.deepEqual(list(encode([null, ""], 4).frame, "price_code"), [0, 0]);
});

Deno.test("values that too few items have count as missing", () => {
  const { frame, features } = encodeFeatures(ITEMS, [
    { name: "genres", kind: "multi", minCount: 2 },
    { name: "brand", kind: "categorical", minCount: 2 },
  ]);
  assert.deepEqual(lists(frame, "genres_codes"), [[1, 2], [2], [], [], [2], [1]]);
  assert.deepEqual(list(frame, "brand_code"), [1, 0, 1, 1, 0, 0]);
  assert.deepEqual(features.map(({ rare }) => rare), [1, 2]);
});

Deno.test("no features, text features, and a table without items", () => {
  for (const specs of [[], [{ name: "genres", kind: "text" }]] as FeatureSpec[][]) {
    const { frame, features, vocabulary } = encodeFeatures(ITEMS, specs);
    assert.deepEqual([frame.columns, features, vocabulary.height], [ITEMS.columns, [], 0]);
    assert.deepEqual(vocabulary.columns, ["feature", "code", "value", "items"]);
  }
  const specs = ["genres:multi", "brand", "price:numeric", "size:numeric:buckets=2"].map(parseFeatureSpec);
  const { frame, vocabulary } = encodeFeatures(ITEMS.head(0), specs);
  assert.deepEqual([frame.height, frame.width, vocabulary.height], [0, 9, 0]);
});

Deno.test("column names are names, not patterns", () => {
  const odd = ITEMS.rename({ brand: "^.*$" });
  assert.deepEqual(list(encodeFeatures(odd, [{ name: "^.*$", kind: "categorical" }]).frame, "^.*$_code"), [
    1,
    2,
    1,
    1,
    0,
    3,
  ]);
});

Deno.test("errors say what is wrong and what would do", () => {
  const cases: [FeatureSpec[], RegExp][] = [
    [
      [{ name: "genre", kind: "multi" }],
      /^Cannot encode feature "genre": .*did you mean "genres".*has genres, brand, size, price$/,
    ],
    [[{ name: "id", kind: "categorical" }], /no such column/],
    [
      [{ name: "size", kind: "numeric" }],
      /as numeric: 1 of 6 items .* first "XL" \(item "c"\); .*size:categorical$/,
    ],
    [[{ name: "brand", kind: "text" }, { name: "brand", kind: "categorical" }], /twice/],
    [[{ name: "price", kind: "numeric", encoding: "buckets" }], /undefined buckets/],
  ];
  for (const [specs, message] of cases) {
    assert.throws(() => encodeFeatures(ITEMS, specs), (error: Error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, message);
      return true;
    });
  }
  for (const text of ["NaN", "inf"]) {
    const items = pl.DataFrame([pl.Series("id", ["x"]), pl.Series("price", [text])]);
    assert.throws(() => encodeFeatures(items, [{ name: "price", kind: "numeric" }]), new RegExp(text));
  }
  const taken = ITEMS.rename({ price: "brand_code" });
  assert.throws(
    () => encodeFeatures(taken, [parseFeatureSpec("brand")]),
    /already has a column "brand_code"/,
  );
});

Deno.test("specs as people write them", () => {
  const cases: [string, FeatureSpec][] = [
    ["brand", { name: "brand", kind: "categorical" }],
    ["brand:categorical:min=5", { name: "brand", kind: "categorical", minCount: 5 }],
    ["genres:multi", { name: "genres", kind: "multi" }],
    ["genres:multi:|", { name: "genres", kind: "multi", separator: "|" }],
    ["genres:multi:::min=2", { name: "genres", kind: "multi", separator: ":", minCount: 2 }],
    ["year:numeric", { name: "year", kind: "numeric" }],
    ["price:numeric:buckets=10", { name: "price", kind: "numeric", encoding: "buckets", buckets: 10 }],
    ["title:text", { name: "title", kind: "text" }],
  ];
  for (const [text, spec] of cases) {
    assert.deepEqual(parseFeatureSpec(text), spec);
    assert.deepEqual(parseFeatureSpec(formatFeatureSpec(spec)), spec);
  }
  for (
    const [text, message] of [
      ["", /names no column/],
      ["genres:mutli", /"mutli" is no kind \(did you mean "multi"/],
      ["brand:categorical:,", /only multi features take a separator/],
      ["genres:multi:", /separator is empty/],
      ["price:numeric:bucket=3", /no option "bucket" \(did you mean "buckets"/],
      ["price:numeric:buckets=1", /at least 2, not "1"/],
      ["price:numeric:buckets=ten", /whole number/],
      ["brand:buckets", /is no kind/],
      ["brand:categorical:buckets=4", /goes with numeric, not with categorical/],
    ] as const
  ) {
    assert.throws(
      () => parseFeatureSpec(text),
      (error: Error) => error instanceof InputError && message.test(error.message),
    );
  }
});

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

const value = fc.constantFrom("a", "b", "c", "Ω", "10", "9", "x y");
const rows = fc.array(
  fc.record({
    tags: fc.uniqueArray(value, { maxLength: 4 }),
    number: fc.option(fc.integer({ min: -50, max: 50 }), { nil: null }),
    brand: fc.option(value, { nil: null }),
  }),
  { minLength: 1, maxLength: 40 },
);
type Row = { tags: string[]; number: number | null; brand: string | null };

const table = (rows: { id: string; row: Row }[]) =>
  pl.DataFrame([
    pl.Series("id", rows.map(({ id }) => id), pl.String),
    pl.Series("tags", rows.map(({ row }) => row.tags.join(";")), pl.String),
    pl.Series("number", rows.map(({ row }) => row.number === null ? null : `${row.number / 3}`), pl.String),
    pl.Series("brand", rows.map(({ row }) => row.brand), pl.String),
  ]);
const SPECS = ["tags:multi:;", "brand", "number:numeric"].map(parseFeatureSpec);

Deno.test("property: the vocabulary decodes the codes to the original values", () => {
  fc.assert(
    fc.property(rows, (rows) => {
      const items = table(rows.map((row, i) => ({ id: `${i}`, row })));
      const { frame, vocabulary } = encodeFeatures(items, SPECS);
      const words = new Map(
        vocabulary.toRecords().map(({ feature, code, value }) => [`${feature} ${code}`, value]),
      );
      const tags = lists(frame, "tags_codes"), brands = list(frame, "brand_code");
      rows.forEach((row, i) => {
        assert.deepEqual(new Set(tags[i].map((code) => words.get(`tags ${code}`))), new Set(row.tags));
        assert.equal(words.get(`brand ${brands[i]}`) ?? null, row.brand);
      });
    }),
    { numRuns: 40 },
  );
});

Deno.test("property: the encoding of an item does not depend on the order of rows", () => {
  fc.assert(
    fc.property(rows, fc.infiniteStream(fc.nat()), (rows, keys) => {
      const identified = rows.map((row, i) => ({ id: `${i}`, row, key: keys.next().value }));
      const shuffled = [...identified].sort((a, b) => a.key - b.key);
      const encoded = [identified, shuffled].map((rows) => encodeFeatures(table(rows), SPECS));
      const byId = encoded.map(({ frame }) => JSON.stringify(frame.sort("id").toRecords()));
      assert.equal(byId[0], byId[1]);
      assert.deepEqual(encoded[0].features, encoded[1].features);
      assert.deepEqual(vocabularyRows(encoded[0].vocabulary), vocabularyRows(encoded[1].vocabulary));
    }),
    { numRuns: 40 },
  );
});

Deno.test("property: every bucket has items, none more than its share and the ties at its edge", () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 2, max: 8 }), (rows, buckets) => {
      const items = table(rows.map((row, i) => ({ id: `${i}`, row })));
      const { frame, features } = encodeFeatures(items, [{
        name: "number",
        kind: "numeric",
        encoding: "buckets",
        buckets,
      }]);
      const codes = list(frame, "number_code") as number[];
      assert.ok(features[0].values <= buckets);
      for (let code = 1; code <= features[0].values; code++) assert.ok(codes.includes(code));
      rows.forEach((row, i) => {
        assert.equal(row.number === null, codes[i] === 0);
        rows.forEach((other, j) => {
          if (row.number !== null && other.number !== null && row.number <= other.number) {
            assert.ok(codes[i] <= codes[j]);
          }
        });
      });
    }),
    { numRuns: 40 },
  );
});

const DATA = new URL("../../../shared/data/", import.meta.url);
const MOVIES = new URL("ml-1m/movies.dat.gz", DATA),
  ATTRIBUTES = new URL("amazon-beauty/item_attributes_5core.json.gz", DATA);
const absent = (url: URL) => {
  try {
    return !Deno.statSync(url).isFile;
  } catch {
    return true;
  }
};
const gunzip = (url: URL, encoding: string) =>
  new TextDecoder(encoding).decode(gunzipSync(Deno.readFileSync(url)));

Deno.test({
  name: "real data: MovieLens-1M has 18 genres, and titles are left out",
  ignore: absent(MOVIES),
  fn() {
    const fields = gunzip(MOVIES, "latin1").trim().split("\n").map((line) => line.trimEnd().split("::"));
    const items = pl.DataFrame(
      ["id", "title", "genres"].map((name, i) => pl.Series(name, fields.map((field) => field[i]), pl.String)),
    );
    const specs = inferFeatures(items);
    assert.deepEqual(specs.map(({ kind }) => kind), ["text", "multi"]);
    const { features, vocabulary, frame } = encodeFeatures(items, specs);
    assert.deepEqual(features.map(({ name, values, missing }) => [name, values, missing]), [[
      "genres",
      18,
      0,
    ]]);
    const words = vocabulary.getColumn("value").toArray();
    assert.deepEqual([words[0], words[17]], ["Action", "Western"]);
    assert.deepEqual(lists(frame, "genres_codes")[0].map((code) => words[code - 1]), [
      "Animation",
      "Children's",
      "Comedy",
    ]);
  },
});

Deno.test({
  name: "real data: Amazon Beauty has 637 attributes",
  ignore: absent(ATTRIBUTES),
  fn() {
    const attributes = Object.entries(JSON.parse(gunzip(ATTRIBUTES, "utf-8")) as Record<string, number[]>);
    const items = pl.DataFrame([
      pl.Series("id", attributes.map(([id]) => id), pl.String),
      pl.Series("attributes", attributes.map(([, codes]) => codes.join("|")), pl.String),
    ]);
    const specs = inferFeatures(items);
    assert.deepEqual(specs.map(({ kind }) => kind), ["multi"]);
    const { features, vocabulary, frame } = encodeFeatures(items, specs);
    assert.equal(features[0].values, 637);
    // Attributes are numbers from 1: in their canonical order, the codes are the attributes themselves.
    assert.deepEqual(
      vocabulary.getColumn("value").toArray(),
      Array.from({ length: 637 }, (_, i) => `${i + 1}`),
    );
    assert.deepEqual(
      lists(frame, "attributes_codes")[0],
      [...new Set(attributes[0][1])].sort((a, b) => a - b),
    );
  },
});
