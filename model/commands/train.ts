/**
 * `deno task train`: trains one method on a dataset folder.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { readDataset } from "../../pipeline/contract/store.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions, readConfigFile } from "../../pipeline/terminal/config.ts";
import { datasetFolder, datasetShape } from "../../pipeline/terminal/named.ts";
import { flagValue } from "../../pipeline/terminal/flag_value.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { runJob } from "../experiment/job.ts";
import { describedMethod, jobOf, methodGroups, methodSchema } from "../experiment/method_options.ts";
import { placeShape, runShape, trainShape } from "../experiment/options.ts";
import { presentJob } from "../experiment/present.ts";
import { DESCRIPTIONS } from "../methods/registry.ts";

const NAMES: string[] = DESCRIPTIONS.map(({ name }) => name);

/** What, and where it goes. */
const ownShape = {
  method: z.string().meta({ title: "NAME", description: `method to train: ${NAMES.join(", ")}` }),
  ...datasetShape,
  ...placeShape,
  until: z.enum(["retrain", "evaluate"]).default("evaluate")
    .meta({ description: "last phase: training only, or evaluation as well" }),
};

/** The command's description; with the options of the method that is asked for, if one is. */
function trainSpec(method: string | undefined): CommandSpec {
  const described = method !== undefined && NAMES.includes(method) ? describedMethod(method) : undefined;
  return {
    name: "train",
    summary: described
      ? `Trains ${described.title} on a dataset folder and evaluates it: ${described.help} (${described.paper}).`
      : "Trains one method on a dataset folder and evaluates it. --method NAME --help shows the method's own options.",
    options: optionsOf({
      "What, and where it goes": { ...ownShape, ...runShape },
      ...(described ? methodGroups(described) : { "Training": trainShape }),
    }),
    glossary: {
      "Methods": Object.fromEntries(DESCRIPTIONS.map(({ name, title, help }) => [name, `${title}: ${help}`])),
    },
    examples: [
      "deno task train --method sasrec --dataset data/mine --out runs/sasrec",
      "deno task train --method sasrec --help",
    ],
  };
}

/** The method that a flag names, or the configuration file. */
function methodOf(flags: Record<string, unknown>, config: string | undefined): string {
  const method = flags.method ?? (config === undefined ? undefined : readConfigFile(config).method);
  if (typeof method === "string") return method;
  throw new InputError(`Which method? Name it with --method: ${NAMES.join(", ")}`);
}

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(
    trainSpec(flagValue(args, "method")),
    args,
    async ({ flags, positional, config, command, progress, signal }) => {
      const described = describedMethod(methodOf(flags, config));
      const values = commandOptions(methodSchema(described).extend(ownShape), config, flags);
      const { dataset: named, out, seed, until } = z.object(ownShape).parse(values);
      const options = Object.fromEntries(Object.entries(values).filter(([key]) => !(key in ownShape)));
      const example =
        `deno task train --method ${described.name} --dataset data/mine --out runs/${described.name}`;
      const folder = datasetFolder(positional, { dataset: named }, example);
      if (!out) throw new InputError(`Where to? Name the run folder with --out DIR, as in ${example}`);
      const dataset = await readDataset(folder);
      const job = { ...jobOf(described.name, options), until };
      return presentJob(await runJob(dataset, job, { out, seed, command, progress, signal }));
    },
  );
}

if (import.meta.main) Deno.exit(await main(Deno.args));
