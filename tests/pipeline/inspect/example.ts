/**
 * A dataset of 3 users and 5 items whose every figure can be counted by hand, written to a folder.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import { writeDataset } from "../../../pipeline/contract/dataset/store.ts";

const DAY = 86_400, START = 1_000_000_000; // 2001-09-09T01:46:40Z

/** Interactions by user, oldest first: the last is test, the one before validation. Items A … E are 1 … 5. */
const SEQUENCES = ["ABCD", "ABAE", "BCDA"];

const u32 = (values: number[]) => pl.Series("", values, pl.UInt32);
const lists = (values: number[][]) => pl.Series("", values, pl.List(pl.UInt32));

function tables(): Record<"interactions" | "users" | "items" | "features" | "negatives", DataFrame> {
  const rows = SEQUENCES.flatMap((sequence, u) =>
    [...sequence].map((letter, t) => ({ user: u + 1, item: letter.charCodeAt(0) - 64, t }))
  );
  return {
    interactions: pl.DataFrame({
      user: u32(rows.map(({ user }) => user)),
      item: u32(rows.map(({ item }) => item)),
      timestamp: pl.Series("", rows.map(({ t }) => START + t * DAY), pl.Int64),
      split: rows.map(({ t }) => ["train", "train", "validation", "test"][t]),
    }),
    users: pl.DataFrame({ user: u32([1, 2, 3]), id: ["u1", "u2", "u3"], interactions: u32([4, 4, 4]) }),
    items: pl.DataFrame({
      item: u32([1, 2, 3, 4, 5]),
      id: ["a", 'b,"quoted"', "c🎬", "d", "e"],
      interactions: u32([4, 3, 2, 2, 1]),
      popularity: u32([2, 2, 2, 2, 1]),
      title: ["<script>alert(1)</script>", "Beta", "電影", null, "Epsilon"],
      genres: ["Drama|War", "Drama", "", null, "War"],
      colour: ["red", "red", "blue", null, "red"],
      year: ["1999", "2001", "", null, "1990"],
      genres_codes: lists([[1, 2], [1], [], [], [2]]),
      colour_code: u32([1, 1, 2, 0, 1]),
      year_value: pl.Series("", [0.5, 0.9, 0, 0, -1.4], pl.Float32),
    }),
    features: pl.DataFrame({
      feature: ["genres", "genres", "colour", "colour"],
      code: u32([1, 2, 1, 2]),
      value: ["Drama", "War", "red", "blue"],
      items: u32([2, 2, 3, 1]),
    }),
    negatives: pl.DataFrame({
      protocol: Array(6).fill("recbole"),
      split: ["validation", "test", "validation", "test", "validation", "test"],
      user: u32([1, 1, 2, 2, 3, 3]),
      row: u32([2, 3, 6, 7, 10, 11]),
      target: u32([3, 4, 1, 5, 4, 1]),
      negatives: lists([[1, 2, 4, 5], [1, 1, 1, 1], [2, 3, 2, 3], [1, 2, 3, 4], [1, 2, 3, 5], [2, 2, 3, 4]]),
    }),
  };
}

/** Writes the example under `folder`. */
export function writeExample(folder: string, options: { partRows?: number } = {}): Promise<SequenceDataset> {
  return writeDataset(folder, tables(), {
    name: "example & <more>",
    seed: 7,
    config: { data: ["example.csv"], "min-user": 4 },
    sources: [{ path: "example.csv", bytes: 1234, sha256: "0".repeat(64) }],
    counts: { users: 3, items: 5, interactions: 12, pairs: 11, train: 6, validation: 3, test: 3 },
    split: { kind: "leave-one-out" },
    negatives: { protocols: ["recbole"], count: 4, exponent: 1 },
    features: [
      { name: "genres", kind: "multi", column: "genres_codes", values: 2 },
      { name: "colour", kind: "categorical", column: "colour_code", values: 2 },
      { name: "year", kind: "numeric", column: "year_value", values: 0 },
    ],
    hasRating: false,
    stages: [
      { stage: "read", rowsIn: 16, rowsOut: 16, dropped: [], counts: {}, warnings: [], seconds: 0.01 },
      {
        stage: "schema",
        rowsIn: 16,
        rowsOut: 12,
        dropped: [{ reason: "bad row", rows: 1 }, { reason: "duplicate interaction", rows: 3 }],
        counts: {},
        warnings: ["3 interactions occur twice; the first was kept"],
        seconds: 0.02,
      },
    ],
    versions: { automlp: "0.1.0" },
  }, options);
}

/** Runs `use` on the example in a temporary folder, which is removed afterwards. */
export async function withExample(use: (dataset: SequenceDataset) => unknown): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await use(await writeExample(`${folder}/example`));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
