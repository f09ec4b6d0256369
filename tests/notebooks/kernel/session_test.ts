/** A typical session in a real kernel, driven by Jupyter's own client (`tests/python/kernel_session.py`). */
import assert from "node:assert/strict";
import { installSpec, kernelSpec, prefixFolder } from "../../../notebooks/kernel/install.ts";
import { plantedCsv } from "../../../fixtures/planted.ts";
import { withFolder } from "../../folders.ts";
import { hasModules, runPython } from "../../pipeline/export/python.ts";
import { root } from "../../paths.ts";

interface CellError {
  ename: string;
  evalue: string;
  traceback: string[];
}

interface Epoch {
  result: string;
  begun: string[];
  ids: string[];
  messages: number;
  seconds: number;
  last: string[];
}

interface Seen {
  imported: CellError | null;
  folder: string;
  made: CellError | null;
  first: Epoch;
  again: Epoch;
  warned: { last: string[]; result: string | null }[];
  info: number[];
  stopped: { error: CellError; messages: number; seconds: number; last: string[] };
  alpha: number[];
  resumed: { error: CellError | null; before: [epoch: number, batch: number]; after: [number, number] };
  stops: Record<string, { error: CellError; seconds: number; begun: number; last: string[] }>;
  after: [boolean, number, string];
  two: {
    behind: string[];
    here: string[];
    ids: string[];
    error: CellError | null;
    last: Record<string, string>;
  };
  wrong: CellError;
  lost: { error: CellError | null; streams: { name: string; text: string }[] };
  fresh: string[];
  late: number;
  alive: boolean;
}

const ignore = !hasModules("jupyter_client");

/** Asserts that a cell shows an error in one line, with a note if running the cell again resumes the work. */
function assertShort(error: CellError, name: string, message: RegExp, goesOn?: string) {
  const more = goesOn === undefined ? "" : `; run ${goesOn} again to resume`;
  assert.equal(error.ename, name);
  assert.match(error.evalue, message);
  assert.deepEqual(error.traceback, [`${name}: ${error.evalue}${more}`]);
}

Deno.test({
  name:
    "a notebook in any folder: progress in place, the stop button, going on, short errors, two works at once",
  ignore,
  fn: (t) =>
    withFolder(async (dir) => {
      const jupyter = prefixFolder(`${dir}/prefix`), folder = `${dir}/a notebook's folder`;
      await installSpec(jupyter, "automlp-test", kernelSpec());
      Deno.mkdirSync(folder);
      Deno.writeTextFileSync(`${folder}/planted.csv`, plantedCsv({ distance: 4, users: 60 }));
      const seen = runPython<Seen>("kernel_session.py", jupyter, "automlp-test", folder);

      await t.step("imports from anywhere, and is where the notebook is", () => {
        assert.equal(seen.imported, null);
        assert.equal(seen.folder, Deno.realPathSync(folder));
        assert.equal(seen.made, null);
      });
      await t.step("each run of a cell has one output, updated at most a few times a second", () => {
        for (const epoch of [seen.first, seen.again]) {
          assert.equal(epoch.begun.length, 1);
          assert.deepEqual(epoch.ids, epoch.begun);
          assert(epoch.messages <= 4 + 4 * epoch.seconds, `${epoch.messages} messages in ${epoch.seconds} s`);
        }
        assert.notEqual(seen.first.begun[0], seen.again.begun[0]);
        assert.match(seen.first.last[0], /^✓ search, epoch 1.*leads with/);
        assert.equal(seen.again.result, "2");
      });
      await t.step(
        "a warning stands in a cell once: with the result that tells it, else with the progress",
        () => {
          const warning = /no negatives: the dataset/, [told, silent] = seen.warned;
          assert.match(told.result!, warning);
          assert.doesNotMatch(told.last.join("\n"), warning);
          assert.match(silent.last.join("\n"), warning);
          assert.equal(silent.result, null);
        },
      );
      await t.step("a second front end is answered during an epoch", () => {
        assert.equal(seen.info.length, 3);
        assert(Math.max(...seen.info) < 1, `${seen.info} s`);
      });
      await t.step("the stop button ends a search, which can be looked at and resumed", () => {
        assertShort(seen.stopped.error, "Interrupted", /^Stopped while searching, epoch \d+/, "the search");
        assert.match(seen.stopped.last[0], /■ search, epoch \d+: stopped at \d+%/);
        assert.equal(seen.alpha.length, 3);
        assert(seen.alpha.every((value) => value !== 0));
        const { error, before, after } = seen.resumed;
        assert.equal(error, null);
        assert.deepEqual(after, [before[0] + 1, 0], "the resumed epoch continues to its end");
      });
      await t.step(
        "the stop button ends whatever takes long within a second, and keeps every variable",
        () => {
          const doing = {
            training: /training|evaluating|weighing popularity/,
            evaluate: /evaluating|weighing popularity/,
            recommend: /recommending/,
            prepare: /./,
            export: /writing|exporting/,
          };
          for (const [key, { error, seconds, begun }] of Object.entries(seen.stops)) {
            const goesOn = key === "training" ? "the training" : undefined;
            assertShort(error, "Interrupted", doing[key as keyof typeof doing], goesOn);
            assert(seconds < 1, `${key}: ${seconds} s`);
            assert.equal(begun, 1, key);
          }
          assert.deepEqual(Object.keys(seen.stops), Object.keys(doing));
          assert.deepEqual(seen.after.slice(0, 2), [true, 20]);
          assert(seen.alive);
        },
      );
      await t.step("two works at once draw where each began", () => {
        const { behind: [behind], here: [here], ids, error, last } = seen.two;
        assert.equal(error, null);
        assert.notEqual(behind, here);
        assert.deepEqual(ids, [behind, here].sort());
        assert.match(last[behind], /^✓ search, epoch \d+/);
        assert.match(last[here], /^✓ .*(epoch \d+|evaluating|weighing popularity)/);
      });
      await t.step("an error is one line, also where nobody waits for the work", () => {
        assertShort(seen.wrong, "InputError", /nowhere\.csv/);
        assert.equal(seen.lost.error, null);
        assert.deepEqual(seen.lost.streams.map(({ name }) => name), ["stderr"]);
        assert.match(seen.lost.streams[0].text, /^InputError: .*nowhere\.csv.*\n$/);
      });
      await t.step("after an error of the notebook's own, work is shown under the next cell", () => {
        assert.equal(seen.fresh.length, 1);
      });
      await t.step("no output comes after a cell counts as finished", () => assert.equal(seen.late, 0));
    }),
});

Deno.test({
  name: "Deno's own kernel, started in the repository, does as well",
  ignore,
  fn: () =>
    withFolder(async (dir) => {
      const jupyter = prefixFolder(`${dir}/prefix`);
      const argv = [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"];
      await installSpec(jupyter, "deno-test", { ...kernelSpec("Deno"), argv, env: {} });
      Deno.writeTextFileSync(`${dir}/planted.csv`, plantedCsv({ distance: 4, users: 60 }));
      const seen = runPython<
        {
          imported: CellError | null;
          wrong: CellError;
          stopped: CellError;
          kept: string;
          alive: boolean;
        }
      >("kernel_stock.py", jupyter, "deno-test", root, dir);
      assert.equal(seen.imported, null);
      assertShort(seen.wrong, "InputError", /nowhere\.csv/);
      assertShort(seen.stopped, "Interrupted", /^Stopped while/);
      assert.equal(seen.kept, "7");
      assert(seen.alive);
    }),
});
