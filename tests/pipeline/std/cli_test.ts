import assert from "node:assert/strict";
import { parseArgs } from "../../../pipeline/std/cli.ts";

const OPTIONS = {
  string: ["out"],
  boolean: ["quiet"],
  collect: ["data"],
  alias: { q: "quiet" },
  unknown: (argument: string, name: string, value?: string): never => {
    throw new Error(`unknown: ${[argument, name, value]}`);
  },
};
const NONE = { _: [], quiet: false, data: [] };

Deno.test("parseArgs: values behind a space and behind =, flags and their negation, lists, letters, words", () => {
  const cases: [args: string[], expected: Record<string, unknown>][] = [
    [[], {}],
    [["a", "--out", "x", "b"], { _: ["a", "b"], out: "x" }],
    [["--out=a=b", "--out="], { out: "" }],
    [["--out", "--quiet"], { out: "", quiet: true }],
    [["--quiet", "word"], { _: ["word"], quiet: true }],
    [["-q", "--no-quiet"], {}],
    [["--quiet=false"], {}],
    [["--quiet", "false", "word"], { _: ["word"] }],
    [["--data", "a", "--data=b"], { data: ["a", "b"] }],
    [["-", "--", "--out", "-x"], { _: ["-", "--out", "-x"] }],
  ];
  for (const [args, expected] of cases) {
    assert.deepEqual(parseArgs(args, OPTIONS), { ...NONE, ...expected }, args.join(" "));
  }
});

Deno.test("parseArgs: options that are unknown are told as they were given, with what may be their value", () => {
  assert.throws(() => parseArgs(["--user=uid"], OPTIONS), /unknown: --user=uid,user,uid/);
  assert.throws(() => parseArgs(["--user", "uid"], OPTIONS), /unknown: --user,user,uid/);
  assert.throws(() => parseArgs(["-x"], OPTIONS), /unknown: -x,x,/);
});
