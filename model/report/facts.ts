/**
 * Collects what a report is made of.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";
import { checkCall, objectWith, orNothing } from "../../pipeline/contract/options/arguments.ts";
import type { Manifest } from "../../pipeline/contract/dataset/manifest.ts";
import { type Monitor, monitorOf, type ReportFacts } from "../records/report_facts.ts";
import { RUN, type RunFolder } from "../runs/folder.ts";
import { factsWithDisplay } from "../views/report_html.ts";

/**
 * Collects the facts of a run; they show themselves.
 *
 * @param monitor The metric that decided over training. Default: what the run's configuration says; where it says nothing, the
 * learning curve shows the first that was recorded.
 * @throws {InputError} if a file of the folder is damaged, or the run has not begun.
 * @example
 * ```ts
 * import { prepare, reportFacts, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const { run } = await runJob(dataset, { method: "gru4rec", dim: 8, epochs: 1 }, { out: `${out}-run` });
 * console.log(reportFacts(run, dataset.manifest).metrics?.model.test);
 * ```
 */
export function reportFacts(folder: RunFolder, manifest: Manifest, monitor?: Monitor): ReportFacts {
  checkCall(
    'reportFacts(RunFolder.open("runs/mine"), dataset.manifest)',
    [folder, RUN],
    [manifest, objectWith("the manifest of a dataset", "counts", "split")],
    [monitor, orNothing(objectWith("a metric and a protocol", "metric", "protocol"))],
  );
  const run = folder.readRun();
  if (!run) throw new InputError(`Cannot report ${folder.path}: the run has not begun; train it with runJob`);
  return factsWithDisplay({
    run,
    manifest,
    profile: folder.readProfile(),
    search: folder.readSearchHistory(),
    trials: folder.readTrials(),
    architecture: folder.readArchitecture(),
    train: folder.readTrainHistory(),
    monitor: monitor ?? monitorOf(run.config),
    metrics: folder.readMetrics(),
    insights: folder.readInsights(),
    files: folder.files(),
  });
}
