/**
 * `deno task data`: lists the data sets known by name, and downloads them into the cache that `--dataset NAME` reads.
 *
 * @module
 */
import { dirname } from "node:path";
import { z } from "zod";
import { cacheFolder } from "../contract/machine/cache_folder.ts";
import { didYouMean, InputError } from "../contract/errors.ts";
import type { StageContext } from "../contract/stage.ts";
import { type Table, textTable } from "../display/table.ts";
import { formatBytes } from "../display/text/units.ts";
import { cachedFolder } from "../readers/downloads/cache.ts";
import {
  type DatasetEntry,
  datasetNames,
  DATASETS,
  type DownloadedFile,
  knownDataset,
  resolveDataset,
} from "../readers/known/registry.ts";
import { asCalled } from "../terminal/called.ts";
import { type CommandResult, runCommand } from "../terminal/command.ts";
import { commandOptions } from "../terminal/config.ts";
import type { CommandSpec } from "../terminal/options.ts";
import { quoted } from "../terminal/quoted.ts";
import { optionsOf } from "../terminal/schema_options.ts";

const where = {
  cache: z.string().min(1).optional().meta({
    title: "DIR",
    description: "folder in which downloads are kept",
    fallback: "the user's cache folder",
  }),
};

const DATA: CommandSpec = {
  name: "data",
  summary: "Lists the data sets known by name (list), and downloads them for --dataset NAME (get).",
  positional: "[list [WORD …] | get NAME …]",
  words: ["list", "get", ...datasetNames()],
  options: optionsOf({ "Where they are kept": where }),
  glossary: {
    "What to do": {
      list:
        "what each is, its size, its terms, and whether it is on this machine; with WORD, those with WORD in their name",
      get: "shows the terms and downloads what is not on this machine; the checksum is verified",
    },
  },
  examples: [
    "deno task data list",
    "deno task data list amazon-2023",
    "deno task data get ml-1m",
    "deno task prepare --dataset ml-1m --out data/ml-1m",
  ],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(DATA, args, async ({ flags, positional, config, progress, signal }) => {
    const { cache = cacheFolder() } = await commandOptions(z.strictObject(where), config, flags);
    const [verb = "list", ...words] = positional;
    if (verb === "list") return list(words, cache);
    if (verb === "get") return await get(words, cache, { progress, signal });
    const meant = knownDataset(verb)
      ? `, as in deno task data get ${verb}`
      : didYouMean(verb, ["list", "get"]);
    throw new InputError(`Unknown "${verb}": deno task data takes list or get${meant}`);
  });
}

function list(words: string[], cache: string): CommandResult {
  const entries = DATASETS.filter(({ name }) =>
    words.length === 0 || words.some((word) => name.includes(word.toLowerCase()))
  );
  if (entries.length === 0) {
    throw new InputError(`No known data set has ${words.join(" or ")} in its name; see deno task data list`);
  }
  const found = entries.map((entry) => ({ entry, folder: cachedFolder(entry, cache) }));
  const here = found.filter(({ folder }) => folder).map(({ entry }) => entry.name);
  return {
    isAnswer: true,
    json: { cache, datasets: found.map(({ entry, folder }) => ({ ...describe(entry), folder })) },
    text: [
      textTable(tableOf(found)),
      "",
      `Kept in ${cache}: ${here.join(", ") || "none of them yet"}.`,
      asCalled("deno task data get NAME downloads one, and --dataset NAME takes it by its name."),
    ].join("\n"),
  };
}

const describe = (
  { name, title, counts, bytes, terms, licence, citation, homepage, url }: DatasetEntry,
) => ({ name, title, ...counts, bytes, terms, licence, citation, homepage, url });

const UNKNOWN = "–";

const tableOf = (found: { entry: DatasetEntry; folder?: string }[]): Table => ({
  spare: ["what it is", "terms", "items"],
  columns: ["name", "what it is", "users", "items", "interactions", "download", "terms", "here"],
  rows: found.map(({ entry: { name, title, counts, bytes, url, terms }, folder }) => [
    name,
    title.split(":")[0],
    ...(counts ? [counts.users, counts.items, counts.interactions] : [UNKNOWN, UNKNOWN, UNKNOWN]),
    url ? bytes === undefined ? UNKNOWN : formatBytes(bytes) : "generated",
    terms,
    folder ? "yes" : "",
  ]),
});

/** The outcome for a requested data set. */
interface Got {
  entry: DatasetEntry;
  folder: string;
  status: "there already" | "downloaded" | "generated";
  source?: DownloadedFile;
}

async function get(names: string[], cache: string, context: StageContext): Promise<CommandResult> {
  if (names.length === 0) {
    throw new InputError("Which data set? Name it, as in deno task data get ml-1m; see deno task data list");
  }
  const got: Got[] = [];
  for (const entry of new Set(names.map(entryOf))) got.push(await obtain(entry, cache, context));
  return {
    json: {
      cache,
      datasets: got.map(({ entry, folder, status, source }) => ({
        ...describe(entry),
        folder,
        status,
        sha256: source?.sha256,
      })),
    },
    text: got.map(told).join("\n\n"),
  };
}

function entryOf(name: string): DatasetEntry {
  const entry = knownDataset(name);
  if (entry) return entry;
  throw new InputError(
    `There is no known data set "${name}"${didYouMean(name, datasetNames())}; see deno task data list`,
  );
}

async function obtain(entry: DatasetEntry, cacheDir: string, context: StageContext): Promise<Got> {
  const folder = cachedFolder(entry, cacheDir);
  if (folder) return { entry, folder, status: "there already" };
  const { read, source } = await resolveDataset(entry.name, { cache: cacheDir, ...context });
  const status = entry.generate ? "generated" : "downloaded";
  return { entry, folder: dirname(read.files[0]), status, source };
}

function told({ entry: { name, title, licence, citation, checksum }, folder, status, source }: Got): string {
  if (status === "there already") return `${name} is here already, in ${folder}: nothing was done.`;
  const checked = checksum ? `, as ${checksum.publisher}` : "";
  return [
    `${name} is here now, in ${folder}.`,
    title,
    ...(source
      ? [`${formatBytes(source.bytes)} from ${source.from}, SHA-256 ${source.sha256}${checked}`]
      : []),
    `Terms: ${licence}`,
    `Cite: ${citation}`,
    asCalled(`Next: deno task prepare --dataset ${name} --out ${quoted(`data/${name}`)}`),
  ].join("\n");
}

if (import.meta.main) Deno.exit(await main(Deno.args));
