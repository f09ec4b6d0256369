/**
 * `deno task bench layer`: milliseconds of one layer of a sequence model, forward and backward, and of the same layer in
 * PyTorch, in turn.
 *
 * @module
 */
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { checkInterrupt, RunError } from "../pipeline/contract/errors.ts";
import { silent } from "../pipeline/contract/progress.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import { fillFromSchema } from "../pipeline/terminal/options.ts";
import { openEngine } from "../model/backend/engine.ts";
import { yieldToEventLoop } from "../model/train/step.ts";
import { BACKENDS } from "../model/backend/types.ts";
import type { Bench, BenchResult } from "./bench.ts";
import { LAYERS, layerWork } from "./layer_work.ts";
import { inTurn, median, type ProcessRequest, runProcess } from "./measure.ts";
import { findPython } from "./python.ts";
import { rounded, size, summarize, WARM_UP } from "./workload.ts";

/** The peer's script: the same layers in PyTorch. */
const PEER = fileURLToPath(new URL("torch_layer.py", import.meta.url));

const layerSchema = z.strictObject({
  layer: z.enum(LAYERS).default("gru"),
  batch: size.default(256),
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
  backend: z.enum(BACKENDS).optional(),
  threads: size.optional(),
  steps: size.default(21),
  rounds: size.default(5),
  peer: z.boolean().default(true),
  peerScript: z.string().default(PEER),
});
/** What `bench layer` is told. */
export type LayerPlan = z.output<typeof layerSchema>;

/** PyTorch's layer as a command, or why there is none. */
export async function findTorchLayer(plan: LayerPlan): Promise<ProcessRequest | { absent: string }> {
  const found = await findPython(plan.peerScript, "torch", "PyTorch");
  if ("absent" in found) return found;
  const { threads } = plan, told = JSON.stringify({ ...plan, warmUp: WARM_UP });
  return {
    command: [found.python, plan.peerScript, told],
    env: threads ? { OMP_NUM_THREADS: String(threads) } : {},
  };
}

/** The peer's median and least milliseconds. */
async function torchTimes(request: ProcessRequest): Promise<[number, number]> {
  const { stdout } = await runProcess(request);
  const found = stdout.match(/([\d.]+) ms a step, least ([\d.]+)/);
  if (!found) throw new RunError(`Cannot read the peer's times: it printed "${stdout.trim()}"`);
  return [Number(found[1]), Number(found[2])];
}

/** Measures what the plan says. */
export async function benchLayer(
  plan: LayerPlan,
  { progress = silent, signal }: StageContext = {},
): Promise<BenchResult> {
  const { steps, rounds, threads, backend } = plan;
  const engine = await openEngine({ backend, threads, progress });
  const work = layerWork(engine, plan.layer, plan);
  const torch = plan.peer ? await findTorchLayer(plan) : undefined;
  /** Milliseconds of one step. */
  const timed = async (): Promise<number> => {
    await yieldToEventLoop();
    checkInterrupt(signal, "measuring");
    const started = performance.now(), outputs = work.step();
    // A graphics device computes later, and is waited for; the others have computed by now.
    if (engine.name === "webgpu") await outputs[0].data();
    const ms = performance.now() - started;
    engine.tf.dispose(outputs);
    return ms;
  };
  const ours = async (round: number): Promise<number[]> => {
    const task = progress.start(`${plan.layer}, round ${round + 1} of ${rounds}`, steps, "steps");
    const times: number[] = [];
    for (let i = -WARM_UP; i < steps; i++) {
      const time = await timed();
      if (i >= 0) times.push(time), task.advance(1);
    }
    task.end();
    return times;
  };
  const theirs = async (round: number): Promise<number[]> => {
    if (!torch || "absent" in torch) return [];
    const task = progress.start(`PyTorch's ${plan.layer}, round ${round + 1} of ${rounds}`);
    const both = await torchTimes(torch).catch((error) => {
      checkInterrupt(signal, "measuring"); // Ctrl-C reaches the peer too
      throw error;
    });
    task.end();
    return both;
  };
  const load = [loadavg()[0]];
  const times = await inTurn(rounds, { ours, theirs });
  load.push(loadavg()[0]);
  const { flops } = work;
  work.dispose();

  const time = summarize(times.ours.flat()), runs = times.theirs.filter((both) => both.length > 0);
  const ratios = runs.map(([ms], round) => median(times.ours[round]) / ms);
  const least = Math.min(...runs.map(([, ms]) => ms));
  const peer = runs.length > 0
    ? {
      ...{ medianMs: median(runs.map(([ms]) => ms)), minMs: least, runs },
      ...{ ratio: median(ratios), ratios, leastRatio: time.minMs / least },
    }
    : undefined;
  const absent = torch && "absent" in torch ? [`The peer did not run: ${torch.absent}.`] : [];
  return {
    tables: [{
      caption: captionOf(plan),
      columns: [
        ...["ours ms", "quartiles", "least", "GFLOP/s", "PyTorch ms", "least"],
        ...["ours / PyTorch", "of each round", "of the least"],
      ],
      rows: [[
        rounded(time.medianMs, 2),
        time.quartilesMs.map((ms) => ms.toFixed(2)).join(" – "),
        rounded(time.minMs, 2),
        rounded(flops / time.medianMs / 1e6, 0),
        peer ? rounded(peer.medianMs, 2) : "–",
        peer ? rounded(peer.minMs, 2) : "–",
        peer ? rounded(peer.ratio, 2) : "–",
        ratios.map((ratio) => ratio.toFixed(2)).join(", "),
        peer ? rounded(peer.leastRatio, 2) : "–",
      ]],
    }],
    notes: [engine.explanation, `Load average ${load.map((one) => one.toFixed(1)).join(" – ")}.`, ...absent],
    data: { bench: "layer", plan, engine: engine.name, ...time, flops, peer, load, times: times.ours },
  };
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
        layer: { kind: "text", value: "NAME", help: "the layer" },
        batch: { kind: "number", value: "N", help: "sequences" },
        length: { kind: "number", value: "N", help: "length of the sequences; none is padded" },
        dim: { kind: "number", value: "N", help: "channels that go in" },
        hidden: { kind: "number", value: "N", help: "hidden units; for conv, channels that come out" },
        items: { kind: "number", value: "N", help: "items (cross-entropy)" },
        heads: { kind: "number", value: "N", help: "heads (attention)" },
        causal: {
          kind: "flag",
          help: "attend to older positions only",
          fallback: "yes; --no-causal: to all",
        },
        dropout: { kind: "number", value: "SHARE", help: "dropout of the weights (attention)" },
        taps: { kind: "number", value: "N", help: "positions that a filter reads (conv)" },
        dilation: { kind: "number", value: "N", help: "positions from tap to tap (conv)" },
        activation: { kind: "text", value: "NAME", help: "of the hidden units (feed-forward)" },
        seed: { kind: "number", value: "N", help: "of the random numbers" },
        backend: { kind: "text", value: "NAME", help: "engine", fallback: "the fastest there is" },
        threads: {
          kind: "number",
          value: "N",
          help: "threads of the native engine and of the peer",
          fallback: "all",
        },
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
          help: "script that does the same, run by the Python that AUTOMLP_PYTHON names",
          fallback: "bench/torch_layer.py",
        },
      },
    }),
    examples: [
      "deno task bench layer --layer gru",
      "deno task bench layer --layer attention --no-causal --dropout 0.2 --batch 128",
      "deno task bench layer --layer cross-entropy --items 12000 --json",
    ],
  },
  run: async (values, context) => await benchLayer(checkConfig(layerSchema, values), context),
};
