import assert from "node:assert/strict";
import { beginTraining, type DatasetNetworkInput, networkFor, runJob } from "../../mod.ts";
import { defaultBatchSize, defaultDropout, defaultLength, LEAST_STEPS } from "../../model/data_defaults.ts";
import { resolveSearch } from "../../model/search/options.ts";
import { sasrec } from "../../model/methods/sasrec.ts";
import { seenBiasOf } from "../../model/seen_bias.ts";
import { withFolder } from "../folders.ts";
import { inFolder, makeDataset } from "../pipeline/export/dataset.ts";
import { plantedDataset } from "./planted.ts";
import { refused } from "./support.ts";

const SMALL_BUT_LONG = { dim: 4, layers: 1 };
const SMALL = { length: 5, dim: 4, layers: 1 };

/** Users who all have the same two items, often enough that each item has this many interactions in training. */
const sequences = (interactions: number) =>
  Object.fromEntries(
    Array.from({ length: interactions }, (_, user) => [`u${user}`, ["a", "b", "b", "a"]]),
  );

Deno.test("with thirty interactions an item dropout and fusion are the usual ones, with fewer more is dropped, and features are added", () =>
  inFolder(async (folder) => {
    const few = await makeDataset(`${folder}/few`, { sequences: sequences(29) });
    const enough = await makeDataset(`${folder}/enough`, { sequences: sequences(30) });
    assert.deepEqual([defaultDropout(few), defaultDropout(enough)], [0.4, 0.2]);
    for (const [dataset, dropout] of [[few, 0.4], [enough, 0.2]] as const) {
      const network = networkFor(dataset, { lengths: [1] });
      assert.deepEqual([network.dropout, network.fusion], [dropout, dataset === few ? "sum" : "concat"]);
      assert.equal(networkFor(dataset, { lengths: [1], fusion: "concat" }).fusion, "concat");
      assert.equal(sasrec.configure(dataset, {}).dropout, dropout);
    }
    assert.equal(networkFor(few, { lengths: [1], dropout: 0 }).dropout, 0);
    assert.equal(sasrec.configure(few, { dropout: 0.1 }).dropout, 0.1);
  }));

/** A dataset of users with these numbers of interactions, two of which are held out. */
const lasting = (folder: string, ...interactions: number[]) =>
  makeDataset(folder, {
    sequences: Object.fromEntries(
      interactions.map((n, user) => [`u${user}`, Array.from({ length: n }, (_, i) => `i${i}`)]),
    ),
  });

Deno.test("where nearly all histories are short, a network's are", () =>
  inFolder(async (folder) => {
    // Eight interactions: five targets each, after 1 to 5 items.
    const sessions = Array<number>(20).fill(8);
    const short = await lasting(`${folder}/short`, ...sessions);
    // One more user, with 18 targets after 1 to 18 items: 110 of the 118 targets have ten or fewer items before them, and all have at most
    // twenty.
    const mixed = await lasting(`${folder}/mixed`, ...sessions, 21);
    const long = await lasting(`${folder}/long`, 8, 60);
    assert.deepEqual([short, mixed, long].map((dataset) => defaultLength(dataset, {})), [10, 20, 50]);
    for (const [dataset, length] of [[short, 10], [mixed, 20], [long, 50]] as const) {
      assert.equal(networkFor(dataset, SMALL_BUT_LONG).length, length);
      assert.equal(sasrec.configure(dataset, {}).length, length);
    }
    assert.equal(networkFor(short, { ...SMALL_BUT_LONG, length: 50 }).length, 50);
    assert.equal(sasrec.configure(short, { length: 7 }).length, 7);
    // A size that the user gives is never beyond it.
    const lengthOf = (options: DatasetNetworkInput) =>
      networkFor(short, { ...SMALL_BUT_LONG, ...options }).length;
    assert.deepEqual([[10], [3, 11], [21]].map((lengths) => lengthOf({ lengths })), [10, 20, 50]);
    assert.equal(lengthOf({ targetsPerHistory: 4 }), 50, "only long histories are worth being shared");
    assert.deepEqual([5, 15].map((short) => defaultLength(mixed, { short })), [20, 20]);
    assert.equal(defaultLength(short, { short: 15 }), 20);
  }));

Deno.test("a run has the length on record that it chose, and goes on with it", () =>
  withFolder(async (dir) => {
    const dataset = await lasting(`${dir}/data`, ...Array<number>(20).fill(8));
    const jobs = [
      { dim: 4, layers: 1, search: "none", short: 12, epochs: 1, until: "retrain" },
      { method: "gru4rec", dim: 4, epochs: 1, until: "retrain" },
    ] as const;
    for (const [i, job] of jobs.entries()) {
      const length = [20, 10][i], out = `${dir}/${i}`;
      const { run } = await runJob(dataset, job, { out });
      const { config } = run.readRun()!;
      assert.equal(config.network.length, length);
      assert.equal((run.readModelConfig()!.config as unknown as { length: number }).length, length);
      await runJob(dataset, { ...job, length, resume: true }, { out });
      await assert.rejects(runJob(dataset, { ...job, length: 50, resume: true }, { out }), /length/);
    }
  }));

Deno.test("lengths to choose from are those that histories fill, and of short ones the shortest", () =>
  inFolder(async (folder) => {
    const lengths = async (name: string, ...interactions: number[]) =>
      networkFor(await lasting(`${folder}/${name}`, ...interactions), SMALL_BUT_LONG).lengths;
    assert.deepEqual(await lengths("long", 60, 60), [3, 5, 10, 15, 20]);
    // 12 in training are histories of 1 to 11: two of eleven have ten, so that 15 would see what 10 does.
    assert.deepEqual(await lengths("middle", 14, 14), [3, 5, 10]);
    assert.deepEqual(await lengths("sessions", 6, 6, 5), [1, 2, 3], "histories of 1, 2 and 3");
    assert.deepEqual(await lengths("pairs", 4, 4), [1, 2]);
    // One in a hundred histories is longer than 10: that is hardly any.
    assert.deepEqual(await lengths("one of many", 23, ...Array(180).fill(9)), [3, 5]);
    const few = await lasting(`${folder}/named`, 6, 6);
    assert.deepEqual(networkFor(few, { ...SMALL_BUT_LONG, lengths: [4, 20] }).lengths, [4, 20]);
    assert.deepEqual(networkFor(few, { ...SMALL_BUT_LONG, length: 1 }).lengths, [1]);
    const unshared = { ...SMALL_BUT_LONG, targetsPerHistory: 8, longLayers: 0 };
    assert.deepEqual(
      networkFor(few, unshared).lengths,
      [1, 2, 3],
      "without a long-term module nothing is shared",
    );
  }));

Deno.test("a run has the dropout that it was trained with on record", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30, items: 40 }), small = { dim: 4, length: 5 };
    assert.equal(defaultDropout(dataset), 0.4);
    const own = { ...small, layers: 1, search: "none", short: 2, epochs: 1, until: "retrain" } as const;
    const sizes = { ...small, layers: 1, heads: 1 };
    const other = { method: "sasrec", ...sizes, epochs: 1, until: "retrain" } as const;
    const dropoutOf = (folder: string) =>
      JSON.parse(Deno.readTextFileSync(`${folder}/model/config.json`)).config.dropout;
    for (const [given, dropout] of [[{}, 0.4], [{ dropout: 0.1 }, 0.1]] as const) {
      const [ours, theirs] = [`${dir}/automlp-${dropout}`, `${dir}/sasrec-${dropout}`];
      await runJob(dataset, { ...own, ...given }, { out: ours });
      await runJob(dataset, { ...other, ...given }, { out: theirs });
      // Given in another order, or for the first time, they are the same.
      await runJob(dataset, { dropout, ...other, resume: true }, { out: theirs });
      const derived = { dropout, seenBias: seenBiasOf(dataset), fusion: "sum" } as const;
      await runJob(dataset, { ...derived, ...own, resume: true }, { out: ours });
      for (const odd of [{ dropout: 0.3 }, { seenBias: 3 }, { fusion: "concat" }] as const) {
        const [[option, value]] = Object.entries(odd);
        await refused(
          () => runJob(dataset, { ...own, ...given, ...odd, resume: true }, { out: ours }),
          new RegExp(`${option}:? \\S+, now "?${value}`),
        );
      }
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
    const other = { ...SMALL, heads: 1, method: "sasrec", epochs: 1, until: "retrain" } as const;
    const last = {
      method: "gru4rec",
      length: 5,
      dim: 4,
      examples: "last",
      epochs: 1,
      until: "retrain",
    } as const;
    const targets = defaultBatchSize(interactions - dataset.users, 128);
    assert(targets > 16);
    const jobs = [["automlp", own, targets], ["sasrec", other, 16], ["gru4rec", last, targets]] as const;
    for (const [name, job, size] of jobs) {
      const { run } = await runJob(dataset, job, { out: `${dir}/${name}` });
      assert.equal(run.readRun()!.config.training.batchSize, size, name);
      await runJob(dataset, { ...job, batchSize: size, resume: true }, { out: `${dir}/${name}` });
    }
    const given = await runJob(dataset, { ...own, batchSize: 64 }, { out: `${dir}/given` });
    assert.equal(given.run.readRun()!.config.training.batchSize, 64);

    assert.equal(resolveSearch({}, dataset).batchSize, targets);
    const training = await beginTraining("sasrec", dataset, { ...SMALL, heads: 1 });
    assert.equal(training.options.batchSize, 16);
    training.dispose();
  }));
