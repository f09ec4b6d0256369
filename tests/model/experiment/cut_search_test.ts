/** A budget applies only to the command that it was given to; a search that it cut can go on. */
import assert from "node:assert/strict";
import { warningTexts } from "../../../model/views/epochs.ts";
import { cpSync } from "node:fs";
import { join } from "node:path";
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import { type Progress, silent } from "../../../pipeline/contract/progress.ts";
import { doJob, type JobPlace } from "../../../model/experiment/job.ts";
import type { AnyJobInput } from "../../../model/experiment/job_options.ts";
import { reopenRun } from "../../../model/experiment/begun.ts";
import type { RunFolder } from "../../../model/runs/folder.ts";
import { withFolder } from "../../folders.ts";
import { listener } from "../../listener.ts";
import { plantedDataset } from "../planted.ts";
import { onSlowClock, SMALL } from "./slow.ts";

const OPTIONS: AnyJobInput = { ...SMALL, elimination: false, searchEpochs: 60, epochs: 2, until: "search" };
/** Seconds; on the slow clock, a part of the search. */
const BUDGET = 0.05;

/** A job's run and its messages. */
interface Said {
  run: RunFolder;
  warnings: string[];
  remarks: string[];
}

/** Runs `test` with a run whose search a budget cut, jobs that continue it, and the same search in one piece. */
const withCut = (
  test: (
    cut: Said,
    work: (input: AnyJobInput, context?: Partial<JobPlace>) => Promise<Said>,
    whole: RunFolder,
  ) => Promise<void>,
) =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 });
    const { run: whole } = await job(dataset, OPTIONS, { out: join(dir, "whole") });
    const out = join(dir, "run");
    const work = (input: AnyJobInput, context: Partial<JobPlace> = {}) =>
      job(dataset, { ...OPTIONS, ...input }, { out, ...context });
    const cut = await work({ budget: BUDGET });
    await test(cut, (input, context) => work({ resume: true, ...input }, context), whole);
  });

async function job(dataset: SequenceDataset, input: AnyJobInput, context: JobPlace): Promise<Said> {
  const { progress, warnings, remarks } = listener();
  const { result: { run } } = await onSlowClock(() =>
    doJob(dataset, input, { seed: 1, progress, ...context })
  );
  return { run, warnings, remarks };
}

const stepsOf = (run: RunFolder): number => run.read("searchHistory").at(-1)!.step;
const cutIn = (warnings: readonly string[]) => warnings.filter((text) => text.startsWith("The budget ended"));

Deno.test("a search that a budget cut says how it goes on, and comes to what one in one piece comes to", () =>
  withCut(async (cut, work, whole) => {
    const command = `deno task search ${cut.run.path} --resume`;
    assert.match(
      cutIn(cut.warnings).join(),
      new RegExp(`^The budget ended the search after [\\d.]+ of 60 epochs: .*; to resume: ${command}$`),
    );
    assert(!cut.warnings.some((warning) => warning.includes("search for longer")), "said with the command");
    assert(stepsOf(cut.run) < stepsOf(whole));
    const again = await work({ budget: BUDGET + 0.01 });
    assert(stepsOf(again.run) < stepsOf(whole), "cut again");
    assert.equal(cutIn(again.warnings).length, 1);

    const { run, warnings } = await work({});
    assert.deepEqual(warnings, []);
    assert.equal(stepsOf(run), stepsOf(whole));
    assert.deepEqual(run.read("architecture"), whole.read("architecture"));
    assert.deepEqual(run.readRun()!.warnings, whole.readRun()!.warnings);
    // What cut the search stays recorded, with its command.
    assert.deepEqual(run.readRun()!.sessions!.map(({ budget }) => budget), [
      BUDGET,
      BUDGET + 0.01,
      undefined,
    ]);
    assert(!("budget" in run.readRun()!.config.session));

    const nothing = await work({});
    assert.deepEqual(nothing.remarks, [
      `Nothing is left to search: k = ${whole.read("architecture")!.shortTermLength} stays`,
    ]);
    assert.equal(nothing.run.readRun()!.sessions!.length, 3);
  }));

Deno.test("what the cut search had selected stands until another is selected, whenever that is killed", () =>
  withCut(async (cut, work, whole) => {
    const before = cut.run.read("architecture"), facts = cut.run.readRun()!;
    const stop = new AbortController(), steps = stepsOf(cut.run);
    const progress: Progress = {
      ...silent,
      start: () => ({ advance: () => stepsOf(cut.run) > steps && stop.abort(), end() {} }),
    };
    await assert.rejects(work({}, { progress, signal: stop.signal }), {
      name: "Interrupted",
      goesOn: "call runJob(dataset, { …, resume: true }, …)",
    });
    const stopped = stepsOf(cut.run);
    assert(stopped > steps && stopped < stepsOf(whole));
    assert.deepEqual(cut.run.read("architecture"), before);
    await work({});
    assert.deepEqual(cut.run.read("architecture"), whole.read("architecture"));

    // As if it was killed after the length was written and before its record was.
    const { format: _format, version: _version, ...record } = facts;
    await cut.run.writeRun({ ...record, status: "running", phase: "search" });
    const { run } = await work({});
    assert.deepEqual(run.read("architecture"), whole.read("architecture"));
    assert.deepEqual(cutIn(warningTexts(run.readRun()!)), []);
  }));

Deno.test("the whole job goes on with a search that a budget cut; to train with its length is asked for", () =>
  withCut(async (cut, work, whole) => {
    const steps = stepsOf(cut.run), k = cut.run.read("architecture")!.shortTermLength;
    const out = `${cut.run.path}-2`;
    cpSync(cut.run.path, out, { recursive: true });
    const { run, warnings } = await work({ until: "retrain" });
    assert.deepEqual(warnings, []);
    assert.deepEqual(run.read("architecture"), whole.read("architecture"));

    const trained = await work({ until: "retrain" }, { out, asSelected: true });
    assert.equal(stepsOf(trained.run), steps);
    assert.equal(trained.run.read("trainHistory").length, 2);
    const stays = new RegExp(
      `^The budget ended the search after .*; the network is trained with k = ${k}, which stays; to search for longer, begin`,
    );
    // Once it is trained, no job takes that away.
    for (const until of ["retrain", "search", "search"] as const) {
      const later = await work({ until }, { out });
      assert.equal(stepsOf(later.run), steps);
      assert.match(later.warnings.join("\n"), stays, until);
      assert.equal(cutIn(warningTexts(later.run.readRun()!)).length, 1);
    }
  }));

Deno.test("an exhaustive search that a budget cut says that its length stays", () =>
  withCut(async (_cut, work) => {
    const exhaustive = { search: "exhaustive", epochs: 50, patience: 50 } as const, out = "exhaustive";
    const { run, warnings } = await withOut(work, out, { ...exhaustive, budget: BUDGET, resume: false });
    assert.match(
      cutIn(warnings).join(),
      /within the training of 2 candidates: .* k = \d, which stays; to search/,
    );
    const later = await withOut(work, out, exhaustive);
    assert.deepEqual(later.warnings, cutIn(warnings));
    assert.deepEqual(later.run.read("trials"), run.read("trials"));
  }));

/** Runs a job in another folder, which is removed with the test's own. */
const withOut = async (
  work: (input: AnyJobInput, context?: Partial<JobPlace>) => Promise<Said>,
  name: string,
  input: AnyJobInput,
) => {
  const { run } = await work({});
  return await work(input, { out: `${run.path}-${name}` });
};

Deno.test("a training is not cut by a budget that another command was given", () =>
  withCut(async (cut, work) => {
    const { options } = await reopenRun(cut.run.path);
    assert.equal(options.budget, undefined);
    const { run, warnings } = await work({ ...options, resume: true, until: "retrain", epochs: 30 });
    assert.deepEqual(warnings.filter((warning) => warning.includes("training")), []);
    assert(!("budget" in run.readRun()!.config.session));
    const limited = await work({ until: "retrain", epochs: 2000, patience: 2000, budget: BUDGET });
    assert.match(
      limited.warnings.join(),
      new RegExp(`The budget ended the training .*; to resume: deno task retrain ${run.path}$`),
    );
    assert.equal(cutIn((await work({ until: "retrain", epochs: 40, patience: 2000 })).warnings).length, 0);
  }));
