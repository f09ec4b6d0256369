/**
 * The work that `bench step --method NAME` times: a step of any method's training, with the command of its twin in PyTorch.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import { InputError } from "../pipeline/contract/errors.ts";
import type { Engine } from "../model/backend/types.ts";
import { describedMethod } from "../model/experiment/method_options.ts";
import { lossOf } from "../model/train/losses/registry.ts";
import { methodOf } from "../model/train/methods.ts";
import { Training } from "../model/train/training.ts";
import type { StepPlan, StepWork } from "./step_plan.ts";
import { twinCommand } from "./twin.ts";
import { benchSettings, RandomDataset } from "./workload.ts";

/** The script with the layers of all methods. */
const TWINS = fileURLToPath(new URL("./torch_method.py", import.meta.url));

/** Default number of item features for a method that needs some. */
const FEATURES = 2;

/** A step of a method's training on random sequences. */
export function methodWork(engine: Engine, plan: StepPlan): StepWork {
  const description = describedMethod(plan.method), { batch, length, loss = description.loss } = plan;
  const { features = description.needsFeatures ? FEATURES : 0 } = plan;
  const { negatives = description.training?.trainNegatives ?? lossOf(loss).defaultNegatives } = plan;
  const dataset = new RandomDataset({ ...plan, features }, length);
  const settings = benchSettings({ ...plan, features, loss, negatives });
  const shared = Object.entries({ length, dim: plan.dim, dropout: plan.dropout })
    .filter(([key]) => key in description.shape);
  const method = methodOf({ method: plan.method }), own = sizesOf(plan.sizes);
  const config = method.configure(dataset, { ...Object.fromEntries(shared), ...own });
  const training = new Training(engine, dataset, config, settings), { parameters } = training;
  const { method: _name, items, ...sizes } = config as unknown as Record<string, unknown>;
  const targets = targetsOf(method.build(engine, dataset, config, settings), batch);
  const described = Object.entries({
    ...sizes,
    ...(features && { features }),
    ...(negatives && { negatives }),
  });
  const featureFile = features ? fileOf(dataset.features()) : undefined;
  return {
    title: `${description.title}, ${batch} sequences, ${items} items, ${
      described.map(([key, value]) => `${key} ${value}`).join(", ")
    }, ${loss}`,
    step: () => training.step(),
    targets,
    parameters,
    twin() {
      const { users } = dataset, { steps } = plan;
      const asked = { ...sizes, items, users, batch, targets, loss, negatives, steps, featureFile };
      return twinCommand(plan, resolve(plan.peerScript ?? TWINS), [plan.method, JSON.stringify(asked)]);
    },
    dispose() {
      training.dispose();
      if (featureFile) Deno.removeSync(featureFile);
    },
  };
}

/** A temporary file for the twin, because the data are too much for a command line. */
function fileOf(features: ReturnType<RandomDataset["features"]>): string {
  const file = Deno.makeTempFileSync({ prefix: "automlp-bench-", suffix: ".json" });
  Deno.writeTextFileSync(
    file,
    JSON.stringify(features.map(({ values, codes }) => ({ values, codes: Array.from(codes) }))),
  );
  return file;
}

/** Number of targets in the first batch; all batches have as many, because all sequences have one length. */
function targetsOf(trainable: ReturnType<ReturnType<typeof methodOf>["build"]>, batch: number): number {
  const { targets } = trainable.example(trainable.examples.of(0).slice(0, batch), {
    number: 0,
    part: 0,
    epoch: 0,
  }) as {
    targets: Int32Array;
  };
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
