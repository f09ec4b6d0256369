/**
 * Collects what a report is made of.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Manifest } from "../../pipeline/contract/dataset/manifest.ts";
import { type Monitor, monitorOf, type ReportFacts } from "../records/report_facts.ts";
import type { RunFacts } from "../records/records.ts";
import type { RunFolder } from "../runs/folder.ts";
import { factsWithDisplay } from "../views/report.ts";
import { peopleAs, SHOWN_PEOPLE, type ShownPeople } from "../views/people.ts";

/**
 * Collects the facts of a run. They display themselves.
 *
 * @param monitor The metric that training monitored. Default: the one in the run's configuration; if there is none, the
 * learning curve shows the first that was recorded.
 * @param people How the few people in the report are named. Default: as the run was begun, or else by their ids.
 * @throws {InputError} if a file of the folder is damaged, or the run has not begun.
 * @example
 * ```ts
 * import { prepare, reportFacts, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const { run } = await runJob(dataset, { method: "gru4rec", dim: 8, epochs: 1 }, { out: `${out}-run` });
 * console.log(reportFacts(run, dataset.manifest).metrics?.methods.GRU4Rec.metrics.test);
 * ```
 */
export function reportFacts(
  folder: RunFolder,
  manifest: Manifest,
  monitor?: Monitor,
  people?: ShownPeople,
): ReportFacts {
  const run = folder.readRun();
  if (!run) throw new InputError(`Cannot report ${folder.path}: the run has not begun; train it with runJob`);
  const insights = folder.read("insights"), how = people ?? shownIn(run);
  return factsWithDisplay({
    run,
    manifest,
    profile: folder.read("profile"),
    search: folder.read("searchHistory"),
    trials: folder.read("trials"),
    architecture: folder.read("architecture"),
    train: folder.read("trainHistory"),
    monitor: monitor ?? monitorOf(run.config),
    metrics: folder.read("metrics"),
    insights: insights && { ...insights, people: peopleAs(insights.people, how) },
    files: folder.files(),
  });
}

/** How people are shown in the run as it was begun or last resumed. */
const shownIn = ({ config: { session: { people } } }: RunFacts): ShownPeople | undefined =>
  SHOWN_PEOPLE.find((how) => how === people);
