/** The committed notebooks are in the state that readers expect; checked without Python. */
import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { formatNotebook, ownNotebooks } from "../../notebooks/execute.ts";
import { withFolder } from "../folders.ts";
import { root } from "../paths.ts";
import { faults, readNotebook, sourceOf } from "./faults.ts";

const paths = ownNotebooks();

Deno.test("there are five notebooks", () => {
  assert.deepEqual(paths.map((path) => basename(path)), [
    "01_prepare.ipynb",
    "02_search.ipynb",
    "03_retrain_and_evaluate.ipynb",
    "04_compare.ipynb",
    "05_other_tools.ipynb",
  ]);
});

Deno.test("the cells of each notebook, one behind the other, are sound TypeScript", () =>
  withFolder((folder) => {
    const files = paths.map((path) => {
      const file = join(folder, basename(path, ".ipynb") + ".ts");
      const code = readNotebook(path).cells.filter((cell) => cell.cell_type === "code").map(sourceOf);
      Deno.writeTextFileSync(file, code.join("\n"));
      return file;
    });
    const { success, stderr } = new Deno.Command(Deno.execPath(), {
      args: ["check", "-q", "--config", join(root, "deno.json"), ...files],
      env: { NO_COLOR: "1" },
    }).outputSync();
    assert(success, new TextDecoder().decode(stderr));
  }));

for (const path of paths) {
  Deno.test(`${basename(path)} is fit to be read`, async (t) => {
    const notebook = readNotebook(path), code = notebook.cells.filter((cell) => cell.cell_type === "code");

    await t.step("valid: format 4.5, ids unlike each other", () => {
      assert.deepEqual([notebook.nbformat, notebook.nbformat_minor], [4, 5]);
      const ids = notebook.cells.map(({ id }) => id);
      assert(ids.every((id) => /^[\w-]{1,64}$/.test(id)));
      assert.equal(new Set(ids).size, ids.length);
      for (const cell of notebook.cells) {
        assert(cell.cell_type === "markdown" ? !("outputs" in cell) : Array.isArray(cell.outputs), cell.id);
      }
    });

    await t.step("names our kernel; others of its language can take it", () => {
      const { kernelspec, language_info } = notebook.metadata;
      assert.deepEqual(
        [kernelspec.name, kernelspec.language, language_info.name],
        ["automlp", "typescript", "typescript"],
      );
    });

    await t.step("ran from top to bottom", () => {
      assert.deepEqual(code.map((cell) => cell.execution_count), code.map((_, i) => i + 1));
    });

    await t.step("has outputs, and no faulty ones", () => {
      assert.deepEqual(faults(notebook), []);
      assert(code.filter(({ outputs }) => outputs!.length > 0).length > code.length / 2);
      const drawn = code.flatMap(({ outputs }) => outputs!).some(({ data }) => data && "text/html" in data);
      assert(drawn);
    });

    await t.step("begins with its title, the one line to change, and the parameters", () => {
      const [first, second, third] = notebook.cells;
      assert.match(sourceOf(first), /^# \d · /);
      assert.match(sourceOf(first), /\*\*Your own data:\*\* change the one line below/);
      assert.deepEqual(second.metadata.tags, ["parameters"]);
      assert.match(sourceOf(second), /^let data = "demo"; \/\/ ←/);
      // A cell that papermill inserts after it can then declare them again.
      assert(sourceOf(second).split("\n").every((line) => /^let \w+ = .+;( \/\/ .+)?$/.test(line)));
      assert.match(sourceOf(third), /from "automlp";/);
    });

    await t.step("is formatted", async () => {
      const text = Deno.readTextFileSync(path);
      assert.equal(await formatNotebook(text), text);
    });

    await t.step("is small enough to be shown by a code host", () => {
      assert(Deno.statSync(path).size < 600_000);
    });
  });
}
