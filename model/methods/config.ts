/**
 * What the configurations of trained methods have in common.
 *
 * @module
 */
import { z } from "zod";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import type { MethodConfig } from "../train/method.ts";

const size = z.int().positive();

/** Sizes that most methods have; their texts are those of `--help`. */
export const shapes = {
  length: size.max(10_000).default(50).meta({ title: "T", description: "maximum length of a history" }),
  dim: size.max(16_384).default(64).meta({ title: "D", description: "size of the embeddings" }),
  layers: size.max(1_000).default(2).meta({ title: "L", description: "number of layers" }),
  dropout: z.number().min(0).lt(1).default(0.2)
    .meta({ title: "P", description: "share of the inputs that a training step sets to zero" }),
};

/** Heads of a self-attention. */
export const heads = (count: number) =>
  size.max(64).default(count).meta({
    title: "H",
    description: "heads of the attention; D is a multiple of H",
  });

/** @throws {InputError} if the heads cannot share the numbers evenly. */
export function checkHeads(method: string, { heads, dim }: { heads: number; dim: number }): void {
  if (dim % heads === 0) return;
  throw new InputError(
    `Cannot build ${method}: ${heads} heads cannot share ${dim} numbers evenly; give a --dim that is a multiple of --heads`,
  );
}

/** An entry of a shape with another default, and with the same help. */
export function withDefault<T extends z.ZodType>(
  schema: z.ZodDefault<T> | z.ZodOptional<T>,
  value: z.output<T>,
): z.ZodDefault<T> {
  const { fallback: _of_none, ...help } = schema.meta() ?? {};
  return schema.unwrap().default(value as z.core.util.NoUndefined<z.output<T>>).meta(help);
}

/** What a configuration of a method is besides its own sizes. */
export type Configured<S extends z.ZodRawShape> = z.output<z.ZodObject<S>> & MethodConfig & {
  /** Number of items; ids run from 1. */
  items: number;
};

/** Checks and fills in the configurations of a method. */
export function configurations<S extends z.ZodRawShape>(method: string, shape: S) {
  const schema = z.strictObject({ method: z.literal(method).default(method), items: size, ...shape });
  const resolve = (input: Record<string, unknown>): Configured<S> => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return parsed.data as Configured<S>;
    const [issue] = parsed.error.issues;
    if (issue.code === "unrecognized_keys") {
      const [key] = issue.keys, near = didYouMean(key, Object.keys(shape));
      throw new InputError(`Cannot build ${method}: there is no option ${key}${near}`);
    }
    throw new InputError(`Cannot build ${method}: ${issue.path.join(".")}: ${issue.message}`);
  };
  return {
    configure: (dataset: SequenceDataset, input: Record<string, unknown>) =>
      resolve({ ...input, items: dataset.items }),
    reconfigure: (config: Configured<S>, input: Record<string, unknown>) => resolve({ ...config, ...input }),
  };
}
