/**
 * The options of the whole job, and their values if they are not given.
 *
 * @module
 */
import { z } from "zod";
import { prepareSchema } from "../../pipeline/config.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { engineShape } from "../../pipeline/scale/options.ts";
import { tableAmong } from "../../pipeline/tables/names.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import { defaultRunFolder } from "../runs/default_folders.ts";
import { begunByOther, nothingBegun, takenOver, toResume } from "../experiment/begun.ts";
import { AUTOMLP, jobShape, placeShape, presetShape } from "../experiment/options.ts";
import { beneathStart } from "../experiment/start_from.ts";
import { DESCRIPTIONS } from "../methods/registry.ts";
import { presetOf } from "../presets/presets.ts";

/** Options that say how far the job goes, and where. */
export const howFar = {
  out: placeShape.out.meta({ ...placeShape.out.meta(), fallback: "runs/NAME" }),
  ...presetShape,
  methods: z.union([z.string(), z.array(z.string())]).transform((names) => [names].flat()).default([AUTOMLP])
    .meta({
      title: "NAME,NAME,…",
      description: `methods to train on the same data: automlp, which is required, and any of ${
        DESCRIPTIONS.map(({ name }) => name).join(", ")
      }`,
    }),
  until: jobShape.until,
};

const { data, dataset, seed } = prepareSchema.shape;
/** Options of the preparation that mean something different to the job. */
export const moreOfJob: Record<string, z.ZodType> = {
  // Only prepare reads a cluster's tables.
  data: data.meta({ ...data.meta(), description: "files of interactions, or globs; plain or gzip" }),
  dataset: dataset.meta({
    ...dataset.meta(),
    title: "NAME|DIR",
    description: `${
      dataset.meta()!.description
    }; or the folder of a prepared dataset; DIR without the flag means the same`,
  }),
  seed: seed.meta({
    ...seed.meta(),
    description: "seed of the negatives and of --sample-users, and of weights, order and dropout",
  }),
};

/** Memory of the preparation's engine; tensors have their own engine. */
export const preparationMemory = { memory: engineShape.memory };

/** All options of the preparation and of the job. */
export const pipelineSchema = z.strictObject({
  ...prepareSchema.shape,
  ...preparationMemory,
  ...jobShape,
  ...howFar,
});

/** The options of the whole job, checked. */
export type WholeJobOptions = z.output<typeof pipelineSchema>;

/** The values of options that are not given: for a resumed run, those it was begun with; otherwise, those of a preset. */
export function beneath(given: Record<string, unknown>): Record<string, unknown> {
  const begun = begunWith(given);
  if (!begun && given.resume === true && given.out !== undefined && !given.data && !given.dataset) {
    throw nothingBegun(given.out);
  }
  // A preset that is named again is compared as if its options were named.
  return begun ? { ...begun, ...presetOf(given.preset, AUTOMLP) } : beneathAll(given);
}

/** The options that the run to resume was begun with; undefined if there is none. */
function begunWith(given: Record<string, unknown>): Record<string, unknown> | undefined {
  const begun = toResume({
    ...given,
    out: given.out ?? defaultRunFolder(given as Parameters<typeof defaultRunFolder>[0]),
  });
  if (!begun) return undefined;
  if (begun.method.name !== AUTOMLP) throw begunByOther(begun);
  // A run begun by a single step on a dataset records the dataset's folder separately from its options.
  const { data, dataset = data === undefined ? begun.dataset : undefined } = begun.config;
  const known = takenOver(pipelineSchema.shape, {
    ...begun.config,
    ...(dataset !== undefined && { dataset }),
  });
  const table = tableAmong({ ...known, ...given });
  if (table !== undefined && given[table] === undefined) {
    throw new InputError(
      `Cannot resume ${begun.out}: its ${table} was a table in memory; give it again, or continue with deno task retrain ${
        quoted(begun.out)
      }`,
    );
  }
  return known;
}

/**
 * The values from a preset, or from the run to start from, for options that are not given. Without data the job runs on the demonstration
 * data.
 */
function beneathAll(given: Record<string, unknown>): Record<string, unknown> {
  const { data, dataset } = given, nothing = data === undefined && dataset === undefined;
  return {
    ...presetOf(presetNameOf(given), AUTOMLP),
    ...beneathStart(AUTOMLP, given),
    ...(nothing && { dataset: "demo" }),
  };
}

/** The preset that is named, or else the one with the name of a known dataset, if there is one. */
export function presetNameOf({ data, dataset, preset }: Record<string, unknown>): unknown {
  return preset ?? (data === undefined ? dataset ?? "demo" : undefined);
}
