/** Curves that grow under a cell of a real kernel, driven by Jupyter's own client (`tests/python/kernel_growing.py`). */
import assert from "node:assert/strict";
import { installSpec, kernelSpec, prefixFolder } from "../../../notebooks/kernel/install.ts";
import { plantedCsv } from "../../../fixtures/planted.ts";
import { withFolder } from "../../folders.ts";
import { hasModules, runPython } from "../../pipeline/export/python.ts";

interface Picture {
  kind: "display_data" | "update_display_data";
  id: string;
  html: string;
  text: string;
}

interface Seen {
  growing: Picture[];
  error: { ename: string } | null;
  result: string | null;
  seconds: number;
  late: number;
}

type Cells =
  | "trained"
  | "nothing"
  | "itself"
  | "searched"
  | "driven"
  | "one"
  | "many"
  | "exhaustive"
  | "stopped"
  | "whole"
  | "job"
  | "methods"
  | "shown";

/** Number of drawings in a picture. */
const drawings = ({ html }: Picture) => html.match(/<img /g)?.length ?? 0;
const hasTable = ({ html }: Picture) => html.includes("<table");

/** Asserts that there is one output, created once and then replaced. */
function assertOneOutput({ growing, error, late }: Seen): void {
  assert.equal(error, null);
  assert.equal(late, 0);
  assert.equal(new Set(growing.map(({ id }) => id)).size, 1);
  assert.deepEqual(growing.map(({ kind }) => kind === "display_data"), growing.map((_, i) => i === 0));
}

Deno.test({
  name:
    "the curves of a search and a training grow under their cell, and end as what the cell made shows itself",
  ignore: !hasModules("jupyter_client"),
  fn: (t) =>
    withFolder(async (dir) => {
      const jupyter = prefixFolder(`${dir}/prefix`), folder = `${dir}/notebooks`;
      await installSpec(jupyter, "automlp-test", kernelSpec());
      Deno.mkdirSync(folder);
      Deno.writeTextFileSync(`${folder}/planted.csv`, plantedCsv({ distance: 4, users: 60 }));
      const seen = runPython<Record<Cells, Seen> & { made: null; known: string; alive: boolean }>(
        ...["kernel_growing.py", jupyter, "automlp-test", folder] as const,
      );
      assert.equal(seen.made, null);

      await t.step(
        "a training: loss and metric from the second epoch on, at its end with the table of its epochs",
        () => {
          assertOneOutput(seen.trained);
          const { growing } = seen.trained;
          assert(growing.length >= 2, `${growing.length} pictures`);
          assert.match(growing[0].text, /^Training with k = 4: 2 of 6 epochs, /);
          assert.deepEqual(growing.map(drawings), growing.map(() => 2));
          assert.deepEqual(growing.map(hasTable), growing.map((_, i) => i === growing.length - 1));
          assert.match(
            growing.at(-1)!.text,
            /: 6 of 6 epochs, .*; best epoch \d with NDCG@10 0\.\d{4} on validation/,
          );
          assert.equal(seen.trained.result, "6");
          assert.deepEqual(seen.nothing.growing, [], "where nothing is left to do nothing grows");
          assert.deepEqual(seen.one.growing, [], "one epoch makes no curve");
        },
      );

      await t.step("where the cell ends with the training itself, it is not shown twice", () => {
        assertOneOutput(seen.itself);
        assert.match(seen.itself.result!, /^Training with k = 4: 9 of 9 epochs/);
        assert.equal(seen.itself.growing.at(-1)!.html, "");
        assert(seen.itself.growing.slice(0, -1).every((picture) => drawings(picture) === 2));
      });

      await t.step("a search: α and losses, at its end all that it shows of itself", () => {
        assertOneOutput(seen.searched);
        const { growing } = seen.searched, last = growing.at(-1)!;
        assert.match(growing[0].html, /Search, 2 of 4 epochs/);
        assert.match(growing[0].html, /entropy \d\.\d{3} nats/);
        assert.deepEqual(growing.slice(0, -1).map(drawings), growing.slice(1).map(() => 2));
        assert(hasTable(last) && drawings(last) >= 4);
        assert.match(last.text, /Search, 4 of 4 epochs/);
      });

      await t.step("driven epoch by epoch, it is drawn as it is when the cell ends", () => {
        assertOneOutput(seen.driven);
        const last = seen.driven.growing.at(-1)!;
        assert(hasTable(last));
        assert.match(last.text, /: 12 of 12 epochs/);
      });

      await t.step("many short epochs do not flood the notebook", () => {
        assertOneOutput(seen.many);
        const { growing, seconds, result } = seen.many;
        assert.equal(result, "132");
        assert(growing.length <= 2 + seconds, `${growing.length} pictures in ${seconds} s`);
        assert.match(growing.at(-1)!.text, /: 132 of 132 epochs/);
      });

      await t.step("an exhaustive search ends with its trials, in the place of the last training", () => {
        assertOneOutput(seen.exhaustive);
        const texts = seen.exhaustive.growing.map(({ text }) => text);
        assert.match(texts[0], /^Training with k = 1: 2 of 2 epochs/);
        assert.match(texts.at(-1)!, /length +NDCG@10 +best epoch/);
      });

      await t.step("the stop button leaves the curves of every epoch that has ended", () => {
        const { error, growing, late } = seen.stopped;
        assert.deepEqual([error!.ename, late], ["Interrupted", 0]);
        assert(hasTable(growing.at(-1)!));
        // And the fraction of the epoch under way; all of it if the stop came during its validation.
        const done = `(${seen.known}(\\.\\d)?|${Number(seen.known) + 1})`;
        assert.match(growing.at(-1)!.text, new RegExp(`: ${done} of 1,000,132 epochs`));
        assert(seen.alive);
      });

      await t.step("the whole job shows its search, then its training, in the same output", () => {
        assertOneOutput(seen.whole);
        const texts = seen.whole.growing.map(({ text }) => text);
        assert(texts.some((text) => /^Search, /.test(text)), texts.join("\n"));
        assert.match(texts.at(-1)!, /^Training with k = \d: 3 of 3 epochs/);
      });

      await t.step(
        "where the cell ends with the run, which shows the curves of its training, they stand there alone",
        () => {
          for (const cell of [seen.job, seen.shown]) {
            assertOneOutput(cell);
            assert.match(cell.result!, /^test, protocol recbole/);
            assert.equal(cell.growing.at(-1)!.html, "");
          }
        },
      );

      await t.step("several methods end with their figures, in the place of the last one's training", () => {
        assertOneOutput(seen.methods);
        const texts = seen.methods.growing.map(({ text }) => text);
        assert(texts.some((text) => text.startsWith("Training GRU4Rec: ")), texts.join("\n"));
        assert.match(texts.at(-1)!, /^test, protocol recbole[^]*AutoMLP[^]*GRU4Rec/);
      });
    }),
});
