/**
 * The text file that the published code of SASRec and BERT4Rec reads.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import { type ExportJob, type Format, interactionChunks } from "./format.ts";
import { fileTable } from "./readme.ts";
import { delimited, lines } from "./output.ts";

/** One `user item` pair per line, in dense ids from 1, and tables that map these to original ids. */
export const sasrec: Format = {
  title: "SASRec and BERT4Rec text",
  description:
    "One `user item` pair a line in ids from 1, by user and oldest first, with users.tsv and items.tsv as maps.",
  tools: ["BERT4Rec"],
  compressions: ["none"],
  cells: true,
  async write(job) {
    const { dataset, output, name, notes } = job;
    const { split } = dataset.manifest;
    if (split.kind !== "leave-one-out") {
      notes.push(
        `SASRec's code splits by itself, the last two items of each user; this dataset's split is ${split.kind}`,
      );
    }
    await output.table(`${name}.txt`, lines, pairs(job));
    for (const kind of ["user", "item"] as const) {
      await output.table(`${kind}s.tsv`, delimited("\t"), dataset.table(`${kind}s`).select(kind, "id"));
    }
  },
  readme: ({ name }) =>
    fileTable([
      [`${name}.txt`, "`user item` a line, ids from 1 (0 is left for padding), by user, oldest first"],
      ["users.tsv", "`user` and `id`: the original id of each user"],
      ["items.tsv", "`item` and `id`: the original id of each item"],
    ]) +
    `\n\nIn SASRec's folder: \`python main.py --dataset=${name} …\` with \`${name}.txt\` in \`data/\`. It holds out ` +
    "each user's last item for the test and the one before for validation.",
};

async function* pairs(job: ExportJob): AsyncGenerator<DataFrame> {
  for await (const { frame } of interactionChunks(job, "writing pairs")) {
    yield frame.select(pl.concatString(["user", "item"], " ").alias("line"));
  }
}
