/**
 * Folders of versions that wrote no record of their files: recognised by their own descriptions.
 *
 * @module
 */
import { join } from "node:path";
import { type FolderKind, readTextSync } from "./record.ts";

/** What is known of such a folder: the names of its files, not what was in them. */
export interface LegacyFolder {
  kind: FolderKind;
  files: string[];
}

/** Files of a run, as those versions wrote it. */
export const RUN_FILES = [
  "run.json",
  "search/history.jsonl",
  "search/trials.jsonl",
  "architecture.json",
  "train/history.jsonl",
  "model/config.json",
  "model/weights.safetensors",
  "metrics.json",
  "per_user.parquet",
  "checkpoint/search.safetensors",
  "checkpoint/train.safetensors",
  "report.html",
  ".lock",
];

/** The folder's own description: its file, what it says of its format, and the files that belong to it. */
const DESCRIPTIONS: {
  kind: FolderKind;
  file: string;
  is(value: Description): boolean;
  files(value: Description): string[];
}[] = [
  {
    kind: "dataset",
    file: "manifest.json",
    is: ({ format }) => format === "automlp-dataset",
    files: ({ tables }) => [
      ...Object.values(tables ?? {}).flatMap((table) => (table.files ?? [table]).map(({ file }) => file!)),
      ...["rejected.csv", "report.html"],
    ],
  },
  {
    kind: "export",
    file: "export.json",
    is: ({ format }) => format === "automlp-export",
    files: ({ files }) => [...(files ?? []).map(({ path }) => path!), "README.md"],
  },
  { kind: "run", file: "run.json", is: ({ format }) => format === "automlp-run", files: () => RUN_FILES },
  {
    kind: "download",
    file: "source.json",
    is: ({ files, sha256 }) => Array.isArray(files) && typeof sha256 === "string",
    files: ({ files }) => (files ?? []).map(({ name }) => name!),
  },
];

interface Description {
  format?: unknown;
  sha256?: unknown;
  /** Of one file each, or of several. */
  tables?: Record<string, { file?: string; files?: { file?: string }[] }>;
  files?: { path?: string; name?: string }[];
}

const MAX_BYTES = 64 << 20;

/** A folder of an earlier version, or undefined. */
export function legacyFolder(folder: string): LegacyFolder | undefined {
  for (const { kind, file, is, files } of DESCRIPTIONS) {
    try {
      const value = JSON.parse(readTextSync(join(folder, file), MAX_BYTES)) as Description;
      if (is(value)) return { kind, files: [file, ...files(value)] };
    } catch {
      // Not there, or something else of that name: the folder is not of this kind.
    }
  }
  return undefined;
}
