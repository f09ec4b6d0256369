/**
 * Sessions for GRU4Rec and similar methods.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import { type ExportJob, type Format, interactionChunks, writeSplits } from "./format.ts";
import { anyOf, countIds, MISSING_IN_PANDAS } from "./ids.ts";
import { fileTable, snippet } from "./readme.ts";
import { delimited } from "./output.ts";

/** A tab-separated file per part of the split, with `SessionId`, `ItemId`, `Time`. */
export const session: Format = {
  title: "GRU4Rec sessions",
  description:
    "train.tsv, validation.tsv and test.tsv with SessionId, ItemId, Time; a session is a user's sequence.",
  tools: ["GRU4Rec"],
  compressions: ["none"],
  cells: true,
  async write(job) {
    noteIds(job);
    await writeSplits(job, (split) => `${split}.tsv`, delimited("\t"), sessions(job));
  },
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
      snippet(
        "The same as pickles, with a number for each session: GRU4Rec's run.py reads sessions of .tsv as 32-bit numbers, and items " +
          "as pandas does, for which NA is none",
        "python",
        `
numbers = {user: n for n, user in enumerate(dict.fromkeys([*train["SessionId"], *test["SessionId"]]))}
for name, frame in {"train": train, "test": test}.items():
    frame.assign(SessionId=frame["SessionId"].map(numbers)).to_pickle(f"{name}.pickle")`,
      ),
    ].join("\n\n"),
};

/** Numbers that remain unchanged as int32: at most nine digits, no leading zero. */
const NUMBER = "^(0|[1-9][0-9]{0,8})$";

/** Notes ids that GRU4Rec's run.py would change or fail on. */
function noteIds({ dataset, notes }: ExportJob): void {
  const users = countIds(dataset, "user", NUMBER, false),
    items = countIds(dataset, "item", anyOf(MISSING_IN_PANDAS));
  const ids = (n: number, of: string) => `${n} ${of} ${n === 1 ? "id is" : "ids are"}`;
  const found = [
    ...(users > 0
      ? [`${ids(users, "user")} not as it reads sessions, which are plain numbers of 32 bits`]
      : []),
    ...(items > 0 ? [`${ids(items, "item")} what it takes for a missing value`] : []),
  ];
  if (found.length > 0) {
    notes.push(`For GRU4Rec's run.py make pickles, as the README shows: ${found.join(", and ")}`);
  }
}

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
