/**
 * A frozen dataset, as models, exports and people use it.
 *
 * @module
 */
import { leftOutWords } from "./dataset/left_out.ts";
import type { Protocol } from "./dataset/protocols.ts";
import { hasMembers, type Wanted } from "./options/arguments.ts";
import {
  type DatasetPart,
  type Negatives,
  rangesOf,
  type Sequences,
  UserRange,
  wholeRange,
} from "./dataset/users_part.ts";
import type { DataFrame, LazyDataFrame } from "./frame.ts";
import { htmlTable, type Table, textTable } from "../display/table.ts";
import { Shown } from "../display/shown.ts";
import { densityRow, distributionsHtml } from "./dataset/distributions.ts";
import type { Manifest, TableName } from "./dataset/manifest.ts";
import { encodedFeature, type ItemFeature, withNumbers } from "./dataset/item_features.ts";
import { OriginalIds } from "./dataset/original_ids.ts";
import { HELD_OUT, type HeldOut, type Split, SPLITS } from "./stage.ts";
import { columnRows } from "./dataset/columns.ts";
import { droppedInAll } from "./stage/report.ts";
import { TableFiles } from "./dataset/table_files.ts";

/** The check for an argument that must be a dataset. */
export const DATASET: Wanted = {
  what: "a dataset, as readDataset() gives it",
  fits: (value) => value instanceof SequenceDataset,
  instead: (value) =>
    hasMembers(value, "dataset", "reports")
      ? "give its dataset, as in const { dataset } = await prepare(…)"
      : undefined,
};

/**
 * An opened dataset folder. Tables are read from disk when they are first requested, and then kept.
 *
 * @example
 * ```ts
 * import { prepare } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const { items, offsets } = dataset.sequences();
 * assert.equal(offsets.length, dataset.users + 2); // users begin with 1, and the last sequence has an end
 * console.log(items.subarray(offsets[1], offsets[2])); // what the first user had, oldest first
 * ```
 */
export class SequenceDataset extends Shown {
  readonly #files: TableFiles;
  readonly #tables = new Map<TableName, DataFrame>();
  #itemTable?: DataFrame;
  #sequences?: Sequences;
  #parts?: readonly DatasetPart[];
  readonly #itemIds: OriginalIds;
  readonly #userIds: OriginalIds;

  /** The folder's manifest: how the dataset was made, from what, and how large it is. */
  readonly manifest: Manifest;

  /** Use `readDataset` of `dataset/store.ts`, which checks the folder first. */
  constructor(folder: string, manifest: Manifest) {
    super();
    this.manifest = manifest;
    this.#files = new TableFiles(folder, manifest);
    const idsOf = (table: "items" | "users") => this.table(table).getColumn("id").toArray() as string[];
    this.#itemIds = new OriginalIds("item", folder, () => idsOf("items"));
    this.#userIds = new OriginalIds("user", folder, () => idsOf("users"));
  }

  /** Path of the dataset folder: as it was given, or absolute if the working folder has changed since. */
  get folder(): string {
    return this.#files.folder;
  }

  /** Number of users; their ids are 1 … `users`. */
  get users(): number {
    return this.manifest.counts.users;
  }

  /** Number of items; their ids are 1 … `items`. */
  get items(): number {
    return this.manifest.counts.items;
  }

  /** The parts that are held out for validation and test: both, or for a dataset from {@link withoutHoldOut} one or none. */
  get heldOut(): readonly HeldOut[] {
    return HELD_OUT;
  }

  /**
   * Reads a whole table. In the table of items, numeric features are numbers (Float64), null where the source has no number.
   *
   * @throws {InputError} if the table is not as it was written.
   */
  table(name: TableName): DataFrame {
    const stored = this.stored(name);
    return name === "items" ? this.#itemTable ??= withNumbers(stored, this.manifest.features) : stored;
  }

  /**
   * Reads a whole table as it is stored: values from the source are text, as they were read.
   *
   * @internal
   */
  stored(name: TableName): DataFrame {
    return this.#tables.getOrInsertComputed(name, () => this.#files.collect(this.scan(name)));
  }

  /**
   * Returns a table to be read lazily: only the columns and rows that a query needs. Values from the source are text, as they were read.
   *
   * @throws {InputError} if the table is not as it was written.
   */
  scan(name: TableName): LazyDataFrame {
    return this.#files.scan(name);
  }

  /**
   * Returns consecutive rows of a table, to be read lazily: only files that contain some of them are opened.
   *
   * @throws {InputError} if the table is not as it was written.
   */
  slice(name: TableName, start: number, rows: number): LazyDataFrame {
    return this.#files.slice(name, start, rows);
  }

  /**
   * Yields a table file by file, each to be read lazily: one query, or one for each part. All interactions of a user are in the same query.
   *
   * @throws {InputError} if the table is not as it was written.
   */
  *scanParts(name: TableName): Generator<LazyDataFrame> {
    let start = 0;
    for (const { rows } of this.manifest.tables[name].files) {
      yield this.slice(name, start, rows);
      start += rows;
    }
  }

  /**
   * The dataset's users in ranges, in order, each with its interactions and negatives. A dataset in one file has one part; in a larger
   * one, each part is read when it is requested, so that memory does not grow with the dataset.
   */
  get parts(): readonly DatasetPart[] {
    return this.#parts ??= this.manifest.tables.interactions.files.length > 1
      ? rangesOf(this.manifest).map((range) => new UserRange(this.#files, range))
      : [{
        ...wholeRange(this.manifest),
        sequences: () => this.sequences(),
        targets: (split) => this.targets(split),
        negatives: (protocol, split) => this.negatives(protocol, split),
      }];
  }

  /**
   * Returns all sequences as typed arrays, and keeps them.
   *
   * @throws {InputError} for more than 2³² − 1 interactions; use {@link SequenceDataset.parts} for these.
   */
  sequences(): Sequences {
    return this.#sequences ??= this.#whole.sequences();
  }

  /**
   * Returns the rows of `interactions` that are targets in a part of the split, ascending: every interaction of that part except the
   * first of a user's sequence, which has no history.
   */
  targets(split: Split): Uint32Array {
    return this.#whole.targets(split);
  }

  /**
   * Returns the frozen negatives for the positives of a part of the split.
   *
   * @throws {InputError} if the dataset was prepared without this protocol.
   */
  negatives(protocol: Protocol, split: HeldOut): Negatives {
    return this.#whole.negatives(protocol, split);
  }

  get #whole(): UserRange {
    return new UserRange(this.#files, wholeRange(this.manifest));
  }

  /** Returns the encoded item features, in the manifest's order. */
  features(): ItemFeature[] {
    const items = this.table("items");
    return this.manifest.features.map((feature) => encodedFeature(feature, items, this.#files));
  }

  /**
   * Returns the original id of an item (1 … `items`).
   *
   * @throws {InputError} for a number beyond these.
   */
  itemId(item: number): string {
    return this.#itemIds.of(item);
  }

  /**
   * Returns the original id of a user (1 … `users`).
   *
   * @throws {InputError} for a number beyond these.
   */
  userId(user: number): string {
    return this.#userIds.of(user);
  }

  /**
   * Returns the dense id of an item, given its original id.
   *
   * @throws {UnknownIdError} for an item that is not in the dataset.
   */
  itemIndex(id: string): number {
    return this.#itemIds.dense(id);
  }

  /** Whether the dataset has an item with this original id. */
  hasItem(id: string): boolean {
    return this.#itemIds.has(id);
  }

  /** Whether the dataset has a user with this original id. */
  hasUser(id: string): boolean {
    return this.#userIds.has(id);
  }

  /**
   * Returns the dense id of a user, given the original id.
   *
   * @throws {UnknownIdError} for a user who is not in the dataset.
   */
  userIndex(id: string): number {
    const leftOut = leftOutWords(this.manifest.config);
    const dropped = leftOut === undefined
      ? ""
      : `: ${leftOut}; they get recommendations by their history (--histories FILE) or popular items (--on-unknown popular)`;
    return this.#userIds.dense(id, dropped);
  }

  #summary(): Table {
    const { counts, split, negatives, name, features, stages } = this.manifest;
    return {
      caption: `Dataset ${name}`,
      columns: ["", "value"],
      rows: [
        ["users", counts.users],
        ["items", counts.items],
        ["interactions", counts.interactions],
        ...(this.parts.length > 1 ? [["in parts", this.parts.length]] : []),
        ...droppedInAll(stages).map((dropped) => ["left out", dropped]),
        ...columnRows(stages),
        ...(features.length > 0 && !stages.some(({ tables }) => tables?.items)
          ? [["item features", features.map(({ name }) => name).join(", ")]]
          : []),
        densityRow(counts),
        ["split", split.kind],
        ...SPLITS.map((part) => [part, counts[part]]),
        ["negatives", `${negatives.count} each: ${negatives.protocols.join(", ") || "none"}`],
        ["folder", this.folder],
      ],
    };
  }

  /** Returns what `JSON.stringify` writes: the folder and the manifest. */
  toJSON(): Pick<SequenceDataset, "folder" | "manifest"> {
    return { folder: this.folder, manifest: this.manifest };
  }

  /** Returns a summary as text, for a terminal. */
  toString(): string {
    return textTable(this.#summary());
  }

  /** Returns a summary as an HTML fragment for a notebook, with the distributions of interactions. */
  async toHtml(): Promise<string> {
    const plots = await distributionsHtml(this.scan("users"), this.scan("items"));
    return htmlTable(this.#summary()) + plots;
  }
}
