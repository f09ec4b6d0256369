import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { prepare, readInteractions, type ReadOptions, readSideTable } from "../../../mod.ts";
import { titleColumn } from "../../../model/titles.ts";
import { inspectDataset } from "../../../pipeline/inspect/mod.ts";
import { columnRows, columnWords } from "../../../pipeline/contract/dataset/columns.ts";
import { withFolder } from "../../folders.ts";

/** What the reader's report says about the columns of a file with this text. */
async function useOf(dir: string, name: string, text: string, options: Partial<ReadOptions> = {}) {
  const path = `${dir}/${name}`;
  Deno.writeTextFileSync(path, text);
  const { report } = await readInteractions({ files: [path], ...options });
  return report.columns!.interactions!;
}

Deno.test("columns: what was found by a name that data sets use, and what was left out", () =>
  withFolder(async (dir) => {
    assert.deepEqual(await useOf(dir, "a.csv", "when,reviewerID,asin,unixReviewTime,qty\nx,u,i,7,2\n"), {
      taken: { user: "reviewerID", item: "asin", timestamp: "unixReviewTime" },
      unused: ["when", "qty"],
    });
    assert.deepEqual(
      await useOf(dir, "shop.csv", "household_key,basket,PRODUCT_ID,Transaction Date\nu,b,i,7\n"),
      {
        taken: { user: "household_key", item: "PRODUCT_ID", timestamp: "Transaction Date" },
        unused: ["basket"],
      },
    );
    const lines = '{"reviewerID":"u","asin":"i","unixReviewTime":7,"text":"good"}\n';
    assert.deepEqual(await useOf(dir, "a.jsonl", lines), {
      taken: { user: "reviewerID", item: "asin", timestamp: "unixReviewTime" },
      unused: ["text"],
    });
  }));

Deno.test("columns: as the user names them, by name and by position, with a header and without", () =>
  withFolder(async (dir) => {
    const text = "customer_ref,article_no,qty,ordered_on\nu,i,2,7\n";
    assert.deepEqual(
      await useOf(dir, "a.csv", text, { columns: ["user=customer_ref", "item=article_no"] }),
      { taken: { user: "customer_ref", item: "article_no" }, unused: ["qty", "ordered_on"] },
    );
    const columns = ["user", "item", "_", "timestamp"];
    assert.deepEqual(await useOf(dir, "a.csv", text, { columns }), {
      taken: { user: "customer_ref", item: "article_no", timestamp: "ordered_on" },
      unused: ["qty"],
    });
    assert.deepEqual(await useOf(dir, "b.csv", "u,i,2,7\nv,j,2,8\n", { columns }), {
      taken: { user: "column 1", item: "column 2", timestamp: "column 4" },
      unused: ["column 3"],
    });
    assert.deepEqual((await useOf(dir, "c.dat", "1::2::3::4\n")).unused, []);
  }));

Deno.test("columns: of several files, all that some file leaves out; of Parquet as of text", () =>
  withFolder(async (dir) => {
    await pl.DataFrame({ user: ["u"], item: ["i"], timestamp: [7], qty: [2], store: ["s"] })
      .lazy().sinkParquet(`${dir}/a.parquet`).collect();
    Deno.writeTextFileSync(`${dir}/b.csv`, "user,item,timestamp,price,qty\nu,j,8,1,1\n");
    const { report } = await readInteractions({ files: [`${dir}/a.parquet`, `${dir}/b.csv`] });
    assert.deepEqual(report.columns!.interactions!.unused, ["qty", "store", "price"]);
    assert.match(String(report), /\ncolumns: user, item, timestamp; not used: qty, store, price$/);
  }));

Deno.test("columns: of a side table those with another name here, and those that are skipped", () =>
  withFolder(async (dir) => {
    const file = `${dir}/items.csv`;
    Deno.writeTextFileSync(file, "movieId,name,year\n1,Alien,1979\n");
    const named = await readSideTable({ file, key: "item", columns: ["title=name"] });
    assert.deepEqual(named.report.columns, {
      items: { taken: { id: "movieId", title: "name" }, unused: [] },
    });
    const placed = await readSideTable({ file, key: "user", columns: ["id", "_", "year"] });
    assert.deepEqual(placed.report.columns, { users: { taken: { id: "movieId" }, unused: ["name"] } });
  }));

Deno.test("columns: a dataset remembers them and says so", () =>
  withFolder(async (dir) => {
    const rows = Array.from({ length: 24 }, (_, i) => `u${i % 2},a${i % 7},${i},1`).join("\n");
    Deno.writeTextFileSync(`${dir}/orders.csv`, `customer_ref,article_no,time,qty\n${rows}\n`);
    Deno.writeTextFileSync(
      `${dir}/items.csv`,
      "article_no,article_name,remark,maker,maker_no\n" +
        Array.from({ length: 7 }, (_, i) => `a${i},Article ${i},remark ${i},m${i % 2},${i % 2}`).join("\n") +
        "\n",
    );
    Deno.writeTextFileSync(`${dir}/users.csv`, "customer_ref,age,town\nu0,30,Bonn\nu1,40,Bonn\n");
    const { dataset } = await prepare({
      data: `${dir}/orders.csv`,
      items: `${dir}/items.csv`,
      itemColumns: { make: "maker" },
      users: `${dir}/users.csv`,
      columns: { user: "customer_ref", item: "article_no", timestamp: "time" },
      protocols: ["recbole"],
      evalNegatives: 2,
      out: `${dir}/data`,
    });
    assert.deepEqual(columnRows(dataset.manifest.stages), [
      ["columns", "user = customer_ref, item = article_no, timestamp = time; not used: qty"],
      [
        "columns of items",
        "id = article_no; title = article_name; features: make = maker, maker_no; not read by models: remark",
      ],
      [
        "columns of users",
        "id = customer_ref; for groups of users in the report, not read by models: age, town",
      ],
    ]);
    assert.equal(titleColumn(dataset), "article_name");
    assert.equal((await inspectDataset(dataset)).popularItems[0].title, "Article 0");
    assert.match(String(dataset), /columns of items +id = article_no; title = article_name; /);
    assert.doesNotMatch(String(dataset), /item features/);
    assert.match(String(dataset), /columns .* timestamp = time; not used: qty\n/);
  }));

Deno.test("columns in words: of a dataset of before what was kept, of a table all that there is", () => {
  const columns = { items: { taken: { id: "sku" }, unused: ["x"] } };
  assert.deepEqual(columnRows([{ columns }]), [["columns of items", "id = sku; not used: x"]]);
  assert.deepEqual(columnRows([{ columns }, { tables: { items: { features: ["make"], kept: [] } } }]), [
    ["columns of items", "id = sku; features: make; not used: x"],
  ]);
});

Deno.test("columns in words: the title is said once, under the name that it has in the source", () => {
  const words = (taken: Record<string, string>, title: string) => {
    const items = { taken: { id: "sku", ...taken }, unused: [] };
    const [[, text]] = columnRows([{ columns: { items } }, {
      tables: { items: { title, features: [], kept: [] } },
    }]);
    return text;
  };
  assert.equal(words({ title: "name" }, "title"), "id = sku; title = name");
  assert.equal(words({}, "title"), "id = sku; title");
  assert.equal(words({}, "article_name"), "id = sku; title = article_name");
});

Deno.test("columns in words: a table of thousands is cut", () => {
  const unused = Array.from({ length: 2012 }, (_, i) => `c${i}`);
  assert.match(columnWords({ taken: {}, unused }), /^not used: c0, .*, c11 and 2,000 more$/);
});
