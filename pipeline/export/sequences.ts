/**
 * One user per line: the format in which many papers publish their data, and which the reader `sequences` reads.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import { type Format, interactionChunks } from "./format.ts";
import { checkIds } from "./ids.ts";
import { fileTable } from "./readme.ts";
import { lines } from "./output.ts";

/** `user item1 item2 …` per line, oldest first, and the timestamps in a second file of the same form. */
export const sequences: Format = {
  title: "One sequence a line",
  description:
    "`user item1 item2 …` a line in original ids, oldest first, with timestamps.txt of the same form.",
  compressions: ["none", "gzip"],
  cells: true,
  async write(job) {
    checkIds(job.dataset, "sequences", [{
      pattern: "[\\s\\x00-\\x1f\\x7f]",
      problem: "holds a space or a control character, and spaces separate ids there",
    }]);
    const items = job.output.open("sequences.txt", lines);
    const timestamps = job.output.open("timestamps.txt", lines);
    for await (const { frame } of interactionChunks(job, "writing sequences", { wholeUsers: true })) {
      items.append(byUser(frame, "item_id"));
      timestamps.append(byUser(frame, "timestamp"));
    }
    await items.finish();
    await timestamps.finish();
  },
  readme: ({ output }) =>
    fileTable([
      [output.nameOf("sequences.txt", lines), "`user item1 item2 …` a line, oldest first"],
      [output.nameOf("timestamps.txt", lines), "`user time1 time2 …`: when, in the same order"],
    ]),
};

/** Makes one line per user, in the order of the frame. */
function byUser(frame: DataFrame, column: string): DataFrame {
  return frame.lazy()
    .groupBy("user_id", true)
    .agg(pl.col(column).cast(pl.String).alias("values"))
    .select(pl.concatString([pl.col("user_id"), pl.col("values").lst.join(" ")], " ").alias("line"))
    .collectSync();
}
