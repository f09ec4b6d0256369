import assert from "node:assert/strict";
import { join } from "node:path";
import { runJob } from "../../../model/experiment/job.ts";
import { withFolder } from "../../folders.ts";
import { PLANTED_SIZES, plantedDataset } from "../planted.ts";

const OPTIONS = {
  ...PLANTED_SIZES,
  dropout: 0,
  searchEpochs: 6,
  batchSize: 64,
  rate: 0.01,
  epochs: 1,
  metric: "HR@1" as const,
  protocol: "full" as const,
  ks: [1],
};

Deno.test("a job can train on from the searched weights: its first epoch begins where the search ended", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 });
    const lossOf = async (warmStart: boolean) => {
      const { run } = await runJob(dataset, { ...OPTIONS, warmStart }, {
        out: join(dir, `${warmStart}`),
        seed: 1,
      });
      return run.read("trainHistory")[0].loss;
    };
    const [fresh, warm] = [await lossOf(false), await lossOf(true)];
    assert(warm < 0.7 * fresh, `loss ${warm} from searched weights, ${fresh} from fresh ones`);
  }));

Deno.test("without a search there are no weights to train on from", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 });
    await assert.rejects(
      runJob(dataset, { ...OPTIONS, search: "none", short: 3, warmStart: true }, {
        out: join(dir, "run"),
        seed: 1,
      }),
      { name: "InputError", message: /^Cannot warm-start: it begins training with the weights of a search/ },
    );
  }));
