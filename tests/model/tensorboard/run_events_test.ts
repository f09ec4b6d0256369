/** Which events are written where, and which files are left alone. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { SearchRecord, TrainRecord } from "../../../model/records/records.ts";
import { RunEvents } from "../../../model/tensorboard/run_events.ts";
import { lengthHistogram } from "../../../model/tensorboard/run_events.ts";
import { FolderRecord } from "../../../pipeline/contract/files/checksums.ts";
import { withFolder } from "../../folders.ts";
import { eventSteps as steps, filesBelow, refused } from "../support.ts";

const METRIC = "HR@1";
const epochs = (count: number): TrainRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    epoch: i + 1,
    step: 10 * (i + 1),
    loss: 1 / (i + 1),
    metrics: { "HR@1": i / 10 },
    best: i === 1,
    seconds: i + 1,
    examplesPerSecond: 100,
    rate: 0.01,
  }));

const open = (path: string, { identity = "a run", resumed = false } = {}) =>
  RunEvents.open(path, { identity, resumed, hyperparameters: { rate: 0.01 }, now: () => 1000_000 });

Deno.test("each record is written once, whichever session hands it over", () =>
  withFolder((dir) => {
    const logs = join(dir, "deep", "logs"), train = join(logs, "train");
    const first = open(logs);
    assert.deepEqual(filesBelow(dir), [], "nothing is made before there is something to write");
    first.training([], METRIC);
    assert.deepEqual(filesBelow(dir), []);
    first.training(epochs(1), METRIC);
    first.training(epochs(2), METRIC);
    first.trained();
    assert.deepEqual(steps(train), [[0, 10, 20, 20]], "the options, the records, the end");
    const next = open(logs, { resumed: true });
    next.training(epochs(2), METRIC);
    next.trained();
    assert.deepEqual(steps(train), [[0, 10, 20, 20]], "nothing is new");
    next.training(epochs(4), METRIC);
    assert.deepEqual(steps(train), [[0, 10, 20, 20], [30, 40]]);
  }));

Deno.test("what a kill cut off is written again by the next session, into a file of its own", () =>
  withFolder((dir) => {
    open(dir).training(epochs(3), METRIC);
    const [file] = Deno.readDirSync(join(dir, "train")), path = join(dir, "train", file.name);
    Deno.truncateSync(path, Deno.statSync(path).size - 5);
    const torn = Deno.readFileSync(path);
    open(dir, { resumed: true }).training(epochs(4), METRIC);
    assert.deepEqual(steps(join(dir, "train")), [[0, 10, 20], [30, 40]]);
    assert.deepEqual(Deno.readFileSync(path), torn, "what is there is left as it is");
  }));

Deno.test("events of another run are not mixed with, nor those of the same run begun anew", () =>
  withFolder(async (dir) => {
    const others =
      /^Cannot write events to .*: it holds those of another run; give each run a folder of its own/;
    open(dir).training(epochs(1), METRIC);
    await refused(() => open(dir), others);
    await refused(() => open(dir, { identity: "another", resumed: true }), others);
    open(dir, { resumed: true });
    open(join(dir, "beside"));

    const trial = join(dir, "trial");
    open(trial).trial(epochs(1), METRIC, "3");
    await refused(() => open(trial), others);

    const foreign = join(dir, "foreign");
    Deno.mkdirSync(join(foreign, "train"), { recursive: true });
    Deno.writeTextFileSync(join(foreign, "train", "events.out.tfevents.1.host"), "somebody's");
    await refused(() => open(foreign), others);
    assert.deepEqual(filesBelow(foreign), ["train/events.out.tfevents.1.host"]);
  }));

Deno.test("a place that is no folder, or is somebody's home, is refused in one line", () =>
  withFolder(async (dir) => {
    Deno.writeTextFileSync(join(dir, "file"), "precious");
    const elsewhere = "choose another folder with --tensorboard$";
    await refused(() => open(join(dir, "file")), RegExp(`: a file is there; ${elsewhere}`));
    await refused(() => open("/"), RegExp(`^Cannot write events to /: .*; ${elsewhere}`));
    const dataset = join(dir, "dataset");
    Deno.mkdirSync(dataset);
    FolderRecord.begin(dataset, { name: "dataset" }).saveNew();
    await refused(() => open(dataset), RegExp(`: a dataset is there; ${elsewhere}`));
    Deno.writeTextFileSync(join(dir, "train"), "precious");
    await refused(() => open(dir), /^Cannot read .*train: .*; give another folder with --tensorboard$/);
    assert.equal(Deno.readTextFileSync(join(dir, "train")), "precious");
  }));

Deno.test("each length has a bucket of its own", () => {
  assert.deepEqual(lengthHistogram([5, 1, 2], [0.2, 0.3, 0.5]), {
    edges: [0.5, 1.5, 2.5, 4.5, 5.5],
    counts: [0.3, 0.5, 0, 0.2],
  });
});

Deno.test("trainings of an exhaustive search, and a search, have folders of their own", () =>
  withFolder((dir) => {
    const events = open(dir), [alpha, probabilities] = [[0, 0], [0.5, 0.5]];
    const record: SearchRecord = {
      epoch: 1,
      step: 7,
      alpha,
      probabilities,
      entropy: Math.LN2,
      trainLoss: 1,
      validationLoss: NaN,
      seconds: 1,
    };
    events.search([record], { lengths: [1, 3] });
    events.trial(epochs(1), METRIC, "3");
    assert.deepEqual([steps(join(dir, "search")), steps(join(dir, "search", "k=3"))], [[[7]], [[10]]]);
  }));
