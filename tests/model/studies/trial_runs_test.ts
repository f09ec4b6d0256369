import assert from "node:assert/strict";
import { join } from "node:path";
import type { MetricName } from "../../../model/records/evaluation.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { StudyFolder } from "../../../model/studies/study_folder.ts";
import { lookAt, trialId } from "../../../model/studies/trial_runs.ts";
import { withFolder } from "../../folders.ts";
import { run, trainRecords } from "../runs/example.ts";

Deno.test("a trial that came to its end, and of which the history is gone, is not left out without a word", () =>
  withFolder(async (dir) => {
    using folder = StudyFolder.create(join(dir, "tuning"), "tuning");
    folder.makeRoom();
    const trial = RunFolder.create(folder.runPath({ id: trialId(0) }));
    await trial.write("trainHistory", trainRecords);
    await trial.writeRun(run);
    const [metric] = Object.keys(trainRecords[0].metrics) as MetricName[];
    const look = () => lookAt(folder, 0, { options: {}, rungs: [1], metric });
    assert.equal(look().record!.status, "done");
    Deno.removeSync(join(trial.path, "train", "history.jsonl"));
    const { standing, record } = look();
    assert.deepEqual([standing.isOut, record!.status, record!.value], [true, "failed", undefined]);
    assert.match(
      record!.message!,
      /trial-001 has lost its train\/history\.jsonl: remove the folder, and give the command again to train this trial anew$/,
    );
  }));
