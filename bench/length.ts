/**
 * `deno task bench length`: how the time of a training step grows with the length of the sequences. The network is linear
 * in it, and so should the time be.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../pipeline/contract/errors.ts";
import { silent } from "../pipeline/contract/progress.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import { fillFromSchema } from "../pipeline/terminal/schema_options.ts";
import { openEngine } from "../model/backend/engine.ts";
import type { Bench, BenchResult } from "./bench.ts";
import { inTurn, rounded } from "./measure.ts";
import {
  benchTraining,
  RandomDataset,
  size,
  summarize,
  timeStep,
  WARM_UP,
  WORKLOAD_OPTIONS,
  workloadShape,
} from "./workload.ts";

const lengths = z.array(z.coerce.number().int().positive());

const lengthSchema = z.strictObject({
  ...workloadShape,
  short: lengths.min(1).default([5]),
  lengths: lengths.min(2).default([50, 100, 200, 400, 800]),
  steps: size.default(7),
});
/** Options of `bench length`. */
export type LengthPlan = z.output<typeof lengthSchema>;

/**
 * The exponent p of y ∝ xᵖ, by least squares on the logarithms.
 *
 * @example
 * ```ts
 * import { growthExponent } from "./length.ts";
 * console.assert(growthExponent([1, 2, 4], [3, 12, 48]) === 2);
 * ```
 */
export function growthExponent(x: number[], y: number[]): number {
  const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const logX = x.map(Math.log2), logY = y.map(Math.log2), meanX = mean(logX), meanY = mean(logY);
  const covariance = mean(logX.map((v, i) => (v - meanX) * (logY[i] - meanY)));
  return covariance / mean(logX.map((v) => (v - meanX) ** 2));
}

/** Measures what the plan says. The lengths take turns, step by step. */
export async function benchLength(
  plan: LengthPlan,
  { progress = silent, signal }: StageContext = {},
): Promise<BenchResult> {
  const { batch, short, lengths, steps, threads } = plan;
  const shortest = Math.min(...lengths);
  if (short.some((k) => k > shortest)) {
    throw new InputError(
      `Cannot measure: a short-term length is longer than the shortest sequence, ${shortest}`,
    );
  }
  if (new Set(lengths).size < lengths.length) {
    throw new InputError(`Cannot measure: --lengths ${lengths.join(",")} names one length twice`);
  }
  const engine = await openEngine({ engine: plan.engine, threads, progress });
  const trainings = lengths.map((length) => ({
    length,
    ...benchTraining(engine, new RandomDataset(plan, length), plan, short),
  }));
  const turns = WARM_UP + steps;
  const task = progress.start("training steps", turns * lengths.length, "steps");
  const times = await inTurn(
    turns,
    Object.fromEntries(trainings.map(({ length, step }) => [length, async () => {
      const ms = await timeStep(step, signal);
      task.advance(1);
      return ms;
    }])),
  );
  task.end();
  for (const { dispose } of trainings) dispose();

  const rows = trainings.map(({ length, flops }) => {
    const time = summarize(times[length].slice(WARM_UP));
    return { length, flops, ...time, microsecondsAPosition: 1000 * time.medianMs / (batch * length) };
  });
  const exponent = growthExponent(lengths, rows.map(({ medianMs }) => medianMs));
  return {
    tables: [{
      caption: `A training step by length: ${batch} sequences, ${plan.layers} layers, short-term lengths ${
        short.join(", ")
      }, ${plan.loss}; medians of ${steps} steps`,
      columns: ["length T", "median ms", "quartiles", "µs a position", "GFLOP/s"],
      rows: rows.map(({ length, flops, medianMs, quartilesMs, microsecondsAPosition }) => [
        length,
        rounded(medianMs, 1),
        quartilesMs.map((ms) => ms.toFixed(1)).join(" – "),
        rounded(microsecondsAPosition, 2),
        rounded(flops / medianMs / 1e6, 1),
      ]),
    }],
    notes: [`The time grows as T to the power of ${exponent.toFixed(2)}.`, engine.explanation],
    data: { bench: "length", plan, engine: engine.name, exponent, rows },
  };
}

/** Time of a training step by length. */
export const lengthBench: Bench = {
  spec: {
    name: "bench length",
    summary: "Milliseconds of a training step by length of the sequences, and the power by which they grow.",
    options: fillFromSchema(lengthSchema.shape, {
      "What is measured": {
        lengths: { kind: "list", value: "N,N,…", help: "lengths of the sequences, T; none is padded" },
        short: { kind: "list", value: "K,K,…", help: "lengths of the short-term modules side by side" },
        ...WORKLOAD_OPTIONS,
      },
      "How often": {
        steps: { kind: "number", value: "N", help: "number of steps of each length that count" },
      },
    }),
    examples: ["deno task bench length", "deno task bench length --batch 64 --lengths 50,100,200 --json"],
  },
  run: async (values, context) => await benchLength(checkConfig(lengthSchema, values), context),
};
