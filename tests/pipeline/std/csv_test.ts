import assert from "node:assert/strict";
import fc from "fast-check";
import { parse, stringify } from "../../../pipeline/std/csv.ts";

Deno.test("parse: quotes, line ends, byte-order mark, empty lines, separators; faults are SyntaxErrors with their line", () => {
  assert.deepEqual(parse('a,"a ""word""","com,ma","new\r\nline"\r\n\r\nfoo,,b\n'), [
    ["a", 'a "word"', "com,ma", "new\nline"],
    ["foo", "", "b"],
  ]);
  assert.deepEqual(parse("\ufeffa\tb", { separator: "\t" }), [["a", "b"]]);
  assert.deepEqual(parse(""), []);
  assert.throws(() => parse('a,b\nc"d,e\n'), { name: "SyntaxError", message: /line 2: bare "/ });
  assert.throws(() => parse('a,b\n"c,d\n'), { name: "SyntaxError", message: /extraneous or missing "/ });
});

Deno.test("what is written is read back the same", () => {
  const cell = fc.string({ unit: "binary-ascii", minLength: 1 }).map((text) => text.replaceAll("\r", ""))
    .filter((text) => text !== "");
  fc.assert(fc.property(fc.array(fc.array(cell, { minLength: 1 })), (rows) => {
    assert.deepEqual(parse(stringify(rows)), rows);
  }));
});
