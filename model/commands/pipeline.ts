/**
 * `deno task pipeline`: the main job, from raw interactions to metrics and a report.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { prepareGroups } from "../../pipeline/config.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { MANIFEST } from "../../pipeline/contract/dataset/store.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { checkGiven, givenOptions } from "../../pipeline/terminal/config.ts";
import { defaultRunFolder } from "../runs/default_folders.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { engineFirst } from "../backend/engine_first.ts";
import { resumedBy, type RunAsWord, runAsWord } from "../experiment/begun.ts";
import { jobGroups, pick, runShape } from "../experiment/options.ts";
import { presentJob } from "../experiment/present.ts";
import { beneath, howFar, moreOfJob, pipelineSchema, preparationMemory } from "../whole_job/options.ts";
import { wholeJob } from "../whole_job/whole_job.ts";

/** The run has a place already; of the dataset's place options, only the name is offered. */
const { "Where it goes": { name }, ...preparing } = prepareGroups;

const PIPELINE: CommandSpec = {
  name: "pipeline",
  summary:
    "Runs the whole job: prepare → search → select → retrain → evaluate → report. Without --data, it uses demonstration data.",
  positional: "[DIR | RUN --resume]",
  options: optionsOf({
    "How far, and where": { ...howFar, ...runShape },
    ...jobGroups,
    ...Object.fromEntries(
      Object.entries(preparing).map(([title, shape]) => [
        `Preparation: ${title[0].toLowerCase()}${title.slice(1)}`,
        { ...shape, ...pick(shape, moreOfJob) },
      ]),
    ),
    "Preparation: its name, and where it is done": { name, ...preparationMemory },
  }),
  first: [
    ...["data", "columns", "items", "dataset", "out", "resume", "methods", "preset", "budget"],
    ...["minUser", "lengths", "epochs", "length", "engine"],
  ],
  resumedBy: (flags, config, words) =>
    resumedBy(
      "pipeline",
      flags,
      config,
      words,
      defaultRunFolder({ dataset: words.find(isDataset), ...flags }),
    ),
  examples: [
    "deno task pipeline",
    "deno task pipeline --data ratings.csv --out runs/mine --lengths 3,5,10,15,20",
    "deno task pipeline --dataset data/mine --out runs/mine --budget 30m",
    "deno task pipeline runs/mine --resume",
    "deno task pipeline --data ratings.csv --out runs/mine --methods automlp,sasrec",
  ],
};

/** Whether a word is the folder of a prepared dataset. */
const isDataset = (word: string): boolean => existsSync(join(word, MANIFEST));

/** Handles a prepared dataset given as the command's argument as if it were named by `--dataset`. */
function datasetAsWord({ given, words }: RunAsWord): RunAsWord {
  const [word] = words, { values, flags } = given;
  if (words.length !== 1 || !isDataset(word) || (values.dataset ?? word) !== word) return { given, words };
  return {
    given: { ...given, values: { ...values, dataset: word }, flags: { ...flags, dataset: word } },
    words: [],
  };
}

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(PIPELINE, args, async ({ flags, positional, config, command, progress, signal }) => {
    const started = performance.now();
    const { given, words } = datasetAsWord(
      runAsWord(await givenOptions(config, flags), positional, "pipeline"),
    );
    if (words.length > 0) {
      throw new InputError(
        `Unexpected "${
          words[0]
        }": files are named with --data, a prepared dataset with --dataset; see deno task pipeline --help`,
      );
    }
    const options = checkGiven(pipelineSchema, given, beneath(given.values));
    const work = await wholeJob(options, given.values);
    engineFirst(options.engine);
    const { dataset, job } = await work({
      started,
      command,
      progress,
      signal,
      // Only a whole kind of permission can be given up, and network access is the one that can be.
      onDataset: () => Deno.permissions.revokeSync({ name: "net" }),
    });
    return job ? presentJob(job) : { text: String(dataset), json: { folder: dataset.folder } };
  });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
