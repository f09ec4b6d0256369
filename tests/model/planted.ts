/** Small datasets of which it is known what must be learnt. */
import { plantedCsv, type PlantedOptions } from "../../fixtures/planted.ts";
import { prepare, type SequenceDataset } from "../../mod.ts";

/** A prepared dataset of planted sequences, in a folder that the caller removes. */
export async function plantedDataset(
  dir: string,
  { distance = 2, ...options }: Partial<PlantedOptions> = {},
): Promise<SequenceDataset> {
  const path = `${dir}/planted.csv`;
  Deno.writeTextFileSync(path, plantedCsv({ distance, ...options }));
  const { dataset } = await prepare({
    data: path,
    out: `${dir}/dataset`,
    protocols: ["recbole"],
    negatives: 10,
  });
  return dataset;
}
