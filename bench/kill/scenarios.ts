/**
 * The commands that write, each with what is there before: mostly an earlier result, which must stay until the new one is there.
 *
 * @module
 */
import { COMMANDS } from "../../model/commands/mod.ts";
import type { Command } from "./process.ts";

/** A command to be killed. Paths are below the folder of the trial. */
export interface Scenario {
  name: string;
  command: Command;
  /** How it is resumed. Default: by the same command. */
  goOn?: Command;
  /** What it writes. */
  output: string;
  /** A folder or a file that appears in one step, or a run, which grows. */
  kind: "folder" | "file" | "run";
  /** Parts of the base that exist before, and their names. */
  given: Record<string, string>;
}

const command = (program: string, line: string): Command => ({
  program,
  args: [...line.split(" "), "--quiet"],
});
const prepare = (line: string) =>
  command(
    "pipeline/commands/prepare.ts",
    `${line} --items shop/items.csv --eval-negatives 5 --on-bad-row skip`,
  );
const fixtures = (out: string, seed: number) =>
  command(
    "fixtures/main.ts",
    `--out ${out} --users 30 --items 120 --mean-length 14 --short 0 --seed ${seed}`,
  );
const exported = (to: string, out: string, from: string) =>
  command("model/commands/export.ts", `--dataset ${from} --to ${to} --out ${out}`);
const inspect = (line: string) => command("pipeline/commands/inspect.ts", `--dataset ${line} --html`);
const recommend = (line: string) => command("model/commands/recommend.ts", `run ${line}`);

const NETWORK = "--length 8 --candidates 2,3 --dim 8 --layers 1 --sequence-hidden 8 --channel-hidden 8";
const JOB = `${NETWORK} --search-epochs 2 --epochs 3 --batch-size 128 --ks 1,5`;
const job = (program: string, line: string) => command(`model/commands/${program}.ts`, `${line} ${JOB}`);
const pipeline = (more = "") =>
  job(
    "pipeline",
    `--data log.csv --items shop/items.csv --eval-negatives 5 --on-bad-row skip --out run${more}`,
  );
const search = (more = "") => job("search", `--dataset data --out run${more}`);

/** The parts of the base, in this order: each command makes the folder or file that it is named after. */
export const BASE: Record<string, { command: Command; given?: Record<string, string>; output: string }> = {
  shop: { command: fixtures("shop", 1), output: "shop" },
  otherShop: { command: fixtures("shop", 2), output: "shop" },
  data: { command: prepare("--data log.csv --out data"), given: { shop: "shop" }, output: "data" },
  otherData: {
    command: prepare("--data shop/interactions.csv --out data"),
    given: { otherShop: "shop" },
    output: "data",
  },
  recbole: { command: exported("recbole", "out", "data"), given: { otherData: "data" }, output: "out" },
  parquet: { command: exported("parquet", "out", "data"), given: { otherData: "data" }, output: "out" },
  page: { command: inspect("data --out page.html"), given: { otherData: "data" }, output: "page.html" },
  searched: { command: search(), given: { data: "data" }, output: "run" },
  trained: {
    command: command("model/commands/retrain.ts", "run"),
    given: { data: "data", searched: "run" },
    output: "run",
  },
  evaluated: {
    command: command("model/commands/evaluate.ts", "run"),
    given: { data: "data", trained: "run" },
    output: "run",
  },
  csv: {
    command: recommend("--k 3 --out top.csv"),
    given: { data: "data", trained: "run" },
    output: "top.csv",
  },
  rows: {
    command: recommend("--k 3 --out top.parquet"),
    given: { data: "data", trained: "run" },
    output: "top.parquet",
  },
};

/** Every command that writes. */
export const SCENARIOS: Scenario[] = [
  {
    name: "prepare",
    command: prepare("--data log.csv --out data"),
    output: "data",
    kind: "folder",
    given: { shop: "shop", otherData: "data" },
  },
  {
    name: "prepare-new",
    command: prepare("--data log.csv --out new/deep/data"),
    output: "new/deep/data",
    kind: "folder",
    given: { shop: "shop" },
  },
  {
    name: "export",
    command: exported("recbole", "out", "data"),
    output: "out",
    kind: "folder",
    given: { data: "data", recbole: "out" },
  },
  {
    name: "export-parquet",
    command: exported("parquet", "out", "data"),
    output: "out",
    kind: "folder",
    given: { data: "data", parquet: "out" },
  },
  {
    name: "inspect",
    command: inspect("data"),
    output: "data/report.html",
    kind: "file",
    given: { data: "data" },
  },
  {
    name: "inspect-out",
    command: inspect("data --out page.html"),
    output: "page.html",
    kind: "file",
    given: { data: "data", page: "page.html" },
  },
  {
    name: "fixtures",
    command: fixtures("shop", 1),
    output: "shop",
    kind: "folder",
    given: { otherShop: "shop" },
  },
  {
    name: "pipeline",
    command: pipeline(),
    goOn: pipeline(" --resume"),
    output: "run",
    kind: "run",
    given: { shop: "shop" },
  },
  {
    name: "search",
    command: search(),
    goOn: search(" --resume"),
    output: "run",
    kind: "run",
    given: { data: "data" },
  },
  {
    name: "search-exhaustive",
    command: search(" --search exhaustive"),
    goOn: search(" --search exhaustive --resume"),
    output: "run",
    kind: "run",
    given: { data: "data" },
  },
  {
    name: "retrain",
    command: command("model/commands/retrain.ts", "run"),
    output: "run",
    kind: "run",
    given: { data: "data", searched: "run" },
  },
  {
    name: "evaluate",
    command: command("model/commands/evaluate.ts", "run --ks 3,7"),
    output: "run",
    kind: "run",
    given: { data: "data", evaluated: "run" },
  },
  {
    name: "recommend",
    command: recommend("--k 5 --out top.csv"),
    output: "top.csv",
    kind: "file",
    given: { data: "data", trained: "run", csv: "top.csv" },
  },
  {
    name: "recommend-parquet",
    command: recommend("--k 5 --out top.parquet"),
    output: "top.parquet",
    kind: "file",
    given: { data: "data", trained: "run", rows: "top.parquet" },
  },
];

/** Commands that compute with a tensor engine. */
export const usesEngine = ({ program }: Command): boolean =>
  Object.values(COMMANDS).some((launched) => launched.program === program && launched.computes === true);
