/**
 * `deno task train`: trains one method on a dataset folder.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { readDataset } from "../../pipeline/contract/dataset/store.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { checkGiven, givenOptions, readConfigFile } from "../../pipeline/terminal/config.ts";
import { datasetFolder, datasetShape } from "../../pipeline/terminal/named.ts";
import { type CommandSpec, mergedOptions, parseCommandLine } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { engineFirst } from "../backend/engine_first.ts";
import {
  type Begun,
  begunByOther,
  begunOtherwise,
  beneathOnDataset,
  differencesBetween,
  refuseRunIn,
  resumedBy,
  runAsWord,
  toResume,
  toResumeOnDataset,
} from "../experiment/begun.ts";
import { doJob } from "../experiment/job.ts";
import {
  describedMethod,
  jobOf,
  methodGroups,
  methodSchema,
  optionsOfAnyMethod,
} from "../experiment/method_options.ts";
import { AUTOMLP, placeShape, presetShape, runShape } from "../experiment/options.ts";
import { presentJob } from "../experiment/present.ts";
import { beneathStart, startOf } from "../experiment/start_from.ts";
import { DESCRIPTIONS } from "../methods/registry.ts";
import { presetNamed } from "../presets/presets.ts";

const NAMES: string[] = DESCRIPTIONS.map(({ name }) => name);

/** The method and its data, and the place of the results. */
const ownShape = {
  method: z.string().meta({ title: "NAME", description: `method to train: ${NAMES.join(", ")}` }),
  ...datasetShape,
  ...placeShape,
  ...presetShape,
  until: z.enum(["retrain", "evaluate"]).default("evaluate")
    .meta({ description: "last phase: training only, or evaluation as well" }),
};

/** The command's description, with the options of the requested method, if there is one. */
function trainSpec(method: string | undefined): CommandSpec {
  const described = method !== undefined && NAMES.includes(method) ? describedMethod(method) : undefined;
  return {
    name: "train",
    summary: described
      ? `Trains ${described.title} on a dataset folder and evaluates it: ${described.help} (${described.paper}).`
      : "Trains one method other than AutoMLP on a dataset folder and evaluates it. --method NAME --help shows the method's own options.",
    positional: "[DIR | RUN --resume]",
    options: {
      ...optionsOf({ "What, and where it goes": { ...ownShape, ...runShape } }),
      ...(described ? optionsOf(methodGroups(described)) : optionsOfAnyMethod()),
    },
    glossary: {
      "Methods": Object.fromEntries(DESCRIPTIONS.map(({ name, title, help }) => [name, `${title}: ${help}`])),
    },
    resumedBy: (flags, config, words) => resumedBy("train", flags, config, words),
    examples: [
      "deno task train --method sasrec --dataset data/mine --out runs/sasrec",
      "deno task train --start-from runs/sasrec --dataset data/today --out runs/today",
      "deno task train runs/sasrec --resume",
      "deno task train --method sasrec --help",
    ],
  };
}

/**
 * The method whose options the command line may have: the one named there, or in its configuration file, or that of
 * the run to resume or to start from.
 */
async function methodAhead(args: string[]): Promise<string | undefined> {
  const { values: flags, positional } = parseCommandLine(args, {
    ...trainSpec(undefined),
    options: { "": mergedOptions([undefined, ...NAMES].map(trainSpec)) },
  });
  const { method, resume, out, ...values }: Record<string, unknown> = {
    ...await valuesInFile(flags.config as string | undefined),
    ...flags,
  };
  if (typeof method === "string") return method;
  return [out, ...positional].map((out) => toResume({ resume: resume === true, out: out as string }))
    .find((begun) => begun !== undefined)?.method.name ?? methodStarted(values);
}

/** The method of the run to start from; undefined if none is named. */
const methodStarted = ({ startFrom }: Record<string, unknown>): string | undefined =>
  typeof startFrom === "string" ? startOf(startFrom).method.name : undefined;

async function valuesInFile(config: string | undefined): Promise<Record<string, unknown>> {
  if (config === undefined) return {};
  try {
    return await readConfigFile(config);
  } catch {
    return {}; // errors in it are reported when its options are read
  }
}

/** The named method, or the one that the run to resume was begun with. */
function methodOf(named: unknown, begun: Begun | undefined): string {
  if (begun?.method.name === AUTOMLP) throw begunByOther(begun);
  if (begun) {
    const { out, method } = begun, now = named ?? method.name;
    const differences = differencesBetween({ "--method": method.name }, { "--method": now }, "none");
    if (differences.length > 0) throw begunOtherwise(out, differences);
    return method.name;
  }
  if (typeof named === "string") return named;
  throw new InputError(`Which method? Name it with --method: ${NAMES.join(", ")}`);
}

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(
    async () => trainSpec(await methodAhead(args)),
    args,
    async ({ flags, positional, config, command, progress, signal }) => {
      const { given, words } = runAsWord(await givenOptions(config, flags), positional, "train");
      const begun = toResumeOnDataset(given.values, words);
      const { method = methodStarted(given.values) } = given.values;
      const described = describedMethod(methodOf(method, begun));
      const schema = methodSchema(described).extend(ownShape);
      const values = checkGiven(schema, given, {
        method: described.name,
        ...beneathOnDataset(schema.shape, begun, words),
        ...presetNamed(given.values.preset, described.name),
        ...(begun ? {} : beneathStart(described.name, given.values)),
      });
      const { dataset: named, out, seed, until } = z.object(ownShape).parse(values);
      const options = Object.fromEntries(Object.entries(values).filter(([key]) => !(key in ownShape)));
      const example =
        `deno task train --method ${described.name} --dataset data/mine --out runs/${described.name}`;
      const folder = datasetFolder(words, { dataset: named }, example);
      if (!out) throw new InputError(`Where to? Name the run folder with --out DIR, as in ${example}`);
      const dataset = await readDataset(folder);
      const job = { ...jobOf(described.name, options), until };
      refuseRunIn(out, job.resume);
      engineFirst(job.engine);
      return presentJob(await doJob(dataset, job, { out, seed, command, progress, signal }));
    },
  );
}

if (import.meta.main) Deno.exit(await main(Deno.args));
