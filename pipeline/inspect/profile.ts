/**
 * The distribution of a dataset's interactions over users, items and time.
 *
 * @module
 */
import type { SequenceDataset } from "../contract/dataset.ts";
import { readingTables } from "../contract/dataset/table_files.ts";
import { concentrationOf, distributionOf } from "./distribution.ts";
import type { DatasetProfile } from "./facts.ts";
import { inspectTime } from "./queries.ts";
import { inspectOverTime } from "./time_bins.ts";

/**
 * Computes the distributions of a dataset. It reads two columns of counts, and the timestamps twice, part by part.
 *
 * @throws {InputError} if a table is damaged.
 */
export async function profileOf(dataset: SequenceDataset): Promise<DatasetProfile> {
  const interactionsOf = async (table: "users" | "items") => {
    const query = dataset.scan(table).select("interactions");
    return (await readingTables(dataset.folder, () => query.collect())).getColumn("interactions");
  };
  const items = await interactionsOf("items");
  const time = await readingTables(dataset.folder, () => inspectTime(dataset));
  const overTime = await readingTables(dataset.folder, () => inspectOverTime(dataset, time));
  return {
    sequenceLength: distributionOf(await interactionsOf("users")),
    popularity: distributionOf(items),
    concentration: concentrationOf(items),
    time,
    ...(overTime && { overTime }),
  };
}
