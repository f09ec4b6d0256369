/**
 * The options of the whole job, and what holds where nothing is given.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { prepareSchema } from "../../pipeline/config.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { engineShape } from "../../pipeline/sql/options.ts";
import { defaultRunFolder } from "../../pipeline/terminal/launch/run_place.ts";
import { AUTOMLP, jobShape, placeShape, runShape } from "../experiment/options.ts";
import { PRESET_NAMES, PRESETS } from "../experiment/presets.ts";
import { underNewNames } from "../experiment/reopen.ts";
import { DESCRIPTIONS } from "../methods/registry.ts";
import { FILES } from "../runs/files.ts";
import { RunFolder } from "../runs/folder.ts";

/** How far, and where. */
export const howFar = {
  out: placeShape.out.meta({ ...placeShape.out.meta(), fallback: "runs/NAME" }),
  preset: z.enum(PRESET_NAMES).optional()
    .meta({ description: "options that suit a known data set; those that you give override them" }),
  methods: z.union([z.string(), z.array(z.string())]).transform((names) => [names].flat()).default([AUTOMLP])
    .meta({
      title: "NAME,NAME,…",
      description: `methods to train on the same data: automlp, and of the others: ${
        DESCRIPTIONS.map(({ name }) => name).join(", ")
      }`,
    }),
  until: jobShape.until,
};

/** Of the preparation's engine: tensors have one of their own. */
export const preparationMemory = { memory: engineShape.memory };

/** Everything that the preparation takes, and everything that the job takes. */
export const pipelineSchema = z.strictObject({
  ...prepareSchema.shape,
  ...preparationMemory,
  ...jobShape,
  ...howFar,
});

/** What is asked for. */
export type WholeJobOptions = z.output<typeof pipelineSchema>;

/** What holds where nothing is given: of a run that is resumed what it was begun with, else what a preset says. */
export function beneath(given: Record<string, unknown>): Record<string, unknown> {
  const begun = given.resume === true ? begunWith(given) : undefined;
  if (!begun && given.resume === true && given.out !== undefined && !given.data && !given.dataset) {
    throw new InputError(
      `Cannot resume ${given.out}: there is no run in it that says what it was begun with; give its options again`,
    );
  }
  return begun ?? presetFor(given);
}

/** Options of one session, which the next does not take over. */
const OWN = ["out", "until", "method", "sizes", "force", "overwrite", "memory", ...Object.keys(runShape)];

/** The options that a run was begun with; undefined where none was, or its options are not known. */
function begunWith(given: Record<string, unknown>): Record<string, unknown> | undefined {
  const out = given.out ?? defaultRunFolder(given as Parameters<typeof defaultRunFolder>[0]);
  if (typeof out !== "string" || !existsSync(join(out, FILES.run.path))) return undefined;
  const facts = RunFolder.open(out).readRun();
  if (facts?.method && facts.method.name !== AUTOMLP) {
    throw new InputError(
      `Cannot resume ${out}: it is a run of ${facts.method.title} alone; go on with deno task retrain ${out}`,
    );
  }
  const known = underNewNames(facts?.config ?? {});
  // Begun by a single step on a dataset, it says where that is beside its options.
  if (known.data === undefined) known.dataset ??= facts?.dataset.folder;
  if (known.data === undefined && known.dataset === undefined) return undefined;
  const shape = Object.keys(pipelineSchema.shape).filter((key) => !OWN.includes(key));
  return Object.fromEntries(shape.filter((key) => key in known).map((key) => [key, known[key]]));
}

/** What a preset says beneath what is given. A known data set has the preset of its name; without data the job runs on the demonstration data. */
function presetFor({ data, dataset, preset }: Record<string, unknown>): Record<string, unknown> {
  const nothing = data === undefined && dataset === undefined;
  const named = data === undefined ? dataset ?? "demo" : undefined;
  const name = PRESET_NAMES.find((known) => known === preset) ??
    PRESET_NAMES.find((known) => known === named);
  return { ...(name && PRESETS[name]), ...(nothing && { dataset: "demo" }) };
}
