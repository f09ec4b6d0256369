/** Every command that writes, with what it may replace. */
import { basename, dirname, join, relative } from "node:path";
import type { CommandName } from "./commands.ts";
import { type Kind, QUICK, type World } from "./world.ts";

export interface Command {
  name: CommandName;
  args(out: string, world: World): string[];
  flags: string[];
  /** What it may replace if it succeeds, and if --overwrite asks for it. */
  writes: Kind[];
  overwrites?: Kind[];
  /** Kinds that it works on: it changes them even if it fails later, and rewrites edited files. */
  works?: Kind[];
  /** A file below the place that exists after success. */
  makes?: string;
  /** For a command that writes a single file: the end of the file's name. */
  ending?: string;
  /** Folders between the spot and the place. */
  below?: string;
}

const FOLDERS: Kind[] = ["dataset", "export", "fixtures"];

const data = (world: World) => ["--data", world.at("data/deep/log.csv")];
const own = (world: World, kind: Kind) => world.at(`own/${kind}`);

/** All commands that write. */
export const COMMANDS = {
  prepare: {
    name: "prepare",
    args: (out, world) => [...data(world), "--out", out, ...QUICK.prepare],
    flags: ["--overwrite", "--force"],
    makes: "manifest.json",
    writes: ["dataset"],
    overwrites: FOLDERS,
  },
  export: {
    name: "export",
    args: (out, world) => [own(world, "dataset"), "--to", "csv", "--out", out],
    flags: ["--overwrite"],
    makes: "export.json",
    writes: ["export"],
    overwrites: FOLDERS,
  },
  "export onnx": {
    name: "export",
    args: (out, world) => [own(world, "run"), "--to", "onnx", "--out", out],
    flags: ["--overwrite"],
    makes: "export.json",
    writes: ["export"],
    overwrites: FOLDERS,
  },
  fixtures: {
    name: "fixtures",
    args: (out) => ["--out", out, ...QUICK.shop],
    flags: ["--overwrite"],
    makes: "truth.json",
    writes: ["fixtures"],
    overwrites: FOLDERS,
  },
  pipeline: {
    name: "pipeline",
    args: (out, world) => [...data(world), "--out", out, ...QUICK.job, ...QUICK.prepare],
    flags: ["--resume"],
    makes: "metrics.json",
    writes: ["run"],
    works: ["run"],
  },
  search: {
    name: "search",
    args: (out, world) => [own(world, "dataset"), "--out", out, ...QUICK.job],
    flags: ["--resume"],
    makes: "architecture.json",
    writes: ["run"],
    works: ["run"],
  },
  retrain: {
    name: "retrain",
    args: (out) => ["--engine", "cpu", "--", out],
    flags: [],
    writes: ["run"],
    works: ["run"],
  },
  evaluate: {
    name: "evaluate",
    args: (out) => ["--engine", "cpu", "--", out],
    flags: [],
    writes: ["run"],
    works: ["run"],
  },
  "recommend csv": {
    name: "recommend",
    args: (out, world) => [own(world, "run"), "--engine", "cpu", "--out", out],
    flags: ["--overwrite"],
    makes: ".",
    writes: ["recommendations"],
    overwrites: ["report"],
    ending: ".csv",
  },
  "recommend parquet": {
    name: "recommend",
    args: (out, world) => [own(world, "run"), "--engine", "cpu", "--out", out],
    flags: ["--overwrite"],
    makes: ".",
    writes: [],
    overwrites: ["recommendations", "report"],
    ending: ".parquet",
  },
  "recommend from": {
    name: "recommend",
    args: (out) => [out, "--engine", "cpu"],
    flags: [],
    writes: [],
  },
  "inspect": { name: "inspect", args: (out) => ["--html", "--", out], flags: [], writes: ["dataset"] },
  "inspect --out": {
    name: "inspect",
    args: (out, world) => [own(world, "dataset"), "--html", "--out", out],
    flags: ["--overwrite"],
    ending: "",
    makes: ".",
    writes: ["report"],
    overwrites: ["recommendations"],
  },
  "kernel in a prefix": {
    name: "kernel",
    args: (out) => ["--prefix", out],
    flags: ["--uninstall"],
    writes: ["kernel"],
  },
  "kernel of a name": {
    name: "kernel",
    args: (out, world) => ["--prefix", world.at("spot"), "--name", basename(out) || out],
    flags: ["--uninstall"],
    writes: ["kernel"],
    below: "share/jupyter/kernels",
  },
} satisfies Record<string, Command>;

/** The ways to write a path. `place` is absolute; the current folder is `cwd`. */
export const FORMS = {
  absolute: (place: string) => place,
  relative: (place: string, cwd: string) => relative(cwd, place),
  "with a slash": (place: string) => `${place}/`,
  "with a dot": (place: string) => `${place}/.`,
  "around a corner": (place: string) => join(dirname(place), "none") + `/../${basename(place)}`,
};
