/**
 * The trials of a tuning as tables.
 *
 * @module
 */
import { formatSeconds } from "../../pipeline/display/text/units.ts";
import { bestTrial, isValued, type TuningResults, type TuningTrial } from "../records/tuning.ts";
import { roundedEpochs } from "./epochs.ts";
import { type MarkedTable, ranked } from "./marked_table.ts";
import { type Part, partsHtml, partsText } from "./parts.ts";

/** Number of trials shown in a terminal and in a notebook cell. */
const SHOWN = 10;

/** All trials, in the order of their numbers. */
export const tuningTable = (results: TuningResults): MarkedTable => tableOf(results, results.trials);

function tableOf(
  { title, dataset, metric, protocol, searched, seed }: TuningResults,
  trials: readonly TuningTrial[],
): MarkedTable {
  return {
    caption: `${title} on ${dataset.name} (${
      dataset.hash.slice(0, 8)
    }), validation, protocol ${protocol}, seed ${seed}`,
    columns: ["trial", ...searched, metric, "best epoch", "epochs", "time", "status"],
    units: { time: "seconds" },
    spare: ["status", "time"],
    rows: trials.map((trial) => [
      trial.trial,
      ...searched.map((key) => said(trial.options[key])),
      // The figure of a trial that failed midway is shown, but not ranked.
      isValued(trial) || trial.value === undefined
        ? { mean: trial.value ?? NaN }
        : { said: trial.value.toFixed(4), value: trial.value },
      trial.bestEpoch ?? { said: "–", value: "" },
      roundedEpochs(trial.epochs),
      { said: formatSeconds(trial.seconds), value: trial.seconds },
      trial.status === "done" ? "" : trial.status,
    ]),
  };
}

/** A value with all its digits, so that the configuration can be used again. */
const said = (value: unknown): string | number => Number.isInteger(value) ? value as number : String(value);

/** The best trials, best first. */
const bestTable = (results: TuningResults): MarkedTable =>
  ranked(tableOf(
    results,
    results.trials.toSorted((a, b) => worth(b) - worth(a)).slice(0, SHOWN),
  ));

const worth = (trial: TuningTrial): number => isValued(trial) ? trial.value : -Infinity;

/** A warning: the largest of several figures that vary by chance is biased upwards. */
const BEST_OF_SEVERAL =
  " As the best of several, this figure is too high on average; evaluate on test to see how good it is.";

/** The outcome of a tuning in words. */
export function tuningWords(results: TuningResults): string[] {
  const { trials, asked, metric, complete } = results,
    left = asked - trials.length,
    best = bestTrial(results);
  const counts = (["failed", "too large"] as const).flatMap((status) => {
    const count = trials.filter((trial) => trial.status === status).length;
    return count === 0 ? [] : [`${count} ${status}`];
  });
  const reasons = new Set(trials.flatMap(({ message }) => message ?? []));
  return [
    best
      ? `The best of ${trials.length} trials is number ${best.trial}: ${metric} ${
        best.value.toFixed(4)
      } on validation.${trials.filter(isValued).length > 1 ? BEST_OF_SEVERAL : ""}`
      : `None of ${trials.length} trials came to a result.`,
    ...(complete ? [] : [
      `Not all is done: ${
        left > 0
          ? `there is no result yet of ${left} of ${asked} trials`
          : "the better ones are to be trained for longer"
      }. Called again, it resumes.`,
    ]),
    ...(counts.length > 0 ? [`Of the trials, ${counts.join(" and ")}: ${[...reasons].join("; ")}`] : []),
  ];
}

/** A tuning as text. */
export const tuningText = (results: TuningResults): string => partsText(partsOf(results));

/** A tuning as an HTML fragment. */
export const tuningHtml = (results: TuningResults): string => partsHtml(partsOf(results));

const partsOf = (results: TuningResults): Part[] => [bestTable(results), ...tuningWords(results)];
