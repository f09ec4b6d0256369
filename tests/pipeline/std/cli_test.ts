import assert from "node:assert/strict";
import { parseArgs } from "../../../pipeline/std/cli.ts";

Deno.test("parseArgs: without options, as minimist", () => {
  assert.deepEqual(parseArgs(["--foo", "--bar=baz", "./quux.txt", "7"]), {
    _: ["./quux.txt", 7],
    foo: true,
    bar: "baz",
  });
  assert.deepEqual(parseArgs(["--n", "5", "-x", "0x1f", "--no-moo"]), { _: [], n: 5, x: 31, "no-moo": true });
  assert.deepEqual(parseArgs(["-abc", "-n5", "-k=v"]), { _: [], a: true, b: true, c: true, n: 5, k: "v" });
  assert.deepEqual(parseArgs(["--a.b", "1", "--a.c=2", "-"]), { _: ["-"], a: { b: 1, c: 2 } });
});

Deno.test("parseArgs: string options keep their text; boolean ones take no value", () => {
  const options = { string: ["id", "s"], boolean: ["quiet", "v"] } as const;
  assert.deepEqual(parseArgs(["--id", "007", "--quiet", "file"], options), {
    _: ["file"],
    id: "007",
    quiet: true,
    v: false,
  });
  assert.deepEqual(parseArgs(["--id=", "--quiet=false", "-v", "x"], options), {
    _: ["x"],
    id: "",
    quiet: false,
    v: true,
  });
  assert.deepEqual(parseArgs(["--id", "--quiet"], options), { _: [], id: "", quiet: true, v: false });
  assert.deepEqual(parseArgs(["--quiet", "true", "-s", "12"], options), {
    _: [],
    quiet: true,
    s: "12",
    v: false,
  });
  assert.deepEqual(parseArgs(["12"], { string: ["_"] }), { _: ["12"] });
  assert.deepEqual(parseArgs(["--x", "y"], { boolean: true }), { _: ["y"], x: true });
});

Deno.test("parseArgs: collect, negatable, default, alias", () => {
  const collected = parseArgs(["--data", "a", "--data=b"], {
    string: ["data", "other"],
    collect: ["data", "other"],
  });
  assert.deepEqual(collected, { _: [], data: ["a", "b"], other: [] });
  assert.deepEqual(parseArgs(["--s", "1", "--s", "2"], { string: "s" }), { _: [], s: "2" });
  const negatable = { boolean: ["color"], negatable: ["color"], default: { color: true } } as const;
  assert.deepEqual(parseArgs(["--no-color"], negatable), { _: [], color: false });
  assert.deepEqual(parseArgs([], negatable), { _: [], color: true });
  const alias = {
    string: ["out"],
    boolean: ["help"],
    alias: { out: "o", help: ["h"] },
    default: { out: "d" },
  };
  assert.deepEqual(parseArgs(["-o", "x", "-h"], alias), { _: [], out: "x", o: "x", help: true, h: true });
  assert.deepEqual(parseArgs([], alias), { _: [], out: "d", o: "d", help: false, h: false });
});

Deno.test("parseArgs: unknown, stopEarly, what follows --", () => {
  const seen: unknown[] = [];
  const args = parseArgs(["--known", "v", "--odd=1", "word"], {
    string: ["known"],
    unknown: (arg, key, value) => {
      seen.push([arg, key, value]);
      return false;
    },
  });
  assert.deepEqual(args, { _: [], known: "v" });
  assert.deepEqual(seen, [["--odd=1", "odd", "1"], ["word", undefined, undefined]]);
  assert.deepEqual(parseArgs(["--a", "1", "run", "--b", "2"], { stopEarly: true }), {
    _: ["run", "--b", "2"],
    a: 1,
  });
  assert.deepEqual(parseArgs(["--a", "--", "--b"]), { _: ["--b"], a: true });
  assert.deepEqual(parseArgs(["x", "--", "--b"], { "--": true }), { _: ["x"], "--": ["--b"] });
});

Deno.test("parseArgs: the types follow the options", () => {
  const args = parseArgs(["--n", "1"], {
    string: ["n", "list"],
    boolean: ["b"],
    collect: ["list"],
    default: { n: "0" },
  });
  const typed: { n: string; list: string[]; b: boolean } = args;
  assert.deepEqual(typed, { _: [], n: "1", list: [], b: false });
});
