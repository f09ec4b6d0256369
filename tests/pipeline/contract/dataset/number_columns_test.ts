import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { exportDataset, prepare } from "../../../../mod.ts";
import { allowedItems } from "../../../../model/recommend/allowed.ts";
import { withFolder } from "../../../folders.ts";

const LOG = [
  "user,item,timestamp",
  ..."abcd".split("").flatMap((item, t) => [`u,${item},${t}`, `v,${item},${t}`]),
];
const ITEMS = "id,price,shelf\na,5.50,1\nb, 12 ,2\nc,,1\nd,1e3,2\n";

Deno.test("a numeric feature is numbers in the items' table; files, exports and filters have it as it was read", () =>
  withFolder(async (dir) => {
    const [data, items, out] = ["log.csv", "items.csv", "made"].map((name) => join(dir, name));
    Deno.writeTextFileSync(data, LOG.join("\n") + "\n");
    Deno.writeTextFileSync(items, ITEMS);
    const features = ["price:numeric", "shelf:categorical"];
    const { dataset } = await prepare({ data, items, out, features, minUser: 1, evalNegatives: 0 });
    const table = dataset.table("items");
    assert.deepEqual(table.getColumn("price").toArray(), [5.5, 12, null, 1000]);
    assert.equal(table.filter(pl.col("price").gt(6)).height, 2);
    assert.deepEqual(table.getColumn("shelf").toArray(), ["1", "2", "1", "2"], "a category is none");

    const asRead = ["5.50", "12", null, "1e3"];
    const texts = (frame: pl.DataFrame) =>
      (frame.getColumn("price").toArray() as (string | null)[]).map((text) => text?.trim() || null);
    assert.deepEqual(texts(dataset.scan("items").collectSync()), asRead);
    for (const safeCells of [false, true]) {
      const csv = join(dir, `csv-${safeCells}`);
      await exportDataset(dataset, { to: "csv", out: csv, safeCells });
      assert.deepEqual(texts(pl.readCSV(join(csv, "items.csv"), { inferSchemaLength: 0 })), asRead);
    }
    assert.deepEqual([...allowedItems(dataset, { filter: { price: "5.50" } })!], [0, 1, 0, 0, 0]);
  }));
