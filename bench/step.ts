/**
 * `deno task bench step`: milliseconds of a training step of any method on random sequences, in turn with the same step in PyTorch where it is
 * installed (`torch_method.py`).
 *
 * @module
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { checkInterrupt, InputError, RunError } from "../pipeline/contract/errors.ts";
import { yieldToEventLoop } from "../pipeline/contract/machine/event_loop.ts";
import { silent } from "../pipeline/contract/progress.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import { optionsOf } from "../pipeline/terminal/schema_options.ts";
import { openEngine } from "../model/backend/engine.ts";
import { PRECISIONS } from "../model/backend/precision.ts";
import { type Engine, ENGINES } from "../model/backend/types.ts";
import { describedMethod } from "../model/experiment/method_options.ts";
import { LOSSES, lossOf } from "../model/train/losses/registry.ts";
import { methodOf } from "../model/train/methods.ts";
import { Training } from "../model/train/training.ts";
import type { Bench, BenchResult } from "./bench.ts";
import { findPython, inTurn, median, type ProcessRequest, rounded, runProcess } from "./measure.ts";
import { RandomDataset } from "./random_dataset.ts";

/** Number of steps before those that count: the engine's first calls are slower. */
const WARM_UP = 3;
/** The script with the layers of all methods. */
const TWINS = fileURLToPath(new URL("./torch_method.py", import.meta.url));
/** AutoMLP, which is trained without its search. */
const AUTOMLP = {
  title: "AutoMLP",
  loss: "bce" as const,
  shape: { length: true, dim: true, dropout: true },
  needsFeatures: false,
  training: undefined,
};
/** AutoMLP's sizes where none are given. */
const AUTOMLP_SIZES = { layers: 2, longLayers: 2, sequenceHidden: 64, channelHidden: 64, lengths: [5] };
/** Number of item features for a method that needs some. */
const FEATURES = 2;

const count = z.int().positive();
const number = <S extends z.ZodType>(schema: S, title: string, description: string, fallback?: string): S =>
  schema.meta({ title, description, ...(fallback !== undefined && { fallback }) }) as S;
const what = {
  method: z.string().default("automlp").meta({ title: "NAME", description: "method whose step is timed" }),
  sizes: z.array(z.string()).default([]).meta({
    title: "KEY=N,…",
    description: "the method's own sizes, as in hidden=128",
    fallback: "the method's",
  }),
  batch: number(count.default(256), "N", "number of targets in a step"),
  length: number(count.default(50), "N", "length of the sequences, T; none is padded"),
  dim: number(count.default(64), "N", "number of channels"),
  items: number(count.default(12_000), "N", "number of items, each as likely as the others"),
  features: number(
    z.int().nonnegative().optional(),
    "N",
    "number of item features",
    "as few as the method needs",
  ),
  loss: z.enum(LOSSES).optional().meta({ title: "NAME", description: "loss", fallback: "the method's own" }),
  negatives: number(count.optional(), "N", "number of negatives", "the loss's own"),
  dropout: number(z.number().min(0).lt(1).default(0), "SHARE", "share of the vectors that is set to zero"),
  precision: z.enum(PRECISIONS).default("float32").meta({
    title: "NAME",
    description: "of factors of products",
  }),
  engine: z.enum(ENGINES).optional()
    .meta({ title: "NAME", description: "engine to compute on", fallback: "the fastest there is" }),
  threads: number(count.optional(), "N", "threads of the native engine and of the peer", "all cores"),
  seed: number(z.int().nonnegative().default(1), "N", "seed of weights and sequences"),
};
const howOften = {
  steps: number(count.default(21), "N", `steps a round that count, after ${WARM_UP} that do not`),
  rounds: number(count.default(3), "N", "number of rounds, in turn with the peer"),
  peer: z.boolean().default(true).meta({
    description: "run PyTorch in turn",
    fallback: "yes, where it is; --no-peer turns it off",
  }),
};
const stepSchema = z.strictObject({ ...what, ...howOften });
/** The options of `bench step`. */
export type StepPlan = z.output<typeof stepSchema>;

/** `hidden=128` → `{ hidden: 128 }`. */
const sizesOf = (pairs: string[]): Record<string, unknown> =>
  Object.fromEntries(pairs.map((pair) => {
    const [key, value] = pair.split("=");
    if (value === undefined) {
      throw new InputError(`Cannot measure: --sizes ${pair} has no value; write KEY=VALUE, as in hidden=128`);
    }
    if (value === "true" || value === "false") return [key, value === "true"];
    return [key, value.trim() === "" || Number.isNaN(Number(value)) ? value : Number(value)];
  }));

/** A step of a method's training on random sequences, and the command of its twin. */
export function stepWork(engine: Engine, plan: StepPlan) {
  const description = plan.method === "automlp" ? AUTOMLP : describedMethod(plan.method);
  const { batch, length, loss = description.loss } = plan;
  const { features = description.needsFeatures ? FEATURES : 0 } = plan;
  const { negatives = description.training?.trainNegatives ?? lossOf(loss).defaultNegatives } = plan;
  const dataset = new RandomDataset({ ...plan, features }, length);
  const settings = {
    loss,
    trainNegatives: negatives,
    trainDistribution: "uniform" as const,
    rate: 1e-3,
    batchSize: batch,
    precision: plan.precision,
    seed: plan.seed,
  };
  const shared = Object.entries({ length, dim: plan.dim, dropout: plan.dropout })
    .filter(([key]) => key in description.shape);
  const method = methodOf({ method: plan.method });
  const config = method.configure(dataset, {
    ...(plan.method === "automlp" && AUTOMLP_SIZES),
    ...Object.fromEntries(shared),
    ...sizesOf(plan.sizes),
  });
  const training = new Training(engine, dataset, config, settings), { parameters } = training;
  const { method: _name, items, ...sizes } = config as unknown as Record<string, unknown>;
  const trainable = method.build(engine, dataset, config, settings);
  const first = trainable.examples.of(0).slice(0, batch);
  const { targets } = trainable.example(first, { number: 0, part: 0, epoch: 0 }) as { targets: Int32Array };
  const featureFile = features ? fileOf(dataset.features()) : undefined;
  const described = Object.entries({
    ...sizes,
    ...(features && { features }),
    ...(negatives && { negatives }),
  });
  return {
    title: `${description.title}, ${batch} sequences, ${items} items, ${
      described.map(([key, value]) => `${key} ${value}`).join(", ")
    }, ${loss}`,
    step: () => training.step(),
    /** Number of targets in a step: all batches have as many, because all sequences have one length. */
    targets: targets.length,
    parameters,
    async twin(): Promise<ProcessRequest | { absent: string }> {
      const found = await findPython(TWINS, "torch", "PyTorch");
      if ("absent" in found) return found;
      const { users } = dataset, { steps } = plan;
      const asked = {
        ...sizes,
        items,
        users,
        batch,
        targets: targets.length,
        loss,
        negatives,
        steps,
        featureFile,
      };
      return {
        command: [found.python, resolve(TWINS), plan.method, JSON.stringify(asked)],
        env: plan.threads ? { OMP_NUM_THREADS: String(plan.threads) } : {},
      };
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
  const written = features.map(({ values, codes }) => ({ values, codes: Array.from(codes) }));
  Deno.writeTextFileSync(file, JSON.stringify(written));
  return file;
}

/** Milliseconds of one call. Between calls the event loop runs, which is not counted, so that Ctrl-C gets through. */
export async function timeStep(step: () => unknown, signal?: AbortSignal): Promise<number> {
  await yieldToEventLoop();
  checkInterrupt(signal, "measuring");
  const started = performance.now();
  step();
  return performance.now() - started;
}

/**
 * Returns the milliseconds of the twin's step, or why it has no step of these sizes.
 *
 * @throws {RunError} if it trains another number of values than `parameters`: then it is not a twin.
 */
async function twinStep(request: ProcessRequest, parameters: number): Promise<number | { absent: string }> {
  const { stdout } = await runProcess(request);
  const found = stdout.match(/(\d+) parameters, ([\d.]+) ms a step/), absent = stdout.match(/^absent: (.*)/m);
  if (absent) return { absent: absent[1] };
  if (!found) throw new RunError(`Cannot read the peer's time: it printed "${stdout.trim()}"`);
  if (Number(found[1]) !== parameters) {
    throw new RunError(`Cannot compare with the peer: it trains ${found[1]} values, ours ${parameters}`);
  }
  return Number(found[2]);
}

/** Runs the plan's measurements. */
export async function benchStep(
  plan: StepPlan,
  { progress = silent, signal }: StageContext = {},
): Promise<BenchResult> {
  const { batch, steps, rounds, threads } = plan;
  const engine = await openEngine({ engine: plan.engine, threads, progress });
  const work = stepWork(engine, plan);
  let twin = plan.peer ? await work.twin() : undefined;
  const ours = async (round: number): Promise<number[]> => {
    const task = progress.start(`training steps, round ${round + 1} of ${rounds}`, steps, "steps"),
      times: number[] = [];
    for (let i = -WARM_UP; i < steps; i++) {
      const time = await timeStep(work.step, signal);
      if (i >= 0) times.push(time), task.advance(1);
    }
    task.end();
    return times;
  };
  const theirs = async (round: number): Promise<number[]> => {
    if (!twin || "absent" in twin) return [];
    const task = progress.start(`PyTorch's steps, round ${round + 1} of ${rounds}`);
    const time = await twinStep(twin, work.parameters).catch((error) => {
      checkInterrupt(signal, "measuring"); // Ctrl-C reaches the peer too
      throw error;
    });
    task.end();
    if (typeof time === "number") return [time];
    twin = time;
    return [];
  };
  const times = await inTurn(rounds, { ours, theirs }).finally(() => work.dispose());
  const all = times.ours.flat(), medianMs = median(all), perSecond = (of: number) => of / (medianMs / 1000);
  const peerMs = times.theirs.flat(), ratios = peerMs.map((ms, round) => median(times.ours[round]) / ms);
  const peer = peerMs.length > 0
    ? { medianMs: median(peerMs), ratio: median(ratios), runsMs: peerMs, ratios }
    : undefined;
  return {
    tables: [{
      caption: `A training step: ${work.title}; ${rounds} × ${steps} steps`,
      columns: ["median ms", "min", "examples/s", "targets/s"],
      rows: [[
        ...[rounded(medianMs, 1), rounded(Math.min(...all), 1)],
        ...[Math.round(perSecond(batch)), Math.round(perSecond(work.targets))],
      ]],
    }, ...(peer ? [peerTable(medianMs, peer, rounds)] : [])],
    notes: [
      engine.explanation,
      ...(twin && "absent" in twin ? [`The peer did not run: ${twin.absent}.`] : []),
    ],
    data: {
      ...{ bench: "step", plan, engine: engine.name, medianMs, peer, times: times.ours },
      ...{ examplesPerSecond: perSecond(batch), targetsPerSecond: perSecond(work.targets) },
    },
  };
}

const peerTable = (
  ours: number,
  { medianMs, ratio, ratios }: { medianMs: number; ratio: number; ratios: number[] },
  rounds: number,
) => ({
  caption: `Against PyTorch, in turn, ${rounds} rounds; the ratio is the median of the rounds'`,
  columns: ["ours ms", "PyTorch ms", "ours / PyTorch", "of each round"],
  rows: [[
    ...[rounded(ours, 1), rounded(medianMs, 1), rounded(ratio, 2)],
    ratios.map((one) => one.toFixed(2)).join(", "),
  ]],
});

/** The subcommand that measures training steps. */
export const stepBench: Bench = {
  spec: {
    name: "bench step",
    summary: "Milliseconds of a training step, and PyTorch's.",
    options: optionsOf({ "What is measured": what, "How often": howOften }),
    examples: [
      "deno task bench step",
      "deno task bench step --method gru4rec --sizes hidden=128 --batch 128 --items 3706",
      "deno task bench step --loss ce --features 2 --engine wasm --no-peer",
    ],
  },
  run: async (values, context) => await benchStep(checkConfig(stepSchema, values), context),
};
