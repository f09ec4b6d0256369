/** SQL as text, and addresses. */
import assert from "node:assert/strict";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { DUCKDB, SPARK, sparkHash } from "../../../pipeline/scale/dialect.ts";
import { parseSparkAddress } from "../../../pipeline/scale/spark/client.ts";
import { timeReading } from "../../../pipeline/scale/stages/schema_sql.ts";
import { arranged } from "../../../pipeline/scale/stages/split_sql.ts";
import { bucketOf } from "../../../pipeline/scale/stages/vocabulary.ts";
import { DATES } from "../../../pipeline/times/timestamps.ts";

Deno.test("literals, names and replacements hold anything", () => {
  assert.equal(SPARK.text("it's \\d é"), "'it\\'s \\\\d é'");
  assert.equal(SPARK.name("a`b"), "`a``b`");
  assert.equal(DUCKDB.text("it's \\d é"), "'it''s \\d é'");
  assert.equal(DUCKDB.name('a"b'), '"a""b"');
  const [pattern, parts] = [/^(a)$/, [1, "0$\\"]];
  // Character by character for Java, which takes digits after a group's number for part of the number.
  assert.equal(
    SPARK.replaced("id", { pattern, parts }),
    String.raw`regexp_replace(id, '^(a)$', '$1\\0\\$\\\\')`,
  );
  assert.equal(DUCKDB.replaced("id", { pattern, parts }), String.raw`regexp_replace(id, '^(a)$', '\10$\\')`);
});

Deno.test("labels go to a task each, as Spark hashes them", () => {
  // SELECT hash(0), hash(1), hash(-1), hash(2147483647) of Spark 4.2
  const hashes = [933211791, -559580957, -1604776387, 133916647];
  assert.deepEqual([0, 1, -1, 2 ** 31 - 1].map(sparkHash), hashes);
  for (const n of [1, 2, 7, 16, 200]) {
    const labels = SPARK.labels(n), tasks = labels.map((label) => (sparkHash(label) % n + n) % n);
    assert.equal(new Set(tasks).size, n);
    assert.deepEqual(labels, labels.toSorted((a, b) => a - b));
  }
});

Deno.test("a key goes behind all bounds that it reaches, by a balanced tree", () => {
  const at = (sql: string, value: number) => {
    const source = sql.replace(/CASE WHEN k < (\S+) THEN /g, "(k < $1 ? ").replaceAll(" ELSE ", " : ");
    return new Function("k", `return ${source.replaceAll(" END", ")")}`)(value);
  };
  for (const bounds of [[], [10], [1, 2, 3, 5, 8, 13, 21]]) {
    const labels = [0, ...bounds.map((bound) => bound + 100)],
      sql = bucketOf("k", bounds.map(String), labels);
    for (let key = 0; key < 25; key++) {
      assert.equal(
        at(sql, key),
        labels[bounds.filter((bound) => bound <= key).length],
        `${key} in ${bounds}`,
      );
    }
  }
  const deep = bucketOf("k", Array.from({ length: 1000 }, (_, i) => String(i)), SPARK.labels(1001));
  let depth = 0, deepest = 0;
  for (const [word] of deep.matchAll(/CASE|END/g)) {
    deepest = Math.max(deepest, depth += word === "CASE" ? 1 : -1);
  }
  assert.equal(deepest, 10);
});

Deno.test("times: the first way that reads all of them, else the one that reads most", () => {
  const none = { present: 0, whole: 0, number: 0, integral: 0 };
  const dates = Object.fromEntries(DATES.map((_, i) => [`date${i}`, 0]));
  const cases: [given: Record<string, number>, reading: unknown][] = [
    [{ present: 9, whole: 9, number: 9, integral: 9 }, { kind: "whole" }],
    [{ present: 9, whole: 8, number: 9, integral: 9 }, { kind: "number", whole: true }],
    [{ present: 9, number: 9, integral: 8 }, { kind: "number", whole: false }],
    [{ present: 9, date1: 5, date3: 7 }, { kind: "date", date: DATES[3] }],
    // One word among numbers does not change how they are read.
    [{ present: 9, whole: 8, number: 8, integral: 8 }, { kind: "whole" }],
    [{ present: 9, whole: 7, number: 8, integral: 8 }, { kind: "number", whole: true }],
    [{ present: 9, whole: 7, number: 8, integral: 7 }, { kind: "number", whole: false }],
  ];
  for (const [given, reading] of cases) {
    assert.deepEqual(timeReading({ ...none, ...dates, ...given }, "text"), reading);
  }
  assert.equal(timeReading({ present: 9, whole: 8 }, "text"), undefined, "other ways are asked for");
});

Deno.test("ties go by the source or its reverse, or by item and rating before it, in one window", () => {
  const tables = { interactions: "t", users: "u", items: "i" }, how = { kind: "leave-one-out" } as const;
  for (
    const [ties, hasRating, order] of [
      ["file", true, "timestamp, source_row"],
      ["reverse", true, "timestamp, source_row DESC"],
      ["item", true, "timestamp, item, rating, source_row"],
      ["item", false, "timestamp, item, source_row"],
    ] as const
  ) {
    const sql = arranged(SPARK, { ...tables, hasRating, ties, parts: 4, rowsPerPart: 10, how });
    assert.equal(sql.match(/PARTITION BY part, user ORDER BY (.*?)\)/)![1], order);
    assert.equal(sql.match(/ORDER BY/g)!.length, 1);
  }
});

Deno.test("addresses of Spark Connect, as its own clients read them; a token travels by TLS, but to this machine", () => {
  const { endpoint, secure, token, headers } = parseSparkAddress(
    "sc://spark.example.org:443/;use_ssl=true;token=a%3Db;x-team=blue",
  );
  const expected = ["spark.example.org:443", true, "a=b", { "x-team": "blue" }];
  assert.deepEqual([endpoint, secure, token, headers], expected);
  assert.equal(parseSparkAddress("sc://localhost").endpoint, "localhost:15002");
  assert.equal(parseSparkAddress("sc://[::1]:7/").endpoint, "[::1]:7");
  assert.equal(parseSparkAddress("sc://h/;user_id=ann").userId, "ann");
  for (
    const [url, isSecure] of [
      ["sc://spark.example.org/;token=t", true],
      ["sc://spark.example.org", false],
      ["sc://127.0.0.1/;token=t", false],
      ["sc://localhost/;token=t;use_ssl=true", true],
      ["sc://spark.example.org/;token=t;use_ssl=false", false],
    ] as const
  ) assert.equal(parseSparkAddress(url).secure, isSecure, url);
  for (
    const [url, state] of [
      [
        "http://h",
        /^Cannot use --spark http:\/\/h: it is not the address of a Spark Connect server; give it as in sc:\/\/host:15002$/,
      ],
      ["sc://", /it is not the address/],
      ["sc://h:99999", /it is not the address/],
      ["sc://h/path;token=secret", /it is not the address/],
      ["sc://h/;token", /a parameter is a name and a value/],
      ["sc:/h;token=secret", /it is not the address/],
    ] as const
  ) {
    assert.throws(
      () => parseSparkAddress(url),
      (error) =>
        error instanceof InputError && state.test(error.message) && !error.message.includes("secret"),
    );
  }
});
