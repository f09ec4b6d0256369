/** A deadline ends a training within an epoch, and a later one continues from there. */
import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { packTraining, unpackTraining } from "../../../model/train/checkpoint.ts";
import type { Ending } from "../../../pipeline/contract/progress.ts";
import type { TrainRecord } from "../../../model/records/records.ts";
import { Training } from "../../../model/train/training.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

const engine = await openEngine();
const SIZES = {
  length: 6,
  dim: 4,
  layers: 1,
  longLayers: 0,
  sequenceHidden: 4,
  channelHidden: 4,
  dropout: 0.1,
};
const OPTIONS = { batchSize: 128, epochs: 3, metric: "HR@1" as const, rate: 5e-3, seed: 1 };

Deno.test("cut within an epoch, a training is saved, and resumed where it is", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const config = networkFor(dataset, { ...SIZES, lengths: [2] });
    const start = (options = {}) => new Training(engine, dataset, config, { ...OPTIONS, ...options });
    const whole = start(), first = start();
    for await (const _epoch of whole);
    await first.epoch();
    for (const begun of [start(), first]) {
      const { epoch, batch } = begun.state();
      // There is time for one step.
      const notes: (string | undefined)[] = [], endings: (Ending | undefined)[] = [];
      const late = start({
        deadline: performance.now(),
        progress: {
          start: () => ({
            advance() {},
            end(note?: string, ending?: Ending) {
              notes.push(note);
              endings.push(ending);
            },
          }),
          warn() {},
        },
      });
      late.restore(begun.state());
      for await (const _epoch of late);
      const cut = late.state();
      assert.deepEqual([cut.epoch, cut.batch, cut.history.length], [epoch, batch + 1, epoch + 1]);
      assert.equal(late.finished, epoch, "the epoch is not finished");
      const how = `cut short by the deadline after ${epoch}.1 of 3 epochs`;
      assert(notes[0]!.startsWith(`${how}, loss `), notes[0]!);
      assert.deepEqual(endings, ["cut short"]);
      const { done, epoch: steps } = late.steps, last = cut.history.at(-1)!;
      assert.equal(last.share, 1 / steps, "the part that was gone through is on record");
      assert(cut.history.slice(0, -1).every(({ share }) => share === undefined));
      const of = `${how}, step ${done} of ${3 * steps}`;
      assert(String(late).startsWith(`Training with k = 2: ${of}`), `${late}`);

      const { tensors, state } = packTraining(cut), resumed = start();
      resumed.restore(unpackTraining({ tensors, state: JSON.parse(JSON.stringify(state)) }));
      for await (const _epoch of resumed);
      assert.deepEqual(resumed.values(), whole.values(), "the same steps");
      const isPart = ({ share }: TrainRecord) => share !== undefined;
      assert.deepEqual(
        resumed.history.filter((record) => !isPart(record)).map(({ epoch }) => epoch),
        [1, 2, 3],
      );
      assert(resumed.history.filter(isPart).every((part) => part.best), "of parts only the best is kept");
      assert.match(String(resumed), /: 3 of 3 epochs, /);
      const best = resumed.history.findLast(({ best }) => best)!;
      assert.equal(best.epoch, resumed.bestEpoch);
      const highest = Math.max(...[...resumed.history, ...cut.history].map(({ metrics }) => metrics["HR@1"]));
      assert.equal(best.metrics["HR@1"], highest, "what was best stays, also if it was in the middle");
      [late, resumed].forEach((training) => training.dispose());
    }

    // The fraction of the second epoch was no better, but does not count as an epoch for patience.
    const state = first.state(),
      patient = start({ patience: 1 }),
      part = { epoch: 2, share: 0.5, best: false };
    patient.restore({ ...state, batch: 1, history: [state.history[0], { ...state.history[0], ...part }] });
    assert.equal(patient.done, false);
    [whole, first, patient].forEach((training) => training.dispose());
  }));

Deno.test("the part of an epoch that a deadline cut stays on record where the whole epoch is no better, and only there", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const config = networkFor(dataset, { ...SIZES, lengths: [2] });
    const recordsAt = async (rate: number) => {
      const late = new Training(engine, dataset, config, { ...OPTIONS, deadline: performance.now() });
      const resumed = new Training(engine, dataset, config, OPTIONS);
      late.rate = resumed.rate = rate;
      for await (const _epoch of late);
      resumed.restore(late.state());
      await resumed.epoch();
      const records = resumed.history.map(({ epoch, share, best }) => [epoch, share === undefined, best]);
      assert.equal(resumed.bestEpoch, 1);
      [late, resumed].forEach((training) => training.dispose());
      return records;
    };
    assert.deepEqual(await recordsAt(0), [[1, false, true], [1, true, false]]);
    assert.deepEqual(await recordsAt(0.02), [[1, true, true]]);
  }));
