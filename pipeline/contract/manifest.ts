/**
 * `manifest.json`: what a dataset folder says of itself.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "./errors.ts";

/** The version of the folder's format that this program writes, and the newest that it reads. */
export const FORMAT_VERSION = 1;

/** Options that were called otherwise when older folders were written. */
const FORMER_OPTIONS: Record<string, string> = { negatives: "evalNegatives" };

/** The tables of a dataset folder. `negatives` and `features` may have no rows, but are always there. */
export const TABLES = ["interactions", "users", "items", "features", "negatives"] as const;
export type TableName = (typeof TABLES)[number];

const count = z.number().int().nonnegative();

const stageFacts = z.object({
  stage: z.string(),
  rowsIn: count,
  rowsOut: count,
  dropped: z.array(z.object({ reason: z.string(), rows: count })),
  counts: z.record(z.string(), z.number()),
  warnings: z.array(z.string()),
  seconds: z.number(),
});

const featureInfo = z.looseObject({
  /** The side column it was made of. */
  name: z.string(),
  kind: z.enum(["categorical", "multi", "numeric"]),
  /** The column of `items` that holds its codes or values. */
  column: z.string(),
  /** Number of distinct codes; they run from 1 to this, and 0 is a missing value. 0 for plain numbers. */
  values: count,
});
export type FeatureInfo = z.infer<typeof featureInfo>;

/** A name, not a path: nothing outside of the folder is read. */
const fileName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, "is not a plain file name");
const table = z.object({ file: fileName, rows: count, bytes: count, sha256: z.string() });

const manifestSchema = z.object({
  format: z.literal("automlp-dataset"),
  version: z.number().int().min(1),
  /** What the data is called, as in "ml-1m" or the name of the source file. */
  name: z.string(),
  /** The resolved configuration that made the dataset, under the names that options have now. */
  config: z.record(z.string(), z.unknown()).transform((config) =>
    Object.fromEntries(Object.entries(config).map(([key, value]) => [FORMER_OPTIONS[key] ?? key, value]))
  ),
  seed: count,
  sources: z.array(z.object({ path: z.string(), bytes: count, sha256: z.string() })),
  /** The archive or download that the sources came from, for a known data set. */
  download: z.object({ from: z.string(), bytes: count, sha256: z.string() }).optional(),
  counts: z.object({
    users: count,
    items: count,
    interactions: count,
    train: count,
    validation: count,
    test: count,
  }),
  split: z.looseObject({ kind: z.enum(["leave-one-out", "ratio", "global-time"]) }),
  negatives: z.object({ protocols: z.array(z.string()), count, exponent: z.number() }),
  features: z.array(featureInfo),
  hasRating: z.boolean(),
  stages: z.array(stageFacts),
  tables: z.record(z.enum(TABLES), table),
  /** SHA-256 over the tables' hashes: two datasets with the same hash hold the same data. */
  hash: z.string(),
  versions: z.record(z.string(), z.string()),
});

/** What a dataset folder says of itself: configuration, seed, counts, hashes, versions. */
export type Manifest = z.infer<typeof manifestSchema>;

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
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      `Cannot read ${path}: it is not a dataset's manifest (${
        issue.path.join(".") || "top level"
      }: ${issue.message})`,
    );
  }
  const { counts, tables } = parsed.data;
  for (const name of ["users", "items", "interactions"] as const) {
    if (tables[name].rows !== counts[name]) {
      throw new InputError(
        `Cannot read ${path}: it is damaged: it counts ${counts[name]} ${name}, and ${
          tables[name].rows
        } rows of them`,
      );
    }
  }
  return parsed.data;
}
