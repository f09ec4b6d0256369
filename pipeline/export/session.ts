/**
 * Sessions for GRU4Rec and its kin.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import type { ExportJob, Format } from "./format.ts";
import { interactionChunks } from "./interactions.ts";
import { fileTable, snippet } from "./readme.ts";
import { writeSplits } from "./splits.ts";
import { delimited } from "./text_table.ts";

/** A tab-separated file for each part of the split with `SessionId`, `ItemId`, `Time`. */
export const session: Format = {
  title: "GRU4Rec sessions",
  description:
    "train.tsv, validation.tsv and test.tsv with SessionId, ItemId, Time; a session is a user's sequence.",
  tools: ["GRU4Rec"],
  compressions: ["none"],
  cells: true,
  write: (job) => writeSplits(job, (split) => `${split}.tsv`, delimited("\t"), sessions(job)),
  readme: () =>
    [
      fileTable([
        ["train.tsv", "`SessionId` (the user), `ItemId`, `Time`; by session, oldest first"],
        ["validation.tsv", "the same: each session continues from `train.tsv`"],
        ["test.tsv", "the same: each session continues from `train.tsv` and `validation.tsv`"],
      ]),
      "GRU4Rec scores every event of a session but its first. To score a user's test event alone, put the user's events " +
      "of the other two files in front, and count its last score only.",
      snippet(
        "pandas",
        "python",
        `
import pandas as pd
read = lambda name: pd.read_csv(name, sep="\\t", dtype={"SessionId": str, "ItemId": str}, keep_default_na=False)
train, test = read("train.tsv"), read("test.tsv")`,
      ),
    ].join("\n\n"),
};

async function* sessions(job: ExportJob): AsyncGenerator<DataFrame> {
  for await (const { frame } of interactionChunks(job, "writing sessions")) {
    yield frame.select(
      pl.col("user_id").alias("SessionId"),
      pl.col("item_id").alias("ItemId"),
      pl.col("timestamp").alias("Time"),
      pl.col("split"),
    );
  }
}
