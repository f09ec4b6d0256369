/**
 * The demonstration data set: a synthetic shop, generated on the spot.
 *
 * @module
 */
import type { DatasetEntry } from "./entry.ts";

export const DEMO: DatasetEntry = {
  name: "demo",
  title: "A synthetic shop: the next item depends on one of the last few and on a slow taste",
  homepage: "fixtures/README.md",
  interactions: { path: "interactions.csv", read: { format: "csv", header: true } },
  items: { path: "items.csv", read: { format: "csv", header: true } },
  users: { path: "users.csv", read: { format: "csv", header: true } },
  counts: { users: 1_500, items: 600, interactions: 57_306 },
  licence: "Generated; free of any claim.",
  terms: "free",
  citation: "None needed.",
  truth:
    "Planted in these data: 45 % of the items follow from the one three steps back, 30 % from a slow taste. Who knew all of it would reach HR@10 .60 (protocol full), " +
    "without the rule .18, without the taste .55; popularity alone reaches .12. The planted short-term length is 3: a shorter one leaves the rule to the long-term module, which sees that far, too; a longer one sees more than it needs. " +
    "No baseline can see the rule (a Markov chain looks one step back, item-kNN at no order), so that being ahead of them says little.",
  generate: async (folder, options) => {
    // Loads Polars, which is not needed to list data sets.
    const { writeShop } = await import("../../../fixtures/shop.ts");
    await writeShop(folder, options);
  },
};
