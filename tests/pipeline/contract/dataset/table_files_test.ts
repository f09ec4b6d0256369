import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { hashFileSync } from "../../../../pipeline/contract/files/checksums.ts";
import { parseManifest } from "../../../../pipeline/contract/dataset/parse_manifest.ts";
import { SequenceDataset } from "../../../../pipeline/contract/dataset.ts";
import { inspectDataset } from "../../../../pipeline/inspect/mod.ts";
import type { FeatureInfo } from "../../../../pipeline/contract/dataset/manifest.ts";
import { preparedAnew } from "../../../../pipeline/contract/dataset/table_files.ts";
import { readDataset, writeDataset } from "../../../../pipeline/contract/dataset/store.ts";
import { task } from "../../../command.ts";
import { prepare } from "../../../../mod.ts";
import { withFolder } from "../../../folders.ts";
import { root } from "../../../paths.ts";
import { tinyFacts, tinyTables } from "../tiny.ts";
import { withoutRights } from "../../../without_rights.ts";

/** A forged dataset: one of its tables has no complete page, but the manifest has its checksum. */
async function madeUp(dir: string, table: "interactions" | "users" | "negatives"): Promise<SequenceDataset> {
  const out = join(dir, table), log = join(root, "fixtures", "hand", "interactions.csv");
  const { code, stderr } = await task("prepare", ["--data", log, "--out", out, "--eval-negatives", "2"]);
  assert.equal(code, 0, stderr);
  const path = join(out, `${table}.parquet`), bytes = Deno.readFileSync(path);
  const footer = new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
  Deno.writeFileSync(path, bytes.fill(0, 4, bytes.length - 8 - footer));
  const { manifest } = await readDataset(out);
  manifest.tables[table].files[0].sha256 = hashFileSync(path);
  return new SequenceDataset(out, parseManifest(JSON.stringify(manifest), out));
}

const damaged =
  /^InputError: Cannot read the dataset .*: parquet: [^\n]*: it was damaged or edited; prepare it again/;

Deno.test("a table that is no whole Parquet file is refused in one line, also where its checksum is right", () =>
  withFolder(async (dir) => {
    const users = await madeUp(dir, "users");
    assert.throws(() => users.table("users"), damaged);
    await assert.rejects(inspectDataset(users), damaged);
    const interactions = await madeUp(dir, "interactions");
    assert.throws(() => interactions.targets("test"), damaged);
    const negatives = await madeUp(dir, "negatives");
    assert.throws(() => negatives.negatives("recbole", "test"), damaged);
    assert.throws(
      () => users.scan("items").select(pl.col("none")).collectSync(),
      (error: Error) => error.name !== "InputError",
      "a mistake in a query is none of the table's",
    );
  }));

Deno.test("features whose columns are not in the table of items, or of another type, are refused in one line", () =>
  withFolder(async (dir) => {
    const out = join(dir, "data"),
      [data, items] = ["interactions", "items"].map((name) => join(root, "fixtures", "hand", `${name}.csv`));
    const { dataset: { manifest } } = await prepare({ data, items, out, evalNegatives: 2 });
    const feature = manifest.features.find(({ name }) => name === "price")!;
    const number = { kind: "numeric", values: 0 } as const;
    const others: Partial<FeatureInfo>[] = [
      { column: "none" },
      { column: "id" },
      { kind: "multi" },
      { ...number, column: "popularity" },
    ];
    for (const other of others) {
      const features = [{ ...feature, ...other }];
      const made = new SequenceDataset(out, { ...manifest, features });
      await assert.rejects(
        inspectDataset(made),
        /^InputError: .* no column ".+" of its type: it was damaged/,
      );
    }
    const unread = await writeDataset(join(dir, "tiny"), tinyTables(), tinyFacts);
    await assert.rejects(
      inspectDataset(unread),
      /^InputError: .* no column "price", which the feature was read from: it was damaged/,
    );
  }));

Deno.test("a dataset into whose folder another one was prepared says so, and that it is to be opened again", () =>
  withFolder(async (dir) => {
    const out = join(dir, "data"), data = join(root, "fixtures", "hand", "interactions.csv");
    const options = { data, out, evalNegatives: 2 };
    const { dataset } = await prepare({ ...options });
    const opened = await readDataset(out), read = await readDataset(out);
    const users = () => read.scan("users").collectSync().height;
    assert.equal(users(), dataset.manifest.counts.users);
    await prepare({ ...options, minUser: 4 });
    assert.throws(
      users,
      /has been prepared anew since it was opened/,
      "a file that was read before is another one now",
    );
    for (const old of [dataset, opened]) {
      assert.throws(() => old.userIndex("x"), {
        name: "InputError",
        message: `Cannot read the dataset ${out}: the folder has been prepared anew since it was opened; ` +
          `open it again, as in await readDataset(${JSON.stringify(out)})`,
      });
    }
    assert.match(preparedAnew(out, "command").message, /since it was opened; give the command again$/);
    // An edited table is a different case.
    const current = await readDataset(out),
      path = join(out, "users.parquet"),
      bytes = Deno.readFileSync(path);
    Deno.writeFileSync(path, bytes.fill(0, 4, 8));
    assert.throws(
      () => current.userIndex("x"),
      /users\.parquet does not match: it was damaged or edited; prepare/,
    );
    Deno.removeSync(join(out, "manifest.json"));
    assert.throws(() => opened.userIndex("x"), /it was damaged or edited; prepare/);
    Deno.renameSync(out, join(dir, "elsewhere"));
    assert.throws(() => opened.userIndex("x"), {
      name: "InputError",
      message:
        `Cannot read the dataset ${out}: the folder is gone since it was opened; put it back, or prepare it again`,
    });
  }));

Deno.test({
  name:
    "a dataset of which something may not be read says that, and not that it is damaged and to be prepared again",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (dir) => {
      const data = join(root, "fixtures", "hand", "interactions.csv"), out = join(dir, "data");
      const { dataset } = await prepare({ data, out, evalNegatives: 2 });
      const files = ["users.parquet", "manifest.json"],
        file = (path: string) => new URL(path, import.meta.url).href;
      const script = `
        import { readDataset } from ${JSON.stringify(file("../../../../pipeline/contract/dataset/store.ts"))};
        for (const name of ${JSON.stringify(files)}) {
          Deno.chmodSync(${JSON.stringify(dataset.folder)} + "/" + name, 0);
          const read = async () => (await readDataset(${JSON.stringify(dataset.folder)})).table("users");
          console.log(String(await read().catch((error) => error)));
        }`;
      const why = "no permission to read it; check its owner and mode";
      assert.equal(
        await withoutRights(script),
        files.map((name) => `InputError: Cannot read ${join(dataset.folder, name)}: ${why}\n`).join(""),
      );
    }),
});
