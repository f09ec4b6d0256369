/** The notebooks run on Deno's real kernel, as they are in the repository. */
import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { plantedCsv } from "../../fixtures/planted.ts";
import { executeNotebooks, type ExecuteOptions, kernelEnv, ownNotebooks } from "../../notebooks/execute.ts";
import { installSpec, kernelSpec } from "../../notebooks/kernel/install.ts";
import { withFolder } from "../folders.ts";
import { fromFileUrl, root } from "../paths.ts";
import { hasModules } from "../pipeline/export/python.ts";
import { faults, type Notebook, readNotebook, sourceOf } from "./faults.ts";

const python = Deno.env.get("AUTOMLP_PYTHON") || "python3";
const runnable = hasModules("nbclient", "nbformat");
const scheduled = hasModules("papermill");
const unless = (there: boolean, module: string) =>
  there ? "" : ` (ignored: Python without ${module}; set AUTOMLP_PYTHON)`;

/** A small log for some notebooks; the others use the demonstration data. */
const LOG = "log.csv";
/** Parameters for less training than in the notebooks as they are, which take minutes on a slow machine: every cell does the same work. */
const LESS: Record<string, ExecuteOptions["parameters"]> = {
  // A cell that goes on by an epoch or by 20 steps is run twice, and the next cell does what is left.
  "02_search.ipynb": { data: LOG, epochs: 8, lengths: [1, 2, 4] },
  "03_retrain_and_evaluate.ipynb": { data: LOG, epochs: 4 },
  "04_compare.ipynb": { effort: 0.1 },
};

/** Cells that must show something: those that showed something when the notebook was committed. */
const showing = (path: string) =>
  readNotebook(path).cells.filter(({ outputs }) => outputs && outputs.length > 0).map(({ id }) => id);

Deno.test({
  name: "every cell of every notebook runs, and runs again without harm" + unless(runnable, "nbclient"),
  ignore: !runnable,
  fn: (t) =>
    withFolder(async (folder) => {
      // In order and in one folder: each finds what an earlier one left of the same data.
      Deno.writeTextFileSync(join(folder, LOG), plantedCsv({ distance: 2, users: 120, items: 200 }));
      for (const path of ownNotebooks()) {
        await t.step(basename(path), async () => {
          await executeNotebooks([path], {
            python,
            out: folder,
            folder,
            twice: true,
            parameters: LESS[basename(path)],
          });
          const ran = join(folder, basename(path));
          assert.deepEqual(faults(readNotebook(ran)), []);
          assert.deepEqual(showing(ran), showing(path));
        });
      }
      assert.deepEqual([...Deno.readDirSync(join(folder, "work"))].map(({ name }) => name).sort(), [
        "demo",
        "log",
      ]);
    }),
});

Deno.test({
  name: "notebooks are written in their places, also of one name, and where a link leads" +
    unless(runnable, "nbclient"),
  ignore: !runnable,
  fn: () =>
    withFolder(async (folder) => {
      const paths = ["a", "b"].map((name) => join(folder, name, "one.ipynb")),
        link = join(folder, "link.ipynb");
      for (const [i, path] of paths.entries()) {
        const notebook: Notebook = JSON.parse(Deno.readTextFileSync(ownNotebooks()[0]));
        notebook.cells = [{
          id: "c",
          cell_type: "code",
          metadata: {},
          execution_count: null,
          outputs: [],
          // The import makes the kernel wait for its outputs: without it some results are lost.
          source: `import "automlp";\n"ran " + ${i + 1}`,
        }];
        Deno.mkdirSync(join(path, ".."));
        Deno.writeTextFileSync(path, JSON.stringify(notebook));
      }
      Deno.symlinkSync(paths[1], link);
      await executeNotebooks([paths[0], link], { python, folder });
      for (const [i, path] of paths.entries()) {
        assert(Deno.readTextFileSync(path).includes(`ran ${i + 1}`), path);
        assert.deepEqual([...Deno.readDirSync(join(path, ".."))].map(({ name }) => name), ["one.ipynb"]);
      }
      assert.equal(Deno.readLinkSync(link), paths[1]);
    }),
});

Deno.test({
  name: "a cell that fails, and a result that fails to show itself, end the work" +
    unless(runnable, "nbclient"),
  ignore: !runnable,
  fn: () =>
    withFolder(async (folder) => {
      for (
        const [source, message] of [
          [
            'const { dataset } = await prepare({ data: "nowhere.csv", out: "x" });',
            "Cannot read nowhere.csv",
          ],
          [
            '({ [Symbol.for("Jupyter.display")]: () => { throw new Error("not to be shown"); } })',
            "not to be shown",
          ],
        ]
      ) {
        const path = join(folder, "fails.ipynb");
        const notebook: Notebook = JSON.parse(Deno.readTextFileSync(ownNotebooks()[0]));
        notebook.cells = ['import { prepare } from "automlp";', source].map((source, i) => ({
          id: `c${i}`,
          cell_type: "code",
          metadata: {},
          source,
          execution_count: null,
          outputs: [],
        }));
        Deno.writeTextFileSync(path, JSON.stringify(notebook));
        await assert.rejects(executeNotebooks([path], { python, folder }), (error: Error) => {
          assert.match(error.message, /^Cannot run the notebooks to their end: /);
          assert(error.message.includes(message) && error.message.includes(source), error.message);
          return error.name === "RunError";
        });
      }
    }),
});

Deno.test({
  name: "a notebook in the repository runs on the kernel of deno jupyter, too" + unless(runnable, "nbclient"),
  ignore: !runnable,
  fn: async () => {
    // That kernel finds "automlp" through the folder that it is started in.
    const work = join(root, "notebooks", "work");
    Deno.mkdirSync(work, { recursive: true });
    const folder = Deno.makeTempDirSync({ dir: work, prefix: "stock-" });
    try {
      const [path] = ownNotebooks();
      const argv = [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"];
      const spec = {
        argv,
        display_name: "Deno",
        language: "typescript",
        interrupt_mode: "signal",
        env: {},
      } as const;
      await executeNotebooks([path], { python, out: folder, folder, spec: { ...spec, argv } });
      const ran = join(folder, basename(path));
      assert.deepEqual(faults(readNotebook(ran)), []);
      assert.deepEqual(showing(ran), showing(path));
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "papermill runs the search with parameters, on data of one's own" + unless(scheduled, "papermill"),
  ignore: !scheduled,
  fn: () =>
    withFolder(async (folder) => {
      const notebook = ownNotebooks()[1], out = join(folder, "out.ipynb"), jupyter = join(folder, "jupyter");
      installSpec(jupyter, "automlp", kernelSpec());
      // 60 users who take the items of a ring in turn.
      const rows = Array.from({ length: 60 }, (_, user) =>
        Array.from({ length: 20 }, (_, t) => `u${user},i${(20 * user + t) % 300},${t}`));
      Deno.writeTextFileSync(join(folder, "mine.csv"), ["user,item,timestamp", ...rows.flat()].join("\n"));
      const script = fromFileUrl(new URL("../../notebooks/python/papermill_deno.py", import.meta.url));
      const { success, stderr } = await new Deno.Command(python, {
        args: [
          script,
          notebook,
          out,
          ...["--cwd", folder, "--no-progress-bar"],
          ...["-p", "data", "mine.csv", "-p", "epochs", "2", "-p", "compare", "False"],
          ...["-y", "lengths: [1, 3]"],
        ],
        env: kernelEnv(jupyter),
      }).output();
      assert(success, new TextDecoder().decode(stderr).slice(-3000));
      const { cells } = readNotebook(out);
      const injected = cells.findIndex(({ metadata }) =>
        metadata.tags?.includes("injected-parameters")
      );
      assert.equal(cells[injected - 1].metadata.tags?.[0], "parameters");
      assert.equal(
        sourceOf(cells[injected]).trim(),
        '// Parameters\nlet lengths = [1, 3];\nlet data = "mine.csv";\nlet epochs = 2;\nlet compare = false;',
      );
      const { lengths, probabilities } = JSON.parse(
        Deno.readTextFileSync(join(folder, "work/mine/search/architecture.json")),
      );
      assert.deepEqual(lengths, [1, 3]);
      assert.equal(probabilities.length, 2);
    }),
});
