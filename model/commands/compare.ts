/**
 * `deno task compare`: evaluated runs on one dataset, side by side.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { claimFile } from "../../pipeline/contract/files/place.ts";
import { headOf } from "../../pipeline/contract/files/system.ts";
import { writeText } from "../../pipeline/contract/files/write.ts";
import { isOurPage } from "../../pipeline/display/page.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import { gone } from "../../pipeline/terminal/gone.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { textOf } from "../../pipeline/contract/options/text_of.ts";
import type { MetricName, RankingProtocol } from "../records/evaluation.ts";
import { comparisonHtml } from "../report/mod.ts";
import { compareRuns } from "../report/runs.ts";

const what = {
  metric: textOf<MetricName>().default("NDCG@10").meta({
    title: "NAME",
    description: "metric of the test of significance",
  }),
  protocol: textOf<RankingProtocol>().optional().meta({
    title: "NAME",
    description: "protocol of the metrics",
    fallback: "full, or the first that the runs were evaluated by",
  }),
  html: z.string().min(1).optional().meta({
    title: "FILE",
    description: "page with drawings to write, too",
  }),
  out: gone("it is --html FILE now"),
  overwrite: z.boolean().default(false)
    .meta({ description: "with --html: replace a file that is no page of automlp's" }),
};

const EXAMPLE = "deno task compare runs/a runs/b";

const COMPARE: CommandSpec = {
  name: "compare",
  summary:
    "Compares evaluated runs on one dataset: metrics side by side, and whether the first differs from the others by more than chance.",
  positional: "RUN RUN…",
  options: optionsOf({ "What is compared": what }),
  examples: [EXAMPLE, `${EXAMPLE} --protocol recbole --html comparison.html`],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(COMPARE, args, async ({ flags, positional, config }) => {
    const { metric, protocol, html, overwrite } = await commandOptions(z.strictObject(what), config, flags);
    if (overwrite && html === undefined) throw new InputError("Option --overwrite goes with --html");
    if (positional.length < 2) throw new InputError(`Which runs? Name two at least, as in ${EXAMPLE}`);
    const place = html === undefined ? undefined : claimFile(html, {
      what: "the comparison",
      isOurs: (path) => isOurPage(headOf(path)),
      overwrite,
    });
    const compared = compareRuns(positional, { metric, protocol });
    if (place) await writeText(place, await comparisonHtml(compared));
    return {
      text: String(compared) + (html ? `\n\nPage: ${html}` : ""),
      json: { ...compared, comparisons: compared.comparisons?.comparisons, ...(html && { html }) },
    };
  });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
