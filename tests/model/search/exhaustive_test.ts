import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/automlp/build.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { type Exhaustive, exhaustiveSearch, type ExhaustiveState } from "../../../model/search/exhaustive.ts";
import { Interrupted } from "../../../pipeline/contract/errors.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { OPTIONS, SIZES } from "../train/planted_training.ts";

const engine = await openEngine();

Deno.test("exhaustive search: one training a length; the best wins, and its training is whole", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 3, users: 120 });
    const config = networkFor(dataset, { ...SIZES, longLayers: 0, candidates: [1, 4] });
    const { architecture, trials, winner } = await exhaustiveSearch(engine, dataset, config, {
      ...OPTIONS,
      epochs: 2,
    });
    assert.equal(architecture.shortTermLength, 4);
    assert.deepEqual(trials.map(({ shortTermLength, epochs }) => [shortTermLength, epochs]), [[1, 2], [
      4,
      2,
    ]]);
    assert.equal(winner.history.length, 2);
  }));

Deno.test("exhaustive search: stopped in any trial it continues to the same end", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 2, users: 60 });
    const config = networkFor(dataset, { ...SIZES, longLayers: 0, candidates: [1, 2, 4] });
    const options = { ...OPTIONS, epochs: 2 };
    const untimed = ({ trials, winner }: Exhaustive) => ({
      trials: trials.map((trial) => ({ ...trial, seconds: 0 })),
      winner: winner.optimizer,
    });
    const whole = untimed(await exhaustiveSearch(engine, dataset, config, options));
    for (const stopAfter of [1, 2, 3, 5]) {
      const stop = new AbortController();
      let from: ExhaustiveState | undefined, told = 0;
      const onState = (state: ExhaustiveState) => {
        from = { ...state, trials: [...state.trials] };
        if (++told === stopAfter) stop.abort();
      };
      const stopped = exhaustiveSearch(engine, dataset, config, { ...options, signal: stop.signal }, {
        onState,
      });
      await assert.rejects(stopped, Interrupted);
      assert.deepEqual(untimed(await exhaustiveSearch(engine, dataset, config, options, { from })), whole);
    }
  }));
