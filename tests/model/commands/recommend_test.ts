/** `deno task recommend`: for whom, of which items, and into which file. */
import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import type { CutShort } from "../../../model/records/records.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { warningText } from "../../../model/views/epochs.ts";
import { withLog, withRun } from "./finished.ts";
import { SMALL } from "./small.ts";

/** The cells of a CSV without its header. */
const cellsOf = (csv: string) => csv.trim().split("\n").slice(1).map((line) => line.split(","));

Deno.test("recommend: for some users, for histories of nobody known, and for nobody unknown", () =>
  withRun(async (dir, { ran, refused }) => {
    const write = (name: string, text: string) => Deno.writeTextFileSync(join(dir, name), text);
    const { stdout, stderr } = await ran("recommend run --users u7,u9 --k 2 --quiet"); // quiet is what is said beside the lists
    assert.equal(stderr, "");
    assert.deepEqual(cellsOf(stdout).map(([user]) => user), ["u7", "u7", "u9", "u9"]);
    write("new.csv", "i1,i5,i2,i6\n");
    await ran("recommend run --histories new.csv --out new.parquet");
    assert.equal(pl.readParquet(join(dir, "new.parquet")).height, 10);

    write("new.csv", "ann,i1,i5\n7,i2\n");
    write("some.txt", "i3\ni4\ni9\n");
    const cells = cellsOf(
      (await ran("recommend run --histories new.csv --named --only some.txt --exclude i4")).stdout,
    );
    assert.deepEqual(cells.map(([user]) => user), ["ann", "ann", "7", "7"]);
    assert.deepEqual([...new Set(cells.map(([, , item]) => item))].sort(), ["i3", "i9"]);
    const popular = await ran("recommend run --users zoe --on-unknown popular --k 1");
    assert.match(
      popular.stderr,
      /Recommended popular items to 1 user \(zoe\) who is not in .*, nor in log\.csv, which it was made from/,
    );
    assert.match(popular.stdout, /^zoe,1,i\d+,/m);

    // A user's id is no file's name.
    for (const name of ["u7", "some"]) write(name, "u9\n");
    for (const [users, first] of [["u7", "u7"], ["some", "u9"]]) {
      assert.equal(cellsOf((await ran(`recommend run --users ${users}`)).stdout)[0][0], first);
    }

    write("header.csv", "user,item\nann,i1\n");
    const cases: [options: string, says: RegExp][] = [
      ["--filter tea", /say column=value, as in --filter category=Tea/],
      [
        "--users zoe",
        /^error: Cannot find user "zoe" in the dataset .*, nor in log\.csv, which it was made from; its users have ids such as "[^"]+"; recommend by a history/,
      ],
      [
        "--histories header.csv",
        /Cannot find item "user" of line 1 of header\.csv .*: a line is the ids of a history's items with commas/,
      ],
      ["--named", /--named goes with --histories/],
      ["--overwrite", /--overwrite goes with --out/],
      ["--safe-cells --json", /^error: Option --safe-cells goes with CSV:/],
      ["--safe-cells --out lists.jsonl", /^error: Option --safe-cells goes with CSV:/],
    ];
    for (const [options, says] of cases) await refused(`recommend run ${options}`, says);
    await refused("recommend", /Which run\? Name its folder/);

    // Nothing of somebody else's is replaced.
    const own = () => Deno.readTextFileSync(join(dir, "mine.csv"));
    write("mine.csv", "my,own\n");
    await refused(
      "recommend run --out mine.csv",
      /mine.csv: a file of another kind is there; .*--overwrite/,
    );
    assert.equal(own(), "my,own\n");
    for (const more of [" --overwrite", ""]) {
      await ran(`recommend run --out mine.csv${more}`);
      assert.match(own(), /^user,rank,item,score\n/);
    }
  }));

Deno.test("recommend: an empty line is an empty history, which gets popular items, and so does a name alone", () =>
  withRun(async (dir, { ran }) => {
    Deno.writeTextFileSync(join(dir, "new.csv"), "i1,i5\n\r\n\ni2\n");
    Deno.writeTextFileSync(join(dir, "named.csv"), "ann\n\nbob,i2\ncid,\n");
    const [counts] = pl.readParquet(join(dir, "run/dataset/interactions.parquet"))
      .filter(pl.col("split").eq(pl.lit("train"))).groupBy("item").agg(pl.len().alias("n"))
      .sort(["n", "item"], [true, false]).rows() as [number, number][];
    const popular = pl.readParquet(join(dir, "run/dataset/items.parquet")).getColumn("id").get(counts[0] - 1);
    const cases: [file: string, users: string[], empty: string[], said: string][] = [
      ["new.csv", ["#1", "#2", "#3", "#4"], ["#2", "#3"], "2 of 4 histories are empty (#2, #3)"],
      ["named.csv --named", ["ann", "bob", "cid"], ["ann", "cid"], "2 of 3 histories are empty (ann, cid)"],
    ];
    for (const [file, users, empty, said] of cases) {
      const { stdout } = await ran(`recommend run --k 1 --json --histories ${file}`);
      const { recommendations, warnings } = JSON.parse(stdout) as {
        recommendations: { user: string; item: string }[];
        warnings: string[];
      };
      assert.deepEqual(recommendations.map(({ user }) => user), users);
      assert.deepEqual(warnings, [`${said}: they get popular items`]);
      for (const { user, item } of recommendations) {
        if (empty.includes(user)) assert.equal(item, popular, user);
      }
    }
  }));

Deno.test("recommend: a filter's value may have a comma; of several columns each has a filter of its own", () =>
  withLog(async (dir, { ran, refused }) => {
    const kinds = ["Tea, green", "Tea", '"Tea", by the cup', "a=b, c=d"];
    const items = Array.from(
      { length: 20 },
      (_, i) => `i${i},"${kinds[i % 4].replaceAll('"', '""')}",m${i % 2}`,
    );
    Deno.writeTextFileSync(join(dir, "items.csv"), ["item,category,maker", ...items].join("\n"));
    await ran(`pipeline --data log.csv --items items.csv --out run ${SMALL.join(" ")}`);
    const asked = "recommend run --users u1 --keep-seen --k 20 --json", filter = "--filter";
    const itemsOf = async (...filters: string[]) =>
      (JSON.parse((await ran(asked, ...filters)).stdout).recommendations as { item: string }[])
        .map(({ item }) => Number(item.slice(1))).sort((a, b) => a - b);
    const where = (isWanted: (item: number) => boolean) =>
      Array.from({ length: 20 }, (_, i) => i).filter(isWanted);
    for (const [kind, text] of kinds.entries()) {
      assert.deepEqual(await itemsOf(filter, `category=${text}`), where((i) => i % 4 === kind), text);
    }
    const either = [filter, "category=Tea", filter, "category=Tea, green"];
    assert.deepEqual(
      await itemsOf("--filter=category=Tea, green", filter, "maker=m0"),
      where((i) => i % 4 === 0),
    );
    assert.deepEqual(await itemsOf(...either), where((i) => i % 4 < 2));
    assert.deepEqual(await itemsOf(...either, filter, "maker=m1"), where((i) => i % 4 === 1));
    Deno.writeTextFileSync(join(dir, "options.yaml"), 'filter: ["category=Tea, green", maker=m0]\n');
    assert.deepEqual(await itemsOf("--config", "options.yaml"), where((i) => i % 4 === 0));
    await refused(
      `${asked} --filter category=Tea --filter maker=m0`,
      /no item is left with category "Tea" and maker "m0"/,
    );
  }));

Deno.test("recommend: a model whose training a budget cut short is warned of", () =>
  withRun(async (dir, { ran }) => {
    const folder = RunFolder.open(join(dir, "run")),
      { format: _format, version: _version, ...facts } = folder.readRun()!;
    const [search, training] = (["search", "training"] as const).map((phase): CutShort => ({
      ...{ kind: "cut short", phase, epochs: 2.2, of: 3 },
      resume: "deno task pipeline run --resume",
    }));
    const warned = `warning: ${warningText(training)}`;
    for (const [warnings, told] of [[[search], []], [[search, training], [warned]]] as const) {
      await folder.writeRun({ ...facts, warnings: [...warnings] });
      const { stderr } = await ran("recommend run --users u7 --k 1");
      assert.deepEqual(stderr.split("\n").filter((line) => line.startsWith("warning")), told);
    }
  }));
