/**
 * Users that a preparation has dropped: what its sources say of them.
 *
 * @module
 */
import { statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import pl, { type DataFrame } from "nodejs-polars";
import { resolvePrepareConfig } from "./config.ts";
import type { SequenceDataset } from "./contract/dataset.ts";
import { InputError } from "./contract/errors.ts";
import type { Manifest, SourceInfo } from "./contract/dataset/manifest.ts";
import { regularFile } from "./contract/files/readable.ts";
import type { StageContext } from "./contract/stage.ts";
import { preparedInteractions } from "./inputs.ts";
import type { PrepareConfig, PrepareInput } from "./prepare_options.ts";
import { readInteractionsOf } from "./readers/interactions.ts";
import { keptRows } from "./schema.ts";
import { tableAmong } from "./tables/names.ts";

/** A user who is in the sources of a dataset, and not in the dataset. */
export interface DroppedUser {
  /** Rows in the sources. */
  rows: number;
  /** Those that count as interactions: the others cannot be read, are rated too low, or come twice. */
  interactions: number;
  /** Dense ids of the items that the dataset has, oldest first. */
  items: number[];
}

/** Users by their original ids, and the files that were read for them; or why none are. */
export type SourcesSay = { users: ReadonlyMap<string, DroppedUser>; files: readonly string[] } | {
  reason: string;
};

/**
 * Reads the sources of a dataset again for some users that it does not have: once, and only their rows are kept.
 *
 * @param ids Original ids. Who is not in the sources is not in the result.
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
    if (error instanceof InputError) return { reason: error.message };
    throw error;
  }
}

/** @throws {InputError} for options of another version, and data that were no files. */
function configOf({ config, sources }: Manifest): PrepareConfig {
  if (tableAmong({ data: config.data }) !== undefined) {
    throw new InputError("its data were a table in memory");
  }
  const elsewhere = sources.find(({ sha256 }) => sha256 === undefined);
  if (elsewhere) throw new InputError(`a cluster has read ${elsewhere.path}`);
  // How negatives were drawn has no part in what is read, and where there were none it is an option of nothing.
  const { exponent: _unread, ...read } = config;
  try {
    return resolvePrepareConfig({ ...read, out: "unused" } as PrepareInput);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`it was prepared with options that no longer exist: ${error.message}`);
  }
}

/**
 * Where a source is to be read. One with a relative name, if it is not where the working folder has it, is looked for above the dataset: a project
 * may be used from another folder, or have moved with all that it holds. That it is the same file is seen by its content.
 */
function pathNow({ path, bytes }: SourceInfo, folder: string): string {
  const places = isAbsolute(path) ? [] : foldersAbove(folder).map((above) => join(above, path));
  return [path, ...places].find((place) => sizeOf(place) === bytes) ?? path;
}

/** Of what may be looked at; undefined where there is no such file. */
function sizeOf(path: string): number | undefined {
  if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") return undefined;
  try {
    const info = statSync(path);
    return info.isFile() ? info.size : undefined;
  } catch {
    return undefined; // what is wrong with the file that is meant, its reader says
  }
}

/** Itself first. */
function foldersAbove(folder: string): string[] {
  const path = resolve(folder), above = dirname(path);
  return above === path ? [path] : [path, ...foldersAbove(above)];
}

const changed = (path: string) => new InputError(`${path} has changed since it was prepared`);

/** @throws {InputError} if a source is gone, or cannot be what it was. */
function checkSize({ path, bytes }: SourceInfo): void {
  if (regularFile(path).size !== bytes) throw changed(path);
}

/** Rows as the stages have them: those that count, by user, then time. */
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
  // What cannot be read was told, or refused, when the dataset was prepared.
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
