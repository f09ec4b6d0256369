/** Small datasets in memory of which it is known what must be learnt. */
import pl from "nodejs-polars";
import { RandomStream } from "../../pipeline/contract/random.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { prepare } from "../../mod.ts";

/**
 * A dataset in which each item follows from the one `distance` steps before it: item i is followed, that many steps later, by
 * item i + 1 (modulo the number of items), but for a share of random items.
 */
export async function plantedDataset(
  dir: string,
  { distance = 2, users = 200, items = 20, length = 30, noise = 0.1, seed = 1 } = {},
): Promise<SequenceDataset> {
  const random = new RandomStream(seed, "planted"), rows: number[][] = [];
  for (let user = 1; user <= users; user++) {
    const sequence: number[] = [];
    for (let t = 0; t < length; t++) {
      const follows = t >= distance && random.float() >= noise;
      sequence.push(follows ? 1 + sequence[t - distance] % items : 1 + random.below(items));
      rows.push([user, sequence[t], t]);
    }
  }
  const column = (i: number, name: string) => pl.Series(name, Uint32Array.from(rows, (row) => row[i]));
  const path = `${dir}/planted.parquet`;
  pl.DataFrame([column(0, "user"), column(1, "item"), column(2, "timestamp")]).writeParquet(path);
  const { dataset } = await prepare({
    data: path,
    out: `${dir}/dataset`,
    protocols: ["recbole"],
    negatives: 10,
  });
  return dataset;
}
