/**
 * `deno task prepare`: raw interactions in, a frozen dataset folder out.
 *
 * @module
 */
import { z } from "zod";
import { checkPreparation, prepareGroups, prepareSchema } from "../config.ts";
import { reasonWords } from "../contract/stage/dropped.ts";
import { InputError } from "../contract/errors.ts";
import type { Prepared } from "../contract/dataset/prepared.ts";
import { type Table, textTable } from "../display/table.ts";
import { runPreparation } from "../run.ts";
import { checkEngine, ENGINE_GROUP, engineShape } from "../scale/options.ts";
import { asCalled } from "../terminal/called.ts";
import { quoted } from "../terminal/quoted.ts";
import { type CommandResult, runCommand } from "../terminal/command.ts";
import { checkGiven, givenOptions } from "../terminal/config.ts";
import type { CommandSpec } from "../terminal/options.ts";
import { optionsOf } from "../terminal/schema_options.ts";

/** The options of the command. Only here does --engine select the engine of the preparation: in `pipeline` it names the tensor engine. */
const commandSchema = z.strictObject({ ...prepareSchema.shape, ...engineShape });

const PREPARE: CommandSpec = {
  name: "prepare",
  summary:
    "Turns raw interactions into a clean, frozen dataset folder: read → check → filter → number → split → negatives.",
  instead: "files are named with --data",
  options: optionsOf({ ...prepareGroups, [ENGINE_GROUP]: engineShape }),
  first: [
    ...["data", "columns", "items", "users", "dataset", "out", "format", "timeFormat", "minUser", "minItem"],
    ...["split", "evalNegatives", "protocols", "memory"],
  ],
  examples: [
    "deno task prepare --dataset demo --out data/demo",
    "deno task prepare --data ratings.csv --out data/mine",
    "deno task prepare --data 'logs/*.csv.gz' --columns user=uid,item=sku,timestamp=ts --items items.csv --out data/shop",
    "deno task prepare --data log.csv --out data/log --memory 2GiB",
    'deno task prepare --engine spark --spark sc://host:15002 --data "s3a://logs/2026/*.csv" --out data/logs',
    "deno task prepare --dataset ml-1m --data ratings.dat --out data/ml-1m --min-user 5 --split global-time",
  ],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(PREPARE, args, async ({ flags, config, progress, signal }) => {
    const given = await givenOptions(config, flags);
    if (given.values.out === undefined) {
      throw new InputError("Where to? Name the dataset folder with --out DIR");
    }
    const started = performance.now();
    const options = checkGiven(commandSchema, given), place = checkEngine(options), { partRows } = options;
    const prepared = await runPreparation(checkPreparation(options), { place, partRows, progress, signal });
    return present(prepared, (performance.now() - started) / 1000);
  });
}

function present({ dataset, status, reports }: Prepared, seconds: number): CommandResult {
  const { manifest, folder } = dataset;
  const json = { status, folder, hash: manifest.hash, counts: manifest.counts, stages: reports, seconds };
  if (status === "unchanged") {
    return {
      json,
      text: `${folder} is up to date: same data, same options. Nothing was done (--force prepares again).`,
    };
  }
  const stages: Table = {
    columns: ["stage", "interactions", "dropped", "why", "seconds"],
    rows: reports.flatMap(({ stage, rowsOut, dropped, seconds }) => {
      const [first, ...more] = dropped.map((of): [number | string, string] => [
        of.rows,
        reasonWords(of),
      ]);
      const [rows, why] = first ?? ["", ""];
      return [
        [stage, rowsOut, rows, why, Number(seconds.toFixed(2))],
        ...more.map(([rows, why]) => ["", "", rows, why, ""]),
      ];
    }),
  };
  return {
    json,
    text: `${textTable(stages)}\n\n${dataset}\n\n${
      asCalled(
        `Next: deno task inspect --dataset ${quoted(folder)}, or deno task pipeline --dataset ${
          quoted(folder)
        }`,
      )
    }`,
  };
}

if (import.meta.main) Deno.exit(await main(Deno.args));
