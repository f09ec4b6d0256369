import assert from "node:assert/strict";
import { DUCKDB, SPARK } from "../../../pipeline/scale/dialect.ts";

Deno.test("Spark: literals and names hold anything", () => {
  assert.equal(SPARK.text("it's \\d é"), "'it\\'s \\\\d é'");
  assert.equal(SPARK.name("a`b"), "`a``b`");
  assert.equal(SPARK.double(3), "3D");
  assert.equal(SPARK.matches("id", /^\d+$/), "(id RLIKE '^\\\\d+$')");
});

Deno.test("DuckDB: literals and names hold anything", () => {
  assert.equal(DUCKDB.text("it's \\d é"), "'it''s \\d é'");
  assert.equal(DUCKDB.name('a"b'), '"a""b"');
  assert.equal(DUCKDB.double(0.1), "cast(1e-1 AS DOUBLE)");
});

Deno.test("replacements: groups by number, and texts as they are", () => {
  const [pattern, parts] = [/^(a)$/, [1, "0$\\"]];
  // Character by character for Java, which takes digits after a group's number for part of the number.
  assert.equal(
    SPARK.replaced("id", { pattern, parts }),
    String.raw`regexp_replace(id, '^(a)$', '$1\\0\\$\\\\')`,
  );
  assert.equal(DUCKDB.replaced("id", { pattern, parts }), String.raw`regexp_replace(id, '^(a)$', '\10$\\')`);
});
