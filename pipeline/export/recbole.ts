/**
 * RecBole's atomic files: the data set unsplit, and pre-split.
 *
 * @module
 */
import pl, { type DataFrame, type Expr } from "nodejs-polars";
import { stringify } from "yaml";
import type { SequenceDataset } from "../contract/dataset.ts";
import type { Split } from "../contract/stage.ts";
import { type ExportJob, type Format, interactionChunks, writeSplits } from "./format.ts";
import { anyOf, checkIds, CONTROL_CHARACTERS, itemSeparator, MISSING_IN_PANDAS } from "./ids.ts";
import { delimited } from "./output.ts";
import { fileTable, snippet } from "./readme.ts";
import { numberOf, sequenceList, type SideColumn, sideColumns, valueList } from "./side.ts";

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

/** The differences between the YAML files. */
interface RecboleFolder {
  /** Folder with the data, relative to the YAML file. */
  folder: string;
  /** Fields of the `.inter` files. */
  fields: string[];
  side: AtomicColumns;
  /** Names of the parts in pre-split files. */
  parts?: string[];
}

/** Returns a configuration that names every column and sets this dataset's protocol. */
function recboleConfig(job: ExportJob, { folder, fields, side, parts }: RecboleFolder): string {
  const { dataset, name, maxLength } = job;
  const { split, seed } = dataset.manifest;
  const fewest = Number(dataset.table("users").getColumn("interactions").min());
  const config = {
    dataset: name,
    data_path: folder,
    encoding: "utf-8",
    field_separator: "\t",
    seq_separator: side.separator,
    USER_ID_FIELD: "user_id",
    ITEM_ID_FIELD: "item_id",
    TIME_FIELD: "timestamp",
    ...(dataset.manifest.hasRating && { RATING_FIELD: "rating" }),
    LIST_SUFFIX: "_list",
    ITEM_LIST_LENGTH_FIELD: "item_length",
    MAX_ITEM_LIST_LENGTH: maxLength,
    load_col: {
      inter: fields,
      user: ["user_id", ...side.user.map((field) => field.name)],
      item: ["item_id", ...side.item.map((field) => field.name)],
    },
    ...(parts && { benchmark_filename: parts }),
    ...(fields.includes("item_id_list") && { alias_of_item_id: ["item_id_list"] }),
    // The data is already filtered: this interval keeps every user.
    user_inter_num_interval: `[${fewest},inf)`,
    eval_args: {
      ...(split.kind === "leave-one-out" && { split: { LS: "valid_and_test" } }),
      group_by: "user",
      order: "TO",
      mode: evaluationMode(job),
    },
    train_neg_sample_args: null,
    seed,
  };
  return [
    "# RecBole reads paths relative to where it is started: start it in this folder, or set data_path.",
    ...(parts ? [] : split.kind === "leave-one-out" ? [] : [
      `# RecBole cannot make this dataset's split (${split.kind}) by itself: presplit.yaml has it for sequential models, general.yaml for others.`,
      "# With this file RecBole takes 80, 10 and 10 % of each user's, by time.",
    ]),
    "# train_neg_sample_args is for models trained with cross-entropy; others need RecBole's default.",
    stringify(config),
  ].join("\n");
}

/**
 * Returns the mode that defines candidates in evaluation: RecBole draws its own negatives, from the same distribution as the
 * protocol of that name.
 */
function evaluationMode({ dataset, notes }: ExportJob): string {
  const { protocols, count, exponent } = dataset.manifest.negatives;
  const note = (text: string) => notes.includes(text) || notes.push(text);
  if (protocols.includes("recbole")) {
    if (exponent !== 1) {
      note(`RecBole draws negatives with popularity exponent 1; this dataset's are drawn with ${exponent}`);
    }
    note(
      `RecBole draws its own ${count} negatives a target (mode pop${count}); those of the dataset are not exported`,
    );
    return `pop${count}`;
  }
  if (protocols.includes("uniform")) {
    note(
      `RecBole draws its own ${count} negatives a target (mode uni${count}); those of the dataset are not exported`,
    );
    return `uni${count}`;
  }
  note("RecBole ranks all items (mode full): it knows no protocol of this dataset's negatives");
  return "full";
}

/** A field of an atomic file. */
interface Field {
  /** Its name, also used in the YAML. */
  name: string;
  type: "token" | "token_seq" | "float" | "float_seq";
  value: Expr;
}

/** The fields beside the id, for both files. */
interface AtomicColumns {
  user: Field[];
  item: Field[];
  /** The separator between the values of a `token_seq`. */
  separator: string;
}

/** Field names used by the interactions. */
const TAKEN = ["user_id", "item_id", "item_id_list", "item_length", "rating", "timestamp", "label"];

/**
 * Converts the side columns to fields. RecBole joins the fields of all files, so names must be unique, and a header cannot contain
 * a colon; a value cannot contain a tab, a line end or, if there are several values, the separator. Changes are noted.
 */
function atomicColumns(job: ExportJob, separator: string): AtomicColumns {
  const taken = new Set(TAKEN);
  const fields = (of: "user" | "item") =>
    sideColumns(job.dataset, `${of}s`).flatMap((column): Field[] => {
      if (!hasValues(job.dataset, of, column)) {
        job.notes.push(`Left out the ${of} column "${column.name}": no ${of} has a value`);
        return [];
      }
      const clean = column.name.replace(/[:\s]+/g, "_");
      let name = taken.has(clean) ? `${of}_${clean}` : clean;
      while (taken.has(name)) name += "_";
      if (name !== column.name) job.notes.push(`The ${of} column "${column.name}" is called "${name}"`);
      taken.add(name);
      return [{ name, ...fieldOf(column, separator) }];
    });
  const columns = { user: fields("user"), item: fields("item"), separator };
  for (const kind of ["user", "item"] as const) noteReplaced(job, kind, separator);
  return columns;
}

/** Checks for values: without any, RecBole cannot determine the length of a sequence. */
function hasValues(dataset: SequenceDataset, of: "user" | "item", column: SideColumn): boolean {
  const text = pl.col(column.name).cast(pl.String).str.strip();
  const has = listOf(column)?.lst.lengths().gt(0) ?? text.neq(pl.lit(""));
  return dataset.table(`${of}s`).filter(has).height > 0;
}

/** Returns the values of a field as a list; undefined if it has one value. */
function listOf(column: SideColumn): Expr | undefined {
  if (column.kind === "multi") return valueList(column);
  return column.sequence ? sequenceList(column) : undefined;
}

function fieldOf(column: SideColumn, separator: string): Omit<Field, "name"> {
  const list = listOf(column);
  if (list) {
    const one = pl.element().str.replaceAll(BREAKS, " ").str.replaceAll(separator, "_", true);
    return { type: column.sequence?.type ?? "token_seq", value: list.lst.eval(one).lst.join(separator) };
  }
  if (column.kind === "number") return { type: "float", value: numberOf(column) };
  return { type: "token", value: pl.col(column.name).cast(pl.String).str.replaceAll(BREAKS, " ") };
}

/** Characters that end a field or a line. */
const BREAKS = "[\\t\\r\\n]+";

function noteReplaced({ dataset, notes }: ExportJob, of: "user" | "item", separator: string): void {
  for (const column of sideColumns(dataset, `${of}s`)) {
    const table = dataset.table(`${of}s`);
    const list = listOf(column);
    if (!list) {
      const broken = table.filter(pl.col(column.name).cast(pl.String).str.contains(BREAKS)).height;
      if (broken > 0) {
        notes.push(
          `Put spaces for tabs and line ends in "${column.name}" of ${broken} ${
            broken === 1 ? of : `${of}s`
          }`,
        );
      }
      continue;
    }
    const values = table.select(list.alias("value")).explode("value").getColumn("value")
      .unique();
    const broken = (values.dropNulls().toArray() as string[])
      .filter((value) => value.includes(separator) || /[\t\r\n]/.test(value));
    if (broken.length > 0) {
      notes.push(
        `Put "_" for ${
          JSON.stringify(separator)
        } in ${broken.length} distinct values of "${column.name}", as in ` +
          `${JSON.stringify(broken.sort()[0])}: it separates values in RecBole's files`,
      );
    }
  }
}

/** Returns the `.user` or `.item` table: the id and the fields, under RecBole's typed header. */
function atomicTable(
  dataset: SequenceDataset,
  of: "user" | "item",
  columns: AtomicColumns,
): DataFrame {
  return dataset.table(`${of}s`).select(
    pl.col("id").alias(`${of}_id:token`),
    ...columns[of].map(({ name, type, value }) => value.alias(`${name}:${type}`)),
  );
}

/** Number of ids in one chunk. */
const CHUNK_IDS = 5_000_000;

/**
 * Yields frames of `user_id`, `item_id_list` (text: the last `job.maxLength` items before the target), `item_id` (the target),
 * `timestamp` (the target's) and `split`. A user's first interaction has no history and is not a target.
 *
 * The k-th column of the history is the ids shifted down by k rows, so all rows are made at once.
 *
 * @param separator What separates the items.
 */
export async function* historyChunks(job: ExportJob, separator: string): AsyncGenerator<DataFrame> {
  const { maxLength } = job;
  const rows = Math.max(1, Math.floor(CHUNK_IDS / maxLength));
  for await (
    const { frame, lead } of interactionChunks(job, "writing histories", { overlap: maxLength, rows })
  ) {
    const before = Array.from({ length: Math.min(maxLength, frame.height) }, (_, i) => i + 1).reverse().map((
      k,
    ) =>
      pl.when(pl.col("user").shift(k).eq(pl.col("user"))).then(pl.col("item_id").shift(k)).otherwise(
        pl.lit(null),
      )
        .alias(`before ${k}`)
    );
    yield frame.select(
      pl.col("user_id"),
      pl.concatString({ exprs: before, sep: separator, ignoreNulls: true }).alias("item_id_list"),
      pl.col("item_id"),
      pl.col("timestamp"),
      pl.col("split"),
      pl.col("user").shift(1).eq(pl.col("user")).fillNull(pl.lit(false)).alias("target"),
    ).slice(lead, frame.height - lead).filter(pl.col("target")).drop("target");
  }
}
