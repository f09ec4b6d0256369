import assert from "node:assert/strict";
import { readInteractions } from "../../../pipeline/readers/mod.ts";
import { checkSchema } from "../../../pipeline/schema.ts";
import { assertInputError, assertUnreadable, bytesOf, gzip, latin1, read, rows, withFiles } from "./files.ts";

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

/** A log with lines that are not objects: the first, one in the middle, and the last, which is cut off within a character. */
const BROKEN = new Uint8Array([
  ...bytesOf('"ts":1}\n{"user":1,"item":"é","ts":3}\r\n\n[1]\n{"user":"b","item":"y","ts":4}\n{"user":"'),
  0xc3,
]);

Deno.test("jsonl: a line that is no object is a row without fields, and marked", async () => {
  const files = { "a.jsonl": BROKEN, "b.jsonl.gz": gzip(BROKEN), "c.jsonl": [0xef, 0xbb, 0xbf, ...BROKEN] };
  for (const [name, contents] of Object.entries(files)) {
    const { frame } = await read(name, new Uint8Array(contents));
    assert.deepEqual(frame.columns, ["user", "item", "timestamp", "unparsed"], name);
    assert.deepEqual(frame.rows(), [
      [null, null, null, true],
      ["1", "é", "3", false],
      [null, null, null, true],
      ["b", "y", "4", false],
      [null, null, null, true],
    ], name);
  }
  assert(!(await read("a.jsonl", '{"user":1,"item":2,"ts":3}\n\n')).frame.columns.includes("unparsed"));
});

Deno.test("jsonl: a file of many pieces with a line that is no object is read as one", async () => {
  const line = (i: number) =>
    JSON.stringify({ user: `u${i % 3}`, item: i, ts: i, text: "x".repeat(2 ** 20) }) + "\n";
  const text = Array.from({ length: 20 }, (_, i) => line(i));
  // This line is longer than a piece, and after it nothing is left.
  const long = `{"user":"u1","item":"last","ts":1,"text":"${"x".repeat(2 ** 24)}"}\n`;
  const { frame } = await read("a.jsonl", text.toSpliced(7, 0, "{\n").join("") + long);
  const rows = Array.from({ length: 20 }, (_, i) => [`u${i % 3}`, `${i}`, `${i}`, false] as unknown[]);
  assert.deepEqual(frame.rows(), [
    ...rows.toSpliced(7, 0, [null, null, null, true]),
    ["u1", "last", "1", false],
  ]);
  assert.equal(frame.getColumn("user").nUnique(), 4);
});

Deno.test("jsonl: lines that are no objects are refused by line, or set aside with their text", async () => {
  await withFiles({ "a.jsonl": BROKEN }, async (dir) => {
    const file = dir + "a.jsonl", { frame, locate, columnName } = await readInteractions({ files: [file] });
    await assertInputError(
      () => checkSchema(frame, { locate, columnName }),
      [
        String.raw`a.jsonl: line 1: the line is not a JSON object ("\"ts\":1}") (3 bad rows in all); fix it`,
        "or set bad rows aside with --on-bad-row skip",
      ],
      dir,
    );
    const kept = await checkSchema(frame, { locate, columnName, onBadRow: "skip" });
    assert.deepEqual(kept.frame.rows(), [["1", "é", 3], ["b", "y", 4]]);
    assert.deepEqual(kept.rejected.rows(), [
      [file, 1, null, "not a JSON object", '"ts":1}'],
      [file, 4, null, "not a JSON object", "[1]"],
      [file, 6, null, "not a JSON object", '{"user":"\ufffd'],
    ]);
    assert.deepEqual(kept.report.dropped.filter(({ rows }) => rows > 0), [
      { reason: "not a JSON object", rows: 3, option: { name: "onBadRow", value: "skip" } },
    ]);
  });
});

Deno.test("jsonl: lines that are no objects do not hide other faults, and do not count as other events", async () => {
  const good = '{"user":1,"item":2,"ts":3,"event":"buy"}\n', view = good.replace("buy", "view");
  await assertUnreadable("a.jsonl", latin1(`${good}{"user":\n${good.replace("2", '"\u00e9"')}`), [
    "line 3 is not UTF-8",
  ]);
  await withFiles({ "a.jsonl": `${good}${view}{'user': 1}\n` }, async (dir) => {
    const columns = ["user=user", "item=item", "timestamp=ts", "event=event"];
    const { frame, locate } = await readInteractions({ files: [dir + "a.jsonl"], columns });
    await assertInputError(() => checkSchema(frame, { locate, events: ["buy"] }), [
      "line 3: the line is not a JSON object",
      "looks like Python",
    ], dir);
    const { report } = await checkSchema(frame, { locate, events: ["buy"], onBadRow: "skip" });
    assert.deepEqual(
      report.dropped.filter(({ rows }) => rows > 0).map(({ reason, rows }) => [reason, rows]),
      [
        ["event other than buy", 1],
        ["not a JSON object", 1],
      ],
    );
  });
});
