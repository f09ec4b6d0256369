/** The commands that read specimens, and their results: everything that must be the same each time, without times. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { compareRuns } from "../../model/mod.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Ran } from "../command.ts";
import { runHere } from "./commands.ts";
import { jobOf, SEARCH, type Specimen } from "./specimens.ts";
import { isThere, treeOf } from "./tree.ts";

/** The folders of a reading. */
export interface Reading {
  specimen: Specimen;
  /** The folder that is read, a copy of the specimen. */
  folder: string;
  /** The folder that may be written to. */
  out: string;
  /** The folder of the specimens themselves. */
  specimens: string;
}

/** How a reading ended, and its result; empty if it was refused. */
export interface Read extends Ran {
  result: string;
}

interface Reader {
  /** Runs the reader; the files of the result are below the folder of the same name. */
  run(reading: Reading): Promise<Ran>;
  result(reading: Reading, ran: Ran): string;
}

const MODEL = ["model/weights.safetensors", "model/config.json", "train/history.jsonl"];
const SEARCHED = ["architecture.json", "search/history.jsonl", "search/trials.jsonl"];
const EVALUATED = ["metrics.json", "per_user.parquet"];

const here = (name: Parameters<typeof runHere>[0], args: string[], { out }: Reading) =>
  runHere(name, args, { cwd: out, home: out });
const CPU = ["--engine", "cpu"];

/** Folders are compared without their records, because each record has its own id. */
const exporting = (format: string): Reader => ({
  run: (reading) => {
    const out = join(reading.out, "export");
    return here("export", [reading.folder, "--to", format, "--out", out], reading);
  },
  result: ({ out }) =>
    JSON.stringify([...treeOf(join(out, "export"))].filter(([path]) => path !== "checksums.json").sort()),
});

/** All readers, by name. */
export const READERS = {
  inspect: {
    run: (reading) => here("inspect", [reading.folder, "--html"], reading),
    result: (_, { stdout }) => stdout,
  },
  export: exporting("csv"),
  "export libsvm": exporting("libsvm"),
  "export onnx": exporting("onnx"),
  search: {
    run: (reading) => here("search", [reading.folder, "--out", join(reading.out, "run"), ...SEARCH], reading),
    result: ({ out }) => contents(join(out, "run"), SEARCHED),
  },
  retrain: {
    run: (reading) => here("retrain", [reading.folder, ...CPU], reading),
    result: ({ folder }) => contents(folder, MODEL),
  },
  evaluate: {
    run: (reading) => here("evaluate", [reading.folder, ...CPU], reading),
    result: ({ folder }) => contents(folder, [...MODEL, ...EVALUATED]),
  },
  recommend: {
    run: (reading) => here("recommend", [reading.folder, ...CPU], reading),
    result: (_, { stdout }) => stdout,
  },
  resume: {
    run: (reading) => {
      const { specimen, specimens, folder } = reading;
      return here("pipeline", [...jobOf(specimen, specimens, 0), "--out", folder, "--resume"], reading);
    },
    result: ({ folder }) => contents(folder, [...SEARCHED, ...MODEL, ...EVALUATED]),
  },
  compare: {
    run: ({ folder, specimens }) => {
      const comparison = () => String(compareRuns([folder, join(specimens, "run")], { metric: "HR@1" }));
      return Promise.resolve(caught(comparison));
    },
    result: (_, { stdout }) => stdout,
  },
} satisfies Record<string, Reader>;
export type ReaderName = keyof typeof READERS;

/** Reads a folder. */
export async function read(name: ReaderName, reading: Reading): Promise<Read> {
  const reader: Reader = READERS[name], ran = await reader.run(reading);
  const result = ran.code === 0 ? reader.result(reading, ran) : "";
  return { ...ran, result: result.replaceAll(reading.folder, "FOLDER").replace(TIMES, '"$1":0') };
}

const TIMES = /"(seconds|examplesPerSecond)":\s*[\d.e+-]+/g;

/** The contents of some files of a folder; empty for those that do not exist. */
const contents = (folder: string, files: string[]): string =>
  files.map((file) => `${file}\n${isThere(join(folder, file)) ? content(join(folder, file)) : ""}`).join(
    "\n",
  );

function content(path: string): string {
  const bytes = Deno.readFileSync(path);
  return /\.jsonl?$/.test(path)
    ? new TextDecoder().decode(bytes)
    : createHash("sha256").update(bytes).digest("hex");
}

/** Runs a call of the library as if it were a command. */
function caught(work: () => string): Ran {
  try {
    return { code: 0, stdout: work(), stderr: "" };
  } catch (error) {
    if (error instanceof InputError) return { code: 2, stdout: "", stderr: `error: ${error.message}\n` };
    return { code: 1, stdout: "", stderr: String((error as Error).stack) };
  }
}
