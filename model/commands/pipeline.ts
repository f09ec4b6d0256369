/**
 * `deno task pipeline`: the main job, from raw interactions to metrics and a report.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { prepareSchema, resolvePrepareConfig } from "../../pipeline/config.ts";
import { PREPARE } from "../../pipeline/commands/prepare_options.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { formatCell, type Table, textTable } from "../../pipeline/display/table.ts";
import { prepare } from "../../pipeline/run.ts";
import { type CommandResult, runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import { type CommandSpec, fillFromSchema } from "../../pipeline/terminal/options.ts";
import { VERSIONS } from "../../pipeline/version.ts";
import { type JobResult, runJob } from "../job/job.ts";
import { checkJob, jobShape } from "../job/options.ts";

/** Everything that the preparation takes, and everything that the job takes. */
const pipelineSchema = z.strictObject({
  ...prepareSchema.shape,
  ...jobShape,
  out: z.string().min(1).optional(),
});

const { out: _out, force: _force, name, ..._rest } = PREPARE.options["Where it goes"];

const PIPELINE: CommandSpec = {
  name: "pipeline",
  summary:
    "The whole job: prepare → search → select → retrain → evaluate → report. Without --data on demonstration data.",
  options: fillFromSchema(jobShape, {
    "How far, and where": {
      out: { kind: "text", value: "DIR", help: "the run folder", fallback: "runs/NAME" },
      until: { kind: "text", help: "stop after this phase" },
      resume: { kind: "flag", help: "go on with the run that the folder holds" },
      budget: {
        kind: "text",
        value: "TIME",
        help: "stop training in time to be done after so long, as in 30m",
      },
      backend: {
        kind: "text",
        help: "compute on this engine and no other",
        fallback: "the fastest there is",
      },
      threads: { kind: "number", value: "N", help: "threads of the native engine", fallback: "all cores" },
    },
    "The network": {
      length: { kind: "number", value: "T", help: "longest history" },
      dim: { kind: "number", value: "D", help: "numbers that stand for an item" },
      layers: { kind: "number", value: "L", help: "layers of a short-term module" },
      longLayers: {
        kind: "number",
        value: "L",
        help: "layers of the long-term module; 0 leaves it out",
        fallback: "as many",
      },
      sequenceHidden: { kind: "number", value: "R", help: "hidden size of the sequence mixers" },
      channelHidden: { kind: "number", value: "R", help: "hidden size of the channel mixers" },
      dropout: { kind: "number", value: "P", help: "share of the inputs that a training step sets to zero" },
      score: { kind: "text", help: "similarity of a history with an item" },
      temperature: { kind: "number", value: "X", help: "with --score cosine: what the cosine is divided by" },
    },
    "The search for the short-term length": {
      search: { kind: "text", help: "by gradient, one training a length, or not at all" },
      short: { kind: "number", value: "K", help: "with --search none: the length" },
      candidates: { kind: "list", value: "K,K,…", help: "lengths to choose from" },
      order: {
        kind: "number",
        value: "1|2",
        help: "first-order or second-order approximation",
        fallback: "1",
      },
      searchEpochs: { kind: "number", value: "N", help: "epochs of the search" },
      searchWarmup: { kind: "number", value: "SHARE", help: "share of the search in which α rests" },
      alphaRate: { kind: "number", value: "X", help: "learning rate of α" },
      alphaData: {
        kind: "text",
        value: "validation|SHARE",
        help: "what α learns from: the validation positives, or a held-out share of the training targets",
        fallback: "validation",
      },
      select: {
        kind: "text",
        help: "the length with the largest α, or the shortest within the margin of it",
      },
      margin: {
        kind: "number",
        value: "X",
        help: "lead in softmax(α) under which a winner is called unclear",
      },
    },
    "Training": {
      loss: { kind: "text", help: "what is minimised" },
      trainNegatives: {
        kind: "number",
        value: "N",
        help: "negatives of each target (bce) or of a batch (sampled-softmax)",
        fallback: "1; 1000",
      },
      trainDistribution: { kind: "text", help: "how these are drawn" },
      rate: { kind: "number", value: "X", help: "learning rate of Adam" },
      batchSize: { kind: "number", value: "B", help: "targets a step" },
      epochs: { kind: "number", value: "N", help: "at most so many" },
      patience: { kind: "number", value: "N", help: "stop after so many epochs without improvement" },
      metric: { kind: "text", value: "NAME", help: "validation metric that decides" },
      protocol: {
        kind: "text",
        value: "NAME",
        help: "its protocol",
        fallback: "the dataset's first, recbole",
      },
      ks: { kind: "list", value: "K,K,…", help: "cut-offs of the metrics reported" },
    },
    ...Object.fromEntries(
      Object.entries(PREPARE.options).filter(([title]) => title !== "Where it goes").map(([title, group]) => [
        `Preparation: ${title[0].toLowerCase()}${title.slice(1)}`,
        group,
      ]),
    ),
    "Preparation: its name": { name },
  }),
  examples: [
    "deno task pipeline",
    "deno task pipeline --data ratings.csv --out runs/mine --candidates 3,5,10,15,20",
    "deno task pipeline --data ratings.csv --out runs/mine --budget 30m",
    "deno task pipeline --data ratings.csv --out runs/mine --resume",
  ],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(PIPELINE, args, async ({ flags, positional, config, progress, signal }) => {
    if (positional.length > 0) {
      throw new InputError(
        `Unexpected "${positional[0]}": files are named with --data; see deno task pipeline --help`,
      );
    }
    const started = performance.now();
    const options = commandOptions(pipelineSchema, config, flags);
    checkJob(options);
    if (!options.data && !options.dataset) options.dataset = "demo";
    const out = options.out ?? `runs/${options.name ?? options.dataset ?? "run"}`;
    const prepareOptions = Object.fromEntries(
      Object.entries(options).filter(([key]) => key in prepareSchema.shape),
    );
    const preparation = resolvePrepareConfig({ ...prepareOptions, out: join(out, "dataset") });
    const { dataset } = await prepare(preparation, { progress, signal });
    if (options.until === "dataset") return { text: String(dataset), json: { folder: dataset.folder } };
    const result = await runJob(dataset, options, {
      ...{ out, seed: options.seed, versions: VERSIONS, started, progress, signal },
      command: ["deno task pipeline", ...args].join(" "),
      config: preparation,
    });
    return present(result);
  });
}

function present({ run, facts, architecture, metrics }: JobResult): CommandResult {
  const lines: string[] = [];
  if (architecture) {
    lines.push(
      `Short-term length: ${architecture.shortTermLength} (${architecture.method}, of ${
        architecture.candidates.join(", ")
      })`,
    );
  }
  if (metrics) lines.push("", textTable(metricTable(metrics)));
  lines.push("", `Run: ${run.path}`);
  return {
    text: lines.join("\n").trim(),
    json: { folder: run.path, status: facts.status, architecture, metrics, times: facts.times },
  };
}

/** AutoMLP beside the baselines on the test part, every protocol. */
function metricTable({ dataset, seed, model, baselines }: JobResult["metrics"] & object): Table {
  const methods = Object.entries({ AutoMLP: model, ...baselines });
  const protocols = Object.keys(model.test);
  const names = ["HR@10", "NDCG@10", "MRR@10"].filter((name) => name in model.test[protocols[0]]);
  const shown = names.length > 0 ? names : Object.keys(model.test[protocols[0]]).slice(0, 3);
  return {
    caption: `Test of ${dataset.name} (${dataset.hash.slice(0, 8)}), seed ${seed}`,
    columns: ["protocol", "method", ...shown],
    rows: protocols.flatMap((protocol) =>
      methods.map(([method, figures]) => [
        protocol,
        method,
        ...shown.map((name) => formatCell(Number(figures.test[protocol][name].toFixed(4)))),
      ])
    ),
  };
}

if (import.meta.main) Deno.exit(await main(Deno.args));
