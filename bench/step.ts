/**
 * `deno task bench step`: milliseconds of one training step, against the machine's best matrix product and against
 * PyTorch. With several candidates it is the step of the weights in the search, with one it is a step of retraining.
 *
 * @module
 */
import { resolve } from "node:path";
import { z } from "zod";
import { checkInterrupt, InputError, RunError } from "../pipeline/contract/errors.ts";
import { silent } from "../pipeline/contract/progress.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import { fillFromSchema } from "../pipeline/terminal/options.ts";
import { openEngine } from "../model/backend/engine.ts";
import type { Bench, BenchResult } from "./bench.ts";
import { matMulPeak } from "./matmul.ts";
import { inTurn, median, type ProcessRequest, runProcess } from "./measure.ts";
import { findPython } from "./python.ts";
import {
  benchSettings,
  benchTraining,
  RandomDataset,
  rounded,
  size,
  type StepTime,
  summarize,
  timeStep,
  WARM_UP,
  WORKLOAD_OPTIONS,
  workloadShape,
} from "./workload.ts";

const stepSchema = z.strictObject({
  ...workloadShape,
  candidates: z.array(z.coerce.number().int().positive()).min(1).default([5]),
  length: size.default(50),
  steps: size.default(21),
  rounds: size.default(3),
  peer: z.boolean().default(true),
  peerScript: z.string().default("../shared/peer/torch_step.py"),
});
/** What `bench step` is told. */
export type StepPlan = z.output<typeof stepSchema>;

/** PyTorch's step as a command, or why there is none. */
export async function findTorch(plan: StepPlan): Promise<ProcessRequest | { absent: string }> {
  const { batch, layers, longLayers = layers, candidates, threads } = plan;
  const script = resolve(plan.peerScript);
  // The sizes that the script is written for.
  const fixed = { dim: 64, length: 50, items: 12_000, features: 0, dropout: 0, loss: "bce", negatives: 1 };
  const asked = { ...plan, negatives: benchSettings(plan).negatives };
  const other = (Object.keys(fixed) as (keyof typeof fixed)[]).find((key) => asked[key] !== fixed[key]);
  if (other) return { absent: `it knows ${other} ${fixed[other]} only, not ${asked[other]}` };
  if (longLayers !== layers) return { absent: "its modules have the same number of layers" };
  const found = await findPython(script, "torch", "PyTorch");
  if ("absent" in found) return found;
  return {
    command: [found.python, script, String(batch), String(layers), candidates.join(",")],
    env: threads ? { OMP_NUM_THREADS: String(threads) } : {},
  };
}

async function torchStep(request: ProcessRequest): Promise<number> {
  const { stdout } = await runProcess(request);
  const found = stdout.match(/([\d.]+) ms a step/);
  if (!found) throw new RunError(`Cannot read the peer's time: it printed "${stdout.trim()}"`);
  return Number(found[1]);
}

/** Measures what the plan says. */
export async function benchStep(
  plan: StepPlan,
  { progress = silent, signal }: StageContext = {},
): Promise<BenchResult> {
  if (plan.candidates.some((k) => k > plan.length)) {
    throw new InputError(
      `Cannot measure: a candidate is longer than the sequence, ${plan.length}; raise --length`,
    );
  }
  const { batch, steps, rounds, threads, backend } = plan;
  const engine = await openEngine({ backend, threads, progress });
  const dataset = new RandomDataset(plan, plan.length);
  const training = benchTraining(engine, dataset, plan, plan.candidates), { flops } = training;
  const torch = plan.peer ? await findTorch(plan) : undefined;
  let peak = 0;
  const ours = async (round: number): Promise<number[]> => {
    const task = progress.start(`training steps, round ${round + 1} of ${rounds}`, steps, "steps"),
      times: number[] = [];
    peak = Math.max(peak, await matMulPeak(engine));
    for (let i = -WARM_UP; i < steps; i++) {
      const time = await timeStep(training.step, signal);
      if (i >= 0) times.push(time), task.advance(1);
    }
    task.end();
    return times;
  };
  const theirs = async (round: number): Promise<number[]> => {
    if (!torch || "absent" in torch) return [];
    const task = progress.start(`PyTorch's steps, round ${round + 1} of ${rounds}`);
    const time = await torchStep(torch).catch((error) => {
      checkInterrupt(signal, "measuring"); // Ctrl-C reaches the peer too
      throw error;
    });
    task.end();
    return [time];
  };
  const times = await inTurn(rounds, { ours, theirs });
  training.dispose();

  const time = summarize(times.ours.flat()), perSecond = flops / (time.medianMs / 1000);
  const peerMs = times.theirs.flat(), ratios = peerMs.map((ms, round) => median(times.ours[round]) / ms);
  const peer = peerMs.length > 0
    ? { medianMs: median(peerMs), ratio: median(ratios), runsMs: peerMs, ratios }
    : undefined;
  const absent = torch && "absent" in torch ? [`The peer did not run: ${torch.absent}.`] : [];
  const whole = {
    ...time,
    examplesPerSecond: batch / (time.medianMs / 1000),
    flops,
    peakFlopsPerSecond: peak,
    shareOfPeak: perSecond / peak,
  };
  return {
    tables: [stepTable(plan, whole), ...(peer ? [peerTable(time.medianMs, peer, rounds)] : [])],
    notes: [engine.explanation, ...absent],
    data: { bench: "step", plan, engine: engine.name, ...whole, peer, times: times.ours },
  };
}

type Measured =
  & StepTime
  & Record<"examplesPerSecond" | "flops" | "peakFlopsPerSecond" | "shareOfPeak", number>;

function stepTable({ batch, layers, candidates, length, loss, steps, rounds }: StepPlan, m: Measured) {
  return {
    caption: `A training step: ${batch} sequences of ${length}, ${layers} layers, candidates ${
      candidates.join(", ")
    }, ${loss}; ${rounds} × ${steps} steps`,
    columns: [
      "median ms",
      "quartiles",
      "min",
      "examples/s",
      "GFLOP",
      "GFLOP/s",
      "peak GFLOP/s",
      "share of peak",
    ],
    rows: [[
      rounded(m.medianMs, 1),
      m.quartilesMs.map((ms) => ms.toFixed(1)).join(" – "),
      rounded(m.minMs, 1),
      Math.round(m.examplesPerSecond),
      rounded(m.flops / 1e9, 2),
      rounded(m.flops / m.medianMs / 1e6, 1),
      rounded(m.peakFlopsPerSecond / 1e9, 1),
      rounded(m.shareOfPeak, 2),
    ]],
  };
}

function peerTable(
  ours: number,
  { medianMs, ratio, ratios }: { medianMs: number; ratio: number; ratios: number[] },
  rounds: number,
) {
  return {
    caption: `Against PyTorch, in turn, ${rounds} rounds; the ratio is the median of the rounds'`,
    columns: ["ours ms", "PyTorch ms", "ours / PyTorch", "of each round"],
    rows: [[
      rounded(ours, 1),
      rounded(medianMs, 1),
      rounded(ratio, 2),
      ratios.map((r) => r.toFixed(2)).join(", "),
    ]],
  };
}

/** Time of a training step. */
export const stepBench: Bench = {
  spec: {
    name: "bench step",
    summary:
      "Milliseconds of a training step, its share of the machine's matrix-product peak, and PyTorch's.",
    options: fillFromSchema(stepSchema.shape, {
      "What is measured": {
        candidates: { kind: "list", value: "K,K,…", help: "lengths of the short-term modules side by side" },
        length: { kind: "number", value: "N", help: "length of the sequences, T; none is padded" },
        ...WORKLOAD_OPTIONS,
      },
      "How often": {
        steps: { kind: "number", value: "N", help: `steps a round that count, after ${WARM_UP} that do not` },
        rounds: { kind: "number", value: "N", help: "rounds, in turn with the peer" },
      },
      "What it is compared with": {
        peer: {
          kind: "flag",
          help: "run PyTorch in turn",
          fallback: "yes, where it is; --no-peer turns it off",
        },
        peerScript: {
          kind: "text",
          value: "FILE",
          help: "script that does the same step, run by the Python that AUTOMLP_PYTHON names",
        },
      },
    }),
    examples: [
      "deno task bench step",
      "deno task bench step --batch 1024 --layers 4 --candidates 3,5,10,15,20 --json",
      "deno task bench step --loss ce --features 2 --backend wasm --no-peer",
    ],
  },
  run: async (values, context) => await benchStep(checkConfig(stepSchema, values), context),
};
