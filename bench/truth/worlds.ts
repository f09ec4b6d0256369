/**
 * The data sets of `bench search --truth`.
 *
 * @module
 */
import { basename } from "node:path";
import { plantedCsv } from "../../fixtures/planted.ts";
import { type MetricName, prepare } from "../../mod.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { NetworkInput } from "../../model/methods/automlp/config.ts";
import type { SearchOptions } from "../../model/search/state.ts";

/** A data set with candidates and settings. */
export interface World {
  /** Name in the table. */
  name: string;
  /** Shorter lengths cannot see the item that decides; undefined if that is not known, or if the long-term module sees it. */
  planted?: number;
  lengths: number[];
  network: Omit<NetworkInput, "items" | "features" | "lengths">;
  /** Settings of both the search and the trainings. */
  settings: Partial<SearchOptions>;
  /** Settings of the trainings. */
  epochs: number;
  patience: number;
  /** The metric that lengths are compared by, under `full`. */
  metric: MetricName;
  /** Whether an item that the user has seen can be the right one. */
  keepSeen: boolean;
  /** Makes the dataset in a folder of its own. */
  make(folder: string): Promise<SequenceDataset>;
}

/** In data with planted distances, one of this many items is drawn at random. */
const NOISE = 0.1;
/** Maximum number of epochs of trainings, and of searches, which by default would have more on small data. */
const EPOCHS = 12;

/** Data in which the next item is nine times in ten the one `distance` steps back, with and without a long-term module. */
export function plantedWorld(distance: number, longLayers: number): World {
  return {
    name: `planted ${distance}, ${longLayers > 0 ? "long-term module" : "none"}`,
    ...(longLayers === 0 && { planted: distance }),
    lengths: [2, 4, 8, 15, 25],
    network: {
      length: 30,
      dim: 32,
      layers: 1,
      sequenceHidden: 32,
      channelHidden: 32,
      dropout: 0,
      longLayers,
    },
    settings: { loss: "ce", rate: 5e-3, batchSize: 256, epochs: EPOCHS },
    epochs: EPOCHS,
    patience: 4,
    metric: "HR@1",
    keepSeen: true,
    async make(folder) {
      const data = `${folder}.csv`;
      const text = plantedCsv({ distance, users: 400, length: distance + 30, items: 40, noise: NOISE });
      Deno.writeTextFileSync(data, text);
      return (await prepare({ data, out: folder, evalNegatives: 10, protocols: ["recbole"] })).dataset;
    },
  };
}

/** Number of customers of a shop, and of its articles, each in one of three groups. */
const CUSTOMERS = 150, ARTICLES = 200;

/**
 * A small shop in which the order before last decides the next one: few interactions per article, a narrow network, and a search that is still
 * learning at its end. So candidates that are equally good differ by what one of them has learnt sooner.
 */
export const shopWorld: World = {
  name: "a small shop",
  planted: 2,
  lengths: [1, 2, 5],
  network: { length: 10, dim: 16, longLayers: 0 },
  settings: { batchSize: 64, epochs: 60 },
  epochs: 150,
  patience: 15,
  metric: "NDCG@10",
  keepSeen: false,
  async make(folder) {
    const [data, items] = ["orders", "articles"].map((name) => `${folder}-${name}.csv`);
    Deno.writeTextFileSync(data, plantedCsv({ distance: 2, users: CUSTOMERS, items: ARTICLES, length: 20 }));
    const articles = Array.from(
      { length: ARTICLES },
      (_, i) => `${i + 1},${["tea", "cups", "cakes"][i % 3]}`,
    );
    Deno.writeTextFileSync(items, ["item,group", ...articles].join("\n") + "\n");
    return (await prepare({ data, items, out: folder, protocols: ["recbole"] })).dataset;
  },
};

const REAL = {
  lengths: [3, 5, 10, 15, 20],
  network: {},
  epochs: EPOCHS,
  patience: 2,
  metric: "NDCG@10",
  keepSeen: false,
} as const;

/** The demonstration data, with candidates that include wrong ones. */
export const demoWorld: World = {
  ...REAL,
  name: "demonstration",
  lengths: [1, 2, 3, 5, 10],
  settings: { batchSize: 256 },
  make: async (folder) => (await prepare({ dataset: "demo", out: folder })).dataset,
};

/** A file of interactions, with all options at their defaults. */
export const fileWorld = (data: string, minUser?: number): World => ({
  ...REAL,
  lengths: [...REAL.lengths],
  name: basename(data),
  settings: {},
  make: async (folder) => (await prepare({ data, out: folder, minUser, protocols: ["recbole"] })).dataset,
});
