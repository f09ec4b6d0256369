import assert from "node:assert/strict";
import { join } from "node:path";
import {
  AutoMLP,
  automlp,
  beginTraining,
  compareRuns,
  evaluate,
  METHODS,
  presetFor,
  train,
} from "../../../mod.ts";
import { offerContext } from "../../../pipeline/contract/context.ts";
import { silent } from "../../../pipeline/contract/progress.ts";
import { reopenRun } from "../../../model/experiment/begun.ts";
import { loadModel, writeTrained } from "../../../model/methods/store.ts";
import { methodOf } from "../../../model/train/methods.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

const OPTIONS = {
  length: 12,
  dim: 8,
  layers: 1,
  longLayers: 0,
  sequenceHidden: 8,
  channelHidden: 8,
  dropout: 0,
  lengths: [1, 3],
  searchEpochs: 6,
  batchSize: 64,
  rate: 0.01,
  epochs: 2,
  seed: 1,
  metric: "HR@1" as const,
  protocol: "full" as const,
  ks: [1],
};

Deno.test("AutoMLP: fits, recommends and evaluates; saved and loaded it is the same, and a run like any other", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60, distance: 3 });
    const model = await new AutoMLP(OPTIONS).fit(dataset, { out: join(dir, "run") });
    assert.equal(model.architecture.shortTermLength, 3);
    assert.equal(model.history.length, 2);
    const user = String(dataset.table("users").getColumn("id").toArray()[0]);
    const frame = await model.recommend({ users: [user], k: 4, keepSeen: true });
    assert.deepEqual([frame.height, frame.columns.slice(0, 3)], [4, ["user", "rank", "item"]]);
    assert.equal((await model.recommend({ users: user, k: 2, keepSeen: true })).height, 2);
    assert.equal((await model.recommend({ k: 1, keepSeen: true })).height, dataset.users);

    assert.equal(await model.save(join(dir, "kept")), join(dir, "kept"));
    await assert.rejects(
      model.save(join(dir, "kept")),
      /^InputError: Cannot write the run to .*: a run is there/,
    );
    await assert.rejects(model.save(model.run.path), {
      message: /^Cannot write the run .+run: .+, which is read, is in it; choose another folder$/,
    });
    const before = Deno.cwd();
    try {
      Deno.chdir(dir);
      const copies = await Promise.all([model.save(), model.save()]);
      assert.deepEqual(copies, ["runs/planted", "runs/planted-2"]);
      Deno.renameSync("runs", "first");
      assert.deepEqual([await model.save(), await model.save()], ["runs/planted", "runs/planted-2"]);
      const saved = await AutoMLP.load("runs/planted-2");
      assert.equal(saved.architecture.shortTermLength, 3);
      saved.dispose();
    } finally {
      Deno.chdir(before);
    }
    const again = await AutoMLP.load(join(dir, "kept"));
    assert.deepEqual(
      (await again.recommend({ users: [user], k: 4, keepSeen: true })).toRecords(),
      frame.toRecords(),
    );
    const { metrics } = await again.evaluate({ protocols: ["full"], ks: [1] });
    assert.deepEqual(metrics, (await evaluate(model, dataset, { protocols: ["full"], ks: [1] })).metrics);
    assert.equal(again.options.seed, 1);
    assert.equal((await reopenRun(join(dir, "kept"))).dataset.folder, dataset.folder);
    assert.match(String(again), /Run .*kept[\s\S]*training +2 epochs/);
    assert.match(String(new AutoMLP({ epochs: 10 })), /^AutoMLP, not fitted: epochs 10$/);
    [model, again].forEach((one) => one.dispose());
  }));

Deno.test("AutoMLP: evaluates with the cut-offs, and with what users had before, as it was made", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60, distance: 3 });
    const options = { ...OPTIONS, lengths: [3], epochs: 1, ks: [2], keepSeen: true };
    const model = await new AutoMLP(options).fit(dataset, { out: join(dir, "run") });
    const full = { protocols: ["full" as const] }, own = await model.evaluate(full);
    assert.deepEqual([own.keepSeen, own.ks], [true, [2]]);
    assert.deepEqual(
      own.metrics,
      (await evaluate(model, dataset, { ...full, ks: [2], keepSeen: true })).metrics,
    );
    const loaded = await AutoMLP.load(join(dir, "run"));
    assert.deepEqual((await loaded.evaluate(full)).metrics, own.metrics);
    const other = await loaded.evaluate({ ...full, ks: [1], keepSeen: false });
    assert.deepEqual([other.keepSeen, other.ks], [false, [1]]);
    [model, loaded].forEach((one) => one.dispose());
  }));

Deno.test("AutoMLP: stopped in its training, fit goes on to what it would have been", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60, distance: 3 });
    const whole = await new AutoMLP(OPTIONS).fit(dataset, { out: join(dir, "whole") });
    const stop = new AbortController(), model = new AutoMLP(OPTIONS);
    const progress = {
      warn: () => {},
      start: (name: string) => {
        if (/epoch 2/.test(name) && !/search/.test(name)) stop.abort();
        return { advance: () => {}, end: () => {}, note: () => {} };
      },
    };
    const context = { out: join(dir, "stopped") };
    await assert.rejects(model.fit(dataset, { ...context, signal: stop.signal, progress }), {
      name: "Interrupted",
      goesOn: "call fit again with the same dataset",
    });
    assert(
      String(model).endsWith(`; a fit was begun in ${context.out}: fit again resumes it`),
      String(model),
    );
    const warnings: string[] = [];
    try {
      offerContext(() => ({ progress: { ...silent, warn: (one) => warnings.push(one) } }));
      (await AutoMLP.load(context.out)).dispose();
      (await loadModel(context.out, dataset)).dispose();
    } finally {
      offerContext(() => ({}));
    }
    assert.match(
      warnings[0],
      /^Training has not come to its end \(\S+ of 2 epochs\): the model is that of epoch 1,/,
    );
    assert.deepEqual(warnings.slice(1), [warnings[0]], "once by each");
    await model.fit(dataset);
    assert.equal(model.run.path, join(dir, "stopped"));
    const losses = (one: AutoMLP) => one.history.map(({ loss }) => loss);
    assert.deepEqual(losses(model), losses(whole));
    [model, whole].forEach((one) => one.dispose());
  }));

Deno.test("AutoMLP: stopped, fit goes on in the folder where it began, whatever the working folder is since", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 }), stop = new AbortController();
    const model = new AutoMLP({ ...OPTIONS, length: 6, searchEpochs: 1, epochs: 1 }), before = Deno.cwd();
    const progress = {
      warn: () => {},
      start: (name: string) => {
        if (/epoch 1/.test(name) && !/search/.test(name)) stop.abort();
        return { advance: () => {}, end: () => {}, note: () => {} };
      },
    };
    try {
      Deno.chdir(dir);
      await assert.rejects(model.fit(dataset, { out: "stopped", signal: stop.signal, progress }), {
        name: "Interrupted",
      });
      assert.match(String(model), /; a fit was begun in stopped: fit again resumes it$/);
      Deno.mkdirSync("elsewhere");
      Deno.chdir("elsewhere");
      await model.fit(dataset);
      assert.equal(model.run.path, join(dir, "stopped"));
      assert.deepEqual([...Deno.readDirSync(".")], []);
    } finally {
      Deno.chdir(before);
      model.dispose();
    }
  }));

Deno.test("AutoMLP: what cannot be is said before anything is done", () =>
  withFolder(async (dir) => {
    assert.throws(() => new AutoMLP({ epoch: 3 } as object), /^InputError: .*epoch/);
    assert.throws(() => new AutoMLP({ lengths: [60] }), /^InputError: Cannot build the network/);
    const nothing = { items: new Uint32Array(), starts: new Uint32Array(), ends: new Uint32Array() };
    const untaught: ((model: AutoMLP) => Promise<unknown>)[] = [
      (model) => model.score(nothing),
      (model) => model.recommend(),
      (model) => model.evaluate(),
    ];
    for (const use of untaught) { // with a rejected promise, as a caller that awaits it expects
      await assert.rejects(
        use(new AutoMLP()),
        /^InputError: Cannot use this AutoMLP: it has learnt nothing yet; await fit\(dataset\) first$/,
      );
    }
    await assert.rejects(AutoMLP.load(join(dir, "none")), /^InputError: Cannot open the run/);
  }));

Deno.test("a training of AutoMLP has one length; several are told what to do", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30 });
    await assert.rejects(
      train("automlp", dataset, { lengths: [1, 2], length: 10, epochs: 1 }),
      /^InputError: Cannot train AutoMLP with the short-term lengths 1, 2: .*lengths: \[1\], or select it by a search/,
    );
  }));

Deno.test("a training of AutoMLP is told what its one length is called", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30 });
    // @ts-expect-error: the compiler reports it, too
    await assert.rejects(train("automlp", dataset, { short: 3 }), {
      name: "InputError",
      message:
        "Cannot train AutoMLP: there is no option short; give the short-term length as its only candidate, as in lengths: [3]",
    });
  }));

Deno.test("a training says which option is meant, whatever its method", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30 });
    for (const method of METHODS) {
      for (
        const [given, meant] of [["epoch", "epochs"], ["patienc", "patience"], ["dimm", "dim"], [
          "ensembl",
          "ensemble",
        ]]
      ) {
        await assert.rejects(beginTraining(method, dataset, { [given]: 1 }), {
          name: "InputError",
          message: `Cannot train ${
            methodOf({ method }).title
          }: there is no option ${given} (did you mean "${meant}"?)`,
        });
      }
    }
  }));

Deno.test("runs of fit are compared once they are evaluated, and a program is told by which call", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60, distance: 3 }), out = join(dir, "run");
    const { lengths: _, searchEpochs: _none, ...options } = OPTIONS;
    (await new AutoMLP({ ...options, search: "none", short: 2 }).fit(dataset, { out })).dispose();
    assert.throws(() => compareRuns([out]), {
      name: "InputError",
      message: `Cannot compare the run ${out}: it has no results yet; deno task evaluate ${out} makes them`,
    });
    await automlp({ out, resume: true });
    assert.equal(compareRuns([out]).runs.length, 1);
  }));

Deno.test("AutoMLP: a folder with somebody's run in it is refused however often it is asked for", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60, distance: 3 }), out = join(dir, "run");
    (await new AutoMLP(OPTIONS).fit(dataset, { out })).dispose();
    const other = new AutoMLP(OPTIONS);
    for (let times = 0; times < 2; times++) {
      await assert.rejects(other.fit(dataset, { out }), /^InputError: There is a run in .* already/);
    }
  }));

Deno.test("AutoMLP: a seed that is none, and candidates beside a given length, are refused at once; of a preset or a run on record they are not", () =>
  withFolder(async (dir) => {
    for (const seed of [-1, 1.5, NaN]) {
      assert.throws(() => new AutoMLP({ seed }), /^InputError: Option seed does not fit: give a /);
    }
    assert.throws(
      () => new AutoMLP({ search: "none", short: 5, lengths: [3, 7] }),
      /^InputError: Option lengths goes with a search, not with search: "none"; leave it out$/,
    );
    assert.match(
      String(new AutoMLP({ ...presetFor("ml-1m", "automlp"), search: "none", short: 5 })),
      /lengths 20 30 40/,
    );
    const dataset = await plantedDataset(dir, { users: 60, distance: 3 });
    const { lengths: _, searchEpochs: _none, ...options } = OPTIONS, out = join(dir, "run");
    (await new AutoMLP({ ...options, search: "none", short: 2 }).fit(dataset, { out })).dispose();
    const loaded = await AutoMLP.load(out);
    assert.equal(loaded.architecture.shortTermLength, 2);
    loaded.dispose();
  }));

Deno.test("AutoMLP.load: weights of another method in its run are refused", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60, distance: 3 }), out = join(dir, "run");
    const { lengths: _, searchEpochs: _none, ...options } = OPTIONS;
    const model = await new AutoMLP({ ...options, search: "none", short: 2 }).fit(dataset, { out });
    const other = await train("fpmc", dataset, { dim: 4, epochs: 1, seed: 1 });
    await writeTrained(model.run, other, { dataset, seed: 1 });
    model.dispose();
    await assert.rejects(
      AutoMLP.load(out),
      /^InputError: Cannot load .*run as AutoMLP: its model is one of FPMC; take loadModel$/,
    );
  }));

Deno.test("AutoMLP: two fits at once, neither told where, take a folder each", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60, distance: 3 }), before = Deno.cwd();
    const { lengths: _, searchEpochs: _none, ...options } = OPTIONS;
    try {
      Deno.chdir(dir);
      const fit = (short: number) =>
        new AutoMLP({ ...options, epochs: 1, search: "none", short }).fit(dataset);
      const models = await Promise.all([fit(1), fit(2)]);
      assert.deepEqual(models.map(({ run }) => run.path), ["runs/planted", "runs/planted-2"]);
      assert.deepEqual(models.map(({ architecture }) => architecture.shortTermLength), [1, 2]);
      models.forEach((model) => model.dispose());
    } finally {
      Deno.chdir(before);
    }
  }));
