/** The same small dataset in one file and in parts. */
import assert from "node:assert/strict";
import type { PlantedOptions } from "../../fixtures/planted.ts";
import type { SequenceDataset } from "../../mod.ts";
import { plantedDataset } from "./planted.ts";

/** A dataset of 60 users with 30 interactions each, in one file, and in four parts that must never all be in memory. */
export async function both(
  dir: string,
  planted: Partial<PlantedOptions> = {},
): Promise<{ one: SequenceDataset; inParts: SequenceDataset }> {
  const one = await plantedDataset(dir, { ...planted, users: 60 });
  const inParts = await plantedDataset(dir, { ...planted, users: 60 }, undefined, 500);
  assert.deepEqual(inParts.parts.map(({ users }) => users), [16, 16, 16, 12]);
  inParts.sequences = () => assert.fail("all sequences are held at once");
  inParts.targets = () => assert.fail("all targets are held at once");
  return { one, inParts };
}
