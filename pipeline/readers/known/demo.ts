/**
 * The demonstration data set: a synthetic shop, generated on the spot.
 *
 * @module
 */
import { writeShop } from "../../../fixtures/shop.ts";
import type { DatasetEntry } from "./entry.ts";

export const DEMO: DatasetEntry = {
  name: "demo",
  title: "A synthetic shop in which the next item depends on one of the last few and on a slow taste",
  homepage: "fixtures/README.md",
  interactions: { path: "interactions.csv", read: { format: "csv", header: true } },
  items: { path: "items.csv", read: { format: "csv", header: true } },
  users: { path: "users.csv", read: { format: "csv", header: true } },
  licence: "Generated; free of any claim.",
  citation: "None needed.",
  truth:
    "Planted in these data: 45 % of the items follow from the one three steps back, 30 % from a slow taste. Who knew all of it would reach HR@10 .60 (protocol full), " +
    "without the rule .18, without the taste .55; popularity alone reaches .12. A Markov chain looks one step back, and cannot see the rule.",
  generate: async (folder, options) => {
    await writeShop(folder, options);
  },
};
