/**
 * Whether a search fits into memory.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { estimateMemory } from "../methods/automlp/memory.ts";
import type { Engine } from "../backend/types.ts";
import { checkMemory } from "../memory/check.ts";
import { countsOf } from "../memory/estimate.ts";
import type { NetworkConfig } from "../methods/automlp/config.ts";
import type { SearchOptions } from "./state.ts";

/** What is in memory at once. */
const KINDS = { shared: "losses", darts: "outputs", darts2: "second order" } as const;

/**
 * Refuses a search that does not fit into memory.
 *
 * @throws {TooLarge} with the numbers, and how to make it smaller.
 */
export function checkSearchMemory(
  engine: Engine,
  dataset: SequenceDataset,
  network: NetworkConfig,
  settings: SearchOptions,
): void {
  const kind = KINDS[settings.search], counts = countsOf(dataset);
  checkMemory("search", estimateMemory(network, { kind, settings }, counts, engine), engine);
}
