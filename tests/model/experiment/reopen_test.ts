import assert from "node:assert/strict";
import { join } from "node:path";
import { FolderRecord } from "../../../pipeline/contract/files/checksums.ts";
import { reopenRun } from "../../../model/experiment/reopen.ts";
import { withRun } from "../commands/finished.ts";
import { json } from "../support.ts";

Deno.test("a run of an earlier version, which called the engine a backend, is reopened on that engine", () =>
  withRun(async (dir) => {
    const run = join(dir, "run"), facts = json(join(run, "run.json"));
    assert.equal((await reopenRun(run)).options.engine, undefined);
    facts.config.backend = "cpu";
    const write = (part: string) => Deno.writeTextFileSync(part, JSON.stringify(facts));
    await FolderRecord.read(run)!.put("run.json", write);
    assert.equal((await reopenRun(run)).options.engine, "cpu");
  }));
