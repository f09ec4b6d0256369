/** Cells that wait behind one that fails, in a real kernel, asked by Jupyter's own client (`tests/python/kernel_queue.py`). */
import assert from "node:assert/strict";
import { installSpec, kernelSpec, prefixFolder } from "../../../notebooks/kernel/install.ts";
import { plantedCsv } from "../../../fixtures/planted.ts";
import { withFolder } from "../../folders.ts";
import { hasModules, runPython } from "../../pipeline/export/python.ts";

type Queued = [statuses: string[], shown: string[], idle: number];

Deno.test({
  name: "cells that wait behind one that fails or is stopped are not run, unless the front end asks for it",
  ignore: !hasModules("jupyter_client"),
  fn: () =>
    withFolder(async (dir) => {
      const jupyter = prefixFolder(dir);
      Deno.writeTextFileSync(`${dir}/log.csv`, plantedCsv({ users: 20, distance: 2, length: 12 }));
      await installSpec(jupyter, "automlp-test", kernelSpec());
      const seen = runPython<Record<string, Queued | boolean>>(
        "kernel_queue.py",
        jupyter,
        "automlp-test",
        dir,
      );
      assert.deepEqual(seen, {
        well: [["ok", "ok", "ok"], ["1", "2", "3"], 3],
        failed: [["error", "aborted", "aborted"], [], 3],
        after: [["ok"], ["5"], 1],
        on: [["error", "ok"], ["6"], 2],
        last: [["ok", "error"], ["7"], 2],
        imported: [["ok"], ['"imported"'], 1],
        stopped: [["error", "aborted", "aborted"], [], 3],
        completed: true,
      });
    }),
});
