/**
 * `deno task compare`: runs side by side, with their existing results or evaluated again on one dataset.
 *
 * @module
 */
import { z } from "zod";
import { readDataset } from "../../pipeline/contract/dataset/store.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { claimFile } from "../../pipeline/contract/files/claim.ts";
import { headOf } from "../../pipeline/contract/files/readable.ts";
import { writeText } from "../../pipeline/contract/files/stage.ts";
import { isOurPage } from "../../pipeline/display/page.ts";
import { type CommandResult, runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { textOf } from "../../pipeline/contract/options/shapes.ts";
import { engineFirst } from "../backend/engine_first.ts";
import { engineShape, threadsShape } from "../backend/types.ts";
import type { MetricName, RankingProtocol } from "../records/evaluation.ts";
import { comparisonHtml } from "../report/mod.ts";
import type { RunComparison } from "../report/comparison.ts";
import { compareRuns } from "../report/runs.ts";
import { pOf } from "../views/evaluation.ts";

const what = {
  metric: textOf<MetricName>().default("NDCG@10").meta({
    title: "NAME",
    description: "metric that the significance test compares",
  }),
  protocol: textOf<RankingProtocol>().optional().meta({
    title: "NAME",
    description: "protocol of the metrics",
    fallback: "full, or the first that the runs were evaluated with",
  }),
  html: z.string().min(1).optional().meta({
    title: "FILE",
    description: "page with charts to write as well",
  }),
  failIfWorse: z.number().min(0).max(1).optional().meta({
    title: "P",
    description:
      "end with exit code 1 if the first run is worse than another by more than chance (p below P)",
  }),
  overwrite: z.boolean().default(false)
    .meta({ description: "with --html: replace a file that is not an automlp page" }),
};

const anew = {
  on: z.string().min(1).optional().meta({
    title: "DIR",
    description:
      "dataset on which to evaluate the runs' models again, with protocol full unless you name another; they may have learnt from other datasets, such as earlier days'",
    fallback: "the results that the runs have",
  }),
  engine: engineShape.engine,
  ...threadsShape,
};

const EXAMPLE = "deno task compare runs/a runs/b";

const COMPARE: CommandSpec = {
  name: "compare",
  summary:
    "Compares evaluated runs on one dataset: metrics side by side, and whether the first differs from the others by more than chance.",
  positional: "RUN RUN…",
  options: optionsOf({ "What is compared": what, "Models evaluated again": anew }),
  examples: [
    EXAMPLE,
    `${EXAMPLE} --protocol recbole --html comparison.html`,
    "deno task compare runs/today runs/yesterday --on data/today --fail-if-worse 0.01",
  ],
};

/** The failure message if the first run is worse than another by more than chance. */
function failureOf(
  { runs: [{ run }], comparisons, note, metric, protocol }: RunComparison,
  limit: number,
): string | undefined {
  if (!comparisons) throw new InputError(`Cannot tell whether ${run} is worse (--fail-if-worse). ${note}`);
  const worse = comparisons.comparisons.filter(({ difference, adjustedP }) =>
    difference < 0 && adjustedP < limit
  );
  const by = worse.map(({ b, difference, adjustedP }) =>
    `${b} by ${(-difference).toFixed(4)} (${metric}, protocol ${protocol}, p ${pOf(adjustedP)})`
  );
  return by.length > 0 ? `${run} is worse than ${by.join(", ")}` : undefined;
}

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(COMPARE, args, async ({ flags, positional, config, progress, signal }) => {
    const { metric, protocol, html, overwrite, failIfWorse, on, engine: named, threads } =
      await commandOptions(
        z.strictObject({ ...what, ...anew }),
        config,
        flags,
      );
    if (overwrite && html === undefined) throw new InputError("Option --overwrite goes with --html");
    if (on === undefined && (named ?? threads) !== undefined) {
      throw new InputError(
        `Option --${named ? "engine" : "threads"} goes with --on: nothing is computed without it`,
      );
    }
    if (positional.length < 2) throw new InputError(`Which runs? Name two at least, as in ${EXAMPLE}`);
    const place = html === undefined ? undefined : claimFile(html, {
      what: "the comparison",
      isOurs: (path) => isOurPage(headOf(path)),
      overwrite,
    });
    const asked = { metric, protocol };
    const result = async (compared: RunComparison): Promise<CommandResult> => {
      if (place) await writeText(place, await comparisonHtml(compared));
      return {
        text: String(compared) + (html ? `\n\nPage: ${html}` : ""),
        isAnswer: true,
        json: { ...compared, comparisons: compared.comparisons?.comparisons, ...(html && { html }) },
        failure: failIfWorse === undefined ? undefined : failureOf(compared, failIfWorse),
      };
    };
    if (on === undefined) return await result(compareRuns(positional, asked));
    const { answersTo, questionOn } = await import("../experiment/compare_on.ts");
    const question = await questionOn(await readDataset(on), positional, asked);
    engineFirst(named);
    const { openEngine } = await import("../backend/engine.ts");
    const engine = await openEngine({ engine: named, threads, progress });
    return await result(await answersTo(question, engine, { progress, signal }));
  });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
