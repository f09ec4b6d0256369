import assert from "node:assert/strict";
import { join } from "node:path";
import { readDataset } from "../../../../pipeline/contract/dataset/store.ts";
import { task } from "../../../command.ts";
import { withFolder } from "../../../folders.ts";
import { root } from "../../../paths.ts";
import { handExpected } from "../../frames.ts";
import { HAND, withLine } from "./data.ts";

Deno.test("prepare: the data set made by hand, from command line to folder", () =>
  withFolder(async (dir) => {
    const out = join(dir, "hand");
    const args = [
      "--data",
      HAND,
      "--items",
      `${root}fixtures/hand/items.csv`,
      "--eval-negatives",
      "3",
      "--out",
      out,
    ];
    const { code, stdout, stderr } = await task("prepare", [...args, "--json"]);
    assert.equal(code, 0, stderr);
    const said = JSON.parse(stdout);
    assert.equal(said.status, "prepared");
    const { rows } = handExpected;
    assert.deepEqual(said.counts, {
      users: 5,
      items: 17,
      interactions: rows.split,
      pairs: Object.values<string[]>(handExpected.sequences).reduce((n, items) => n + new Set(items).size, 0),
      train: rows.splits.train,
      validation: rows.splits.validation,
      test: rows.splits.test,
    });
    const stages = said.stages.map((
      facts: { stage: string; rowsOut: number },
    ) => [facts.stage, facts.rowsOut]);
    assert.deepEqual(stages, [
      ["read", rows.read],
      ["schema", rows.schema],
      ["filter", rows.filter],
      ["vocabulary", rows.vocabulary],
      ["split", rows.split],
      ["negatives", rows.split],
    ]);
    const dataset = await readDataset(out);
    const { offsets, items } = dataset.sequences();
    for (const user of handExpected.keptUsers) {
      const u = dataset.userIndex(user);
      const sequence = Array.from(items.subarray(offsets[u], offsets[u + 1]), (item) => dataset.itemId(item));
      assert.deepEqual(sequence, handExpected.sequences[user]);
    }
    assert.deepEqual(dataset.manifest.features.map(({ name, kind }) => [name, kind]).sort(), [
      ["genres", "multi"],
      ["price", "categorical"],
    ]);

    const again = await task("prepare", args);
    assert.match(again.stdout, /is up to date: same data, same options/);
    const other = await task("prepare", [...args, "--seed", "1", "--json"]);
    assert.equal(JSON.parse(other.stdout).status, "prepared", "another seed is another dataset");
    assert.notEqual(JSON.parse(other.stdout).hash, said.hash);
    const forced = await task("prepare", [...args, "--force", "--json"]);
    assert.equal(
      JSON.parse(forced.stdout).hash,
      said.hash,
      "the same options make the same dataset, byte for byte",
    );
    Deno.removeSync(join(out, "users.parquet"));
    const repaired = await task("prepare", [...args, "--json"]);
    assert.equal(JSON.parse(repaired.stdout).status, "prepared", "a damaged folder is made again");
  }));

Deno.test("prepare: bad rows set aside are in rejected.csv with their place", () =>
  withFolder(async (dir) => {
    Deno.writeTextFileSync(join(dir, "bad.csv"), withLine('u1,"i\n9",soon') + "u1,i7,5,6\n");
    const args = ["--data", "bad.csv", "--out", "made", "--eval-negatives", "2", "--on-bad-row", "skip"];
    const { code, stdout, stderr } = await task("prepare", args, { cwd: dir });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /schema +24 +1 +too many fields/);
    assert.match(stdout, /1 +timestamp neither a number nor a date/);
    assert.equal(
      Deno.readTextFileSync(join(dir, "made", "rejected.csv")),
      'file,line,column,reason,text\nbad.csv,26,timestamp,timestamp neither a number nor a date,"u1,""i\n9"",soon"\n' +
        'bad.csv,28,,too many fields,"u1,i7,5,6"\n',
    );
  }));

Deno.test("prepare: ids with commas, quotes, newlines and emoji go through whole", () =>
  withFolder(async (dir) => {
    const ids = ["a,b", 'say ""hi""', "two\nlines", "🦊", "007"];
    const lines = ids.flatMap((id, u) =>
      Array.from({ length: 3 }, (_, i) => `"u${id}","${ids[(u + i) % 5]}",${i}`)
    );
    Deno.writeTextFileSync(join(dir, "odd.csv"), "user,item,timestamp\n" + lines.join("\n") + "\n");
    const { code, stderr } = await task(
      "prepare",
      ["--data", "odd.csv", "--out", "made", "--min-user", "3", "--eval-negatives", "1"],
      { cwd: dir },
    );
    assert.equal(code, 0, stderr);
    const dataset = await readDataset(join(dir, "made"));
    const found = Array.from({ length: 5 }, (_, i) => dataset.itemId(i + 1));
    assert.deepEqual(found, ids.map((id) => id.replaceAll('""', '"')).sort());
  }));

Deno.test("prepare: milliseconds among seconds get a warning, and the work continues", () =>
  withFolder(async (dir) => {
    Deno.writeTextFileSync(join(dir, "x.csv"), withLine("u1,i9,1300000000000"));
    const args = ["--data", "x.csv", "--out", "made", "--eval-negatives", "2"];
    const { code, stderr } = await task("prepare", args, {
      cwd: dir,
    });
    assert.equal(code, 0);
    assert.match(stderr, /warning: 1 timestamps look like milliseconds and 24 like seconds/);
  }));

Deno.test({
  name: "prepare: of an address with a password nothing that is written has the password",
  ignore: Deno.build.os === "windows", // where folders cannot have such names
  fn: () =>
    withFolder(async (dir) => {
      // A folder's name may look like an address.
      Deno.mkdirSync(join(dir, "s3a:/KEY:wJa@logs"), { recursive: true });
      const rows = Array.from({ length: 60 }, (_, i) => `u${i % 3},i${i % 5},${1_700_000_000 + i}`);
      const text = ["user,item,timestamp", ...rows, "u1,i1,never", ""].join("\n");
      Deno.writeTextFileSync(join(dir, "s3a:/KEY:wJa@logs/day.csv"), text);
      const args = ["--data", "s3a://KEY:wJa@logs/day.csv", "--out", "data", "--min-user", "2"];
      const refused = await task("prepare", args, { cwd: dir });
      assert.match(refused.stderr, /^error: .*s3a:\/\/…@logs\/day\.csv/m);
      const { code, stderr, stdout } = await task("prepare", [...args, "--on-bad-row", "skip"], { cwd: dir });
      assert.equal(code, 0, stderr);
      const written = [...Deno.readDirSync(join(dir, "data"))].map(({ name }) => join(dir, "data", name))
        .filter((path) => !path.endsWith(".parquet")).map((path) => Deno.readTextFileSync(path));
      assert(written.some((text) => text.includes("s3a://…@logs/day.csv,62,timestamp")));
      for (const said of [refused.stderr, stderr, stdout, ...written]) assert(!said.includes("wJa"), said);
    }),
});
