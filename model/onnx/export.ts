/**
 * Writes a trained model for other programs.
 *
 * @module
 */
import { checkCall, FOLDER, NUMBER, SWITCH, TEXT } from "../../pipeline/contract/options/arguments.ts";
import pl, { type DataFrame } from "nodejs-polars";
import { contextOf } from "../../pipeline/contract/context.ts";
import { DATASET, type SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { checkKnown, type KnownOptions, knownWith } from "../../pipeline/contract/options/known.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { type ExportResult, writeExport } from "../../pipeline/export/folder.ts";
import { ExportJob, interactionChunks } from "../../pipeline/export/format.ts";
import { titleColumn } from "../titles.ts";
import { TRAINED, type TrainedNetwork } from "../train/method.ts";
import { onnxModel } from "./model.ts";
import { IR_VERSION, OPSET } from "./graph.ts";
import { modelReadme, SPARK_SCRIPT } from "./texts.ts";

export type { ExportedFile } from "../../pipeline/export/output.ts";
export type { ExportResult };

/** Options of {@link exportModel}: what to write, and where. */
export interface ExportModelOptions extends StageContext {
  /** The format: `onnx`. */
  to: "onnx";
  /** The folder to write; an earlier export in it is replaced. */
  out: string;
  /** How much popularity counts in the model's scores, 0 … 1, as in `recommend`. Default: 1, unchanged scores. */
  popularity?: number;
  /** Whether the model's best items may include items of the history. Default: as it was trained (`keepSeen`), or no. */
  keepSeen?: boolean;
  /** Whether to replace our own files in that folder even if they are not an export or were changed since. Default: no. */
  overwrite?: boolean;
}

/**
 * Writes a trained model as an ONNX file, which programs in any language run without AutoMLP. It computes the scores
 * of all items and the best items that a history does not contain, as `recommend` does. Files beside it: the items'
 * ids, the users' histories, a script for Spark, and a README that says how to load it.
 *
 * @param model A model as returned by `train`, `loadModel` or a search.
 * @param dataset The dataset that it was trained on.
 * @throws {InputError} if the method's network is not described as a graph, the weights exceed the file's limit of 2
 * GiB, the dataset is another one, or a folder is in the way.
 * @throws {Interrupted} if `signal` is aborted; no partial files stay.
 * @example
 * ```ts
 * import { exportModel, prepare, train } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const model = await train("automlp", dataset, { lengths: [5], epochs: 1, dim: 8, length: 10 });
 * console.log(await exportModel(model, dataset, { to: "onnx", out: `${out}-onnx` }));
 * ```
 */
export function exportModel(
  model: TrainedNetwork,
  dataset: SequenceDataset,
  options: ExportModelOptions,
): Promise<ExportResult> {
  return Promise.try(() => {
    checkCall(
      'exportModel(model, dataset, { to: "onnx", out: "exports/mine" })',
      [model, TRAINED],
      [dataset, DATASET],
      [options, knownWith(OPTIONS, "to", "out")],
    );
    return exportTrained(model, dataset, options, []);
  });
}

/** Exports a model that was read from files; the export must not be written into them. */
export async function exportTrained(
  model: TrainedNetwork,
  dataset: SequenceDataset,
  options: ExportModelOptions,
  inputs: readonly string[],
): Promise<ExportResult> {
  checkKnown("export the model", options, OPTIONS);
  const { to, out, overwrite, popularity = 1, keepSeen = model.keepSeen ?? false } = options;
  const { progress, signal } = contextOf(options);
  if (to !== "onnx") throw new InputError(`Cannot export a model to "${to}": there is one format, onnx`);
  const pieces = onnxModel(model, dataset, { popularity, keepSeen }), { method } = model.config;
  const place = { out, inputs: [dataset.folder, ...inputs], overwrite, compression: "zstd" as const };
  return await writeExport({ ...place, progress, signal }, async (output) => {
    const { name } = dataset.manifest,
      job = new ExportJob(dataset, output, { name, maxLength: 1, progress, signal });
    output.binary("model.onnx", pieces);
    await output.table("items.parquet", "parquet", items(dataset));
    await output.table("histories.parquet", "parquet", histories(job));
    output.text("score_spark.py", SPARK_SCRIPT);
    const facts = { to, method, popularity, keepSeen, opset: OPSET, ir: IR_VERSION };
    return {
      readme: modelReadme(model, dataset, { popularity, keepSeen }),
      facts: { ...facts, dataset: dataset.manifest.hash },
      notes: job.notes,
    };
  });
}

const OPTIONS: KnownOptions<Omit<ExportModelOptions, keyof StageContext>> = {
  to: TEXT,
  out: FOLDER,
  popularity: NUMBER,
  keepSeen: SWITCH,
  overwrite: SWITCH,
};

/** `item` (dense), `id` (original) and, if the items have titles, `title`. */
function items(dataset: SequenceDataset): DataFrame {
  const column = titleColumn(dataset);
  const titles = column === undefined ? [] : [pl.col(column).alias("title")];
  return dataset.table("items").select(pl.col("item"), pl.col("id"), ...titles);
}

/** `user` and `items`: the whole history of each user in the dataset, oldest first, in original ids. */
async function* histories(job: ExportJob): AsyncGenerator<DataFrame> {
  for await (const { frame } of interactionChunks(job, "writing histories", { wholeUsers: true })) {
    yield frame.lazy().groupBy("user_id", true).agg(pl.col("item_id").alias("items"))
      .select(pl.col("user_id").alias("user"), pl.col("items")).collectSync();
  }
}
