/**
 * The commands, launched with as few permissions as they need: their programs, and what each may write.
 *
 * @module
 */
import { join } from "node:path";
import { cachePlace } from "../../contract/machine/cache_place.ts";
import type { Given } from "./given.ts";
import {
  holdsDataset,
  holdsRun,
  isFile,
  isFolder,
  notedBeside,
  recoveredFolder,
  replacedFile,
  replacedFolder,
  wholeFolder,
} from "./places.ts";
import {
  defaultRefitFolder,
  defaultResultsFolder,
  defaultRunFolder,
  defaultTuningFolder,
} from "./run_place.ts";

/** A command's program and what it needs. */
export interface Launched {
  /** Path of the program below the repository's root. */
  program: string;
  /** Its permission set in `deno.json`. */
  permissions: string;
  /** Whether it computes with a tensor engine, whose library is in the cache. */
  engine?: boolean;
  /** Whether it computes with the given command line. Default: always. */
  computes?(given: Given): boolean;
  /** Whether it starts Deno itself, for training in separate processes. */
  starts?: boolean;
  /** The paths that it may write. Default: those of its set. */
  writes?(given: Given, id: string): string[];
  /** The hosts that it may reach instead of those of its set, as `host:port`; undefined: those of the set; empty: none. */
  reaches?(given: Given): string[] | undefined;
  /** Other programs whose output it needs, by the environment variable that receives the output. */
  asks?: Record<string, Asked>;
}

/** A program, given by name or as a module below the root; a module runs with the command's own permissions. */
export type Asked = { program: string; args: string[] } | { module: string; args: string[] };

type Writes = NonNullable<Launched["writes"]>;

/** A folder that is replaced as a whole. */
const folder = (option: string, fallback?: string): Writes => (given, id) => {
  const place = given.value(option) ?? fallback;
  return place ? replacedFolder(place, id) : [];
};
/** The notes about a cluster's work for the folder. */
const noted = (option: string): Writes => (given) => {
  const place = given.value(option);
  return place && given.value("spark") !== undefined ? notedBeside(place) : [];
};
/** A single file. */
const file = (option: string): Writes => (given, id) => {
  const place = given.value(option);
  return place ? replacedFile(place, id) : [];
};
/** The cache of known data sets; the launcher excludes the engine's folder in it. */
const downloads: Writes = (given) => {
  const place = given.value("cache") ?? cachePlace();
  return place ? wholeFolder(place) : [];
};
/** With `--spark sc://host:port/…` only that server. The command refuses anything that is not such an address. */
const cluster = (given: Given): string[] | undefined => {
  const [, host, port = "15002"] =
    given.value("spark")?.match(/^sc:\/\/(\[[0-9a-f:]+\]|[\w.-]+)(?::(\d{1,5}))?(?:\/|$)/i) ?? [];
  return host === undefined ? undefined : [`${host}:${port}`];
};
/** The folders named besides the options, or with `--dataset` or `--on`. */
const places = (given: Given): string[] => [
  ...given.words,
  ...["dataset", "on"].flatMap((option) => given.value(option) ?? []),
];
/** The run or dataset that a command works in. */
const named: Writes = ({ words }) => words.filter(isFolder).flatMap(wholeFolder);
/** A dataset folder to be read whose replacement was interrupted; within a run or by itself. */
const recovered: Writes = (given) =>
  places(given).flatMap((place) => [place, join(place, "dataset")]).flatMap(recoveredFolder);
const all = (...parts: Writes[]): Writes => (given, id) => parts.flatMap((part) => part(given, id));

/** The run to resume, if it is given as the command's word. */
const resumed: Writes = (given) =>
  given.has("resume") ? given.words.filter(holdsRun).flatMap(wholeFolder) : [];
const run: Writes = (given) => {
  const [name, dataset = given.words.find(holdsDataset)] = ["name", "dataset"]
    .map((option) => given.value(option));
  const [data] = given.list("data");
  return wholeFolder(given.value("out") || defaultRunFolder({ name, dataset, data }));
};
const refitted: Writes = (given) => {
  const [run] = given.words.filter(holdsRun),
    place = given.value("out") || (run && defaultRefitFolder(run, given.value("hold-out")));
  return place ? wholeFolder(place) : []; // without a run the command asks for it
};
const searched: Writes = (given) => {
  const place = given.value("out");
  return place ? wholeFolder(place) : [];
};
const tuned: Writes = (given) => {
  const [out, method, dataset = given.words.find(holdsDataset)] = ["out", "method", "dataset"]
    .map((option) => given.value(option));
  const place = out || (method && dataset && defaultTuningFolder(method, dataset));
  return place ? wholeFolder(place) : []; // without a method or a dataset the command asks for it
};
/** Whether a word is a plan's file or may be the name of a plan, as values of options may be, too. */
const maybePlan = (word: string): boolean => /^[a-z][a-z0-9-]*$/.test(word) || isFile(word);
const results: Writes = (given) => {
  const [out, config, dataset] = ["out", "config", "dataset"].map((option) => given.value(option));
  if (out) return wholeFolder(out);
  const [data] = given.list("data"), words = given.words.filter(maybePlan);
  const plans = words.length > 0 ? words : config ? [config] : []; // without a plan the command asks for one
  return plans.flatMap((plan) => wholeFolder(defaultResultsFolder(plan, { dataset, data })));
};
/** The folder to which events for TensorBoard are added. */
const events: Writes = (given) => {
  const place = given.value("tensorboard");
  return place ? wholeFolder(place) : [];
};
const inspected: Writes = (given, id) => {
  if (given.value("out") !== undefined) return file("out")(given, id);
  return given.has("html") ? places(given).filter(isFolder).flatMap(wholeFolder) : [];
};

/** The page, or the run that it describes. */
const reported: Writes = (given, id) =>
  given.value("out") === undefined ? named(given, id) : file("out")(given, id);

const gets = ({ words }: Given): boolean => words.includes("get");

export const COMMANDS: Record<string, Launched> = {
  pipeline: {
    program: "model/commands/pipeline.ts",
    permissions: "pipeline",
    engine: true,
    writes: all(run, resumed, events, downloads),
  },
  data: {
    program: "pipeline/commands/data.ts",
    permissions: "download",
    writes: (given, id) => gets(given) ? downloads(given, id) : [],
    reaches: (given) => gets(given) ? undefined : [],
  },
  prepare: {
    program: "pipeline/commands/prepare.ts",
    permissions: "prepare",
    writes: all(folder("out"), noted("out"), downloads),
    reaches: cluster,
  },
  inspect: {
    program: "pipeline/commands/inspect.ts",
    permissions: "data",
    writes: all(inspected, recovered),
  },
  export: {
    program: "model/commands/export.ts",
    permissions: "data",
    writes: all(folder("out"), recovered),
  },
  search: {
    program: "model/commands/search.ts",
    permissions: "model",
    engine: true,
    writes: all(searched, resumed, events, recovered),
  },
  train: {
    program: "model/commands/train.ts",
    permissions: "model",
    engine: true,
    writes: all(searched, resumed, events, recovered),
  },
  experiment: {
    program: "model/commands/experiment.ts",
    permissions: "pipeline",
    engine: true,
    starts: true,
    writes: all(results, events, downloads, recovered),
  },
  tune: {
    program: "model/commands/tune.ts",
    permissions: "model",
    engine: true,
    starts: true,
    writes: all(tuned, events, recovered),
  },
  retrain: {
    program: "model/commands/retrain.ts",
    permissions: "model",
    engine: true,
    writes: all(named, events, recovered),
  },
  refit: {
    program: "model/commands/refit.ts",
    permissions: "model",
    engine: true,
    writes: all(refitted, events, recovered),
  },
  evaluate: {
    program: "model/commands/evaluate.ts",
    permissions: "model",
    engine: true,
    writes: all(named, events, recovered),
  },
  recommend: {
    program: "model/commands/recommend.ts",
    permissions: "model",
    engine: true,
    writes: all(file("out"), recovered),
  },
  report: {
    program: "model/commands/report.ts",
    permissions: "data",
    writes: all(reported, recovered),
  },
  runs: { program: "model/commands/runs.ts", permissions: "data", writes: () => [] },
  compare: {
    program: "model/commands/compare.ts",
    permissions: "model",
    engine: true,
    computes: (given) => given.value("on") !== undefined,
    writes: all(file("html"), recovered),
  },
  fixtures: { program: "fixtures/main.ts", permissions: "data", writes: folder("out", "data/shop") },
  doctor: {
    program: "model/commands/doctor.ts",
    permissions: "doctor",
    engine: true,
    writes: () => [],
    asks: {
      AUTOMLP_LSCPU: { program: "lscpu", args: [] },
      AUTOMLP_WEBGPU: { module: "model/backend/find_apart.ts", args: ["webgpu"] },
    },
  },
  // These work on the machine, not on data: their permissions are in their sets.
  engine: { program: "model/commands/engine.ts", permissions: "engine" },
  notebook: { program: "notebooks/commands/notebook.ts", permissions: "notebook", engine: true },
  kernel: { program: "notebooks/commands/kernel.ts", permissions: "kernel" },
};
