/** The library as published: it can be published, and everything that it exports is documented. */
import assert from "node:assert/strict";
import { root } from "./paths.ts";

const { exports: doors } = JSON.parse(
  Deno.readTextFileSync(`${root}deno.json`).replace(/^\s*\/\/.*$/gm, ""),
) as { exports: Record<string, string> };

/** Runs `deno`; returns what it writes to stderr. */
async function deno(...args: string[]): Promise<string> {
  const ran = await new Deno.Command(Deno.execPath(), { args, cwd: root, env: { NO_COLOR: "1" } }).output();
  const said = new TextDecoder().decode(ran.stderr);
  assert.equal(ran.code, 0, said);
  return said;
}

Deno.test("the package can be published: no slow types, nothing that cannot be analysed, no odd file names", async () => {
  const said = await deno("publish", "--dry-run", "--allow-dirty", "--no-check");
  assert.doesNotMatch(said, /^(error|warning)\b.*/m);
  assert.match(said, /\/mod\.ts \(/);
  assert.doesNotMatch(said, /\/(tests|node_modules|notebooks|bench)\/.*\.ts/);
});

Deno.test("every exported symbol is documented, and so is all that it speaks of", async () => {
  await deno("doc", "--lint", ...Object.values(doors));
});

Deno.test("nothing large is installed that is never loaded: the union of tfjs' packages, Polars and DuckDB for another libc", () => {
  const locked = Object.keys(JSON.parse(Deno.readTextFileSync(`${root}deno.lock`)).npm as object);
  const has = (name: string) => locked.some((entry) => entry.startsWith(`${name}@`));
  assert(has("@tensorflow/tfjs-core") && has("nodejs-polars-linux-x64-gnu"));
  assert(!has("@tensorflow/tfjs") && !has("nodejs-polars-linux-x64-musl"));
  assert(has("@duckdb/node-bindings-linux-x64") && !has("@duckdb/node-bindings-linux-x64-musl"));
});
