import assert from "node:assert/strict";
import { help, itemKnn, prepare, refit, RunFolder, Search, train } from "../../../../mod.ts";
import { displayOf } from "../../../../pipeline/display/with_display.ts";

Deno.test("help shows signature, options with their defaults and an example, as text and as Markdown", async () => {
  const text = String(help(prepare));
  for (
    const part of [
      /^\*\*prepare\*\*\n\n```ts\nfunction prepare\(/,
      /\n- `minUser\?: number` – Users with fewer interactions are dropped\. Default: 10\.\n/,
      /\n\*\*Throws\*\*\n/,
      /\n\*\*Example\*\*\n\n```ts\n/,
    ]
  ) assert.match(text, part);
  assert.deepEqual(await displayOf(help("prepare")), { "text/markdown": text, "text/plain": text });
});

Deno.test("help with a training has the options of every method, each with those that have it", () => {
  const text = String(help(train));
  for (
    const part of [
      /\n\*\*Options\*\*\n\n(?:- .*\n)*- `epochs\?: number` – Maximum number of epochs\. Default: 100\.\n/,
      /\n\*\*Options by method\*\*\n\n(?:- .*\n)*- `dim\?: number` – D: the size of an item's vector\. Default: 128\.\n/,
      /\n- `heads\?: number` – .* Default: 2\. \(bert4rec, fdsa\)\n/,
      /\n- `kernel\?: number` – .* \(nextitnet\)\n/,
    ]
  ) assert.match(text, part);
  assert.doesNotMatch(text, /`items/, "the dataset has them");
});

Deno.test("help has of options that are picked from others those alone", () => {
  const text = String(help(refit));
  assert.match(text, /\n- `resume\?: boolean` – /);
  assert.doesNotMatch(text, /`until|`strict/);
});

Deno.test("help with a class has what may be written behind its objects' dot, and as options only what options are", () => {
  const dataset = String(help("SequenceDataset"));
  assert.doesNotMatch(dataset, /\*\*Options\*\*|automlp-dataset/, "nobody writes a manifest");
  for (
    const line of [
      "- `users: number` – Number of users; their ids are 1 … `users`.",
      "- `sequences(): Sequences` – Returns all sequences as typed arrays, and keeps them.",
      "- `scanParts(name: TableName): Generator<LazyDataFrame>` – Yields a table file by file, each to be read lazily.",
      "- `readonly manifest: Manifest` – The folder's manifest.",
    ]
  ) assert(dataset.split("\n").includes(line), `${line} in ${dataset}`);
  assert.match(
    String(help("Evaluation")),
    /`perUser: DataFrame` – One row for each protocol and positive \([^)]*\)/,
    "a sentence does not end within parentheses",
  );
  const search = String(help(Search));
  assert.match(search, /\n\*\*Options\*\*\n\n(?:- .*\n)*- `epochs: number` – /);
  assert.match(
    search,
    /\n\*\*Members\*\*\n\n(?:- .*\n)*- `select\(options: SelectOptions.*\): Architecture` – /,
  );
  assert.match(search, /\n- `steps: \{ done: number; .* \}` – /, "a type may have semicolons in it");
  assert.match(String(help("AutoMLP")), /\n- `static load\(folder: string, .*\): Promise<AutoMLP>` – /);
});

Deno.test("it is asked by function, class, object or name", () => {
  const title = (what: unknown) => /^\*\*(.*)\*\*\n/.exec(String(help(what)))?.[1];
  assert.equal(title(Search), "Search");
  assert.equal(title("Search.select"), "Search.select");
  assert.equal(title(RunFolder), "RunFolder");
  assert.equal(title(itemKnn), "itemKnn");
  assert.equal(title("PrepareSource"), "PrepareSource");
});

Deno.test("what the library has not is refused, with the nearest name", () => {
  assert.throws(() => help("prepair"), {
    name: "InputError",
    message:
      'Cannot help with "prepair": the library has no such thing (did you mean "prepare"?); give a function, a class or a name, as in help(prepare) or help("Search.select")',
  });
  for (const other of [undefined, null, 5, "", {}, () => {}]) {
    assert.throws(() => help(other), { name: "InputError", message: /^Cannot help with this: / });
  }
});

Deno.test("without the permission to start deno it says which it needs", async () => {
  const program =
    'import { help } from "./mod.ts"; try { help("prepare"); } catch (error) { console.log(error.message); }';
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-prompt",
      "--allow-read",
      "--allow-env",
      "--allow-ffi",
      "--allow-sys",
      "--ext=ts",
      "-",
    ],
    cwd: new URL("../../../../", import.meta.url),
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
