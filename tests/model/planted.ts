/** Small datasets with a known pattern that must be learnt. */
import { plantedCsv, type PlantedOptions } from "../../fixtures/planted.ts";
import { prepare, type SequenceDataset } from "../../mod.ts";

/** Sizes and lengths of an AutoMLP that learns them quickly. */
export const PLANTED_SIZES = {
  length: 12,
  dim: 8,
  layers: 1,
  sequenceHidden: 8,
  channelHidden: 8,
  lengths: [1, 3],
} as const;

/**
 * A prepared dataset of planted sequences, in a folder that the caller removes.
 *
 * @param partRows Maximum number of interactions in a part; left out, all are in one.
 * @param last The item that replaces the last two of every user, validation and test; left out, these are the planted ones.
 */
export async function plantedDataset(
  dir: string,
  { distance = 2, length = 30, ...options }: Partial<PlantedOptions> = {},
  last?: number,
  partRows?: number,
): Promise<SequenceDataset> {
  const path = `${dir}/planted.csv`, csv = plantedCsv({ distance, length, ...options });
  const lines = csv.split("\n").map((line) => {
    const [user, , time] = line.split(",");
    return last !== undefined && Number(time) >= length - 2 ? `${user},${last},${time}` : line;
  });
  Deno.writeTextFileSync(path, lines.join("\n"));
  const { dataset } = await prepare({
    data: path,
    out: `${dir}/dataset${partRows === undefined ? "" : " in parts"}`,
    partRows,
    protocols: ["recbole"],
    evalNegatives: 10,
  });
  return dataset;
}
