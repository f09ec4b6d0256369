/**
 * RecBole's atomic files: the data set unsplit, and pre-split.
 *
 * @module
 */
import pl, { type DataFrame, type Expr } from "nodejs-polars";
import type { Split } from "../contract/stage.ts";
import type { ExportJob, Format } from "./format.ts";
import { historyChunks } from "./history.ts";
import { anyOf, checkIds, CONTROL_CHARACTERS, itemSeparator, MISSING_IN_PANDAS } from "./ids.ts";
import { interactionChunks } from "./interactions.ts";
import { fileTable, snippet } from "./readme.ts";
import { recboleConfig } from "./recbole_config.ts";
import { type AtomicColumns, atomicColumns, atomicTable } from "./recbole_side.ts";
import { writeSplits } from "./splits.ts";
import { delimited } from "./text_table.ts";

const TSV = delimited("\t");

/** RecBole's names for the parts of a split. */
const PART: Record<Split, string> = { train: "train", validation: "valid", test: "test" };

/** Two RecBole data sets of the same interactions, each with its YAML, and a third if RecBole cannot make the split itself. */
export const recbole: Format = {
  title: "RecBole atomic files",
  description:
    "The data set for RecBole 1.x twice: as a whole (atomic.yaml), and split in advance with written-out histories " +
    "(presplit.yaml).",
  compressions: ["none"],
  cells: true,
  histories: true,
  reservedNames: ["ml-100k"], // RecBole reads its own copy of this one, regardless of data_path
  async write(job) {
    checkIds(job.dataset, "recbole", [CONTROL_CHARACTERS, {
      pattern: anyOf([...MISSING_IN_PANDAS, "[PAD]"]),
      problem: "is what RecBole takes for a missing value or for padding",
    }]);
    const separator = itemSeparator(job.dataset, "recbole");
    const side = atomicColumns(job, separator);
    await writeAtomic(job, side);
    await writePresplit(job, side, separator);
    if (!together(job)) await writeGeneral(job, side);
  },
  readme(job) {
    const { name } = job, own = !together(job);
    const general = own ? "general.yaml" : "atomic.yaml";
    const parts = (folder: string, holds: [string, string, string]): [string, string][] =>
      Object.values(PART).map((part, i) => [`${folder}/${name}/${name}.${part}.inter`, holds[i]]);
    return [
      fileTable([
        [
          "atomic.yaml",
          own
            ? "reads `atomic/`; RecBole splits it in a way of its own"
            : "reads `atomic/` and lets RecBole split it, with the same result",
        ],
        [`atomic/${name}/${name}.inter`, "all interactions, by user, oldest first"],
        ["presplit.yaml", "reads `presplit/`, where the split is fixed: for sequential models"],
        ...parts("presplit", [
          "one line a target: its history (`item_id_list`) and itself",
          "the same for validation",
          "the same for the test",
        ]),
        ...(own
          ? [
            ["general.yaml", "reads `general/`, where the split is fixed: for general models"] as [
              string,
              string,
            ],
            ...parts("general", [
              "the interactions of this part",
              "the same for validation",
              "the same for the test",
            ]),
          ]
          : []),
        [
          `{${own ? "atomic,presplit,general" : "atomic,presplit"}}/${name}/${name}.user, .item`,
          "what the source said of users and items",
        ],
      ]),
      snippet(
        "RecBole, started in this folder (the paths in the YAML files are relative to it)",
        "python",
        `
from recbole.quick_start import run_recbole
run_recbole(model="SASRec", config_file_list=["presplit.yaml"])`,
      ),
      snippet(
        "General models, which know no order (BPR, ItemKNN, Pop …), and how those that need negatives in training get them",
        "python",
        `
from recbole.quick_start import run_recbole
negatives = {"distribution": "uniform", "sample_num": 1, "alpha": 1.0, "dynamic": False, "candidate_num": 0}
run_recbole(model="BPR", config_file_list=["${general}"], config_dict={"train_neg_sample_args": negatives})`,
      ),
      "RecBole's Pop counts an item once in a batch, however often it is there: only with `train_batch_size: 1` does it rank by " +
      "popularity.",
      snippet(
        "RecBole 1.2.1 reads its own checkpoints in a way that PyTorch refuses from 2.6 on (`weights_only`), unless this stands in front",
        "python",
        `
import torch
load = torch.load
torch.load = lambda *args, **kwargs: load(*args, **{**kwargs, "weights_only": False})`,
      ),
    ].join("\n\n");
  },
};

/** Whether RecBole produces the same split by itself. */
const together = ({ dataset }: ExportJob) => dataset.manifest.split.kind === "leave-one-out";

async function writeAtomic(job: ExportJob, side: AtomicColumns): Promise<void> {
  const { output, name } = job, fields = interactionFields(job);
  await output.table(`atomic/${name}/${name}.inter`, TSV, interactions(job, fields));
  await writeSide(job, "atomic", side);
  output.text("atomic.yaml", recboleConfig(job, { folder: "atomic", fields, side }));
}

const interactionFields = ({ dataset }: ExportJob) => [
  "user_id",
  "item_id",
  ...(dataset.manifest.hasRating ? ["rating"] : []),
  "timestamp",
];

async function writePresplit(job: ExportJob, side: AtomicColumns, separator: string): Promise<void> {
  const { output, name } = job;
  const folder = "presplit";
  await writeSplits(
    job,
    (split) => `${folder}/${name}/${name}.${PART[split]}.inter`,
    TSV,
    targets(job, separator),
  );
  await writeSide(job, folder, side);
  const fields = ["user_id", "item_id_list", "item_id", "timestamp"];
  output.text("presplit.yaml", recboleConfig(job, { folder, fields, side, parts: Object.values(PART) }));
}

/** Writes the parts of the split unchanged: the only way to give models without histories a split that RecBole cannot make. */
async function writeGeneral(job: ExportJob, side: AtomicColumns): Promise<void> {
  const { output, name } = job, folder = "general", fields = interactionFields(job);
  await writeSplits(
    job,
    (split) => `${folder}/${name}/${name}.${PART[split]}.inter`,
    TSV,
    interactions(job, fields, [pl.col("split")]),
  );
  await writeSide(job, folder, side);
  output.text("general.yaml", recboleConfig(job, { folder, fields, side, parts: Object.values(PART) }));
}

async function writeSide(job: ExportJob, folder: string, side: AtomicColumns): Promise<void> {
  for (const kind of ["user", "item"] as const) {
    const table = atomicTable(job.dataset, kind, side);
    await job.output.table(`${folder}/${job.name}/${job.name}.${kind}`, TSV, table);
  }
}

const FIELD_TYPES: Record<string, string> = {
  user_id: "token",
  item_id: "token",
  item_id_list: "token_seq",
  rating: "float",
  timestamp: "float",
};

const typed = (field: string) => pl.col(field).alias(`${field}:${FIELD_TYPES[field]}`);

async function* interactions(
  job: ExportJob,
  fields: string[],
  more: Expr[] = [],
): AsyncGenerator<DataFrame> {
  for await (const { frame } of interactionChunks(job, "writing interactions")) {
    yield frame.select(...fields.map(typed), ...more);
  }
}

async function* targets(job: ExportJob, separator: string): AsyncGenerator<DataFrame> {
  const fields = ["user_id", "item_id_list", "item_id", "timestamp"];
  for await (const frame of historyChunks(job, separator)) {
    yield frame.select(...fields.map(typed), pl.col("split"));
  }
}
