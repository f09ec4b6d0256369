/**
 * `deno task report`: writes the report of a run again, from what the run holds.
 *
 * @module
 */
import { z } from "zod";
import { claimFile } from "../../pipeline/contract/files/claim.ts";
import { headOf } from "../../pipeline/contract/files/readable.ts";
import { writeText } from "../../pipeline/contract/files/stage.ts";
import { isOurPage } from "../../pipeline/display/page.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import { runDatasetShape, runFolder } from "../../pipeline/terminal/named.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { runShape } from "../experiment/options.ts";
import { type ReopenedRun, reopenRun } from "../experiment/begun.ts";
import { reportFacts, reportHtml } from "../report/mod.ts";
import { writeReport } from "../report/write.ts";
import type { ShownPeople } from "../views/people.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { lockRun } from "../runs/lock.ts";

const what = {
  out: z.string().min(1).optional().meta({
    title: "FILE",
    description: "page to write",
    fallback: "report.html in the run",
  }),
  overwrite: z.boolean().default(false)
    .meta({ description: "with --out: replace a file that is not an automlp page" }),
  people: runShape.people.meta({
    description:
      "how the page names the few people whose histories it shows: by id, or by number (person 1, person 2); none leaves them out",
    fallback: "as in the run, or ids",
  }),
  ...runDatasetShape,
};

const EXAMPLE = "deno task report runs/mine";

const REPORT: CommandSpec = {
  name: "report",
  summary:
    "Writes a run's report again from what the run holds, without computing anything: after an update of the program, or as a page to pass on.",
  positional: "RUN",
  options: optionsOf({ "What is written": what }),
  examples: [EXAMPLE, `${EXAMPLE} --people numbers --out results.html`],
};

/** The page for any place: it has no links to the run's files. What a run lacks because it was stopped, the page lacks too. */
const pageOf = (
  { folder, dataset, options: { metric, protocol } }: ReopenedRun,
  people: ShownPeople | undefined,
): Promise<string> =>
  reportHtml({ ...reportFacts(folder, dataset.manifest, { metric, protocol }, people), files: [] });

/** Writes the report into the run's folder. */
async function writeOwn(
  { folder, dataset, options }: ReopenedRun,
  people: ShownPeople | undefined,
): Promise<string> {
  using _lock = lockRun(folder.path);
  await writeReport(folder, dataset, options, { people });
  return folder.reportPath;
}

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(REPORT, args, async ({ flags, positional, config }) => {
    const { out, overwrite, people, dataset } = await commandOptions(z.strictObject(what), config, flags);
    if (overwrite && out === undefined) throw new InputError("Option --overwrite goes with --out");
    const path = runFolder(positional, EXAMPLE);
    const place = out === undefined ? undefined : claimFile(out, {
      what: "the report",
      isOurs: (path) => isOurPage(headOf(path)),
      overwrite,
    });
    const run = await reopenRun(path, dataset);
    if (place) await writeText(place, await pageOf(run, people));
    const report = out ?? await writeOwn(run, people);
    return { text: `Report: ${report}`, json: { folder: path, report } };
  });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
