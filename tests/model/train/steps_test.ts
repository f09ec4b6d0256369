import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { evaluate } from "../../../model/evaluate/evaluate.ts";
import { compareAll } from "../../../model/evaluate/significance.ts";
import { packTraining } from "../../../model/train/checkpoint.ts";
import type { TrainingOptions } from "../../../model/train/options.ts";
import { Training } from "../../../model/train/training.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";
import { wordsOf } from "../../place_words.ts";
import { walks } from "../support.ts";

const engine = await openEngine();
const OPTIONS: TrainingOptions = {
  loss: "ce",
  trainNegatives: 1,
  trainDistribution: "uniform",
  rate: 0.01,
  batchSize: 32,
  seed: 1,
  epochs: 3,
  patience: 9,
  metric: "HR@1",
  protocol: "full",
};
const SMALL = {
  length: 8,
  dim: 4,
  layers: 1,
  longLayers: 0,
  sequenceHidden: 4,
  channelHidden: 4,
  dropout: 0.1,
  lengths: [2],
};
const ITEMS = Array.from("abcdefgh");
const sketch = (items: string[]) => ({
  sequences: walks(16, 10, items),
  items: Object.fromEntries(items.map((id) => [id, {}])),
});

/** Runs `test` with a function that makes trainings over the same small dataset, and cleans up. */
const withTrainings = (
  test: (make: (options?: Partial<TrainingOptions>) => Training, folder: string) => Promise<void>,
) =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, sketch(ITEMS)), made: Training[] = [];
    const before = engine.memory().tensors;
    await test((options = {}) => {
      made.push(new Training(engine, dataset, networkFor(dataset, SMALL), { ...OPTIONS, ...options }));
      return made.at(-1)!;
    }, folder);
    made.forEach((training) => training.dispose());
    made.forEach((training) => training.dispose());
    assert.throws(() => made[0].step(), /^InputError: Cannot use the weights: they were disposed of/);
    assert.equal(
      engine.memory().tensors,
      before,
      "no tensor is left behind, and to dispose twice is harmless",
    );
  });

/** The whole state of a training, except for the time it took. */
function outcome(training: Training) {
  const { tensors, state } = packTraining(training.state());
  const { seconds: _, history, ...rest } = state as { seconds: number; history: Record<string, unknown>[] };
  return {
    tensors,
    ...rest,
    history: history.map(({ seconds: _, examplesPerSecond: __, ...record }) => record),
  };
}

Deno.test("a training that is paused, or driven by steps, ends bit for bit where an uninterrupted one does", () =>
  withTrainings(async (make) => {
    const whole = make(), paused = make(), stepped = make();
    await whole.run();
    let steps = 0;
    paused.options.progress = {
      start: () => ({
        advance: (amount) => void (amount > 0 && ++steps % 3 === 0 && paused.pause()),
        end() {},
      }),
      warn() {},
    };
    assert.equal(await paused.epoch(), undefined);
    while (!paused.done) for await (const _epoch of paused);
    assert.deepEqual(outcome(paused), outcome(whole));

    // An epoch that was completed by steps is validated by the next epoch().
    for (let i = 0; i < stepped.steps.epoch; i++) stepped.step();
    assert.equal(stepped.finished, 0);
    assert.equal((await stepped.epoch())!.epoch, 1);
    for await (const _epoch of stepped);
    assert.deepEqual(outcome(stepped), outcome(whole));
  }));

Deno.test("epochs that steps have gone through need no record: the best is known by its number", () =>
  withTrainings(async (make) => {
    const training = make({ epochs: 4, patience: 2 });
    training.rate = 0;
    for (let i = 0; i < 2 * training.steps.epoch; i++) training.step();
    assert.equal((await training.epoch())!.epoch, 2);
    assert.deepEqual([training.bestEpoch, training.done], [2, false]);
    for await (const _epoch of training);
    assert.deepEqual(training.history.map(({ epoch, best }) => [epoch, best]), [[2, true], [3, false], [
      4,
      false,
    ]]);
    const again = make({ epochs: 4, patience: 2 });
    again.restore(training.state());
    assert(again.done);
  }));

Deno.test("stopped in a step or in the validation, it continues from there", () =>
  withTrainings(async (make) => {
    const whole = make();
    await whole.run();
    for (const stopAt of [2, whole.steps.epoch]) {
      const stopped = make(), controller = new AbortController();
      stopped.options.signal = controller.signal;
      for (let i = 1; i < stopAt; i++) stopped.step();
      if (stopAt === whole.steps.epoch) stopped.step();
      controller.abort();
      await assert.rejects(stopped.epoch(), { name: "Interrupted", goesOn: "run the training again" });
      assert.deepEqual([stopped.steps.done, stopped.finished], [stopAt, 0]);
      stopped.options.signal = undefined;
      for await (const _epoch of stopped);
      assert.deepEqual(outcome(stopped), outcome(whole));
    }
  }));

Deno.test("an epoch of which the validation alone is left has a line of progress as others have", () =>
  withTrainings(async (make) => {
    const training = make(), said: (string | undefined)[] = [];
    training.options.progress = {
      start: (label, _total, _unit, place) => {
        said.push(label, wordsOf(place));
        return { advance() {}, end: (note, ending) => void said.push(note, ending) };
      },
      warn() {},
    };
    for (let i = 0; i < training.steps.epoch; i++) training.step();
    await training.epoch();
    assert.deepEqual([said[0], said[1], said[3]], ["epoch 1", "validation", "done"]);
    assert.match(said[2]!, /^loss \d\.\d{3}, HR@1 0\.\d{4} \(the best so far\)$/);
    training.rate = 0;
    await training.epoch();
    const best = training.history[0].metrics["HR@1"].toFixed(4);
    assert.match(said[6]!, new RegExp(`, HR@1 ${best} \\(best ${best} in epoch 1\\)$`));
  }));

Deno.test("finish() gives the best epoch's network and disturbs nothing; it can be asked for twice", () =>
  withTrainings(async (make) => {
    const whole = make(), looked = make();
    await whole.run();
    const untrained = looked.finish();
    await looked.epoch();
    const first = looked.finish();
    assert.equal(looked.finish(), first);
    assert.notEqual(first, untrained);
    assert.deepEqual(first.values(), looked.recommender().values(), "the first epoch is the best so far");
    for await (const _epoch of looked);
    assert.deepEqual(outcome(looked), outcome(whole), "looking at it on the way changed nothing");

    const { bestEpoch, history } = looked, model = looked.finish();
    const { metrics } = await evaluate(model, looked.dataset, {
      split: "validation",
      protocols: ["full"],
      ks: [1],
    });
    assert.equal(metrics.full["HR@1"], history[bestEpoch - 1].metrics["HR@1"]);
    model.refresh();
  }));

Deno.test("finish() after restore() gives the network of the restored state, also where it is of the same epoch or step", () =>
  withTrainings(async (make) => {
    const training = make(), other = make({ seed: 2 });
    const isRestored = () => {
      const before = training.finish().values();
      training.restore(other.state());
      assert.deepEqual(training.finish().values(), other.finish().values());
      assert.notDeepEqual(training.finish().values(), before);
    };
    isRestored(); // neither has a best epoch, both have made no step
    for (const one of [training, other]) await one.epoch();
    assert.deepEqual([training.bestEpoch, other.bestEpoch], [1, 1]);
    isRestored();
  }));

Deno.test("trainings that are named can be distinguished where they are compared", () =>
  withTrainings(async (make) => {
    const usual = make(), named = make({ name: "AutoMLP, rate 0.1", rate: 0.1 });
    const evaluations = await Promise.all(
      [usual, named, named.with({ name: "a third" })].map(async (training) => {
        training.step();
        const model = training.finish();
        assert.equal(training.recommender().name, model.name);
        const evaluation = await evaluate(model, training.dataset, { protocols: ["full"] });
        training.dispose();
        return evaluation;
      }),
    );
    const { comparisons } = compareAll(evaluations[0], evaluations.slice(1), "HR@10");
    assert.deepEqual(comparisons.map(({ a, b }) => [a, b]), [
      ["AutoMLP", "AutoMLP, rate 0.1"],
      ["AutoMLP", "a third"],
    ]);
    assert.throws(() => make({ name: "" }), /^InputError: Cannot train: option name: /);
  }));

Deno.test("a finished training says how to continue, and does", () =>
  withTrainings(async (make) => {
    const training = make({ epochs: 1 });
    await training.run();
    await assert.rejects(training.epoch(), {
      message: "Cannot train on: all 1 epochs are done; raise training.epochs to continue",
    });
    training.epochs = 20;
    training.patience = 1;
    training.rate = 0;
    for await (const _epoch of training);
    assert.equal(training.finished, 2, "at rate 0 nothing gets better");
    await assert.rejects(training.epoch(), {
      message: "Cannot train on: HR@1 is no better since epoch 1; raise training.patience to continue",
    });
  }));

Deno.test("with nothing changed, a new training continues bit for bit; on other data, with the weights alone", () =>
  withTrainings(async (make, folder) => {
    const training = make();
    await training.epoch();
    training.step();
    const next = training.with();
    assert.deepEqual(next.state(), training.state());
    for (const one of [next, training]) for await (const _epoch of one);
    assert.deepEqual(outcome(next), outcome(training));
    next.dispose();

    const dataset = await makeDataset(`${folder}/other`, sketch(ITEMS.toReversed()));
    const moved = training.with({ dataset, rate: 0.001 });
    const width = SMALL.dim, name = "items.embedding";
    const row = (of: Training, item: number) =>
      of.values().get(name)!.slice(item * width, (item + 1) * width);
    assert.deepEqual(row(moved, 1), row(training, ITEMS.length));
    assert.deepEqual([moved.rate, moved.finished, moved.bestEpoch, moved.done], [0.001, 0, 0, false]);
    assert.equal((await moved.epoch())!.epoch, 1);
    moved.dispose();
  }));

Deno.test("while an epoch runs, it says of how many, its mean loss so far, how far its validation is, and the best so far; as a phase of a job not what the job says", () =>
  withTrainings(async (make) => {
    const training = make({ epochs: 2 }), losses: number[] = [], said: string[] = [];
    const { step } = training;
    training.step = () => losses[losses.push(step.call(training)) - 1];
    let look = () => {};
    training.options.progress = {
      start(_label, _total, _unit, place) {
        look = () => said.push(wordsOf(place));
        look();
        return { advance: () => look(), end() {} };
      },
      warn() {},
    };
    await training.epoch();
    const mean = (losses[0] + losses[1]) / 2;
    // Before any step, on going to the first, and behind each.
    assert.deepEqual(said.slice(0, 2), ["of at most 2", "of at most 2"]);
    assert.equal(said[2], `of at most 2, loss ${losses[0].toFixed(3)}`);
    assert.equal(said[3], `of at most 2, loss ${mean.toFixed(3)}`);
    const whole = (losses.reduce((sum, loss) => sum + loss) / losses.length).toFixed(3);
    assert.deepEqual(
      said.slice(-2),
      [0, 100].map((part) => `of at most 2, validation ${part}%, loss ${whole}`),
    );
    said.length = 0;
    const best = `best HR@1 ${training.history[0].metrics["HR@1"].toFixed(4)} in epoch 1`;
    await training.epoch();
    assert.equal(said[0], `of at most 2, ${best}`);
    assert.match(said.at(-1)!, new RegExp(`^of at most 2, validation 100%, loss \\d\\.\\d{3}, ${best}$`));
    said.length = 0;
    const phase = make({ epochs: 1, progress: training.options.progress });
    phase.isPhase = true;
    await phase.epoch();
    assert(
      said.every((words) => /^of at most 1(, validation \d+%)?(, loss \d\.\d{3})?$/.test(words)),
      said.join("\n"),
    );
  }));

Deno.test("training: rate, epochs and patience are set to what it could be begun with; a step that is refused is not counted", () =>
  withTrainings((make) => {
    const training = make(), { rate, epochs, patience } = training;
    const wrong: [() => void, RegExp][] = [
      [() => training.rate = -5, /^InputError: Cannot train: option rate: give a number above 0$/],
      [() => training.rate = NaN, /option rate: give a number$/],
      [() => training.epochs = 2.5, /option epochs: give a whole number$/],
      [() => training.epochs = 0, /option epochs: give a number above 0$/],
      [() => training.patience = "a" as never, /option patience: give a number$/],
    ];
    for (const [set, message] of wrong) assert.throws(set, message);
    assert.deepEqual([training.rate, training.epochs, training.patience], [rate, epochs, patience]);
    training.step();
    training.dispose();
    assert.throws(() => training.step(), /^InputError: Cannot use the weights/);
    assert.equal(training.steps.done, 1);
    return Promise.resolve();
  }));
