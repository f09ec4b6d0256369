import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { packTraining, unpackTraining } from "../../../model/train/checkpoint.ts";
import { Training } from "../../../model/train/training.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { OPTIONS, SIZES } from "./planted_training.ts";

const engine = await openEngine();

Deno.test("training: how long the rest takes goes by the pace after it was resumed, once that is known", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const config = networkFor(dataset, { ...SIZES, lengths: [2] });
    const start = () => new Training(engine, dataset, config, { ...OPTIONS, batchSize: 8, epochs: 5 });
    const first = start(), second = start();
    await first.epoch();
    const state = first.state(), slow = 1e6;
    second.restore({ ...state, seconds: slow });
    assert(second.secondsPerStep! > 1000, "nothing else is known yet");
    await second.epoch();
    assert(second.secondsPerStep! < 10 && second.secondsLeft! < 10_000);
    assert(second.state().seconds > slow);
    first.dispose();
    second.dispose();
  }));

Deno.test("training: from a saved state it continues to the same result, wherever it was cut", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const config = networkFor(dataset, { ...SIZES, lengths: [2] });
    const start = () => new Training(engine, dataset, config, { ...OPTIONS, epochs: 2 });
    const whole = start();
    for await (const _epoch of whole);
    for (const steps of [1, 5, 14]) {
      const first = start(), second = start();
      if (steps === 14) await first.epoch();
      for (let i = 0; i < steps % 14; i++) first.step();
      const { tensors, state } = packTraining(first.state());
      second.restore(unpackTraining({ tensors, state: JSON.parse(JSON.stringify(state)) }));
      for await (const _epoch of second);
      assert.deepEqual(second.values(), whole.values());
      assert.deepEqual(
        second.history.map(({ loss, metrics, best }) => ({ loss, metrics, best })),
        whole.history.map(({ loss, metrics, best }) => ({ loss, metrics, best })),
      );
      first.dispose();
      second.dispose();
    }
    const older = whole.state();
    older.optimizer.tensors.delete("long.0.sequence.gain");
    assert.throws(
      () => whole.restore(older),
      /^InputError: Cannot resume from the checkpoint: it is damaged, or of another network .* \(there is no tensor "long.0.sequence.gain" of shape 16\); remove it to begin again$/,
    );
    whole.dispose();
  }));
