import assert from "node:assert/strict";
import { assertUnreadable, gzip, read, rows } from "./files.ts";

Deno.test("jsonl: Amazon's reviews of 2014 and of 2023", async () => {
  const old =
    '{"reviewerID":"A1","asin":"007","overall":5.0,"reviewText":"a, \\"b\\"","unixReviewTime":1369699200}\n';
  assert.deepEqual(await rows("r.json.gz", gzip(old)), [["A1", "007", "5", "1369699200"]]);
  const young = '{"user_id":"A1","asin":"V","parent_asin":"P","rating":4.5,"timestamp":1588687728923}\n';
  const { frame, report } = await read("r.jsonl", young, { format: "amazon" });
  assert.deepEqual(frame.rows(), [["A1", "P", "4.5", "1588687728923"]]);
  assert.deepEqual(report.warnings, [], "Amazon's own choice of the item needs no remark");
});

Deno.test("jsonl: ids are text whatever their type, missing fields are null, blank lines nothing", async () => {
  const text =
    '{"user":7,"item":"007","ts":1}\n\n{"user":12345678901234567890,"item":"😀"}\n{"item":1.5,"user":null,"ts":"x","rating":3}\n';
  const { frame } = await read("a.jsonl", text);
  assert.deepEqual(frame.columns, ["user", "item", "rating", "timestamp"]);
  assert.deepEqual(frame.rows(), [
    ["7", "007", null, "1"],
    ["12345678901234567890", "😀", null, null],
    [null, "1.5", "3", "x"],
  ]);
});

Deno.test("jsonl: columns by name", async () => {
  const columns = ["user=who", "item=what"];
  assert.deepEqual(await rows("a.txt", '{"who":"a","what":"b","time":5}\n', { columns }), [["a", "b", 0]]);
});

const EVENTS = [
  { user: { id: 7, "e-mail": "a@b" }, event: { item: { sku: "007", tags: ["x"] }, at: 1.5 }, kind: { a: 1 } },
  { user: null, event: { item: { sku: 12 } }, kind: { a: 2 } },
  { user: { id: "u\u00e9" }, event: { item: null, at: "2" }, "x.y": 1 },
];

Deno.test("jsonl: fields within objects are named with a dot, and known by the same names as others", async () => {
  const text = EVENTS.map((event) => JSON.stringify(event) + "\n").join(""),
    expected = [
      ["7", "007", "1.5"],
      [null, "12", null],
      ["ué", null, "2"],
    ];
  const columns = ["user=user.id", "item=event.item.sku", "timestamp=event.at"];
  for (
    const [name, content] of [["a.jsonl", text], ["b.jsonl.gz", gzip(text)], [
      "c.jsonl",
      "\ufeff" + text,
    ]] as const
  ) {
    assert.deepEqual((await read(name, content, { columns })).frame.rows(), expected, name);
  }
  const { report } = await read("a.jsonl", text, { columns });
  assert.deepEqual(report.columns?.interactions?.unused, ["user.e-mail", "event.item.tags", "kind", "x.y"]);
  const known = '{"user":{"id":"a"},"item":{"id":"b"},"ts":3}\n';
  assert.deepEqual(await rows("a.jsonl", known), [["a", "b", "3"]]);
  const apart = '{"user.id":"a","user":{"id":"z"},"item":"b","ts":3}\n';
  assert.deepEqual(await rows("a.jsonl", apart), [["a", "b", "3"]], "a field that is called so comes first");
});

Deno.test("jsonl: where others have an object there is none, or there is no such field within: one line", async () => {
  const good = '{"user":{"id":"a"},"item":"b","ts":3}\n';
  for (const [name, pack] of [["a.jsonl", String], ["a.jsonl.gz", gzip]] as const) {
    await assertUnreadable(name, pack(`${good.repeat(120)}{"user":"me","item":"b"}\n`), [
      'line 121: "user" is no object with a field "id" ("me"), as it is in others',
    ]);
    await assertUnreadable(name, pack(`${good.repeat(120)}{"user":{"id":{"x":1}},"item":"b"}\n`), [
      'line 121: "user.id" is an object, not an id ({"x":1})',
    ]);
  }
  await assertUnreadable("a.jsonl", good, ['no column "user"', '"user.id"'], {
    columns: ["user=user", "item=item"],
  });
});

Deno.test("jsonl: an id that is an object or a list is refused; text that looks like one is an id", async () => {
  const good = '{"user":"{u}","item":"[\\"i\\"]"}\n';
  const options = { columns: ["user=user", "item=item"] };
  assert.deepEqual(await rows("a.jsonl", good, options), [["{u}", '["i"]', 0]]);
  for (const [name, pack] of [["a.jsonl", String], ["a.jsonl.gz", gzip]] as const) {
    await assertUnreadable(name, pack(`${good}\n{"user":{"id":7},"item":"i"}\n`), [
      'line 3: "user" is an object, not an id ({"id":7}); write the id itself there, or name the field that has it, as in --columns user=NAME',
    ], options);
    await assertUnreadable(name, pack('{"user":"u","item":["a","b"]}\n'), [
      'line 1: "item" is a list, not an id (["a","b"])',
    ], options);
  }
});

Deno.test("jsonl: a byte-order mark is no part of the text", async () => {
  const value = (i: number) => [i, `"x${i}"`, "1.50", `"{a:[${i}]}"`, "true", "null", '"\\u00e9\\n"'][i % 7];
  const text = Array.from(
    { length: 30 },
    (_, i) => `{"user":${value(i)},"more":{"b":1},"item":${value(i + 1)}}\n`,
  )
    .join("\n");
  const columns = ["user=user", "item=item"];
  const plain = await read("a.jsonl", text, { columns });
  const marked = await read("a.jsonl", "\ufeff" + text, { columns });
  assert.deepEqual(marked.frame.rows(), plain.frame.rows());
  assert.deepEqual(await rows("a.jsonl.gz", gzip("\ufeff" + text), { columns }), plain.frame.rows());
  const review = '{"reviewerID":"A1","asin":"007","unixReviewTime":5}\n';
  assert.deepEqual(await rows("a.json", "\ufeff" + review, { format: "amazon" }), [["A1", "007", "5"]]);
});
