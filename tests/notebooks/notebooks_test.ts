/** `deno task notebooks` when it cannot do its work. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { formatNotebook } from "../../notebooks/execute.ts";
import { task } from "../command.ts";
import { withFolder } from "../folders.ts";

Deno.test("--help says what it does", async () => {
  const { code, stdout } = await task("notebooks", ["--help"]);
  assert.equal(code, 0);
  assert.match(stdout, /^Runs notebooks from top to bottom/);
});

Deno.test("without Python, or nbclient, it says so in one line", () =>
  withFolder(async (folder) => {
    const none = await task("notebooks", ["--python", join(folder, "python")]);
    assert.equal(none.code, 2);
    assert.match(
      none.stderr,
      /^error: Cannot run notebooks: there is no Python ".+"; name one with --python\n$/,
    );

    // A Python without installed modules.
    const bare = join(folder, "bare");
    Deno.writeTextFileSync(bare, "#!/bin/sh\necho nbclient nbformat\n", { mode: 0o755 });
    const { code, stderr } = await task("notebooks", ["--python", bare]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /has no nbclient, nbformat; install them \(pip install nbclient nbformat\), or name/,
    );
  }));

Deno.test("a notebook's cells are formatted as the repository's code is", async () => {
  const notebook = (source: string) => ({
    cells: [{
      cell_type: "code",
      execution_count: null,
      id: "a",
      metadata: {},
      outputs: [],
      source: [source],
    }],
    metadata: { language_info: { name: "typescript" } },
    nbformat: 4,
    nbformat_minor: 5,
  });
  const formatted = await formatNotebook(JSON.stringify(notebook("const a = {b:1}"), null, 1) + "\n");
  assert.deepEqual(JSON.parse(formatted), notebook("const a = { b: 1 };"));
});
