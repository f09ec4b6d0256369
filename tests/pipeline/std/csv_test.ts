import assert from "node:assert/strict";
import fc from "fast-check";
import { CsvParseStream, CsvStringifyStream, parse, stringify } from "../../../pipeline/std/csv.ts";

const streamed = (
  pieces: string[],
  options?: ConstructorParameters<typeof CsvParseStream>[0],
): Promise<unknown[]> =>
  Array.fromAsync(ReadableStream.from(pieces).pipeThrough(new CsvParseStream(options)));

Deno.test("parse: rows as arrays, or as objects", () => {
  assert.deepEqual(parse("a,b,c\nd,e,f"), [["a", "b", "c"], ["d", "e", "f"]]);
  assert.deepEqual(parse("a,b\nd,e\n", { skipFirstRow: true }), [{ a: "d", b: "e" }]);
  assert.deepEqual(parse("a,b\nd,e\n", { columns: ["x", "y"] }), [{ x: "a", y: "b" }, { x: "d", y: "e" }]);
  assert.deepEqual(parse("a,b\nd,e\n", { columns: ["x", "y"], skipFirstRow: true }), [{ x: "d", y: "e" }]);
  assert.deepEqual(parse(""), []);
});

Deno.test("parse: quotes, line ends, byte-order mark, empty lines, separators, comments, space", () => {
  assert.deepEqual(parse('"a ""word""","com,ma","new\r\nline"\r\n\r\nfoo,,b\n'), [
    ['a "word"', "com,ma", "new\nline"],
    ["foo", "", "b"],
  ]);
  assert.deepEqual(parse("\ufeffa\tb", { separator: "\t" }), [["a", "b"]]);
  assert.deepEqual(parse("# no\na,b#c\n", { comment: "#" }), [["a", "b#c"]]);
  assert.deepEqual(parse("  a,  b\n", { trimLeadingSpace: true }), [["a", "b"]]);
  assert.deepEqual(parse('a "b",c\n', { lazyQuotes: true }), [['a "b"', "c"]]);
});

Deno.test("parse: faults are SyntaxErrors with their line", () => {
  assert.throws(() => parse('a,b\nc"d,e\n'), { name: "SyntaxError", message: /line 2: bare "/ });
  assert.throws(() => parse('a,b\n"c,d\n'), { name: "SyntaxError", message: /extraneous or missing "/ });
  assert.throws(() => parse("a,b\nc\n", { fieldsPerRecord: 0 }), {
    name: "SyntaxError",
    message: /expected 2 fields but got 1/,
  });
  assert.throws(() => parse("a,b\nc\n", { fieldsPerRecord: 1 }), SyntaxError);
  assert.deepEqual(parse("a,b\nc\n", { fieldsPerRecord: -1 }), [["a", "b"], ["c"]]);
  assert.throws(() => parse("a,b\nc\n", { skipFirstRow: true }), /has 1 fields, but the header has 2 fields/);
  assert.throws(() => parse("a", { separator: '"' }), /invalid delimiter/i);
});

Deno.test("CsvParseStream: the same, piece by piece", async () => {
  assert.deepEqual(await streamed(['"a ""word""","com', 'ma,","newline', '\n"\nfoo,bar,b', "az\n"]), [
    ['a "word"', "comma,", "newline\n"],
    ["foo", "bar", "baz"],
  ]);
  assert.deepEqual(await streamed(["name,age\nAli", "ce,34\n"], { skipFirstRow: true }), [{
    name: "Alice",
    age: "34",
  }]);
  await assert.rejects(streamed(["a,b\nc,d,e\n"], { fieldsPerRecord: 0 }), { name: "SyntaxError" });
  await assert.rejects(streamed(['a,"b\n']), { name: "SyntaxError" });
});

Deno.test("CsvParseStream: a reader that stops early ends it", async () => {
  const rows = ReadableStream.from(["a,b\n", "c,d\n", "e,f\n"]).pipeThrough(new CsvParseStream());
  for await (const row of rows) {
    assert.deepEqual(row, ["a", "b"]);
    break;
  }
});

Deno.test("stringify: columns by name, by path, inferred; headers, separator, byte-order mark", () => {
  const data = [{ name: { first: "Rick" }, age: 70 }, { name: { first: 'Mo"rty' }, age: 14 }];
  assert.equal(
    stringify(data, { columns: [["name", "first"], "age"] }),
    'first,age\r\nRick,70\r\n"Mo""rty",14\r\n',
  );
  assert.equal(
    stringify(data, { columns: [{ prop: "age", header: "years" }], headers: false }),
    "70\r\n14\r\n",
  );
  assert.equal(stringify([{ a: null, b: { c: 1 }, d: true }]), 'a,b,d\r\n,"{""c"":1}",true\r\n');
  assert.equal(stringify([["a\nb", "c\td"]], { separator: "\t", bom: true }), '\ufeff"a\nb"\t"c\td"\r\n');
  assert.throws(() => stringify([["a"]], { separator: '"' }), TypeError);
  assert.throws(() => stringify([{ a: 1 }], { columns: [] }), TypeError);
});

Deno.test("CsvStringifyStream: objects with a header, arrays without", async () => {
  const objects = ReadableStream.from([{ id: 1, name: "a,b" }]).pipeThrough(
    new CsvStringifyStream({ columns: ["id", "name"] }),
  );
  assert.deepEqual(await Array.fromAsync(objects), ["id,name\r\n", '1,"a,b"\r\n']);
  const arrays = ReadableStream.from([[1, 2]]).pipeThrough(new CsvStringifyStream({ separator: ";" }));
  assert.deepEqual(await Array.fromAsync(arrays), ["1;2\r\n"]);
});

Deno.test("what stringify writes, parse reads", () => {
  const field = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\r"));
  // A row with one empty field would be an empty line, which is skipped.
  const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }));
  fc.assert(fc.property(rows, (rows) => {
    assert.deepEqual(
      parse(stringify(rows)),
      rows.filter((row) => row.length > 0).map((row, i) =>
        i === 0 ? row.map((f, j) => j === 0 ? f.replace(/^\ufeff/, "") : f) : row
      ),
    );
  }));
});
