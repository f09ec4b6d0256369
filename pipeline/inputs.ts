/**
 * Where a preparation's data come from, after globs are expanded and the name of a known data set is resolved.
 *
 * @module
 */
import { dataName } from "./contract/dataset/near_dataset.ts";
import type { PrepareConfig } from "./prepare_options.ts";
import type { Manifest, SourceInfo } from "./contract/dataset/manifest.ts";
import type { StageContext } from "./contract/stage.ts";
import { expandPaths, type ReadOptions, type SideTableOptions } from "./readers/mod.ts";
import { SIDE_TABLES } from "./readers/known/entry.ts";
import { readAs } from "./readers/known/copies.ts";
import { findDataset, resolveDataset } from "./readers/known/registry.ts";

/** What a preparation reads, and how. */
export interface Inputs {
  /** Name of the data. */
  name: string;
  interactions: ReadOptions;
  items?: SideTableOptions;
  users?: SideTableOptions;
  download?: Manifest["download"];
  /** See {@link Manifest.truth}. */
  truth?: string;
}

/** Resolves files and reader options: those of the configuration take precedence over those of a known data set. */
export async function resolveInputs(config: PrepareConfig, context: StageContext): Promise<Inputs> {
  const known = config.dataset === undefined ? undefined : await resolveDataset(config.dataset, {
    data: config.data && expandPaths(config.data),
    without: SIDE_TABLES.filter((table) => config[table] !== undefined),
    cache: config.cache,
    ...context,
  });
  return {
    name: config.name ?? config.dataset ?? dataName(config.data![0]),
    interactions: readBy(known?.read ?? { files: config.data! }, config),
    items: config.items ? sideOf(config, "item", config.items, config.itemColumns) : known?.items,
    users: config.users ? sideOf(config, "user", config.users, config.userColumns) : known?.users,
    download: known?.source && downloadOf(known.source),
    truth: known?.entry.truth,
  };
}

/**
 * Combines how a known data set's files are read with what the configuration says, which takes precedence. A file in another format is not
 * laid out in the same way.
 */
function readBy(known: ReadOptions, config: PrepareConfig): ReadOptions {
  const given = givenOptions(config), { delimiter: _, header: __, quotes: ___, ...others } = known;
  const isAsKnown = given.format === undefined || given.format === known.format;
  return { ...(isAsKnown ? known : others), ...given };
}

/** The options of a configuration that say how interactions are read. */
function givenOptions(config: PrepareConfig): Omit<ReadOptions, "files"> {
  const { format, delimiter, header, quotes, columns, encoding, sequenceTimestamps } = config;
  const given = {
    format: format === "auto" && config.dataset !== undefined ? undefined : format,
    delimiter,
    header,
    quotes,
    columns,
    encoding,
    sequenceTimestamps,
    textTimes: config.timeFormat === undefined ? undefined : true,
    textRatings: config.decimal === "comma" ? true : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/**
 * Returns how to read the interactions of a prepared dataset once more: from the files that its manifest names, so that none is
 * searched for, downloaded or created.
 *
 * @returns Options whose `files` are the first of the sources; a file of timestamps follows them there.
 */
export function preparedInteractions(config: PrepareConfig, sources: readonly SourceInfo[]): ReadOptions {
  const known = config.dataset === undefined ? undefined : findDataset(config.dataset);
  const { sequenceTimestamps, items, users } = config;
  // A known data set has one file of interactions, before all others.
  const others = [sequenceTimestamps, items, users].filter((file) => file !== undefined).length;
  const files = sources.slice(0, known ? 1 : sources.length - others).map(({ path }) => path);
  return { ...readBy({ ...(known && readAs(known, files[0])), files }, config), files };
}

/** Options for reading a table of items or users; its id column may have the same name as in the interactions. */
function sideOf(
  { columns = [], encoding, decimal, nullValues }: PrepareConfig,
  key: "item" | "user",
  file: string,
  own: string[] | undefined,
): SideTableOptions {
  const named = columns.find((column) => column.startsWith(`${key}=`));
  return {
    file,
    key,
    ...(own && { columns: own }),
    ...(encoding && { encoding }),
    ...(decimal && { decimal }),
    ...(nullValues && { nullValues }),
    ...(named !== undefined && { idName: named.slice(key.length + 1) }),
  };
}

/** Lists every file that is read, in the order of the manifest's sources. */
export function filesOf({ interactions, items, users }: Inputs): string[] {
  const others = [interactions.sequenceTimestamps, items?.file, users?.file];
  return [...expandPaths(interactions.files), ...others.filter((file) => file !== undefined)];
}

const downloadOf = ({ from, bytes, sha256 }: NonNullable<Manifest["download"]>) => ({ from, bytes, sha256 });
