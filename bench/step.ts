/**
 * `deno task bench step`: milliseconds of one training step, compared with the machine's best matrix product and with
 * PyTorch. With several candidates it is a weight step of the search, with one candidate a step of retraining.
 *
 * @module
 */
import { checkInterrupt, RunError } from "../pipeline/contract/errors.ts";
import { silent } from "../pipeline/contract/progress.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import { fillFromSchema } from "../pipeline/terminal/schema_options.ts";
import { openEngine } from "../model/backend/engine.ts";
import type { Bench, BenchResult } from "./bench.ts";
import { matMulPeak } from "./matmul.ts";
import { inTurn, median, type ProcessRequest, rounded, runProcess } from "./measure.ts";
import { type StepPlan, stepSchema } from "./step_plan.ts";
import { stepWork } from "./step_work.ts";
import { inTurnOptions, type StepTime, summarize, timeStep, WARM_UP, WORKLOAD_OPTIONS } from "./workload.ts";

/**
 * Returns the milliseconds of the twin's step, or why it has no step of these sizes.
 *
 * @param parameters Number of trained values that the twin must have.
 * @throws {RunError} if it has another number: then it is not a twin.
 */
async function twinStep(
  request: ProcessRequest,
  parameters: number | undefined,
): Promise<number | { absent: string }> {
  const { stdout } = await runProcess(request);
  const found = stdout.match(/([\d.]+) ms a step/), absent = stdout.match(/^absent: (.*)/m);
  if (absent) return { absent: absent[1] };
  if (!found) throw new RunError(`Cannot read the peer's time: it printed "${stdout.trim()}"`);
  const its = stdout.match(/(\d+) parameters/)?.[1];
  if (parameters !== undefined && Number(its) !== parameters) {
    throw new RunError(
      `Cannot compare with the peer: it trains ${its ?? "an unknown number of"} values, ours ${parameters}`,
    );
  }
  return Number(found[1]);
}

/** Runs the plan's measurements. */
export async function benchStep(
  plan: StepPlan,
  { progress = silent, signal }: StageContext = {},
): Promise<BenchResult> {
  const { batch, steps, rounds, threads } = plan;
  const engine = await openEngine({ engine: plan.engine, threads, progress });
  const work = stepWork(engine, plan), { flops } = work;
  let twin = plan.peer ? await work.twin() : undefined;
  let peak = 0;
  const ours = async (round: number): Promise<number[]> => {
    const task = progress.start(`training steps, round ${round + 1} of ${rounds}`, steps, "steps"),
      times: number[] = [];
    peak = Math.max(peak, await matMulPeak(engine));
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

  const time = summarize(times.ours.flat()), perSecond = (of: number) => of / (time.medianMs / 1000);
  const peerMs = times.theirs.flat(), ratios = peerMs.map((ms, round) => median(times.ours[round]) / ms);
  const peer = peerMs.length > 0
    ? { medianMs: median(peerMs), ratio: median(ratios), runsMs: peerMs, ratios }
    : undefined;
  const absent = twin && "absent" in twin ? [`The peer did not run: ${twin.absent}.`] : [];
  const measured: Measured = {
    ...time,
    examplesPerSecond: perSecond(batch),
    targetsPerSecond: perSecond(work.targets),
    ...(flops && { flops, peakFlopsPerSecond: peak, shareOfPeak: perSecond(flops) / peak }),
  };
  return {
    tables: [
      stepTable(work.title, plan, measured),
      ...(peer ? [peerTable(time.medianMs, peer, rounds)] : []),
    ],
    notes: [engine.explanation, ...absent],
    data: { bench: "step", plan, engine: engine.name, ...measured, peer, times: times.ours },
  };
}

type Measured =
  & StepTime
  & Record<"examplesPerSecond" | "targetsPerSecond", number>
  & Partial<Record<"flops" | "peakFlopsPerSecond" | "shareOfPeak", number>>;

function stepTable(title: string, { steps, rounds }: StepPlan, m: Measured) {
  const { flops, peakFlopsPerSecond = 0, shareOfPeak = 0 } = m;
  const cells: [column: string, value: string | number][] = [
    ["median ms", rounded(m.medianMs, 1)],
    ["quartiles", m.quartilesMs.map((ms) => ms.toFixed(1)).join(" – ")],
    ["min", rounded(m.minMs, 1)],
    ["examples/s", Math.round(m.examplesPerSecond)],
    ["targets/s", Math.round(m.targetsPerSecond)],
    ...(flops
      ? [
        ["GFLOP", rounded(flops / 1e9, 2)],
        ["GFLOP/s", rounded(flops / m.medianMs / 1e6, 1)],
        ["peak GFLOP/s", rounded(peakFlopsPerSecond / 1e9, 1)],
        ["share of peak", rounded(shareOfPeak, 2)],
      ] as [string, number][]
      : []),
  ];
  return {
    caption: `A training step: ${title}; ${rounds} × ${steps} steps`,
    columns: cells.map(([column]) => column),
    rows: [cells.map(([, value]) => value)],
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

/** The subcommand that measures training steps. */
export const stepBench: Bench = {
  spec: {
    name: "bench step",
    summary:
      "Milliseconds of a training step, its share of the machine's matrix-product peak, and PyTorch's.",
    options: fillFromSchema(stepSchema.shape, {
      "What is measured": {
        method: { kind: "text", value: "NAME", help: "method whose step is timed, as in deno task train" },
        sizes: {
          kind: "list",
          value: "KEY=N,…",
          help: "a method's own sizes, as in hidden=128; AutoMLP's have flags",
          fallback: "the method's",
        },
        lengths: {
          kind: "list",
          value: "K,K,…",
          help: "lengths of AutoMLP's short-term modules side by side",
        },
        length: { kind: "number", value: "N", help: "length of the sequences, T; none is padded" },
        ...WORKLOAD_OPTIONS,
        features: { ...WORKLOAD_OPTIONS.features, fallback: "0; 2 for a method that does not go without" },
        negatives: {
          ...WORKLOAD_OPTIONS.negatives,
          fallback: "AutoMLP: 1 and 200; others: their loss's own",
        },
        loss: {
          kind: "text",
          value: "NAME",
          help: "loss that is minimised",
          fallback: "bce; a method's own",
        },
      },
      ...inTurnOptions("bench/torch_method.py; for AutoMLP ../shared/peer/torch_step.py"),
    }),
    examples: [
      "deno task bench step",
      "deno task bench step --batch 1024 --layers 4 --lengths 3,5,10,15,20 --json",
      "deno task bench step --method gru4rec --sizes hidden=128 --batch 128 --items 3706",
      "deno task bench step --loss ce --features 2 --engine wasm --no-peer",
    ],
  },
  run: async (values, context) => await benchStep(checkConfig(stepSchema, values), context),
};
