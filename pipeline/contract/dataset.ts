/**
 * A frozen dataset, as models, exports and people read it.
 *
 * @module
 */
import { leftOutWords } from "./dataset/left_out.ts";
import type { Protocol } from "./dataset/protocols.ts";
import { checkCall, hasMembers, objectWith, oneOf, TEXT, type Wanted } from "./options/arguments.ts";
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
import { distributionsHtml } from "./dataset/distributions.ts";
import { type Manifest, type TableName, TABLES } from "./dataset/manifest.ts";
import { encodedFeature, type ItemFeature, withNumbers } from "./dataset/item_features.ts";
import { OriginalIds } from "./dataset/original_ids.ts";
import { HELD_OUT, type HeldOut, type Split, SPLITS } from "./stage.ts";
import { columnRows } from "./dataset/columns.ts";
import { densityRow } from "./dataset/density.ts";
import { droppedInAll } from "./stage/report.ts";
import { TableFiles } from "./dataset/table_files.ts";

/** A dataset, as an argument. */
export const DATASET: Wanted = {
  what: "a dataset, as readDataset() gives it",
  fits: (value) => value instanceof SequenceDataset,
  instead: (value) =>
    hasMembers(value, "dataset", "reports")
      ? "give its dataset, as in const { dataset } = await prepare(…)"
      : undefined,
};

/**
 * A dataset folder, opened. Tables are read from disk when they are first asked for, and kept.
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

  /** What the folder says of itself: how the dataset was made, of what, and how large it is. */
  readonly manifest: Manifest;

  /** Use `readDataset` of `dataset/store.ts`, which checks the folder first. */
  constructor(folder: string, manifest: Manifest) {
    super();
    checkCall(
      "new SequenceDataset(folder, manifest)",
      [folder, { ...TEXT, instead: () => 'open one with await readDataset("data/mine")' }],
      [manifest, objectWith("its manifest", "counts", "tables")],
    );
    this.manifest = manifest;
    this.#files = new TableFiles(folder, manifest);
    const idsOf = (table: "items" | "users") => this.table(table).getColumn("id").toArray() as string[];
    this.#itemIds = new OriginalIds("item", folder, () => idsOf("items"));
    this.#userIds = new OriginalIds("user", folder, () => idsOf("users"));
  }

  /** Where it is: as it was given, and absolute where the program has gone to another folder since. */
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

  /** The parts that are held out of it, to validate and to test on: one or none of what {@link withoutHoldOut} gives. */
  get heldOut(): readonly HeldOut[] {
    return HELD_OUT;
  }

  /**
   * A table, whole. Columns of the items that are numeric features are numbers here (Float64), null where the source has none.
   *
   * @throws {InputError} if it is not the table that was written.
   */
  table(name: TableName): DataFrame {
    const stored = this.stored(name);
    return name === "items" ? this.#itemTable ??= withNumbers(stored, this.manifest.features) : stored;
  }

  /**
   * A table, whole, as its files have it: what came from the source is text, as it was read.
   *
   * @internal
   */
  stored(name: TableName): DataFrame {
    return this.#tables.getOrInsertComputed(name, () => this.#files.collect(this.scan(name)));
  }

  /**
   * A table, to be read lazily: only the columns and rows that a query needs. What came from the source is text, as it was read.
   *
   * @throws {InputError} if it is not the table that was written.
   */
  scan(name: TableName): LazyDataFrame {
    return this.#files.scan(name);
  }

  /**
   * Some consecutive rows of a table, to be read lazily: no file is touched that has none of them.
   *
   * @throws {InputError} if it is not the table that was written.
   */
  slice(name: TableName, start: number, rows: number): LazyDataFrame {
    return this.#files.slice(name, start, rows);
  }

  /**
   * A table file by file, each to be read lazily: one query, or one for each part. All interactions of a user are in one of them.
   *
   * @throws {InputError} if it is not the table that was written.
   */
  *scanParts(name: TableName): Generator<LazyDataFrame> {
    checkCall('dataset.scanParts("interactions")', [name, oneOf(TABLES)]);
    let start = 0;
    for (const { rows } of this.manifest.tables[name].files) {
      yield this.slice(name, start, rows);
      start += rows;
    }
  }

  /**
   * The users in ranges, each with its interactions and negatives, in order. A dataset in one file is one part; of a larger one
   * each part is read when it is asked for, so that what is held does not grow with the dataset.
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
   * All sequences as typed arrays, kept from then on.
   *
   * @throws {InputError} for more than 2³² − 1 interactions, which go by {@link SequenceDataset.parts}.
   */
  sequences(): Sequences {
    return this.#sequences ??= this.#whole.sequences();
  }

  /**
   * Rows of `interactions` that are targets in a part of the split: every interaction of that part but the first of its
   * user's sequence, which has no history. Ascending.
   */
  targets(split: Split): Uint32Array {
    return this.#whole.targets(split);
  }

  /**
   * The frozen negatives for the positives of a part of the split.
   *
   * @throws {InputError} if the dataset was prepared without this protocol.
   */
  negatives(protocol: Protocol, split: HeldOut): Negatives {
    return this.#whole.negatives(protocol, split);
  }

  get #whole(): UserRange {
    return new UserRange(this.#files, wholeRange(this.manifest));
  }

  /** The encoded item features, in the manifest's order. */
  features(): ItemFeature[] {
    const items = this.table("items");
    return this.manifest.features.map((feature) => encodedFeature(feature, items, this.#files));
  }

  /** The original id of an item (1 … `items`). */
  itemId(item: number): string {
    return this.#itemIds.of(item);
  }

  /** The original id of a user (1 … `users`). */
  userId(user: number): string {
    return this.#userIds.of(user);
  }

  /**
   * The dense id of an item, from its original one.
   *
   * @throws {InputError} for an item that the dataset does not hold.
   */
  itemIndex(id: string): number {
    checkCall('dataset.itemIndex("i1")', [id, TEXT]);
    return this.#itemIds.dense(id);
  }

  /** Whether the dataset holds an item of this original id. */
  hasItem(id: string): boolean {
    return this.#itemIds.has(id);
  }

  /** Whether the dataset holds a user of this original id. */
  hasUser(id: string): boolean {
    return this.#userIds.has(id);
  }

  /**
   * The dense id of a user, from the original one.
   *
   * @throws {InputError} for a user that the dataset does not hold.
   */
  userIndex(id: string): number {
    checkCall('dataset.userIndex("u1")', [id, TEXT]);
    const leftOut = leftOutWords(this.manifest.config);
    const dropped = leftOut === undefined
      ? ""
      : `: ${leftOut}; they get recommendations by their history (--histories FILE) or what is popular (--on-unknown popular)`;
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

  /** What `JSON.stringify` writes. */
  toJSON(): Pick<SequenceDataset, "folder" | "manifest"> {
    return { folder: this.folder, manifest: this.manifest };
  }

  /** As text, for a terminal. */
  toString(): string {
    return textTable(this.#summary());
  }

  /** As an HTML fragment for a notebook, with the distributions of interactions. */
  async toHtml(): Promise<string> {
    const plots = await distributionsHtml(this.scan("users"), this.scan("items"));
    return htmlTable(this.#summary()) + plots;
  }
}
