/**
 * The YAML files that make RecBole read the export as intended.
 *
 * @module
 */
import { stringify } from "yaml";
import type { ExportJob } from "./format.ts";
import type { AtomicColumns } from "./recbole_side.ts";

/** The differences between the YAML files. */
export interface RecboleFolder {
  /** Folder with the data, relative to the YAML file. */
  folder: string;
  /** Fields of the `.inter` files. */
  fields: string[];
  side: AtomicColumns;
  /** Names of the parts in pre-split files. */
  parts?: string[];
}

/** Returns a configuration that names every column and sets this dataset's protocol. */
export function recboleConfig(job: ExportJob, { folder, fields, side, parts }: RecboleFolder): string {
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
