/**
 * Where a preparation's data come from, once globs are expanded and a known data set's name is resolved.
 *
 * @module
 */
import { dataName } from "./contract/dataset/data_name.ts";
import type { PrepareConfig } from "./prepare_options.ts";
import type { Manifest, SourceInfo } from "./contract/dataset/manifest.ts";
import type { StageContext } from "./contract/stage.ts";
import { expandPaths, type ReadOptions, type SideTableOptions } from "./readers/mod.ts";
import { SIDE_TABLES } from "./readers/known/entry.ts";
import { readAs } from "./readers/known/copies.ts";
import { findDataset, resolveDataset } from "./readers/known/registry.ts";

/** What is read, and how. */
export interface Inputs {
  /** What the data is called. */
  name: string;
  interactions: ReadOptions;
  items?: SideTableOptions;
  users?: SideTableOptions;
  download?: Manifest["download"];
  /** See {@link Manifest.truth}. */
  truth?: string;
}

/** Files and reader options: those of the configuration, above those of a known data set. */
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

/** How a known data set's files are read, beneath what a configuration says. One in another format is not laid out as those are. */
function readBy(known: ReadOptions, config: PrepareConfig): ReadOptions {
  const given = givenOptions(config), { delimiter: _, header: __, quotes: ___, ...others } = known;
  const isAsKnown = given.format === undefined || given.format === known.format;
  return { ...(isAsKnown ? known : others), ...given };
}

/** What a configuration says of how interactions are read. */
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
 * How the interactions of a dataset that was prepared are read once more: from the files that its manifest names, so that none is looked for,
 * downloaded or made.
 *
 * @returns Its `files` are the first of the sources; one of timestamps follows them.
 */
export function preparedInteractions(config: PrepareConfig, sources: readonly SourceInfo[]): ReadOptions {
  const known = config.dataset === undefined ? undefined : findDataset(config.dataset);
  const { sequenceTimestamps, items, users } = config;
  // A known data set has one file of interactions, in front of all others.
  const others = [sequenceTimestamps, items, users].filter((file) => file !== undefined).length;
  const files = sources.slice(0, known ? 1 : sources.length - others).map(({ path }) => path);
  return { ...readBy({ ...(known && readAs(known, files[0])), files }, config), files };
}

/** A table of items or users; its id may be called as in the interactions. */
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

/** Every file that is read, in the order of the manifest's sources. */
export function filesOf({ interactions, items, users }: Inputs): string[] {
  const others = [interactions.sequenceTimestamps, items?.file, users?.file];
  return [...expandPaths(interactions.files), ...others.filter((file) => file !== undefined)];
}

const downloadOf = ({ from, bytes, sha256 }: NonNullable<Manifest["download"]>) => ({ from, bytes, sha256 });
