import assert from "node:assert/strict";
import { join } from "node:path";
import { RunRecord } from "../../../model/experiment/record.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { RunError } from "../../../pipeline/contract/errors.ts";
import { withFolder } from "../../folders.ts";
import { run as facts } from "../runs/example.ts";

Deno.test("a phase that fails says why, also where its end cannot go on record any more", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(join(dir, "run")), record = new RunRecord(folder, { ...facts }, {});
    const work = async () => {
      assert.equal(folder.readRun()!.phase, "retrain");
      await Deno.remove(join(folder.path, "run.json"));
      await Deno.mkdir(join(folder.path, "run.json")); // from now on, writing the record fails
      throw new RunError("Cannot continue: out of memory");
    };
    await assert.rejects(record.timed({ name: "retrain" }, work), {
      name: "RunError",
      message: "Cannot continue: out of memory",
    });
  }));
