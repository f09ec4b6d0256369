/**
 * The commands: their programs, and which places each may touch with a given command line. A light file, so that the program can start a
 * command without loading what the command works with.
 *
 * @module
 */
import { cachePlace } from "../../pipeline/contract/machine/cache_folder.ts";
import type { Command, Given } from "../../pipeline/terminal/launch/permissions.ts";
import {
  holdsDataset,
  holdsRun,
  isFolder,
  notedBeside,
  replacedFile,
  replacedFolder,
  wholeFolder,
} from "../../pipeline/terminal/launch/places.ts";
import {
  defaultRefitFolder,
  defaultResultsFolder,
  defaultRunFolder,
  defaultTuningFolder,
} from "../runs/default_folders.ts";

type Writes = NonNullable<Command["writes"]>;

const all = (...parts: Writes[]): Writes => (given) => parts.flatMap((part) => part(given));

/** Returns an option's value as text; undefined if it is not given, or empty, which the command refuses. */
const textOf = ({ values }: Given, option: string): string | undefined => {
  const value = values[option];
  return value === undefined || value === "" ? undefined : String(value);
};
const datasetOf = (given: Given): string | undefined =>
  textOf(given, "dataset") ?? given.positional.find(holdsDataset);

/** A folder that is replaced as a whole. */
const folder = (option: string, fallback?: string): Writes => (given) => {
  const place = textOf(given, option) ?? fallback;
  return place ? replacedFolder(place) : [];
};
/** A single file. */
const file = (option: string): Writes => (given) => {
  const place = textOf(given, option);
  return place ? replacedFile(place) : [];
};
/** A folder within which a command works; without one, the command asks for it. */
const within = (placeOf: (given: Given) => string | undefined): Writes => (given) => {
  const place = placeOf(given);
  return place ? wholeFolder(place) : [];
};
/** The run or dataset that is named as a word. */
const named: Writes = ({ positional }) => positional.filter(isFolder).flatMap(wholeFolder);
/** The run to resume, if it is named as a word. */
const resumed: Writes = ({ values, positional }) =>
  values.resume === true ? positional.filter(holdsRun).flatMap(wholeFolder) : [];
/** The folder to which events for TensorBoard are added. */
const events = within((given) => textOf(given, "tensorboard"));
/** The cache of known data sets. */
const cache = within((given) => textOf(given, "cache") ?? cachePlace());

const run = within((given) =>
  textOf(given, "out") ??
    defaultRunFolder({
      name: textOf(given, "name"),
      dataset: datasetOf(given),
      data: [given.values.data].flat()[0],
    })
);
const refitted = within((given) => {
  const [run] = given.positional.filter(holdsRun);
  return textOf(given, "out") ?? (run && defaultRefitFolder(run, textOf(given, "holdOut")));
});
const tuned = within((given) => {
  const method = textOf(given, "method"), dataset = datasetOf(given);
  return textOf(given, "out") ?? (method && dataset && defaultTuningFolder(method, dataset));
});
const results = within((given) => {
  const [plan = textOf(given, "config")] = given.positional;
  return textOf(given, "out") ??
    (plan && defaultResultsFolder(plan, {
      dataset: textOf(given, "dataset"),
      data: [given.values.data].flat()[0],
    }));
});
const inspected: Writes = (given) => {
  if (textOf(given, "out") !== undefined) return file("out")(given);
  if (given.values.html !== true) return [];
  return [...given.positional, ...[given.values.dataset ?? []].flat().map(String)]
    .filter(isFolder).flatMap(wholeFolder);
};
/** The page, or the run that it describes. */
const reported: Writes = (given) => textOf(given, "out") === undefined ? named(given) : file("out")(given);
/** The notes about a cluster's work for a dataset. */
const noted: Writes = (given) => {
  const place = textOf(given, "out");
  return place && textOf(given, "spark") !== undefined ? notedBeside(place) : [];
};

/** Where known data sets are. */
const DOWNLOADS = (): string[] => ["files.grouplens.org", "snap.stanford.edu", "mcauleylab.ucsd.edu"];
/** With `--spark sc://host:port/…` only that server. The command refuses anything that is not such an address. */
const cluster = (given: Given): string[] => {
  const [, host, port = "15002"] =
    textOf(given, "spark")?.match(/^sc:\/\/(\[[0-9a-f:]+\]|[\w.-]+)(?::(\d{1,5}))?(?:\/|$)/i) ?? [];
  return host === undefined ? DOWNLOADS() : [`${host}:${port}`];
};
const gets = ({ positional }: Given): boolean => positional[0] === "get";

/** Trains in separate processes. */
const STARTS = [Deno.execPath()];

export const COMMANDS: Readonly<Record<string, Command>> = {
  pipeline: {
    program: "model/commands/pipeline.ts",
    computes: true,
    writes: all(run, resumed, events, cache),
    reaches: DOWNLOADS,
  },
  data: {
    program: "pipeline/commands/data.ts",
    writes: (given) => gets(given) ? cache(given) : [],
    reaches: (given) => gets(given) ? DOWNLOADS() : [],
  },
  prepare: {
    program: "pipeline/commands/prepare.ts",
    writes: all(folder("out"), noted, cache),
    reaches: cluster,
  },
  inspect: { program: "pipeline/commands/inspect.ts", writes: inspected },
  export: { program: "model/commands/export.ts", writes: folder("out") },
  search: {
    program: "model/commands/search.ts",
    computes: true,
    writes: all(within((given) => textOf(given, "out")), resumed, events),
  },
  train: {
    program: "model/commands/train.ts",
    computes: true,
    writes: all(within((given) => textOf(given, "out")), resumed, events),
  },
  experiment: {
    program: "model/commands/experiment.ts",
    computes: true,
    runs: STARTS,
    writes: all(results, events, cache),
    reaches: DOWNLOADS,
  },
  tune: {
    program: "model/commands/tune.ts",
    computes: true,
    runs: STARTS,
    writes: all(tuned, events),
  },
  retrain: {
    program: "model/commands/retrain.ts",
    computes: true,
    writes: all(named, events),
  },
  refit: {
    program: "model/commands/refit.ts",
    computes: true,
    writes: all(refitted, events),
  },
  evaluate: {
    program: "model/commands/evaluate.ts",
    computes: true,
    writes: all(named, events),
  },
  recommend: {
    program: "model/commands/recommend.ts",
    computes: true,
    writes: file("out"),
  },
  report: { program: "model/commands/report.ts", writes: reported },
  runs: { program: "model/commands/runs.ts" },
  compare: {
    program: "model/commands/compare.ts",
    computes: true,
    writes: file("html"),
  },
  fixtures: { program: "fixtures/main.ts", writes: folder("out", "data/shop") },
  // It asks other programs about the machine, and drivers in a process of their own, which they may end.
  doctor: { program: "model/commands/doctor.ts", computes: true, runs: ["lscpu", Deno.execPath()] },
  // These work on the machine, not on data.
  engine: { program: "model/commands/engine.ts", permissions: "engine" },
  notebook: { program: "notebooks/commands/notebook.ts", permissions: "notebook" },
  kernel: { program: "notebooks/commands/kernel.ts", permissions: "kernel" },
};
