import assert from "node:assert/strict";
import { join } from "node:path";
import { listRuns } from "../../../model/report/list.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { withFolder } from "../../folders.ts";
import { lockRun } from "../../../model/runs/lock.ts";
import type { RunWarning } from "../../../model/records/records.ts";
import { metrics, ofMethod, run } from "../runs/example.ts";

Deno.test("runs: of several, the newest first; each figure by its name where that is not the column's", () =>
  withFolder(async (dir) => {
    const write = async (name: string, began: string, ks: number[]) => {
      const folder = RunFolder.create(join(dir, name));
      const sessions = [{ ...run.sessions?.[0], began, command: "deno task pipeline" }];
      await folder.writeRun({ ...run, sessions });
      const means = Object.fromEntries(ks.flatMap((k) => [[`HR@${k}`, 0.3], [`NDCG@${k}`, 0.2]]));
      await folder.write("metrics", {
        ...metrics,
        methods: { AutoMLP: ofMethod({ test: { full: means } }) },
      });
    };
    await write("old", "2026-01-01T00:00:00.000Z", [10]);
    await write("deep/er/new", "2026-03-01T00:00:00.000Z", [5]);
    await write("mid", "2026-02-01T00:00:00.000Z", [10]);
    await write("one/two/three/four", "2026-04-01T00:00:00.000Z", [10]);
    const runs = listRuns(dir),
      names = (list: typeof runs) => list.runs.map(({ run }) => run.slice(dir.length + 1));
    assert.deepEqual(names(runs), ["deep/er/new", "mid", "old"], "a fourth folder down is not looked into");
    const [, header, , first, second] = String(runs).split("\n");
    assert.match(header, /HR@10 +NDCG@10 +time +status *$/);
    assert.match(first, / HR@5 0\.3000 +NDCG@5 0\.2000 .* done *$/);
    assert.match(second, / 0\.3000 +0\.2000 /);
    assert.doesNotMatch(second, /HR@10|NDCG@10/);
  }));

Deno.test("runs: one that a budget cut short says so; of one that is killed nobody says that it runs", () =>
  withFolder(async (dir) => {
    const path = join(dir, "run"), folder = RunFolder.create(path);
    const listed = () => {
      const [one] = listRuns(dir).runs;
      return [one.status, one.cutShort, String(listRuns(dir)).split("\n").at(-1)!.split(/ {2,}/).at(-1)];
    };
    const warnings = (["training", "search"] as const).map((phase): RunWarning => ({
      ...{ kind: "cut short", phase, epochs: 2.2, of: 3 },
      resume: "deno task retrain run",
    }));
    await folder.writeRun({ ...run, warnings: [{ kind: "remark", text: "something else" }] });
    assert.deepEqual(listed(), ["done", undefined, "done"]);
    await folder.writeRun({ ...run, warnings: warnings.slice(0, 1) });
    assert.deepEqual(listed(), ["done", ["training"], "done, cut short"]);
    await folder.writeRun({ ...run, warnings });
    assert.deepEqual(listed(), ["done", ["search", "training"], "done, cut short"]);
    await folder.writeRun({
      ...run,
      warnings: [{ kind: "unfinished", resume: "deno task retrain run" }],
    });
    assert.deepEqual(
      listed(),
      ["done", ["training"], "done, cut short"],
      "evaluated when it had been stopped",
    );

    await folder.writeRun({ ...run, status: "running" });
    assert.deepEqual(listed(), ["running", undefined, "running"], "nothing tells whether it does");
    {
      using _held = lockRun(path);
      assert.deepEqual(listed(), ["running", undefined, "running"]);
    }
    assert.deepEqual(listed(), ["stopped", undefined, "stopped"]);
    lockRun(path)[Symbol.dispose]();
  }));
