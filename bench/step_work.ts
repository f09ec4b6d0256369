/**
 * The work that `bench step` times: a step of AutoMLP's weights, or of any other method's training.
 *
 * @module
 */
import { resolve } from "node:path";
import { InputError } from "../pipeline/contract/errors.ts";
import type { Engine } from "../model/backend/types.ts";
import { AUTOMLP } from "../model/experiment/options.ts";
import { methodWork } from "./method_work.ts";
import type { StepPlan, StepWork, Twin } from "./step_plan.ts";
import { twinCommand } from "./twin.ts";
import { benchSettings, benchTraining, RandomDataset, type Workload } from "./workload.ts";

/**
 * Returns the work that a plan times.
 *
 * @throws {InputError} if its sizes do not fit together, or there is no such method.
 */
export function stepWork(engine: Engine, plan: StepPlan): StepWork {
  return plan.method === AUTOMLP ? automlpWork(engine, plan) : methodWork(engine, plan);
}

const AUTOMLP_TWIN = "../shared/peer/torch_step.py";

const automlpLoad = (plan: StepPlan): Workload => ({
  ...plan,
  loss: plan.loss ?? "bce",
  features: plan.features ?? 0,
});

function automlpWork(engine: Engine, plan: StepPlan): StepWork {
  if (plan.lengths.some((k) => k > plan.length)) {
    throw new InputError(
      `Cannot measure: a candidate is longer than the sequence, ${plan.length}; raise --length`,
    );
  }
  const { batch, layers, lengths, length } = plan, workload = automlpLoad(plan);
  return {
    title: `${batch} sequences of ${length}, ${layers} layers, candidates ${
      lengths.join(", ")
    }, ${workload.loss}`,
    targets: batch,
    ...benchTraining(engine, new RandomDataset(workload, length), workload, lengths),
    twin: () => automlpTwin(plan),
  };
}

/** PyTorch's step of AutoMLP, whose script supports only some sizes. */
export async function automlpTwin(plan: StepPlan): Promise<Twin> {
  const { batch, layers, longLayers = layers, lengths } = plan, workload = automlpLoad(plan);
  const script = resolve(plan.peerScript ?? AUTOMLP_TWIN);
  const fixed = { dim: 64, length: 50, items: 12_000, features: 0, dropout: 0, loss: "bce", negatives: 1 };
  const asked = { ...plan, ...workload, negatives: benchSettings(workload).trainNegatives };
  const other = (Object.keys(fixed) as (keyof typeof fixed)[]).find((key) => asked[key] !== fixed[key]);
  if (other) return { absent: `it knows ${other} ${fixed[other]} only, not ${asked[other]}` };
  if (longLayers !== layers) return { absent: "its modules have the same number of layers" };
  return await twinCommand(plan, script, [String(batch), String(layers), lengths.join(",")]);
}
