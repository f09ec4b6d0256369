/** The remaining time that is shown while a job runs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type Progress, silent } from "../../../pipeline/contract/progress.ts";
import { Budget, countdown, Outlook } from "../../../model/experiment/cost.ts";
import { doJob } from "../../../model/experiment/job.ts";
import type { AnyJobInput } from "../../../model/experiment/job_options.ts";
import { wordsOf } from "../../place_words.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { onSlowClock, SMALL } from "./slow.ts";

/** Does work with the clock stopped at a time. */
function at<T>(ms: number, work: () => T): T {
  const real = performance.now;
  performance.now = () => ms;
  try {
    return work();
  } finally {
    performance.now = real;
  }
}

Deno.test("the time ahead: what is known of it, never more than the budget has left, and nothing where nothing is known", () => {
  const open = new Outlook(new Budget()), bounded = at(0, () => new Outlook(Budget.of(60)));
  const said = (outlook: Outlook) => wordsOf(outlook.place);
  assert.equal(said(open), "");
  assert.equal(at(10_000, () => said(bounded)), "50 s of the budget left");
  let seconds: number | undefined = undefined;
  for (const one of [open, bounded]) one.learns(() => seconds, false);
  assert.equal(said(open), "");
  seconds = 100;
  assert.equal(said(open), "at most 1:40 until the evaluation");
  assert.equal(
    at(10_000, () => said(bounded)),
    "at most 50 s until the evaluation, 50 s of the budget left",
  );
  open.learns(() => seconds, true);
  assert.equal(said(open), "at most 1:40 more");
  const best = { text: "best HR@1 0.4000 in epoch 3", short: "best HR@1 0.4000" };
  bounded.learns(() => seconds, false, () => best);
  assert.deepEqual(at(10_000, () => bounded.place), [
    { text: "at most 50 s until the evaluation", short: "at most 50 s left" },
    best,
    { text: "50 s of the budget left", short: "budget 50 s" },
  ]);
  bounded.says(() => ["method 1 of 4"]);
  assert.equal(at(60_000, () => said(bounded)), "method 1 of 4, the budget is used up");
  const beyond = (ms: number, more: number) => at(ms, () => bounded.beyond(more));
  assert.deepEqual([open.beyond(1e6), beyond(0, 89), beyond(90_000, 29)], Array(3).fill(undefined));
  assert.match(
    beyond(0, 90)!,
    /^The evaluation takes about 1:30 more, and the budget has 1:00 left: evaluation is never cut short$/,
  );
  assert.match(
    beyond(90_000, 40)!,
    /about 40 s more, and the budget is used up: evaluation is never cut short$/,
  );
  const left = at(1000, () => countdown(5));
  assert.deepEqual([1000, 3000, 9000].map((ms) => at(ms, left)), [5, 3, 0]);
});

/** On the slow clock a step takes a millisecond, and a validation little more. */
const STEP = 0.001, EPOCHS = 500, BATCH = 32;

/** What each phase of a job that early stopping ends said about the remaining time, and how many steps an epoch of training has. */
async function said(dir: string, options: AnyJobInput) {
  const dataset = await plantedDataset(dir, { users: 40 }), words = new Map<string, string[]>();
  let look = () => {};
  const progress: Progress = {
    ...silent,
    start(label, total, _unit, place) {
      if (total === undefined && place) {
        const ofPhase: string[] = [];
        words.set(label, ofPhase);
        look = () => ofPhase.push(wordsOf(place));
      }
      look();
      return { advance: () => look(), end() {} };
    },
  };
  const job = { ...SMALL, searchEpochs: 2, epochs: EPOCHS, patience: 2, batchSize: BATCH, ...options };
  await onSlowClock(() => doJob(dataset, job, { out: join(dir, "run"), seed: 1, progress }));
  return { words, steps: Math.ceil(dataset.targets("train").length / BATCH) };
}

/** The number in the first text of this form. */
const firstOf = (words: readonly string[], form: RegExp) =>
  Number(form.exec(words.find((text) => form.test(text))!)![1]);
const UNTIL = /^at most ([\d.]+) s until the evaluation(?:,|$)/;

/** Asserts that a time is about as expected; validation adds somewhat to the steps. */
function assertAbout(seconds: number, least: number): void {
  assert(seconds > 0.95 * least && seconds < 1.3 * least, `${seconds} s, of steps ${least} s`);
}

Deno.test("a job says how long it takes at most until the evaluation, and how far that has come", () =>
  withFolder(async (dir) => {
    const { words, steps } = await said(dir, {});
    assert.deepEqual([...words.keys()], [
      "phase 1 of 3, search",
      "phase 2 of 3, training",
      "phase 3 of 3, evaluation",
    ]);
    const [search, training, evaluation] = [...words.values()];
    assert.match(training.at(-1)!, /^at most .+ until the evaluation, best HR@1 [\d.]+ in epoch \d+$/);
    for (const phase of [search, training]) {
      assert.equal(phase[0], "", "nothing is known yet");
      assertAbout(firstOf(phase, UNTIL), EPOCHS * steps * STEP);
    }
    assert.deepEqual(
      [...new Set(evaluation.filter(Boolean).map((text) => text.split(",")[0]))],
      [1, 2, 3, 4, 5].map((method) => `method ${method} of 5`),
    );
    assert.match(evaluation.at(-1)!, /^method 5 of 5, about .+ more$/);
  }));

Deno.test("an exhaustive search counts the trainings of all candidates", () =>
  withFolder(async (dir) => {
    const { words, steps } = await said(dir, { search: "exhaustive" });
    const search = words.get("phase 1 of 3, search")!, { length } = SMALL.lengths;
    assertAbout(firstOf(search, UNTIL), length * EPOCHS * steps * STEP);
  }));

Deno.test("a method that searches nothing has no phase of search, and what is last does not speak of an evaluation", () =>
  withFolder(async (dir) => {
    const sizes = { dim: 4, length: 6 };
    const { words } = await said(dir, { method: "gru4rec", sizes, until: "retrain" });
    assert.deepEqual([...words.keys()], ["training"]);
    const [training] = [...words.values()];
    assert(firstOf(training, /^at most ([\d.]+) s more(?:,|$)/) > 1);
  }));
