import assert from "node:assert/strict";
import { join } from "node:path";
import { listRuns } from "../../../model/report/list.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { withFolder } from "../../folders.ts";
import { run } from "../runs/example.ts";

Deno.test("runs: tags and notes have a column each, where any run has them", () =>
  withFolder(async (dir) => {
    const listed = async (config: Record<string, unknown>) => {
      await RunFolder.create(join(dir, "run")).writeRun({ ...run, config: { ...run.config, ...config } });
      const [, header, , row] = String(listRuns(dir)).split("\n");
      return [header, row].map((line) => line.replace(/^.* (status|done|running) */, ""));
    };
    assert.deepEqual(await listed({ tags: [] }), ["", ""]);
    assert.deepEqual(await listed({ tags: ["wide", "first"] }), ["tags", "wide, first"]);
    assert.deepEqual(await listed({ tags: [], note: "before the sale" }), ["note", "before the sale"]);
    assert.deepEqual(await listed({ tags: ["wide"], note: "later" }), ["tags  note", "wide  later"]);
  }));
