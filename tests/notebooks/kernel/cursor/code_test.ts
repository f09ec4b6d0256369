import assert from "node:assert/strict";
import { bindingsIn, placeAt } from "../../../../notebooks/kernel/cursor/code.ts";

/** The place of `|` in code. */
const at = (marked: string) => {
  const cursor = marked.indexOf("|");
  return placeAt(marked.replace("|", ""), cursor);
};

Deno.test("words, members and calls", () => {
  assert.equal(at("recom|mend(model)").word, "recommend");
  assert.equal(at("recommend|").word, "recommend");
  const member = at("const k = search.sel|ect()");
  assert.deepEqual([member.word, member.object, member.call], ["select", "search", undefined]);
  assert.deepEqual(at("recommend(model, |)").call, { callee: "recommend", object: undefined, argument: 1 });
  assert.deepEqual(at("new Search(engine, f(1, [2, 3]), n|").call, {
    callee: "Search",
    object: undefined,
    argument: 2,
  });
  assert.deepEqual(at("search.select(|").call, { callee: "select", object: "search", argument: 0 });
  assert.equal(at("if (a) { b| }").call, undefined);
  assert.equal(at("f(1); g|").call, undefined);
});

Deno.test("the method that a call names", () => {
  const method = (marked: string) => at(marked).call?.method;
  assert.equal(method('train("gru4rec-plus", dataset, { di|'), "gru4rec-plus");
  assert.equal(method('runJob(dataset, { method: "sasrec", heads: 2, |'), "sasrec");
  assert.equal(method("train(name, dataset, { |"), undefined);
  assert.equal(
    method('recommend(model, dataset, { users: ["u1"], | }); runJob(d, { method: "sasrec" })'),
    undefined,
  );
});

Deno.test("keys of options, and of objects in them, and not their values", () => {
  assert.deepEqual(at("recommend(model, data, { k: 5, us|").keys, ["k"]);
  assert.deepEqual(at("prepare({ data: x,\n  out, |").keys, ["data", "out"]);
  assert.deepEqual(at("prepare({|").keys, []);
  assert.equal(at("prepare({ data: x|").keys, undefined);
  const keys = (marked: string) => [at(marked).keys, at(marked).path];
  assert.deepEqual(keys("prepare({ data: x, |"), [["data"], []]);
  assert.deepEqual(keys('prepare({ out, columns: { user: "u", it|'), [["user"], ["columns"]]);
  assert.deepEqual(keys("runJob(data, { a: 1, columns: {\n  dim: [4], deep: { |"), [[], [
    "columns",
    "deep",
  ]]);
  assert.deepEqual(keys("prepare({ columns: { user: us|"), [undefined, undefined]);
  assert.deepEqual(keys("prepare({ items: [{ a|"), [undefined, undefined]);
  assert.equal(at("prepare([{ a|").keys, undefined);
});

Deno.test("long texts and gaps in a cell take no time", () => {
  const long = "a1".repeat(20_000), gap = " ".repeat(40_000);
  const began = performance.now();
  assert.deepEqual(at(`const image = "${long}";\nrecommend(model, { k: 5, us|`).keys, ["k"]);
  assert.equal(at(`prepare({ data: "${long}", columns: { us|`).call?.callee, "prepare");
  assert.equal(at(`const a = from${gap}b; search.sel|`).object, "search");
  assert(performance.now() - began < 2000);
});

Deno.test("names to import", () => {
  assert.equal(at('import { pre|pare } from "automlp"').importing, true);
  assert.equal(at("const a = 1;\nimport { prepare, |").importing, true);
  assert.equal(at("import type { |").importing, true);
  assert.equal(at("const { pre| } = x").importing, false);
});

Deno.test("names of modules", () => {
  const module = (marked: string) => [at(marked).module, at(marked).word, at(marked).importing];
  assert.deepEqual(module('import { prepare } from "automlp/p|"'), [true, "automlp/p", false]);
  assert.deepEqual(module("export * from '|"), [true, "", false]);
  assert.deepEqual(module('const { prepare } = await import("au|tomlp")'), [true, "au", false]);
  assert.equal(at('import { prepare } from "automlp"; const a = |').module, undefined);
  assert.equal(at('const from = "au|"').module, undefined);
});

Deno.test("brackets in text and comments are none", () => {
  assert.equal(at("f(\"a(b\", 'c{', `d[`, |").call?.argument, 3);
  assert.equal(at("// f(\ng|").call, undefined);
  assert.equal(at("/* f( */ g|").call, undefined);
  assert.equal(at("/*/ f( */ g|").call, undefined);
  assert.equal(at('f("\\"(", |').call?.argument, 1);
});

Deno.test("texts: which argument they are, or of which option the value, by itself or in a list", () => {
  const text = (marked: string) => {
    const { word, text, call, path, key } = at(marked);
    return [text, word, call?.callee, call?.argument, path, key];
  };
  assert.deepEqual(text('train("sas|'), [true, "sas", "train", 0, undefined, undefined]);
  assert.deepEqual(text("d.negatives('recbole', 'te|st')"), [
    true,
    "test",
    "negatives",
    1,
    undefined,
    undefined,
  ]);
  assert.deepEqual(text('prepare({ out, split: "|"'), [true, "", "prepare", 0, [], "split"]);
  assert.deepEqual(text('prepare({ columns: { user: "u|" } })'), [
    true,
    "u",
    "prepare",
    0,
    ["columns"],
    "user",
  ]);
  assert.deepEqual(text('evaluate(m, d, { protocols: ["full", "re|'), [
    true,
    "re",
    "evaluate",
    2,
    [],
    "protocols",
  ]);
  assert.deepEqual(text('const path = "data/mi|ne"; f(1)'), [
    true,
    "data/mine",
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  assert.equal(at('prepare({ split: a ? "|').call, undefined, "what is a part of a value is none");
  assert.equal(at('train("sasrec", dataset, { loss: "|').call?.method, "sasrec");
});

Deno.test("a text ends with its line, a template holds code, and a quote in a regular expression begins nothing", () => {
  const word = (marked: string) => [at(marked).text, at(marked).word, at(marked).object];
  assert.deepEqual(word("// don't\nsearch.sel|"), [undefined, "sel", "search"]);
  assert.deepEqual(word('const wrong = "a\nsearch.sel|'), [undefined, "sel", "search"]);
  assert.deepEqual(word("`${search.sel|`"), [undefined, "sel", "search"]);
  assert.deepEqual(word('a.replace(/"/g, b); search.sel|'), [undefined, "sel", "search"]);
  assert.equal(at("f(/[(]/, |").call?.argument, 1);
  assert.deepEqual(word('a / b; "x|"'), [true, "x", undefined]);
});

Deno.test("what variables are made by", () => {
  assert.deepEqual(
    bindingsIn(
      "const s = new Search(a, b);\nlet { dataset, status: how } = await prepare({});\nconst t = s.with({});",
    ),
    [
      { name: "s", maker: "Search" },
      { name: "dataset", property: "dataset", maker: "prepare" },
      { name: "how", property: "status", maker: "prepare" },
      { name: "t", object: "s", maker: "with" },
    ],
  );
});
