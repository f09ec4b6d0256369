/**
 * `manifest.json`: what a dataset folder says of itself.
 *
 * @module
 */
import { z } from "zod";
import type { Describes } from "../options/describes.ts";
import { InputError } from "../errors.ts";
import type { StageFacts } from "../stage/report.ts";
import { DATE_UNITS, type DateUnit } from "../values/date_units.ts";

/**
 * The version of the folder's format that this program writes, and the newest that it reads.
 *
 * @example
 * ```ts
 * import { FORMAT_VERSION, prepare } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * assert.equal(dataset.manifest.version, FORMAT_VERSION);
 * ```
 */
export const FORMAT_VERSION = 2;

/** A manifest of a thousand sources and a thousand features is smaller. */
export const MAX_MANIFEST_BYTES = 64 << 20;

/** Options that were called otherwise when older folders were written. */
const FORMER_OPTIONS: Record<string, string> = { negatives: "evalNegatives" };

/**
 * The tables of a dataset folder. `negatives` and `features` may have no rows, but are always there.
 *
 * @example
 * ```ts
 * import { prepare, TABLES } from "automlp";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * for (const name of TABLES) console.log(name, dataset.table(name).height);
 * ```
 */
export const TABLES: readonly TableName[] = ["interactions", "users", "items", "features", "negatives"];
/** One of the {@link TABLES}. */
export type TableName = "interactions" | "users" | "items" | "features" | "negatives";

/** A feature of the items, as the tables `items` and `features` hold it. {@link encodeFeatures} says it, the {@link Manifest} keeps it. */
export interface FeatureInfo {
  /** The side column it was made of. */
  name: string;
  /** One code, a list of codes, or a number for each item. */
  kind: "categorical" | "multi" | "numeric";
  /** The column of `items` that holds its codes or values. */
  column: string;
  /** Number of distinct codes; they run from 1 to this, and 0 is a missing value. 0 for plain numbers. */
  values: number;
  /** What newer versions say beside it. */
  [more: string]: unknown;
}

/** A file that the dataset was made of, in its {@link Manifest}. */
export interface SourceInfo {
  /** As it was given. */
  path: string;
  /** Its size. */
  bytes: number;
  /** Of its content, in hexadecimal digits: of a file that was read on this machine. */
  sha256?: string;
  /** When it was last written, as an ISO date: of a file that a cluster read. */
  modified?: string;
  /** A number that follows from the rows, in any order: of a table that a cluster read. */
  digest?: string;
}

/** A Parquet file that holds a table, or a part of one. The {@link Manifest} lists them. */
export interface TableFile {
  /** Its path below the folder, with `/`: `users.parquet`, `interactions/part=00000/data.parquet`. */
  file: string;
  /** Its height. */
  rows: number;
  /** Its size. */
  bytes: number;
  /** Of its content, in hexadecimal digits. */
  sha256: string;
  /** Of a table in parts: the first and the last user of this part. All rows of a user are in one part. */
  users?: [first: number, last: number];
  /** Of negatives in parts: the protocol that all of these are of. */
  protocol?: string;
}

/** One of the dataset's tables, in its {@link Manifest}. */
export interface TableInfo {
  /** Its height. */
  rows: number;
  /** The size of its files together. */
  bytes: number;
  /** Of the table as a single file, in hexadecimal digits: the same however it is divided. */
  sha256: string;
  /** One, or one for each part, in the order of the table's rows; for negatives one for each protocol and part. */
  files: TableFile[];
}

/** What a dataset folder says of itself: configuration, seed, counts, hashes, versions. `manifest` of a {@link SequenceDataset}. */
export interface Manifest {
  /** The kind of folder. */
  format: "automlp-dataset";
  /** Of the format, see {@link FORMAT_VERSION}. */
  version: number;
  /** What the data is called, as in "ml-1m" or the name of the source file. */
  name: string;
  /** The resolved configuration that made the dataset, under the names that options have now. */
  config: Record<string, unknown>;
  /** That the negatives were drawn with. */
  seed: number;
  /** The files that it was made of. */
  sources: SourceInfo[];
  /** Of generated data: what was planted in them, and what can be reached at best. */
  truth?: string;
  /** The archive or download that the sources came from, for a known data set. */
  download?: {
    /** Its address. */
    from: string;
    /** Its size. */
    bytes: number;
    /** Of its content, in hexadecimal digits. */
    sha256: string;
  };
  /** How many users and items there are, and interactions in all and in each part of the split. */
  counts: {
    /** Ids run from 1 to it. */
    users: number;
    /** Ids run from 1 to it. */
    items: number;
    /** In all parts. */
    interactions: number;
    /** Of a user and an item that interact, however often. Folders of before do not say it. */
    pairs?: number;
    /** In the training part. */
    train: number;
    /** In the validation part. */
    validation: number;
    /** In the test part. */
    test: number;
  };
  /** How it was split. */
  split: {
    /** See `SplitOptions`. */
    kind: "leave-one-out" | "ratio" | "global-time";
    /** The points or shares of the split. */
    [more: string]: unknown;
  };
  /** How negatives were drawn. */
  negatives: {
    /** Those by which lists were drawn, by name, in the order they were asked for. */
    protocols: string[];
    /** Negatives of each positive. */
    count: number;
    /** Whether nobody named that number, and it, or the protocols, are what items sufficed for. */
    lowered?: boolean;
    /** Power of its popularity by which an item is drawn. */
    exponent: number;
  };
  /** Of the items. */
  features: FeatureInfo[];
  /** Whether interactions have ratings. */
  hasRating: boolean;
  /** What timestamps are counted in, since 1970, where the source had dates. Of numbers nobody but their owner knows it. */
  timeUnit?: DateUnit;
  /** What each stage of the preparation did, in their order. */
  stages: StageFacts[];
  /** By name. */
  tables: Record<TableName, TableInfo>;
  /** SHA-256 over the tables' hashes: two datasets with the same hash hold the same data. */
  hash: string;
  /** Of this program and of what it computes with, by name. */
  versions: Record<string, string>;
}

/** The files of all tables. */
export const filesOf = ({ tables }: Manifest): TableFile[] => TABLES.flatMap((name) => tables[name].files);

const count = z.number().int().nonnegative();

const columnUse = z.object({ taken: z.record(z.string(), z.string()), unused: z.array(z.string()) });

const sideColumns = z.object({
  title: z.string().optional(),
  features: z.array(z.string()),
  kept: z.array(z.string()),
});

const stageFacts = z.object({
  stage: z.string(),
  rowsIn: count,
  rowsOut: count,
  dropped: z.array(z.object({
    reason: z.string(),
    rows: count,
    ids: z.object({ of: z.enum(["users", "items"]), dropped: count, before: count }).optional(),
    option: z.object({ name: z.string(), value: z.union([z.number(), z.string()]) }).optional(),
  })),
  counts: z.record(z.string(), z.number()),
  warnings: z.array(z.string()),
  columns: z.object({
    interactions: columnUse.optional(),
    items: columnUse.optional(),
    users: columnUse.optional(),
  }).optional(),
  tables: z.object({ items: sideColumns.optional(), users: sideColumns.optional() }).optional(),
  seconds: z.number(),
});

const featureInfo = z.looseObject({
  name: z.string(),
  kind: z.enum(["categorical", "multi", "numeric"]),
  column: z.string(),
  values: count,
});

/** A name, perhaps in folders of ours: nothing outside of the folder is read. */
const filePath = z.string().regex(
  /^[A-Za-z0-9_][A-Za-z0-9_.=-]*(\/[A-Za-z0-9_][A-Za-z0-9_.=-]*)*$/,
  "is not a plain file name",
);
const user = z.number().int().positive();
const tableFile = z.object({
  file: filePath,
  rows: count,
  bytes: count,
  sha256: z.string(),
  users: z.tuple([user, user]).optional(),
  protocol: z.string().optional(),
});
const table = z.object({ rows: count, bytes: count, sha256: z.string(), files: z.array(tableFile).min(1) });

const source = z.object({
  path: z.string(),
  bytes: count,
  sha256: z.string().optional(),
  modified: z.string().optional(),
  digest: z.string().optional(),
});

const manifestSchema = z.object({
  format: z.literal("automlp-dataset"),
  version: z.number().int().min(1),
  name: z.string(),
  config: z.record(z.string(), z.unknown()).transform((config) =>
    Object.fromEntries(Object.entries(config).map(([key, value]) => [FORMER_OPTIONS[key] ?? key, value]))
  ),
  seed: count,
  sources: z.array(source),
  download: z.object({ from: z.string(), bytes: count, sha256: z.string() }).optional(),
  truth: z.string().optional(),
  counts: z.object({
    users: count,
    items: count,
    interactions: count,
    pairs: count.optional(),
    train: count,
    validation: count,
    test: count,
  }),
  split: z.looseObject({ kind: z.enum(["leave-one-out", "ratio", "global-time"]) }),
  negatives: z.object({
    protocols: z.array(z.string()),
    count,
    lowered: z.boolean().optional(),
    exponent: z.number(),
  }),
  features: z.array(featureInfo),
  hasRating: z.boolean(),
  timeUnit: z.enum(DATE_UNITS).optional(),
  stages: z.array(stageFacts),
  tables: z.record(z.enum(TABLES), table),
  hash: z.string(),
  versions: z.record(z.string(), z.string()),
});

true satisfies Describes<typeof manifestSchema, Manifest>;

/**
 * Reads and checks the text of a `manifest.json`.
 *
 * @param path For messages.
 * @throws {InputError} if it is no manifest, a damaged one, or one of a newer format.
 */
export function parseManifest(text: string, path: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(`Cannot read ${path}: it is not valid JSON (${(error as Error).message})`);
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > FORMAT_VERSION) {
    throw new InputError(
      `Cannot read ${path}: the dataset has format version ${version}, this program knows up to ${FORMAT_VERSION}; ` +
        "use a newer automlp, or prepare the dataset again",
    );
  }
  const parsed = manifestSchema.safeParse(version === 1 ? upgraded(value as object) : value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      `Cannot read ${path}: it is not a dataset's manifest (${
        issue.path.join(".") || "top level"
      }: ${issue.message})`,
    );
  }
  checkCounts(parsed.data, path);
  return parsed.data;
}

/** A manifest of version 1, in which each table was one file, as one of today. What is not as it should be stays so. */
function upgraded(manifest: { tables?: Record<string, object> }): object {
  const inFiles = (table: object) => ({ ...table, files: [table] });
  const tables = Object.entries(manifest.tables ?? {}).map(([name, table]) => [name, inFiles(table)]);
  return { ...manifest, version: FORMAT_VERSION, tables: Object.fromEntries(tables) };
}

/** @throws {InputError} where what a manifest counts does not add up. */
function checkCounts({ counts, tables }: Manifest, path: string): void {
  const damaged = (problem: string) => new InputError(`Cannot read ${path}: it is damaged: ${problem}`);
  for (const name of ["users", "items", "interactions"] as const) {
    if (tables[name].rows !== counts[name]) {
      throw damaged(`it counts ${counts[name]} ${name}, and ${tables[name].rows} rows of them`);
    }
  }
  for (const [name, { rows, files }] of Object.entries(tables)) {
    const inFiles = files.reduce((sum, file) => sum + file.rows, 0);
    if (inFiles !== rows) throw damaged(`the files of ${name} have ${inFiles} rows, the table ${rows}`);
    const inParts = files.length > 1 ||
      tables.interactions.files.length > 1 && name === "negatives" && rows > 0;
    if (inParts && files.some(({ users }) => !users)) {
      throw damaged(`${name} is in parts, and which users are in which is not said`);
    }
  }
  const { files } = tables.interactions, ranges = files.map(({ users }) => users ?? [1, counts.users]);
  const follows = ranges.every(([first, last], i) =>
    first === (ranges[i - 1]?.[1] ?? 0) + 1 && last >= first
  );
  if (files.length > 1 && !(follows && ranges.at(-1)![1] === counts.users)) {
    throw damaged("the users of its parts do not follow each other");
  }
}
