import assert from "node:assert/strict";
import { help, itemKnn, prepare, RunFolder, Search } from "../../../mod.ts";
import { displayOf } from "../../../pipeline/display/with_display.ts";
import { root } from "../../paths.ts";

Deno.test("help shows the declaration, what is returned and thrown, and an example", async () => {
  const text = String(help(prepare));
  assert.match(
    text,
    /^async function prepare\(input: PrepareSource & EngineInput, .*\n {2}Prepares a dataset/,
  );
  for (const part of ["@throws {InputError}", "```ts\n", '\n\nSee help("PrepareSource")']) {
    assert.ok(text.includes(part), `${part} in ${text}`);
  }
  assert.doesNotMatch(text, /file:\/\//);
  assert.deepEqual(await displayOf(help("prepare")), { "text/plain": text });
});

Deno.test("it is asked by function, class, object or name", () => {
  const begins: [what: unknown, begin: RegExp][] = [
    [Search, /^class Search /],
    ["Search.select", /^select\(\): Architecture\n/],
    [RunFolder, /^class RunFolder/],
    [itemKnn, /^const itemKnn/],
    [
      "PrepareInput",
      /\n {2}minUser\?: number\n {4}Users with fewer interactions are dropped\. Default: 10\.\n/,
    ],
  ];
  for (const [what, begin] of begins) assert.match(String(help(what)), begin);
});

Deno.test("what the library has not is refused", () => {
  const remedy = 'give a function, a class or a name, as in help(prepare) or help("Search.select")';
  const refused: [what: unknown, asked: string][] = [
    ["prepair", '"prepair"'],
    ["a -b", '"a -b"'],
    ...[undefined, null, 5, "", {}, () => {}].map((what): [unknown, string] => [what, "this"]),
  ];
  for (const [what, asked] of refused) {
    const message = `Cannot help with ${asked}: the library has no such thing; ${remedy}`;
    assert.throws(() => help(what), { name: "InputError", message });
  }
});

Deno.test("without the permission to start deno it says which it needs", async () => {
  const program =
    'import { help } from "./mod.ts"; try { help("prepare"); } catch (error) { console.log(error.message); }';
  const permissions = ["--allow-read", "--allow-env", "--allow-ffi", "--allow-sys"];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", ...permissions, "--ext=ts", "-"],
    cwd: root,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  await new Blob([program]).stream().pipeTo(child.stdin);
  const stdout = new TextDecoder().decode((await child.output()).stdout);
  assert.equal(
    stdout,
    "Cannot show help: this program may not start deno, which reads the sources; run deno with --allow-run --allow-read\n",
  );
});
