/**
 * Looks at a dataset: what is in it, how it is distributed, where it came from.
 *
 * @module
 */
import type { SequenceDataset } from "../contract/dataset.ts";
import { checkInterrupt } from "../contract/errors.ts";
import { densityOf } from "../contract/dataset/distributions.ts";
import type { Manifest } from "../contract/dataset/manifest.ts";
import { contextOf } from "../contract/context.ts";
import type { StageContext } from "../contract/stage.ts";
import { spoken } from "../display/text/option_names.ts";
import { Shown } from "../display/shown.ts";
import { readingTables } from "../contract/dataset/table_files.ts";
import type { InspectionFacts } from "./facts.ts";
import { profileOf } from "./profile.ts";
import * as queries from "./queries.ts";
import { changesSince } from "./since.ts";
import { inspectionText } from "./text.ts";

const POPULAR_ITEMS = 10;

/** Declares that the class of the same name has all the facts as fields. */
export interface Inspection extends InspectionFacts {}

/**
 * The result of `inspectDataset`: plain data (`JSON.stringify` returns all of it) that displays itself in a notebook and as text.
 *
 * @example
 * ```ts
 * import { inspectDataset, prepare } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * const inspection = await inspectDataset(dataset);
 * assert.deepEqual(JSON.parse(JSON.stringify(inspection)).counts, inspection.counts);
 * console.log(inspection);
 * ```
 */
export class Inspection extends Shown {
  /**
   * Made by `inspectDataset`.
   *
   * @internal
   */
  constructor(facts: InspectionFacts) {
    super();
    Object.assign(this, facts);
  }

  /** Returns the inspection as text, for a terminal. */
  toString(): string {
    return inspectionText(this);
  }

  /** Returns the inspection as an HTML fragment, for a notebook. */
  async toHtml(): Promise<string> {
    const { inspectionFragment } = await import("./html.ts");
    return inspectionFragment(this);
  }
}

/** Options of {@link inspectDataset}. */
export interface InspectOptions extends StageContext {
  /** An earlier dataset, such as yesterday's of a growing log: the inspection then also finds what has changed since. */
  since?: SequenceDataset;
}

/**
 * Inspects a dataset: its counts, distributions, split, features and negatives.
 *
 * @example
 * ```ts
 * import { inspectDataset, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * console.log(await inspectDataset(dataset));
 * ```
 * @throws {InputError} if a table is damaged.
 * @throws {Interrupted} if the signal is aborted.
 */
export async function inspectDataset(
  dataset: SequenceDataset,
  options: InspectOptions = {},
): Promise<Inspection> {
  const { progress, signal } = contextOf(options), { since } = options;
  const { manifest } = dataset, { counts } = manifest;
  const task = progress.start(`inspecting ${manifest.name}`, since ? 8 : 7);
  const step = async <T>(work: () => T | Promise<T>): Promise<T> => {
    checkInterrupt(signal, "inspecting the dataset");
    const found = await readingTables(dataset.folder, work);
    task.advance(1);
    return found;
  };
  try {
    const parts = await step(() => queries.inspectParts(dataset));
    const profile = await step(() => profileOf(dataset));
    const pairs = await step(() => queries.inspectPairs(dataset));
    return new Inspection({
      name: manifest.name,
      hash: manifest.hash,
      counts,
      density: densityOf({ ...counts, pairs }),
      split: manifest.split,
      parts,
      ...profile,
      repeats: 1 - pairs / counts.interactions,
      ties: await step(() => queries.inspectTies(dataset)),
      popularItems: await step(() => queries.inspectPopular(dataset, POPULAR_ITEMS)),
      features: await step(() => queries.inspectFeatures(dataset)),
      negatives: await step(() => queries.inspectNegatives(dataset)),
      stages: manifest.stages.map((stage) => ({ ...stage, warnings: stage.warnings.map(spoken) })),
      ...(since && { since: await step(() => changesSince(since, dataset)) }),
    });
  } finally {
    task.end();
  }
}

/**
 * Returns the report as the text of one `.html` file, with plots.
 *
 * @param dataset The inspected dataset: its manifest provides configuration, sources and versions.
 * @example
 * ```ts
 * import { inspectDataset, inspectionHtml, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const inspection = await inspectDataset(dataset);
 * await Deno.writeTextFile(`${out}.html`, await inspectionHtml(inspection, dataset));
 * ```
 */
export async function inspectionHtml(
  inspection: InspectionFacts,
  dataset: { manifest: Manifest },
): Promise<string> {
  const { inspectionPage } = await import("./html.ts");
  return inspectionPage(inspection, dataset);
}
