/**
 * Runs side by side as dots with intervals. Loads Observable Plot.
 *
 * @module
 */
import { type Block, figure } from "../../pipeline/display/page.ts";
import { cutMiddle } from "../../pipeline/display/text/fitting.ts";
import { intervalsPlot } from "../../pipeline/display/plots/intervals.ts";
import type { Comparison, Estimate } from "../records/evaluation.ts";
import { withInterval } from "./estimate.ts";

/** One run's mean of a metric. */
export interface RunMean extends Estimate {
  run: string;
}

/** Maximum number of characters of a run's name in an axis title. */
const LONGEST = 30;

/** Draws each run's mean with a 95 % interval. */
export function meansFigure(means: readonly RunMean[], metric: string): Block {
  const labels = shortNames(means.map(({ run }) => run));
  return figure(
    intervalsPlot(
      means.map((mean, i) => ({ label: labels[i], ...withInterval(mean), strong: true })),
      { title: `${metric} of each run`, x: metric, y: "run" },
    ).svg,
    `${metric} of each run, with 95 % intervals. They may overlap though one run is better for the same users: that is what differences say.`,
  );
}

/** Draws the first run minus each other one, paired over users; differences by more than chance are in full colour. */
export function differencesFigure(comparisons: readonly Comparison[]): Block {
  const [{ a, metric, confidence }] = comparisons, percent = Number((100 * confidence).toPrecision(6));
  const [first, ...labels] = shortNames([a, ...comparisons.map(({ b }) => b)]);
  return figure(
    intervalsPlot(
      comparisons.map(({ difference, interval: [low, high], significant }, i) => ({
        label: labels[i],
        value: difference,
        low,
        high,
        strong: significant,
        note: significant ? "*" : undefined,
      })),
      {
        title: `${metric} of ${first} less that of the others`,
        x: `${metric} of ${cutMiddle(first, LONGEST)}, less that of`,
        y: "run",
      },
    ).svg,
    `${metric} of ${first} less that of each other run, of the same users, with ${percent} % intervals, each by itself; right of 0 its mean is the higher. * differs by more than chance, by Holm's method for all of them together.`,
  );
}

/** Paths without the folders that all share, each made unique: the rows of the drawing are told apart by them. */
export function shortNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.replace(/\/+$/, "").split("/")); // paths from a shell's runs/*/ end with a slash
  const shortest = Math.min(...parts.map(({ length }) => length)) - 1;
  let common = 0;
  while (common < shortest && parts.every((part) => part[common] === parts[0][common])) common++;
  const names = parts.map((part) => part.slice(common).join("/"));
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}
