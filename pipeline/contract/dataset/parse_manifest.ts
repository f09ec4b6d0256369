/**
 * Parses a `manifest.json`, whose text may come from a damaged disk or an untrusted source.
 *
 * @module
 */
import { textOf } from "../options/shapes.ts";
import type { Protocol } from "./protocols.ts";
import { z } from "zod";
import { DATE_UNITS } from "../values/date_units.ts";
import type { Describes } from "../options/describes.ts";
import { InputError } from "../errors.ts";
import { checkVersion } from "../files/readable.ts";
import { FORMAT_VERSION, type Manifest, TABLES } from "./manifest.ts";

/** Maximum size of a manifest; one with a thousand sources and a thousand features is smaller. */
export const MAX_MANIFEST_BYTES = 64 << 20;

const count = z.number().int().nonnegative();

const columnType = z.object({
  type: z.enum(["token", "token_seq", "float", "float_seq"]),
  separator: z.string().optional(),
});

const columnUse = z.object({
  taken: z.record(z.string(), z.string()),
  unused: z.array(z.string()),
  types: z.record(z.string(), columnType).optional(),
});

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
  kind: z.enum(["categorical", "multi", "numeric", "date"]),
  column: z.string(),
  values: count,
});

/** A file name, possibly in subfolders of ours; nothing outside the dataset folder is read. */
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
  version: z.number().refine(
    (version): boolean => version === FORMAT_VERSION,
    `this program reads ${FORMAT_VERSION}; prepare the dataset again`,
  ),
  name: z.string(),
  config: z.record(z.string(), z.unknown()),
  seed: count,
  sources: z.array(source),
  download: z.object({ from: z.string(), bytes: count, sha256: z.string() }).optional(),
  truth: z.string().optional(),
  counts: z.object({
    users: count,
    items: count,
    interactions: count,
    pairs: count,
    train: count,
    validation: count,
    test: count,
  }),
  split: z.looseObject({ kind: z.enum(["leave-one-out", "ratio", "global-time"]) }),
  negatives: z.object({
    protocols: z.array(textOf<Protocol>()),
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
 * @param path The manifest's path, for messages.
 * @throws {InputError} if it is not a manifest, is damaged, or has a newer format.
 */
export function parseManifest(text: string, path: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(`Cannot read ${path}: it is not valid JSON (${(error as Error).message})`);
  }
  const version = (value as { version?: unknown } | null)?.version;
  checkVersion(path, "the dataset", version, FORMAT_VERSION, "prepare the dataset again");
  const parsed = manifestSchema.safeParse(value);
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

/** @throws {InputError} if the counts of a manifest do not add up. */
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
