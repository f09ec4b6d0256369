/**
 * Folders from versions that wrote no record of their files, recognised by their own descriptions.
 *
 * @module
 */
import { join } from "node:path";
import { type FolderKind, readTextSync } from "./record.ts";

/** What is known about such a folder: the names of its files, but not their contents. */
export interface LegacyFolder {
  kind: FolderKind;
  files: string[];
}

/** The files of a run in those versions. */
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

/** Descriptions of folders: the file, how its format is recognized, and the files that belong to the folder. */
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
  /** Tables with one file each, or several. */
  tables?: Record<string, { file?: string; files?: { file?: string }[] }>;
  files?: { path?: string; name?: string }[];
}

const MAX_BYTES = 64 << 20;

/** Returns a folder of an earlier version; undefined if it is not one. */
export function legacyFolder(folder: string): LegacyFolder | undefined {
  for (const { kind, file, is, files } of DESCRIPTIONS) {
    try {
      const value = JSON.parse(readTextSync(join(folder, file), MAX_BYTES)) as Description;
      if (is(value)) return { kind, files: [file, ...files(value)] };
    } catch {
      // The file is missing, or is something else with that name: the folder is not of this kind.
    }
  }
  return undefined;
}
