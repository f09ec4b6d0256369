import assert from "node:assert/strict";
import fc from "fast-check";
import pl from "nodejs-polars";
import { encodeFeatures, parseFeatureSpec } from "../../../pipeline/features.ts";
import { list, lists, vocabularyRows } from "./items.ts";

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
