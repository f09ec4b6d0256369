import assert from "node:assert/strict";
import { SEARCHES } from "../../../model/records/records.ts";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { Search } from "../../../model/search/search.ts";
import type { SearchOptions } from "../../../model/search/state.ts";
import { packSearch } from "../../../model/search/checkpoint.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

const engine = await openEngine();
const OPTIONS: Partial<SearchOptions> = {
  loss: "ce",
  trainNegatives: 1,
  trainDistribution: "uniform",
  rate: 5e-3,
  batchSize: 64,
  seed: 1,
  epochs: 2,
  warmup: 0.2,
  alphaRate: 0.02,
  alphaData: "validation",
  every: 4,
};
const SMALL = {
  length: 12,
  dim: 8,
  layers: 1,
  longLayers: 0,
  sequenceHidden: 8,
  channelHidden: 8,
  dropout: 0.1,
};

/** Runs `test` with a function that makes searches over the same small dataset. */
const withSearches = (test: (make: (options?: Partial<SearchOptions>) => Search) => Promise<void>) =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 });
    const config = networkFor(dataset, { ...SMALL, lengths: [1, 3, 5] });
    const made: Search[] = [];
    const make = (options: Partial<SearchOptions> = {}) => {
      const search = new Search(engine, dataset, config, { ...OPTIONS, ...options });
      made.push(search);
      return search;
    };
    try {
      await test(make);
    } finally {
      made.forEach((search) => search.dispose());
    }
  });

/** The whole state of a search, except for the time it took. */
function outcome(search: Search) {
  const { tensors, state } = packSearch(search.state());
  const { seconds: _, history, ...rest } = state as { seconds: number; history: Record<string, unknown>[] };
  return { tensors, ...rest, history: history.map(({ seconds: _, ...record }) => record) };
}

Deno.test("nobody leads before α has begun to learn", () =>
  withSearches(async (make) => {
    const notes: (string | undefined)[] = [], search = make({ epochs: 2, warmup: 0.5 });
    search.options.progress = {
      start: () => ({ advance() {}, end: (note) => notes.push(note) }),
      warn() {},
    };
    await search.run();
    assert.equal(notes.length, 2);
    assert.match(notes[0]!, /^loss \d\.\d{3}$/);
    assert.match(notes[1]!, /^loss \d\.\d{3}, validation loss \d\.\d+, k = [135] leads with \d+ %$/);
  }));

Deno.test("a deadline that leaves time for one step ends a search with that step on record", () =>
  withSearches(async (make) => {
    const search = make({ deadline: performance.now(), warmup: 0 });
    const { shortTermLength } = await search.run();
    assert.deepEqual(search.history.map(({ step }) => step), [1]);
    assert([1, 3, 5].includes(shortTermLength));
  }));

Deno.test("a search that is paused and resumed ends bit for bit where an uninterrupted one does", () =>
  withSearches(async (make) => {
    const whole = make(), paused = make();
    const { shortTermLength } = await whole.run();
    assert.deepEqual([whole.done, whole.finished], [true, 2]);

    let steps = 0;
    const pausing = () => {
      if (++steps % 5 === 0) paused.pause();
    };
    paused.options.progress = {
      start: () => ({ advance: (amount) => amount > 0 && pausing(), end() {} }),
      warn() {},
    };
    assert.equal(await paused.epoch(), undefined, "paused before the epoch's end");
    const { done, epoch } = paused.steps;
    assert(0 < done && done < epoch, `${done} of ${epoch} steps`);
    let loops = 0;
    for (; !paused.done; loops++) for await (const _epoch of paused);
    assert(loops > 1, "it was paused more than once");
    assert.deepEqual(outcome(paused), outcome(whole));
    assert.equal(paused.select().shortTermLength, shortTermLength);
  }));

Deno.test("pause() from elsewhere ends a loop that nobody waits for; what begins then continues", () =>
  withSearches(async (make) => {
    const search = make({ epochs: 50 });
    search.pause();
    search.step();
    const loop = (async () => {
      for await (const _epoch of search);
    })();
    while (search.steps.done < 3) await new Promise((resolve) => setTimeout(resolve, 0));
    await assert.rejects(search.epoch(), {
      name: "InputError",
      message: "Cannot resume the search: it is running already; wait for it, or stop it with pause()",
    });
    search.pause();
    const next = search.epoch(); // called at once: it waits for the paused step
    await loop;
    const reached = search.steps.done;
    assert((await next)!.step >= reached);
    assert.equal(search.steps.done % search.steps.epoch, 0, "the epoch was resumed to its end");
  }));

Deno.test("an interrupted search keeps everything: a second loop continues from that very step", () =>
  withSearches(async (make) => {
    const whole = make(), stopped = make();
    for await (const _epoch of whole);
    const controller = new AbortController();
    stopped.options.signal = controller.signal;
    stopped.step();
    controller.abort();
    await assert.rejects(
      stopped.epoch(),
      /Stopped while searching, epoch 1 \(\d+ % of it\); α as it stands is kept/,
    );
    assert.equal(stopped.steps.done, 2);
    stopped.options.signal = undefined;
    for await (const _epoch of stopped);
    assert.deepEqual(outcome(stopped), outcome(whole));
  }));

Deno.test("a finished search says how to continue, and does with more epochs; a cell can be run again", () =>
  withSearches(async (make) => {
    const search = make({ epochs: 1 });
    await search.run();
    await assert.rejects(search.epoch(), {
      name: "InputError",
      message: "Cannot search on: all 1 epochs are done; raise search.epochs to continue",
    });
    for await (const _epoch of search) assert.fail("nothing is left");
    const before = [...search.alpha];
    assert.deepEqual((await search.run()).alpha, before, "running again changes nothing");
    search.epochs = 2;
    search.options.warmup = 0.9;
    for (let i = 0; i < 2; i++) search.step(); // with two candidates α learns in every other step
    assert.notDeepEqual([...search.alpha], before, "once α learns, more epochs do not stop it");
    search.dispose();
    search.dispose();
    const gone = /^InputError: Cannot use the weights: they were disposed of; make a new search or training$/;
    assert.throws(() => search.step(), gone);
    assert.throws(() => search.state(), gone);
  }));

Deno.test("rates may be changed between steps: at zero, nothing moves", () =>
  withSearches((make) => {
    const search = make({ warmup: 0 });
    const weights = () => [...search.state().optimizer.tensors].map(([name, { values }]) => [name, values]);
    const fresh = weights();
    search.rate = 0;
    search.step();
    assert.deepEqual(weights(), fresh);
    const alpha = [...search.alpha];
    assert.notDeepEqual(alpha, [0, 0, 0]);
    search.alphaRate = 0;
    search.rate = 0.01;
    search.step();
    assert.deepEqual([...search.alpha], alpha);
    assert.notDeepEqual(weights(), fresh);
    return Promise.resolve();
  }));

Deno.test("search: rates and epochs are set to what it could be begun with; 0 lets them rest", () =>
  withSearches((make) => {
    const search = make(), { rate, alphaRate, epochs } = search;
    const wrong: [() => void, RegExp][] = [
      [() => search.rate = -5, /^InputError: Cannot search: option rate: give a number above 0$/],
      [() => search.rate = NaN, /^InputError: Cannot search: option rate: give a number$/],
      [() => search.alphaRate = -1, /option alphaRate: give a number above 0$/],
      [() => search.alphaRate = "a" as never, /option alphaRate: give a number$/],
      [() => search.epochs = -3, /option epochs: give a number above 0$/],
      [() => search.epochs = 2.5, /option epochs: give a whole number$/],
      [() => search.epochs = "x" as never, /option epochs: give a number$/],
      [() => search.epochs = undefined as never, /option epochs: give a number$/],
    ];
    for (const [set, message] of wrong) assert.throws(set, message);
    assert.deepEqual([search.rate, search.alphaRate, search.epochs], [rate, alphaRate, epochs]);
    search.rate = search.alphaRate = 0;
    assert.deepEqual([search.rate, search.alphaRate], [0, 0]);
    return Promise.resolve();
  }));

Deno.test("search: a step that is refused once it was disposed of is not counted", () =>
  withSearches((make) => {
    for (const method of SEARCHES) {
      const search = make({ search: method });
      search.step();
      search.dispose();
      assert.throws(() => search.step(), /^InputError: Cannot use the weights: they were disposed of/);
      assert.equal(search.steps.done, 1);
    }
    return Promise.resolve();
  }));
