/**
 * `deno task bench layer`: milliseconds of one layer of a sequence model, forward and backward, and of the same layer in
 * PyTorch, in turn.
 *
 * @module
 */
import { loadavg } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { checkInterrupt, RunError } from "../pipeline/contract/errors.ts";
import { silent } from "../pipeline/contract/progress.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import { fillFromSchema } from "../pipeline/terminal/schema_options.ts";
import { openEngine } from "../model/backend/engine.ts";
import { yieldToEventLoop } from "../pipeline/contract/machine/event_loop.ts";
import { ENGINES } from "../model/backend/types.ts";
import type { Bench, BenchResult } from "./bench.ts";
import { type LayerName, LAYERS, layerWork } from "./layer_work.ts";
import { inTurn, median, type ProcessRequest, rounded, runProcess } from "./measure.ts";
import { findPython } from "./python.ts";
import { inTurnOptions, size, WARM_UP } from "./workload.ts";

/** The peer's script: the same layers in PyTorch. */
const PEER = fileURLToPath(new URL("torch_layer.py", import.meta.url));

/** Default number of sequences. Cross-entropy scores all items at each position, so fewer sequences make as much work. */
const batchOf = (layer: LayerName): number => layer === "cross-entropy" ? 64 : 256;

const layerSchema = z.strictObject({
  layer: z.enum(LAYERS).default("gru"),
  batch: size.optional(),
  length: size.default(50),
  dim: size.default(64),
  hidden: size.default(64),
  items: size.default(3706),
  heads: size.default(2),
  causal: z.boolean().default(true),
  dropout: z.number().min(0).lt(1).default(0),
  taps: size.default(3),
  dilation: size.default(2),
  activation: z.enum(["gelu", "relu"]).default("gelu"),
  seed: z.int().nonnegative().default(1),
  engine: z.enum(ENGINES).optional(),
  threads: size.optional(),
  steps: size.default(21),
  rounds: size.default(5),
  peer: z.boolean().default(true),
  peerScript: z.string().default(PEER),
});
/** Options of `bench layer`. */
export type LayerPlan = z.output<typeof layerSchema> & { batch: number };

/** Returns the command for PyTorch's layer, or why there is none. */
export async function findTorchLayer(plan: LayerPlan): Promise<ProcessRequest | { absent: string }> {
  const found = await findPython(plan.peerScript, "torch", "PyTorch");
  if ("absent" in found) return found;
  const { threads } = plan, asked = JSON.stringify({ ...plan, warmUp: WARM_UP });
  return {
    command: [found.python, plan.peerScript, asked],
    env: threads ? { OMP_NUM_THREADS: String(threads) } : {},
  };
}

/** Milliseconds of the steps of one round. */
interface Round {
  medianMs: number;
  minMs: number;
  /** Median processor time over all threads: on a busy machine the only meaningful figure. */
  cpuMs: number;
}

async function torchRound(request: ProcessRequest): Promise<Round> {
  const { stdout } = await runProcess(request);
  const found = stdout.match(/([\d.]+) ms a step, least ([\d.]+), processor ([\d.]+)/);
  if (!found) throw new RunError(`Cannot read the peer's times: it printed "${stdout.trim()}"`);
  const [medianMs, minMs, cpuMs] = found.slice(1).map(Number);
  return { medianMs, minMs, cpuMs };
}

/** Measures what the plan says. */
export async function benchLayer(
  plan: LayerPlan,
  { progress = silent, signal }: StageContext = {},
): Promise<BenchResult> {
  const { steps, rounds, threads } = plan;
  const engine = await openEngine({ engine: plan.engine, threads, progress });
  const work = layerWork(engine, plan.layer, plan);
  const torch = plan.peer ? await findTorchLayer(plan) : undefined;
  /** Milliseconds of one step, and of processor time. */
  const timed = async (): Promise<[number, number]> => {
    await yieldToEventLoop();
    checkInterrupt(signal, "measuring");
    const started = performance.now(), used = process.cpuUsage(), outputs = work.step();
    // A graphics device computes later, and is waited for; the others have computed by now.
    if (engine.name === "webgpu") await outputs[0].data();
    const ms = performance.now() - started, { user, system } = process.cpuUsage(used);
    engine.tf.dispose(outputs);
    return [ms, (user + system) / 1000];
  };
  const ours = async (round: number): Promise<Round[]> => {
    const task = progress.start(`${plan.layer}, round ${round + 1} of ${rounds}`, steps, "steps");
    const wall: number[] = [], cpu: number[] = [];
    for (let i = -WARM_UP; i < steps; i++) {
      const [ms, cpuMs] = await timed();
      if (i >= 0) wall.push(ms), cpu.push(cpuMs), task.advance(1);
    }
    task.end();
    return [{ medianMs: median(wall), minMs: Math.min(...wall), cpuMs: median(cpu) }];
  };
  const theirs = async (round: number): Promise<Round[]> => {
    if (!torch || "absent" in torch) return [];
    const task = progress.start(`PyTorch's ${plan.layer}, round ${round + 1} of ${rounds}`);
    const one = await torchRound(torch).catch((error) => {
      checkInterrupt(signal, "measuring"); // Ctrl-C reaches the peer too
      throw error;
    });
    task.end();
    return [one];
  };
  const load = [loadavg()[0]];
  const times = await inTurn(rounds, { ours, theirs });
  load.push(loadavg()[0]);
  const { flops } = work;
  work.dispose();

  const [we, they] = [times.ours.flat(), times.theirs.flat()];
  const of = (rounds: Round[]): Round => ({
    medianMs: median(rounds.map((one) => one.medianMs)),
    minMs: Math.min(...rounds.map((one) => one.minMs)),
    cpuMs: median(rounds.map((one) => one.cpuMs)),
  });
  const time = of(we), ratios = they.map(({ medianMs }, round) => we[round].medianMs / medianMs);
  const peer = they.length > 0 ? { ...of(they), ratio: median(ratios), ratios, rounds: they } : undefined;
  const absent = torch && "absent" in torch ? [`The peer did not run: ${torch.absent}.`] : [];
  return {
    tables: [{
      caption: captionOf(plan),
      columns: ["", "median ms", "least", "CPU ms", "GFLOP/s"],
      rows: [
        ["ours", ...figures(time), rounded(flops / time.medianMs / 1e6, 0)],
        ...(peer ? peerRows(time, peer, flops) : []),
      ],
    }],
    notes: [
      engine.explanation,
      ...(peer ? [`The ratio of each round: ${ratios.map((ratio) => ratio.toFixed(2)).join(", ")}.`] : []),
      `Load average ${load.map((one) => one.toFixed(1)).join(" – ")}.`,
      ...absent,
    ],
    data: { bench: "layer", plan, engine: engine.name, ...time, flops, rounds: we, peer, load },
  };
}

const figures = ({ medianMs, minMs, cpuMs }: Round) => [medianMs, minMs, cpuMs].map((ms) => rounded(ms, 2));

function peerRows(ours: Round, peer: Round & { ratio: number }, flops: number) {
  const ratios = [peer.ratio, ours.minMs / peer.minMs, ours.cpuMs / peer.cpuMs];
  return [
    ["PyTorch", ...figures(peer), rounded(flops / peer.medianMs / 1e6, 0)],
    ["ours / PyTorch", ...ratios.map((ratio) => rounded(ratio, 2)), ""],
  ];
}

function captionOf(plan: LayerPlan): string {
  const { layer, batch, length, dim, hidden, steps, rounds } = plan;
  const more = {
    gru: "",
    lstm: "",
    attention: `, ${plan.heads} heads, ${plan.causal ? "causal" : "full"}, dropout ${plan.dropout}`,
    conv: `, ${plan.taps} taps, dilation ${plan.dilation}`,
    "cross-entropy": `, ${plan.items} items`,
    "layer-norm": "",
    "feed-forward": `, ${plan.activation}`,
  }[layer];
  return `${layer}, forward and backward: ${batch} sequences of ${length}, ${dim} channels, ${hidden} hidden${more}; ` +
    `${rounds} × ${steps} steps in turn with PyTorch`;
}

/** Time of one layer. */
export const layerBench: Bench = {
  spec: {
    name: "bench layer",
    summary: "Milliseconds of one layer of a sequence model, forward and backward, and PyTorch's.",
    options: fillFromSchema(layerSchema.shape, {
      "What is measured": {
        layer: { kind: "text", value: "NAME", help: "layer to time" },
        batch: {
          kind: "number",
          value: "N",
          help: "number of sequences",
          fallback: "256; for cross-entropy 64",
        },
        length: { kind: "number", value: "N", help: "length of the sequences; none is padded" },
        dim: { kind: "number", value: "N", help: "channels that go in" },
        hidden: { kind: "number", value: "N", help: "hidden units; for conv, channels that come out" },
        items: { kind: "number", value: "N", help: "number of items (cross-entropy)" },
        heads: { kind: "number", value: "N", help: "number of heads (attention)" },
        causal: {
          kind: "flag",
          help: "attend to older positions only",
          fallback: "yes; --no-causal: to all",
        },
        dropout: { kind: "number", value: "SHARE", help: "dropout of the weights (attention)" },
        taps: { kind: "number", value: "N", help: "positions that a filter reads (conv)" },
        dilation: { kind: "number", value: "N", help: "positions from tap to tap (conv)" },
        activation: { kind: "text", value: "NAME", help: "activation of the hidden units (feed-forward)" },
        seed: { kind: "number", value: "N", help: "seed of the random numbers" },
        engine: {
          kind: "text",
          value: "NAME",
          help: "engine to compute on",
          fallback: "the fastest there is",
        },
        threads: {
          kind: "number",
          value: "N",
          help: "threads of the native engine and of the peer",
          fallback: "all",
        },
      },
      ...inTurnOptions("bench/torch_layer.py"),
    }),
    examples: [
      "deno task bench layer --layer gru",
      "deno task bench layer --layer attention --no-causal --dropout 0.2 --batch 128",
      "deno task bench layer --layer cross-entropy --items 12000 --json",
    ],
  },
  run: async (values, context) => {
    const plan = checkConfig(layerSchema, values);
    return await benchLayer({ ...plan, batch: plan.batch ?? batchOf(plan.layer) }, context);
  },
};
