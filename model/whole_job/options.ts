/**
 * The options of the whole job, and what holds where nothing is given.
 *
 * @module
 */
import { z } from "zod";
import { prepareSchema } from "../../pipeline/config.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { engineShape } from "../../pipeline/sql/options.ts";
import { tableAmong } from "../../pipeline/tables/names.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import { defaultRunFolder } from "../../pipeline/terminal/launch/run_place.ts";
import { begunByOther, nothingBegun, takenOver, toResume } from "../experiment/begun.ts";
import { AUTOMLP, jobShape, placeShape, presetShape } from "../experiment/options.ts";
import { beneathStart } from "../experiment/start_from.ts";
import { DESCRIPTIONS } from "../methods/registry.ts";
import { presetOf } from "../presets/presets.ts";

/** How far, and where. */
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
/** Options of the preparation that mean something else to the job. */
export const moreOfJob: Record<string, z.ZodType> = {
  // A cluster's tables are prepare's alone.
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
  const begun = begunWith(given);
  if (!begun && given.resume === true && given.out !== undefined && !given.data && !given.dataset) {
    throw nothingBegun(given.out);
  }
  // A preset that is named again is compared as if its options were.
  return begun ? { ...begun, ...presetOf(given.preset, AUTOMLP) } : beneathAll(given);
}

/** The options that the run to resume was begun with; undefined where there is none. */
function begunWith(given: Record<string, unknown>): Record<string, unknown> | undefined {
  const begun = toResume({
    ...given,
    out: given.out ?? defaultRunFolder(given as Parameters<typeof defaultRunFolder>[0]),
  });
  if (!begun) return undefined;
  if (begun.method.name !== AUTOMLP) throw begunByOther(begun);
  // Begun by a single step on a dataset, it says where that is beside its options.
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

/** What a preset, or the run to start from, says beneath what is given. Without data the job runs on the demonstration data. */
function beneathAll(given: Record<string, unknown>): Record<string, unknown> {
  const { data, dataset } = given, nothing = data === undefined && dataset === undefined;
  return {
    ...presetOf(presetNameOf(given), AUTOMLP),
    ...beneathStart(AUTOMLP, given),
    ...(nothing && { dataset: "demo" }),
  };
}

/** The preset that is named; else that of a known data set's name, if there is one. */
export function presetNameOf({ data, dataset, preset }: Record<string, unknown>): unknown {
  return preset ?? (data === undefined ? dataset ?? "demo" : undefined);
}
