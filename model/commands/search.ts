/**
 * `deno task search`: the search alone, on a dataset folder.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { readDataset } from "../../pipeline/contract/dataset/store.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { checkGiven, givenOptions } from "../../pipeline/terminal/config.ts";
import { datasetFolder, datasetShape } from "../../pipeline/terminal/named.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { engineFirst } from "../backend/engine_first.ts";
import { doJob } from "../experiment/job.ts";
import {
  begunByOther,
  beneathOnDataset,
  refuseRunIn,
  resumedBy,
  runAsWord,
  toResumeOnDataset,
} from "../experiment/begun.ts";
import {
  AUTOMLP,
  checkCandidates,
  checkJob,
  jobGroups,
  jobShape,
  placeShape,
  presetShape,
  runShape,
} from "../experiment/options.ts";
import { presentJob } from "../experiment/present.ts";
import { presetNamed } from "../presets/presets.ts";

/** The dataset, and the place of the results. */
const place = { ...datasetShape, ...placeShape, ...presetShape };
const searchSchema = z.strictObject({ ...jobShape, ...place });

const EXAMPLE = "deno task search --dataset data/mine --out runs/mine";

const SEARCH: CommandSpec = {
  name: "search",
  summary:
    "Searches for the short-term length on a dataset folder, and selects it. Continue with deno task retrain.",
  positional: "[DIR | RUN --resume]",
  options: optionsOf({ "On what, and where it goes": { ...place, ...runShape }, ...jobGroups }),
  first: ["dataset", "out", "resume", "budget", "lengths", "search", "searchEpochs", "engine"],
  resumedBy: (flags, config, words) => resumedBy("search", flags, config, words),
  examples: [
    EXAMPLE,
    `${EXAMPLE} --lengths 2,4,8 --search darts2`,
    "deno task search runs/mine --resume",
  ],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(SEARCH, args, async ({ flags, positional, config, command, progress, signal }) => {
    const { given, words } = runAsWord(await givenOptions(config, flags), positional, "search");
    const begun = toResumeOnDataset(given.values, words);
    if (begun && begun.method.name !== AUTOMLP) throw begunByOther(begun);
    const beneath = {
      ...beneathOnDataset(searchSchema.shape, begun, words),
      ...presetNamed(given.values.preset, AUTOMLP),
    };
    const { dataset: named, out, seed, preset: _, ...options } = checkGiven(searchSchema, given, beneath);
    const folder = datasetFolder(words, { dataset: named }, EXAMPLE);
    if (!out) throw new InputError("Where to? Name the run folder with --out DIR");
    checkJob(options);
    checkCandidates(options, given.values);
    refuseRunIn(out, options.resume);
    const dataset = await readDataset(folder);
    const context = { out, named: given.values, seed, command, progress, signal };
    engineFirst(options.engine);
    return presentJob(await doJob(dataset, { ...options, until: "search" }, context));
  });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
