import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/automlp/build.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { type Exhaustive, exhaustiveSearch, type ExhaustiveState } from "../../../model/search/exhaustive.ts";
import type { SearchedSizes } from "../../../model/search/space.ts";
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
      await assert.rejects(stopped, {
        name: "Interrupted",
        message: /^Stopped while training candidate [123] of 3, k = [124]; what was learnt so far is kept$/,
        goesOn: "search again from what onState was told last",
      });
      assert.deepEqual(untimed(await exhaustiveSearch(engine, dataset, config, options, { from })), whole);
    }
  }));

Deno.test("exhaustive search: stopped where nobody takes its state, it says that nothing is kept", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 2, users: 60 });
    const config = networkFor(dataset, { ...SIZES, longLayers: 0, candidates: [1, 2] });
    const stop = new AbortController();
    const onTrained = () => stop.abort();
    const stopped = exhaustiveSearch(engine, dataset, config, {
      ...OPTIONS,
      epochs: 1,
      signal: stop.signal,
    }, { onTrained });
    await assert.rejects(stopped, {
      name: "Interrupted",
      message:
        "Stopped while training candidate 2 of 2, k = 2; nothing of the search is kept: with the hook onState it tells what it can go on from",
      goesOn: undefined,
    });
  }));

Deno.test("exhaustive search over sizes: a training for each network; clear is a lead of more than two standard errors", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 3, users: 120 });
    const config = networkFor(dataset, { ...SIZES, longLayers: 0, candidates: [1, 4] });
    const search = (over: SearchedSizes, candidates = config.candidates) =>
      exhaustiveSearch(engine, dataset, { ...config, candidates }, { ...OPTIONS, epochs: 3 }, { over });
    const { architecture, trials } = await search({ layers: [1, 2] });
    assert.deepEqual(trials.map(({ shortTermLength, sizes }) => [shortTermLength, sizes]), [
      [1, { layers: 1 }],
      [4, { layers: 1 }],
      [1, { layers: 2 }],
      [4, { layers: 2 }],
    ]);
    const best = trials.toSorted((a, b) => b.value - a.value)[0];
    assert.deepEqual(architecture.selectedSizes, best.sizes);
    assert.equal(architecture.shortTermLength, 4);
    // The two that see the planted item are alike; of one that sees it and one that does not, the lead is clear.
    assert.equal(architecture.clear, false);
    const one = await search({ layers: [1] });
    assert.equal(one.architecture.clear, true);
    const [{ value, standardError }] = one.trials.toSorted((a, b) => b.value - a.value);
    assert(Math.abs(standardError! - Math.sqrt(value * (1 - value) / 119)) < 0.2 * standardError!, "of HR@1");
  }));
