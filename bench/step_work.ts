/**
 * What `bench step` times: a step of AutoMLP's weights, or of any other method's training, with the command of its twin in PyTorch.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import { z } from "zod";
import { InputError } from "../pipeline/contract/errors.ts";
import type { Engine } from "../model/backend/types.ts";
import { describedMethod } from "../model/experiment/method_options.ts";
import { AUTOMLP } from "../model/experiment/options.ts";
import { LOSSES } from "../model/train/losses/registry.ts";
import { methodOf } from "../model/train/method.ts";
import { Training } from "../model/train/training.ts";
import type { ProcessRequest } from "./measure.ts";
import { findPython } from "./python.ts";
import {
  benchSettings,
  benchTraining,
  RandomDataset,
  size,
  type Workload,
  workloadShape,
} from "./workload.ts";

export const stepSchema = z.strictObject({
  ...workloadShape,
  method: z.string().default(AUTOMLP),
  sizes: z.array(z.string()).default([]),
  loss: z.enum(LOSSES).optional(),
  candidates: z.array(z.coerce.number().int().positive()).min(1).default([5]),
  length: size.default(50),
  steps: size.default(21),
  rounds: size.default(3),
  peer: z.boolean().default(true),
  peerScript: z.string().optional(),
});
/** The options of `bench step`. */
export type StepPlan = z.output<typeof stepSchema>;

/** A twin as a command, or why there is none. */
export type Twin = ProcessRequest | { absent: string };

/** What is timed. */
export interface StepWork {
  /** For captions. */
  title: string;
  /** One step, whole. */
  step(): unknown;
  /** Targets of a step. */
  targets: number;
  /** Operations of its matrix products, if they are counted. */
  flops?: number;
  twin(): Promise<Twin>;
  dispose(): void;
}

/**
 * What a plan times.
 *
 * @throws {InputError} if its sizes do not go together, or there is no such method.
 */
export function stepWork(engine: Engine, plan: StepPlan): StepWork {
  return plan.method === AUTOMLP ? automlpWork(engine, plan) : methodWork(engine, plan);
}

const AUTOMLP_TWIN = "../shared/peer/torch_step.py";

const automlpLoad = (plan: StepPlan): Workload => ({ ...plan, loss: plan.loss ?? "bce" });

function automlpWork(engine: Engine, plan: StepPlan): StepWork {
  if (plan.candidates.some((k) => k > plan.length)) {
    throw new InputError(
      `Cannot measure: a candidate is longer than the sequence, ${plan.length}; raise --length`,
    );
  }
  const { batch, layers, candidates, length } = plan, workload = automlpLoad(plan);
  return {
    title: `${batch} sequences of ${length}, ${layers} layers, candidates ${
      candidates.join(", ")
    }, ${workload.loss}`,
    targets: batch,
    ...benchTraining(engine, new RandomDataset(workload, length), workload, candidates),
    twin: () => automlpTwin(plan),
  };
}

/** PyTorch's step of AutoMLP, whose script knows some sizes only. */
export async function automlpTwin(plan: StepPlan): Promise<Twin> {
  const { batch, layers, longLayers = layers, candidates } = plan, workload = automlpLoad(plan);
  const script = resolve(plan.peerScript ?? AUTOMLP_TWIN);
  const fixed = { dim: 64, length: 50, items: 12_000, features: 0, dropout: 0, loss: "bce", negatives: 1 };
  const asked = { ...plan, loss: workload.loss, negatives: benchSettings(workload).negatives };
  const other = (Object.keys(fixed) as (keyof typeof fixed)[]).find((key) => asked[key] !== fixed[key]);
  if (other) return { absent: `it knows ${other} ${fixed[other]} only, not ${asked[other]}` };
  if (longLayers !== layers) return { absent: "its modules have the same number of layers" };
  return await commandOf(plan, script, [String(batch), String(layers), candidates.join(",")]);
}

/** A script that has the layers of several methods. */
const TWINS = fileURLToPath(new URL("./torch_method.py", import.meta.url));

function methodWork(engine: Engine, plan: StepPlan): StepWork {
  const description = describedMethod(plan.method), { batch, length, loss = description.loss } = plan;
  const dataset = new RandomDataset(plan, length), settings = benchSettings({ ...plan, loss });
  const shared = Object.entries({ length, dim: plan.dim, dropout: plan.dropout })
    .filter(([key]) => key in description.shape);
  const method = methodOf({ method: plan.method }), own = sizesOf(plan.sizes);
  const config = method.configure(dataset, { ...Object.fromEntries(shared), ...own });
  const training = new Training(engine, dataset, config, settings);
  const { method: _name, items, ...sizes } = config as unknown as Record<string, unknown>;
  const told = Object.entries(sizes).map(([key, value]) => `${key} ${value}`).join(", ");
  return {
    title: `${description.title}, ${batch} sequences, ${items} items, ${told}, ${loss}`,
    step: () => training.step(),
    targets: targetsOf(method.build(engine, dataset, config, settings), batch),
    twin: () => {
      const asked = { ...sizes, items, batch, features: plan.features, loss, negatives: settings.negatives };
      return commandOf(plan, resolve(plan.peerScript ?? TWINS), [plan.method, JSON.stringify(asked)]);
    },
    dispose: () => training.dispose(),
  };
}

/** The targets of the first batch; those of all batches are as many, for all sequences are of one length. */
function targetsOf(trainable: ReturnType<ReturnType<typeof methodOf>["build"]>, batch: number): number {
  const { targets } = trainable.example(trainable.examples.slice(0, batch), 0) as { targets: Int32Array };
  return targets.length;
}

/** `hidden=128` → `{ hidden: 128 }`. */
function sizesOf(pairs: string[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map((pair) => {
    const [key, value] = pair.split("=");
    if (value === undefined) {
      throw new InputError(`Cannot measure: --sizes ${pair} has no value; write KEY=VALUE, as in hidden=128`);
    }
    if (value === "true" || value === "false") return [key, value === "true"];
    return [key, value.trim() === "" || Number.isNaN(Number(value)) ? value : Number(value)];
  }));
}

async function commandOf({ threads }: StepPlan, script: string, args: string[]): Promise<Twin> {
  const found = await findPython(script, "torch", "PyTorch");
  if ("absent" in found) return found;
  return {
    command: [found.python, script, ...args],
    env: threads ? { OMP_NUM_THREADS: String(threads) } : {},
  };
}
