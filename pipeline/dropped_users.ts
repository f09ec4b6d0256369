/**
 * What the sources of a dataset say about users that its preparation dropped.
 *
 * @module
 */
import { statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import pl, { type DataFrame } from "nodejs-polars";
import { resolvePrepareConfig } from "./config.ts";
import type { SequenceDataset } from "./contract/dataset.ts";
import { InputError } from "./contract/errors.ts";
import { deniedLine } from "./contract/errors/system.ts";
import { regularFile } from "./contract/files/readable.ts";
import type { Manifest, SourceInfo } from "./contract/dataset/manifest.ts";
import type { StageContext } from "./contract/stage.ts";
import { preparedInteractions } from "./inputs.ts";
import type { PrepareConfig, PrepareInput } from "./prepare_options.ts";
import { readInteractionsOf } from "./readers/interactions.ts";
import { keptRows } from "./schema.ts";
import { tableAmong } from "./tables/names.ts";

/** A user who is in the sources of a dataset but not in the dataset. */
export interface DroppedUser {
  /** Number of rows in the sources. */
  rows: number;
  /** Number of rows that count as interactions: the others cannot be read, are rated too low, or are duplicates. */
  interactions: number;
  /** Dense ids of the user's items that the dataset has, oldest first. */
  items: number[];
}

/** Users by their original ids, and the files that were read for them; or the reason why none could be read. */
export type SourcesSay = { users: ReadonlyMap<string, DroppedUser>; files: readonly string[] } | {
  reason: string;
};

/**
 * Reads the sources of a dataset again for some users that it does not have. The sources are read once, and only these users' rows are
 * kept.
 *
 * @param ids Original ids. Users who are not in the sources are not in the result.
 * @throws {Interrupted} if `signal` is aborted.
 */
export async function droppedUsers(
  dataset: SequenceDataset,
  ids: readonly string[],
  context: StageContext = {},
): Promise<SourcesSay> {
  const { manifest } = dataset;
  try {
    const config = configOf(manifest), options = preparedInteractions(config, manifest.sources);
    const given = manifest.sources.slice(0, options.files.length + (options.sequenceTimestamps ? 1 : 0));
    const sources = given.map((source) => ({ ...source, path: pathNow(source, dataset.folder) }));
    const files = sources.slice(0, options.files.length).map(({ path }) => path);
    const sequenceTimestamps = sources[files.length]?.path;
    sources.forEach(checkSize);
    const read = await readInteractionsOf(ids, { ...options, files, sequenceTimestamps, ...context });
    sources.forEach(({ path, sha256 }, i) => {
      if (read.sources[i].sha256 !== sha256) throw changed(path);
    });
    return { users: await usersIn(read.frame, dataset, config), files };
  } catch (error) {
    const denied = deniedLine(error);
    if (denied !== undefined) return { reason: denied };
    if (error instanceof InputError) return { reason: error.message };
    throw error;
  }
}

/** @throws {InputError} for options of another version, and for data that were not files. */
function configOf({ config, sources }: Manifest): PrepareConfig {
  if (tableAmong({ data: config.data }) !== undefined) {
    throw new InputError("its data were a table in memory");
  }
  const elsewhere = sources.find(({ sha256 }) => sha256 === undefined);
  if (elsewhere) throw new InputError(`a cluster has read ${elsewhere.path}`);
  // The exponent of the negatives does not affect what is read, and without negatives the option would be refused.
  const { exponent: _unread, ...read } = config;
  try {
    return resolvePrepareConfig({ ...read, out: "unused" } as PrepareInput);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`it was prepared with options that no longer exist: ${error.message}`);
  }
}

/**
 * Returns where to read a source. If its name is relative and it is not found from the working folder, it is looked for in the folders
 * above the dataset: a project may be used from another folder, or may have moved as a whole. The content later shows whether it is the
 * same file.
 */
function pathNow({ path, bytes }: SourceInfo, folder: string): string {
  const places = isAbsolute(path) ? [] : foldersAbove(folder).map((above) => join(above, path));
  return [path, ...places].find((place) => sizeOf(place) === bytes) ?? path;
}

/** Size of a file; undefined if there is no such file or no permission to read it. */
function sizeOf(path: string): number | undefined {
  if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") return undefined;
  try {
    const info = statSync(path);
    return info.isFile() ? info.size : undefined;
  } catch {
    return undefined; // the reader of the file will say what is wrong with it
  }
}

/** A folder and the folders above it, itself first. */
function foldersAbove(folder: string): string[] {
  const path = resolve(folder), above = dirname(path);
  return above === path ? [path] : [path, ...foldersAbove(above)];
}

const changed = (path: string) => new InputError(`${path} has changed since it was prepared`);

/** @throws {InputError} if a source is gone, or its size differs. */
function checkSize({ path, bytes }: SourceInfo): void {
  if (regularFile(path).size !== bytes) throw changed(path);
}

/** Collects users from rows in the order that the stages give them: those that count as interactions, by time for each user. */
async function usersIn(
  frame: DataFrame,
  dataset: SequenceDataset,
  config: PrepareConfig,
): Promise<Map<string, DroppedUser>> {
  const users = new Map<string, DroppedUser>();
  for (const id of frame.getColumn("user").cast(pl.String).toArray() as string[]) {
    const known = users.get(id);
    if (known) known.rows++;
    else users.set(id, { rows: 1, interactions: 0, items: [] });
  }
  if (users.size === 0) return users;
  // Rows that cannot be read were reported or refused when the dataset was prepared.
  const { frame: rows } = await keptRows(frame, config);
  const items = dataset.table("items").lazy().select(
    pl.col("id").alias("item"),
    pl.col("item").alias("_item"),
  );
  const others = rows.columns.filter((name) => !["user", "item", "timestamp"].includes(name));
  const ties = config.ties === "item" ? ["_item", ...others] : [];
  const counted = config.ties === "reverse" ? rows.lazy().reverse() : rows.lazy();
  const ordered = counted.withColumns(pl.col("user").cast(pl.String), pl.col("item").cast(pl.String))
    .join(items, { on: "item", how: "left", maintainOrder: "left" })
    .sort(["timestamp", ...ties], false, true, true)
    .select("user", "_item").collectSync();
  for (const [id, item] of ordered.rows() as [string, number | null][]) {
    const user = users.get(id)!;
    user.interactions++;
    if (item !== null) user.items.push(item);
  }
  return users;
}
