/**
 * Writes what a tuning found: its trials as data, CSV and a page, and the best configuration.
 *
 * @module
 */
import { stringify } from "yaml";
import { RunError } from "../../pipeline/contract/errors.ts";
import { countOf } from "../../pipeline/display/text/units.ts";
import { AUTOMLP } from "../experiment/options.ts";
import { jsonText } from "../records/json.ts";
import { shortHash } from "../runs/dataset.ts";
import { bestTrial, type TuningResults } from "../records/tuning.ts";
import { csvTable } from "../views/marked_table.ts";
import { tuningTable } from "../views/tuning.ts";
import type { StudyFolder } from "./study_folder.ts";

/** The files of a tuning's results, below its folder. */
export const TUNING_FILES = {
  data: "results.json",
  trials: "trials.csv",
  best: "best.yaml",
  page: "report.html",
} as const;

/**
 * The error of a tuning in which every trial failed.
 *
 * @param label What was tuned.
 */
export const nothingFound = (label: string, { trials }: TuningResults, folder: string): RunError =>
  new RunError(
    `Cannot tune ${label}: none of ${countOf(trials.length, "trial")} came to a result (${
      trials[0]?.message
    }); see ${folder}/${TUNING_FILES.page}`,
  );

/** @param best The options of the best trial, as a training takes them; undefined if there is none. */
export async function writeTuning(
  folder: StudyFolder,
  results: TuningResults,
  best: object | undefined,
): Promise<void> {
  await folder.write(TUNING_FILES.data, jsonText(results));
  await folder.write(TUNING_FILES.trials, csvTable(tuningTable(results)));
  if (best) await folder.write(TUNING_FILES.best, configurationOf(results, best));
  // Drawing is loaded only here.
  const { tuningPage } = await import("../views/tuning_page.ts");
  await folder.write(TUNING_FILES.page, tuningPage(results));
}

/** The best configuration as YAML, with where it comes from. */
function configurationOf(results: TuningResults, best: object): string {
  const { title, dataset: { name, hash }, metric, protocol, trials, seed, method } = results;
  const value = bestTrial(results)!.value.toFixed(4);
  return [
    `# ${title} on ${name} (${shortHash(hash)}): ${metric} ${value} on validation, protocol ${protocol},`,
    `# the best of ${trials.length} trials. With their seed: deno task ${
      method === AUTOMLP ? "search" : "train"
    } --config ${TUNING_FILES.best} --seed ${seed}`,
    stringify({ method, ...best }),
  ].join("\n");
}
