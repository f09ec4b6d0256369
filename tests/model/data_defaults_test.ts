import assert from "node:assert/strict";
import { beginTraining, networkFor, runJob } from "../../mod.ts";
import { defaultBatchSize, defaultDropout, LEAST_STEPS } from "../../model/data_defaults.ts";
import { resolveSearch } from "../../model/search/options.ts";
import { sasrec } from "../../model/methods/sasrec.ts";
import { withFolder } from "../folders.ts";
import { inFolder, makeDataset } from "../pipeline/export/dataset.ts";
import { plantedDataset } from "./planted.ts";

const SMALL = { length: 5, dim: 4, layers: 1 };

/** Users who each have the same two items, so often that either has so many interactions in training. */
const sequences = (interactions: number) =>
  Object.fromEntries(
    Array.from({ length: interactions }, (_, user) => [`u${user}`, ["a", "b", "b", "a"]]),
  );

Deno.test("with thirty interactions an item the dropout is the usual one, with fewer it is more", () =>
  inFolder(async (folder) => {
    const few = await makeDataset(`${folder}/few`, { sequences: sequences(29) });
    const enough = await makeDataset(`${folder}/enough`, { sequences: sequences(30) });
    assert.deepEqual([defaultDropout(few), defaultDropout(enough)], [0.4, 0.2]);
    for (const [dataset, dropout] of [[few, 0.4], [enough, 0.2]] as const) {
      assert.equal(networkFor(dataset, { candidates: [1] }).dropout, dropout);
      assert.equal(sasrec.configure(dataset, {}).dropout, dropout);
    }
    assert.equal(networkFor(few, { candidates: [1], dropout: 0 }).dropout, 0);
    assert.equal(sasrec.configure(few, { dropout: 0.1 }).dropout, 0.1);
  }));

Deno.test("a run has the dropout that it was trained with on record", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30, items: 40 }), small = { dim: 4, length: 5 };
    assert.equal(defaultDropout(dataset), 0.4);
    const own = { ...small, layers: 1, search: "none", short: 2, epochs: 1, until: "retrain" } as const;
    const sizes = { ...small, layers: 1, heads: 1 };
    const other = { method: "sasrec", sizes, epochs: 1, until: "retrain" } as const;
    const dropoutOf = (folder: string) =>
      JSON.parse(Deno.readTextFileSync(`${folder}/model/config.json`)).config.dropout;
    for (const [given, dropout] of [[{}, 0.4], [{ dropout: 0.1 }, 0.1]] as const) {
      const [ours, theirs] = [`${dir}/automlp-${dropout}`, `${dir}/sasrec-${dropout}`];
      await runJob(dataset, { ...own, ...given }, { out: ours });
      await runJob(dataset, { ...other, sizes: { ...sizes, ...given } }, { out: theirs });
      // Named in another order, or for the first time, they are the same.
      await runJob(dataset, { ...other, sizes: { dropout, ...sizes }, resume: true }, { out: theirs });
      assert.deepEqual([ours, theirs].map(dropoutOf), [dropout, dropout]);
    }
  }));

Deno.test("a step takes what is usual where data are many, else so much less that an epoch has enough steps", () => {
  const ways: [examples: number, usual: number, size: number][] = [
    [1_000_000, 512, 512],
    [512 * LEAST_STEPS, 512, 512],
    [512 * LEAST_STEPS - 1, 512, 256],
    [4000, 128, 64],
    [100, 128, 16],
    [0, 128, 16],
    [100, 8, 8],
  ];
  for (const [examples, usual, size] of ways) assert.equal(defaultBatchSize(examples, usual), size);
});

Deno.test("by default a step of training and of a search goes by the data, and a run has it on record", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 90 }),
      { train: interactions } = dataset.manifest.counts;
    const own = { ...SMALL, search: "none", short: 2, epochs: 1, until: "retrain" } as const;
    const other = { sizes: { ...SMALL, heads: 1 }, method: "sasrec", epochs: 1, until: "retrain" } as const;
    const last = { ...other, method: "gru4rec", sizes: { length: 5, dim: 4, examples: "last" } };
    const targets = defaultBatchSize(interactions - dataset.users, 128);
    assert(targets > 16);
    const jobs = [["automlp", own, targets], ["sasrec", other, 16], ["gru4rec", last, targets]] as const;
    for (const [name, job, size] of jobs) {
      const { run } = await runJob(dataset, job, { out: `${dir}/${name}` });
      assert.equal(run.readRun()!.config.batchSize, size, name);
      await runJob(dataset, { ...job, batchSize: size, resume: true }, { out: `${dir}/${name}` });
    }
    const given = await runJob(dataset, { ...own, batchSize: 64 }, { out: `${dir}/given` });
    assert.equal(given.run.readRun()!.config.batchSize, 64);

    assert.equal(resolveSearch({}, dataset).batchSize, targets);
    const training = await beginTraining("sasrec", dataset, { ...SMALL, heads: 1 });
    assert.equal(training.options.batchSize, 16);
    training.dispose();
  }));
