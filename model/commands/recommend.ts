/**
 * `deno task recommend`: the best next items for users, in original ids.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { DataFrame } from "../../pipeline/contract/frame.ts";
import { countOf } from "../../pipeline/display/text/units.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import { runDatasetShape, runFolder } from "../../pipeline/terminal/named.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { engineFirst } from "../backend/engine_first.ts";
import { putOnEngine } from "../methods/store.ts";
import { openEngine } from "../backend/engine.ts";
import { runShape } from "../experiment/options.ts";
import { reopenRun } from "../experiment/begun.ts";
import { unfinishedTraining } from "../runs/unfinished.ts";
import { inPieces, recommend, type RecommendOptions, refuseTooMany } from "../recommend/recommend.ts";
import { idsOf, readHistories } from "../recommend/request_files.ts";
import { ON_UNKNOWN } from "../recommend/requests.ts";
import { cutOf, warningText } from "../views/epochs.ts";
import { claimRecommendations, csvOf, withSafeCells } from "../recommend/file.ts";

const text = z.string().min(1);

const withWhat = {
  ...runDatasetShape,
  engine: runShape.engine,
  threads: runShape.threads,
};

const ids = z.union([text, z.array(text)]).transform((v) => [v].flat()).optional();

const forWhom = {
  users: ids.meta({
    title: "IDS|FILE",
    description:
      "user ids, or a file with one id a line, in quotes or not; users whom the dataset dropped are served from its source files",
    fallback: "all of the dataset",
  }),
  histories: text.optional().meta({
    title: "FILE",
    description:
      "histories of users never seen: a CSV without a header, one history a line, oldest item first; an empty line gets popular items",
  }),
  named: z.boolean().default(false).meta({
    description:
      "with --histories: the first field of a line is the user's name; a line with only a name is an empty history",
  }),
  onUnknown: z.enum(ON_UNKNOWN).default("error").meta({
    description:
      "what to do with an id that is in neither the dataset nor its source files: stop the job, leave it out, or, for a user, recommend popular items",
  }),
};

const ofWhich = {
  exclude: ids.meta({ title: "IDS|FILE", description: "items that are not recommended", fallback: "none" }),
  only: ids.meta({ title: "IDS|FILE", description: "the only items that are recommended", fallback: "all" }),
  filter: z.union([text, z.array(text)]).transform((v) => [v].flat()).optional().meta({
    title: "COLUMN=VALUE",
    whole: true,
    description:
      "only items with this value (commas included) in this column, as in category=Tea; if repeated, items need one of the values given for each column",
  }),
};

const what = {
  k: z.int().positive().default(10).meta({ title: "N", description: "number of items for each user" }),
  keepSeen: z.boolean().optional().meta({
    description: "recommend items of the user's own history too",
    fallback: "as in the run",
  }),
  popularity: z.number().min(0).max(1).default(1).meta({
    title: "SHARE",
    description:
      "how much popularity counts: 1 for the likeliest items, 0 for those most specific to the user",
  }),
  out: text.optional().meta({
    title: "FILE",
    description: "file to write: .csv (scores to six digits), .parquet or .jsonl",
    fallback: "CSV on the terminal",
  }),
  overwrite: z.boolean().default(false)
    .meta({ description: "with --out: replace a file that holds no recommendations" }),
  safeCells: z.boolean().default(false).meta({
    description:
      "a CSV for spreadsheets: ' before ids and titles that would be taken for formulas, and with --out a byte-order mark, which tells the encoding",
  }),
};

const recommendSchema = z.strictObject({ ...withWhat, ...forWhom, ...ofWhich, ...what });

const RECOMMEND: CommandSpec = {
  name: "recommend",
  summary: "Recommends the next items for users, or for histories of users never seen, in original ids.",
  positional: "RUN",
  options: optionsOf({ "With what": withWhat, "For whom": forWhom, "Of which items": ofWhich, "What": what }),
  examples: [
    "deno task recommend runs/demo --users u0001,u0002 --k 5",
    "deno task recommend runs/demo --out top10.parquet",
    "deno task recommend runs/demo --histories new.csv --out new.jsonl",
  ],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(RECOMMEND, args, async ({ flags, positional, config, json, progress, signal }) => {
    const options = await commandOptions(recommendSchema, config, flags);
    const run = runFolder(positional, "deno task recommend runs/mine");
    if (options.overwrite && options.out === undefined) {
      throw new InputError("Option --overwrite goes with --out");
    }
    const isCsv = options.out === undefined ? !json : options.out.endsWith(".csv");
    if (options.safeCells && !isCsv) {
      throw new InputError(
        "Option --safe-cells goes with CSV: other formats have no cells that are formulas",
      );
    }
    const file = options.out === undefined ? undefined : claimRecommendations(options.out, {
      inputs: [
        options.histories,
        ...[options.users, options.exclude, options.only].flatMap((ids) => ids ?? []),
      ]
        .filter((path) => path !== undefined),
      overwrite: options.overwrite,
      forSpreadsheet: options.safeCells,
    });
    const { folder, facts, dataset } = await reopenRun(run, options.dataset);
    folder.checkModel();
    const { named, onUnknown } = options;
    if (named && options.histories === undefined) {
      throw new InputError("Option --named goes with --histories");
    }
    const users = idsOf(options.users, (id) => dataset.hasUser(id));
    const histories = options.histories === undefined
      ? undefined
      : readHistories(dataset, options.histories, { named, onUnknown });
    engineFirst(options.engine);
    const engine = await openEngine({ engine: options.engine, threads: options.threads, progress });
    using loaded = await putOnEngine(folder, dataset, { engine });
    // Recommendations depend on the training, which may have been cut short, however the length was found.
    const provisional = unfinishedTraining(folder) ?? cutOf("training", facts);
    if (provisional !== undefined) progress.warn(warningText(provisional));
    const { k, keepSeen = folder.keepsSeen, popularity, filter } = options;
    const asked: RecommendOptions = {
      users,
      histories,
      k,
      keepSeen,
      popularity,
      onUnknown,
      exclude: idsOf(options.exclude, (id) => dataset.hasItem(id)),
      only: idsOf(options.only, (id) => dataset.hasItem(id)),
      filter: filter && conditionsOf(filter),
      progress,
      signal,
    };
    const shown = (frame: DataFrame) => options.safeCells ? withSafeCells(frame) : frame;
    if (!file) {
      const frame = await recommend(loaded.model, dataset, asked);
      return { text: csvOf(shown(frame)), json: { recommendations: frame.toRecords() }, isAnswer: true };
    }
    const pieces = inPieces(loaded.model, dataset, asked, file.keepsAll ? refuseTooMany : undefined);
    const rows = await file.write(mapped(pieces, shown), progress);
    return {
      text: `${countOf(rows, "recommendation")} in ${options.out}`,
      json: { out: options.out, rows },
    };
  });
}

async function* mapped<A, B>(values: AsyncIterable<A>, of: (value: A) => B): AsyncGenerator<B, void> {
  for await (const value of values) yield of(value);
}

/** `category=Tea` → its column and values: an item needs one of the values given for a column. */
function conditionsOf(texts: readonly string[]): Record<string, string[]> {
  const conditions = new Map<string, string[]>();
  for (const text of texts) {
    const at = text.indexOf("="), column = text.slice(0, at);
    if (at < 1) {
      throw new InputError(`Cannot filter by "${text}": say column=value, as in --filter category=Tea`);
    }
    conditions.getOrInsertComputed(column, () => []).push(text.slice(at + 1));
  }
  return Object.fromEntries(conditions);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
