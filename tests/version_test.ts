import assert from "node:assert/strict";
import { VERSION } from "../pipeline/contract/version.ts";
import { root } from "./paths.ts";

Deno.test("the program's version is that of deno.json", () => {
  const [, version] = Deno.readTextFileSync(`${root}deno.json`).match(/^ {2}"version": "(.+)"/m)!;
  assert.equal(VERSION, version);
});
