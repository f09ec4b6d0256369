/**
 * What the configurations of trained methods have in common.
 *
 * @module
 */
import { z } from "zod";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { inPlainWords, placed } from "../../pipeline/contract/options/plain_words.ts";
import { sizesShape } from "./automlp/config.ts";
import { withDataDefaults } from "../data_defaults.ts";
import type { MethodConfig } from "../train/method.ts";

const size = z.int().positive();

/** AutoMLP's size with a lower limit, for networks whose cost grows faster with it. */
const atMost = (limit: number, schema: z.ZodNumber) => schema.max(limit, `must be at most ${limit}`);

/** Sizes that most methods have; their texts are shown by `--help`. */
export const shapes = {
  length: atMost(10_000, sizesShape.length.unwrap()).optional().meta(sizesShape.length.meta()!),
  dim: atMost(16_384, sizesShape.dim.unwrap()).default(sizesShape.dim.parse(undefined)).meta(
    sizesShape.dim.meta()!,
  ),
  layers: size.max(1_000).default(2).meta({ title: "L", description: "number of layers", space: [1, 2, 3] }),
  dropout: sizesShape.dropout,
  seenBias: sizesShape.seenBias,
};

/** Options only of methods that look back only. */
export const causal = {
  examples: z.enum(["each", "last"]).default("each").meta({
    description:
      "what training predicts: the next item at every position of a sequence at once, or each item separately " +
      "with all that came before it, which takes far longer",
  }),
};

/**
 * Defaults of the training of recurrent networks. GRU4Rec and LSTM-LSTM reached more at this rate than at 0.001 on three data sets, GRU4Rec+
 * a little less on one, with fewer epochs in most cases; see bench/README.md. Self-attention is worse with it.
 */
export const RECURRENT_TRAINING = { batchSize: 128, rate: 4e-3 } as const;

/** Returns the option for the number of heads of a self-attention. */
export const heads = (count: number) =>
  size.max(64).default(count).meta({
    title: "H",
    description: "heads of the attention; D is a multiple of H",
    space: [1, 2, 4],
  });

/** @throws {InputError} if the heads cannot share the numbers evenly. */
export function checkHeads(method: string, { heads, dim }: { heads: number; dim: number }): void {
  if (dim % heads === 0) return;
  throw new InputError(
    `Cannot build ${method}: ${heads} heads cannot share ${dim} numbers evenly; give a --dim that is a multiple of --heads`,
  );
}

/** Returns an entry of a shape with another default and the same help. */
export function withDefault<T extends z.ZodType>(
  schema: z.ZodDefault<T> | z.ZodOptional<T>,
  value: z.output<T>,
): z.ZodDefault<T> {
  const { fallback: _of_none, ...help } = schema.meta() ?? {};
  return schema.unwrap().default(value as z.core.util.NoUndefined<z.output<T>>).meta(help);
}

/** A method's configuration: its own sizes, and what all configurations have. */
export type Configured<S extends z.ZodRawShape> = z.output<z.ZodObject<S>> & MethodConfig & {
  /** Number of items; ids run from 1. */
  items: number;
} & ("length" extends keyof S ? { length: number } : unknown);

/** Returns functions that check a method's configurations and fill in defaults. */
export function configurations<S extends z.ZodRawShape>(method: string, shape: S) {
  const schema = z.strictObject({ method: z.literal(method).default(method), items: size, ...shape });
  const resolve = (input: Record<string, unknown>): Configured<S> => {
    const parsed = schema.safeParse(input, { error: inPlainWords });
    if (parsed.success) return parsed.data as Configured<S>;
    const [issue] = parsed.error.issues;
    if (issue.code === "unrecognized_keys") {
      const [key] = issue.keys, near = didYouMean(key, Object.keys(shape));
      throw new InputError(`Cannot build ${method}: there is no option ${key}${near}`);
    }
    const { name, message } = placed(issue);
    throw new InputError(`Cannot build ${method}: ${name}: ${message}`);
  };
  return {
    configure: (dataset: SequenceDataset, input: Record<string, unknown>) =>
      resolve({ ...withDataDefaults(dataset, input), items: dataset.items }),
    reconfigure: (config: Configured<S>, input: Record<string, unknown>) => resolve({ ...config, ...input }),
  };
}
