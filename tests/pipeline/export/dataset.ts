/**
 * Small dataset folders for the tests of exports, written with the store.
 *
 * @module
 */
import type { Protocol } from "../../../pipeline/contract/dataset/protocols.ts";
import pl, { type DataFrame } from "nodejs-polars";
import { join } from "node:path";
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import type { FeatureInfo } from "../../../pipeline/contract/dataset/manifest.ts";
import { writeDataset } from "../../../pipeline/contract/dataset/store.ts";
import { encodeFeatures, type FeatureSpec } from "../../../pipeline/features.ts";

/** A dataset in a few lines: the sequences by user, oldest first, and features of items and users. */
export interface Sketch {
  sequences: Record<string, string[]>;
  /** Features by item, in the order of dense ids. Default: items in the order of their first occurrence. */
  items?: Record<string, Record<string, string | null>>;
  users?: Record<string, Record<string, string | null>>;
  features?: FeatureSpec[];
  ratings?: boolean;
  split?: "leave-one-out" | "global-time";
  protocols?: Protocol[];
  name?: string;
  /** The time of the n-th interaction of the u-th user. Default: {@link timeOf}. */
  time?: (user: number, n: number) => number;
  /** Maximum number of interactions in a part. Default: all in one. */
  partRows?: number;
}

/** Number of negatives for each target. */
export const NEGATIVES = 3;

/** The time of the n-th interaction of the u-th user (from 0). */
export const timeOf = (user: number, n: number): number => 1_000_000_000 + 1000 * user + n;

/** Its rating. */
export const ratingOf = (user: number, n: number): number => 1 + (user + n) % 5;

/** Runs `test` with a folder that is removed afterwards. */
export async function inFolder(test: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Writes the dataset to `<folder>/dataset`. */
export function makeDataset(folder: string, sketch: Sketch): Promise<SequenceDataset> {
  const {
    sequences,
    ratings = true,
    split = "leave-one-out",
    protocols = ["recbole"],
    name = "toy",
    time = timeOf,
  } = sketch;
  const userIds = Object.keys(sequences);
  const itemIds = sketch.items ? Object.keys(sketch.items) : [...new Set(Object.values(sequences).flat())];
  const dense = new Map(itemIds.map((id, i) => [id, i + 1]));
  const rows = userIds.flatMap((id, u) =>
    sequences[id].map((item, n) => ({
      user: u + 1,
      item: dense.get(item)!,
      rating: ratingOf(u, n),
      timestamp: time(u, n),
      split: ["test", "validation"][sequences[id].length - 1 - n] ?? "train",
      first: n === 0,
    }))
  );
  if (split === "global-time") {
    // The last users' rows are the newest, so even their first interactions are held out.
    rows.forEach((row, i) =>
      row.split = i < rows.length * 0.6 ? "train" : i < rows.length * 0.8 ? "validation" : "test"
    );
  }
  const column = <K extends keyof (typeof rows)[number]>(key: K) => rows.map((row) => row[key]);
  const interactions = pl.DataFrame([
    pl.Series("user", column("user"), pl.UInt32),
    pl.Series("item", column("item"), pl.UInt32),
    ...(ratings ? [pl.Series("rating", column("rating"), pl.Float32)] : []),
    pl.Series("timestamp", column("timestamp"), pl.Int64),
    pl.Series("split", column("split"), pl.String),
  ]);
  const count = (ids: string[], key: "user" | "item", targets = false) =>
    ids.map((_, i) => rows.filter((row) => row[key] === i + 1 && !(targets && row.first)).length);
  const side = (ids: string[], of?: Record<string, Record<string, string | null>>) =>
    Object.keys(of?.[ids[0]] ?? {}).map((key) => pl.Series(key, ids.map((id) => of![id][key]), pl.String));
  const users = pl.DataFrame([
    pl.Series("user", userIds.map((_, i) => i + 1), pl.UInt32),
    pl.Series("id", userIds, pl.String),
    pl.Series("interactions", count(userIds, "user"), pl.UInt32),
    ...side(userIds, sketch.users),
  ]);
  const bare = pl.DataFrame([
    pl.Series("item", itemIds.map((_, i) => i + 1), pl.UInt32),
    pl.Series("id", itemIds, pl.String),
    pl.Series("interactions", count(itemIds, "item"), pl.UInt32),
    pl.Series("popularity", count(itemIds, "item", true), pl.UInt32),
    ...side(itemIds, sketch.items),
  ]);
  const { frame: items, features, vocabulary } = encodeFeatures(bare, sketch.features ?? []);
  const targets = rows.flatMap((row, i) => row.split === "train" || row.first ? [] : [{ ...row, row: i }]);
  const negatives = protocols.flatMap((protocol) => targets.map((target) => ({ protocol, ...target })));
  return writeDataset(join(folder, "dataset"), {
    interactions,
    users,
    items,
    features: vocabulary,
    negatives: negativesFrame(negatives, itemIds.length),
  }, {
    name,
    config: {},
    seed: 7,
    sources: [{ path: "toy.csv", bytes: 1, sha256: "" }],
    counts: {
      users: userIds.length,
      items: itemIds.length,
      interactions: rows.length,
      pairs: new Set(rows.map((row) => `${row.user} ${row.item}`)).size,
      train: rows.filter((row) => row.split === "train").length,
      validation: rows.filter((row) => row.split === "validation").length,
      test: rows.filter((row) => row.split === "test").length,
    },
    split: { kind: split },
    negatives: { protocols, count: NEGATIVES, exponent: 1 },
    features: features as FeatureInfo[],
    hasRating: ratings,
    stages: [],
    versions: {},
  }, { partRows: sketch.partRows });
}

/** The negatives of target item t are t + 1, t + 2, t + 3 (around the end). */
function negativesFrame(
  targets: { protocol: string; split: string; user: number; row: number; item: number }[],
  items: number,
): DataFrame {
  const lists = targets.map(({ item }) =>
    Array.from({ length: NEGATIVES }, (_, k) => (item + k) % items + 1)
  );
  return pl.DataFrame([
    pl.Series("protocol", targets.map((target) => target.protocol), pl.String),
    pl.Series("split", targets.map((target) => target.split), pl.String),
    pl.Series("user", targets.map((target) => target.user), pl.UInt32),
    pl.Series("row", targets.map((target) => target.row), pl.UInt32),
    pl.Series("target", targets.map((target) => target.item), pl.UInt32),
    listSeries("negatives", lists),
  ]);
}

/** A series of lists. Polars cannot make one from no lists, so one more is added and cut off. */
const listSeries = (name: string, lists: number[][]) =>
  pl.Series(name, [[0], ...lists], pl.List(pl.UInt32)).slice(1, lists.length);

/** Three users and five items, with everything that makes exports hard except spaces in ids. */
export const TOY: Sketch = {
  sequences: {
    ann: ["a", "b,1", 'c"q"', "🦊", "d"],
    "小明": ["b,1", 'c"q"', "a", "🦊"],
    'O\'Neil,"Pat"': ["🦊", "a", "b,1", 'c"q"'],
  },
  items: {
    a: { title: "A tab\there", genres: "Drama|Sci Fi", brand: "x", price: "10" },
    "b,1": { title: 'B "quoted"', genres: "Drama", brand: "y", price: "20.5" },
    'c"q"': { title: "Č", genres: "", brand: null, price: null },
    "🦊": { title: "Fox", genres: "Sci Fi | Comedy|", brand: "x", price: "30" },
    d: { title: "D, the end", genres: null, brand: "y", price: "10" },
  },
  users: {
    ann: { gender: "F", title: "Dr" },
    "小明": { gender: "M", title: null },
    'O\'Neil,"Pat"': { gender: null, title: "Mr" },
  },
  features: [
    { name: "genres", kind: "multi", separator: "|" },
    { name: "brand", kind: "categorical" },
    { name: "price", kind: "numeric" },
  ],
};

/** The text of an exported file. */
export const textOf = (out: string, path: string): string => Deno.readTextFileSync(join(out, path));

/** The lines of an exported file. */
export const linesOf = (out: string, path: string): string[] => textOf(out, path).trimEnd().split("\n");
