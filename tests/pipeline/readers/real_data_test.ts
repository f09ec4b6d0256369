/** Counts on real data, if it is available. */
import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { readInteractions, type ReadOptions, readSideTable } from "../../../pipeline/readers/mod.ts";
import { hasShared, sharedData } from "../../paths.ts";

/** Registers a test that is ignored if one of its files is missing. */
function real(what: string, files: string[], test: (...paths: string[]) => Promise<void>) {
  Deno.test({
    name: `real data: ${what}`,
    ignore: !files.every(hasShared),
    fn: () => test(...files.map((file) => sharedData + file)),
  });
}

const frameOf = async (path: string, options: Omit<ReadOptions, "files"> = {}) =>
  (await readInteractions({ files: [path], ...options })).frame;

real("MovieLens-1M as a table and as sequences, the same rows", [
  "ml-1m/interactions.csv.gz",
  "ml-1m/sequences.txt.gz",
], async (csv, sequences) => {
  const table = await frameOf(csv);
  assert.equal(table.height, 1_000_209);
  const { users, items } =
    table.select(pl.col("user").nUnique().alias("users"), pl.col("item").nUnique().alias("items"))
      .toRecords()[0];
  assert.deepEqual([users, items], [6040, 3706]);
  const other = await frameOf(sequences);
  for (const column of ["user", "item", "timestamp"]) {
    assert(
      table.getColumn(column).cast(pl.String).seriesEqual(other.getColumn(column).cast(pl.String)),
      column,
    );
  }
});

real("MovieLens-1M's ratings of half the users", ["ml-1m/ratings_users_1-2999.dat.gz"], async (path) => {
  const { frame, report } = await readInteractions({ files: [path] });
  assert.equal(frame.height, 487_650);
  assert.deepEqual(frame.row(0), ["1", "1193", 5, 978300760]);
  assert.deepEqual(report.warnings, []);
});

real("MovieLens-100K", ["ml-100k/u.data.gz"], async (path) => {
  const frame = await frameOf(path, { format: "movielens" });
  assert.equal(frame.height, 100_000);
  assert.deepEqual(frame.row(0), ["196", "242", 3, 881250949]);
});

real(
  "Amazon Beauty, three ways",
  [
    "amazon-beauty/interactions_5core.csv.gz",
    "amazon-beauty/sequences_5core.txt.gz",
    "amazon-beauty/timestamps_5core.txt.gz",
  ],
  async (csv, sequences, timestamps) => {
    const table = await frameOf(csv);
    assert.equal(table.height, 198_502);
    const other = await frameOf(sequences, { sequenceTimestamps: timestamps });
    for (const column of ["user", "item", "timestamp"]) {
      assert(
        table.getColumn(column).cast(pl.String).seriesEqual(other.getColumn(column).cast(pl.String)),
        column,
      );
    }
  },
);

real("Amazon Beauty without time", ["amazon-beauty/interactions_bert4rec.txt.gz"], async (path) => {
  assert.equal((await frameOf(path, { columns: ["user", "item"] })).height, 353_962);
});

real(
  "side tables",
  ["ml-1m/movies.dat.gz", "ml-1m/users.dat.gz", "ml-100k/u.item.gz", "ml-100k/u.user.gz"],
  async (movies, users, uItem, uUser) => {
    const read = async (file: string) => (await readSideTable({ file })).frame;
    const dat = await read(movies);
    assert.deepEqual([dat.height, dat.columns], [3883, ["id", "title", "genres"]]);
    assert.deepEqual(dat.row(0), ["1", "Toy Story (1995)", "Animation|Children's|Comedy"]);
    assert(dat.getColumn("title").toArray().includes("Misérables, Les (1995)"), "Latin-1");
    assert.deepEqual((await read(users)).row(0), ["1", "F", "1", "10", "48067"]);
    const item = await read(uItem);
    assert.deepEqual([item.height, item.columns.length], [1682, 6]);
    assert.deepEqual([item.row(0)[0], item.row(0)[5]], ["1", "Animation|Children's|Comedy"]);
    const user = await read(uUser);
    assert.deepEqual([user.height, user.row(0)], [943, ["1", "24", "M", "technician", "85711"]]);
  },
);

real("attributes of Amazon Beauty", ["amazon-beauty/item_attributes_5core.json.gz"], async (file) => {
  const { frame } = await readSideTable({ file });
  assert.deepEqual([frame.height, frame.columns], [12_101, ["id", "attributes"]]);
  assert.deepEqual(frame.filter(pl.col("id").eq(pl.lit("4"))).row(0), ["4", "1|2|3"]);
});
