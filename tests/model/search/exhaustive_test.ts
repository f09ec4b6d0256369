import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { type Exhaustive, exhaustiveSearch, type ExhaustiveState } from "../../../model/search/exhaustive.ts";
import type { TrainingState } from "../../../model/train/state.ts";
import { Training } from "../../../model/train/training.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { OPTIONS, SIZES } from "../train/planted_training.ts";

const engine = await openEngine();

Deno.test("exhaustive search: one training a length; the best wins, and its training is whole", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 3, users: 120 });
    const config = networkFor(dataset, { ...SIZES, longLayers: 0, lengths: [1, 4] });
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
    const config = networkFor(dataset, { ...SIZES, longLayers: 0, lengths: [1, 2, 4] });
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

Deno.test("exhaustive search: of several networks each candidate is trained as so many, and it continues", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 2, users: 60 }),
      options = { ...OPTIONS, epochs: 1 };
    const network = networkFor(dataset, { ...SIZES, longLayers: 0, lengths: [1, 2] });
    const config = { ...network, ensemble: 2 }, states: ExhaustiveState[] = [];
    const onState = (state: ExhaustiveState) => void states.push({ ...state, trials: [...state.trials] });
    const { winner, architecture } = await exhaustiveSearch(engine, dataset, config, options, { onState });
    const alone = new Training(
      engine,
      dataset,
      { ...config, lengths: [architecture.shortTermLength] },
      options,
    );
    await alone.run();
    assert.deepEqual(winner.optimizer, alone.state().optimizer);
    const afterFirst = states.find(({ trials, training }) => trials.length === 1 && !training);
    const resumed = await exhaustiveSearch(engine, dataset, config, options, { from: afterFirst });
    assert.deepEqual(resumed.winner.optimizer, winner.optimizer);
  }));

Deno.test("exhaustive search: a trial that was begun is gone on with, and of the time that is left each of the rest gets the same", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 2, users: 40 });
    const config = networkFor(dataset, { ...SIZES, longLayers: 0, lengths: [1, 2, 4] });
    let from: ExhaustiveState | undefined;
    const stop = new AbortController(), options = { ...OPTIONS, epochs: 2 };
    const onState = (state: ExhaustiveState) => {
      from = state;
      stop.abort();
    };
    const stopped = exhaustiveSearch(engine, dataset, config, { ...options, signal: stop.signal }, {
      onState,
    });
    await assert.rejects(stopped, { name: "Interrupted" });
    const deadline = performance.now() + 900_000, shares: number[] = [], begun: number[] = [];
    const onTraining = ({ steps, options }: Training) => {
      begun.push(steps.done / steps.epoch);
      shares.push((options.deadline! - performance.now()) / (deadline - performance.now()));
    };
    await exhaustiveSearch(engine, dataset, config, { ...options, deadline }, { from, onTraining });
    assert.deepEqual([begun[0] >= 1, ...begun.slice(1)], [true, 0, 0]);
    [1 / 3, 1 / 2, 1].forEach((share, i) => assert(Math.abs(shares[i] - share) < 0.01, `${shares}`));
  }));

Deno.test("exhaustive search: clear is a lead of more than two standard errors that matters; of equals the first wins", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 2, users: 40 });
    const config = networkFor(dataset, { ...SIZES, longLayers: 0, lengths: [1, 2, 4] });
    const options = { ...OPTIONS, epochs: 1 }, states: TrainingState[] = [];
    const onTrained = (training: Training) => void states.push(training.state());
    const { trials } = await exhaustiveSearch(engine, dataset, config, options, { onTrained });
    const of = async (...known: [value: number, standardError?: number][]) => {
      const given = trials.map((trial, i) => ({ ...trial, value: known[i][0], standardError: known[i][1] }));
      const values = known.map(([value]) => value), winner = states[values.indexOf(Math.max(...values))];
      // All trials exist: nothing is trained.
      const { architecture } = await exhaustiveSearch(engine, dataset, config, options, {
        from: { trials: given, winner },
      });
      return architecture;
    };
    const clear = async (...known: Parameters<typeof of>) => (await of(...known)).clear;
    assert.equal(await clear([0.5, 0.01], [0.47, 0.01], [0.4, 0.01]), true); // 0.03 > 0.0283
    assert.equal(await clear([0.5, 0.01], [0.475, 0.01], [0.4, 0.01]), false);
    assert.equal(await clear([0.5, 0.01], [0.47, 0.02], [0.4, 0.01]), false);
    assert.equal(await clear([0.5, 1e-5], [0.4989, 1e-5], [0.4, 1e-5]), true); // 2.2 in a thousand
    assert.equal(await clear([0.5, 1e-5], [0.4991, 1e-5], [0.4, 1e-5]), false);
    assert.equal(await clear([0.5, 0.01], [0.1], [0.1, 0.01]), false);
    const { margin, shortTermLength } = await of([0.25, 0.1], [0.5, 0.1], [0.5, 0.1]);
    assert.deepEqual([margin, shortTermLength], [0, 2]);
    assert.equal((await of([0.25, 0.1], [0.125, 0.1], [0.5, 0.1])).margin, 0.25);
  }));

Deno.test("exhaustive search: stopped where nobody takes its state, it says that nothing is kept", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 2, users: 60 });
    const config = networkFor(dataset, { ...SIZES, longLayers: 0, lengths: [1, 2] });
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

Deno.test("exhaustive search: clear is a lead of more than two standard errors", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 3, users: 120 });
    const config = networkFor(dataset, { ...SIZES, longLayers: 0, lengths: [1, 4, 5] });
    const search = (lengths: number[]) =>
      exhaustiveSearch(engine, dataset, { ...config, lengths }, { ...OPTIONS, epochs: 3 });
    // Two that see the planted item are alike; of one that sees it and one that does not, the lead is clear.
    assert.equal((await search([1, 4, 5])).architecture.clear, false);
    const { architecture, trials } = await search([1, 4]);
    assert.deepEqual([architecture.shortTermLength, architecture.clear], [4, true]);
    const [{ value, standardError }] = trials.toSorted((a, b) => b.value - a.value);
    assert(Math.abs(standardError! - Math.sqrt(value * (1 - value) / 119)) < 0.2 * standardError!, "of HR@1");
  }));
