import assert from "node:assert/strict";
import type { CutShort } from "../../../model/records/records.ts";
import { warningText } from "../../../model/views/epochs.ts";
import { join } from "node:path";
import pl from "nodejs-polars";
import { gzipSync } from "node:zlib";
import { RunFolder } from "../../../model/runs/folder.ts";
import { type Ran, task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { refusedInOneLine, withRun } from "./finished.ts";
import { SMALL, writeLog } from "./small.ts";

Deno.test("recommend: for some users, for histories of nobody known, and for nobody unknown", () =>
  withRun(async (dir) => {
    const asked = ["run", "--users", "u7,u9", "--k", "2", "--threads", "1", "--quiet"];
    const recommended = await task("recommend", asked, { cwd: dir }); // quiet is what is said beside the lists
    assert.equal(recommended.stderr, "");
    const lines = recommended.stdout.trim().split("\n");
    assert.deepEqual(lines.map((line) => line.split(",")[0]), ["user", "u7", "u7", "u9", "u9"]);
    Deno.writeTextFileSync(join(dir, "new.csv"), "i1,i5,i2,i6\n");
    await task("recommend", ["run", "--histories", "new.csv", "--out", "new.parquet"], { cwd: dir });
    assert.equal(pl.readParquet(join(dir, "new.parquet")).height, 10);
    refusedInOneLine(await task("recommend", ["run", "--users", "u777"], { cwd: dir }), /u777/);
  }));

Deno.test("recommend: named histories, some items only, and what is popular for strangers", () =>
  withRun(async (dir) => {
    Deno.writeTextFileSync(join(dir, "new.csv"), "ann,i1,i5\n7,i2\n");
    Deno.writeTextFileSync(join(dir, "some.txt"), "i3\ni4\ni9\n");
    const recommend = (...more: string[]) => task("recommend", ["run", ...more], { cwd: dir });
    const { stdout } = await recommend(
      "--histories",
      "new.csv",
      "--named",
      "--only",
      "some.txt",
      "--exclude",
      "i4",
    );
    const cells = stdout.trim().split("\n").slice(1).map((line) => line.split(","));
    assert.deepEqual(cells.map(([user]) => user), ["ann", "ann", "7", "7"]);
    assert.deepEqual([...new Set(cells.map(([, , item]) => item))].sort(), ["i3", "i9"]);
    const popular = await recommend("--users", "zoe", "--on-unknown", "popular", "--k", "1");
    assert.match(
      popular.stderr,
      /Recommended popular items to 1 user \(zoe\) who is not in .*, nor in log\.csv, which it was made from/,
    );
    assert.match(popular.stdout, /^zoe,1,i\d+,/m);
    refusedInOneLine(await recommend("--filter", "tea"), /say column=value, as in --filter category=Tea/);
    refusedInOneLine(
      await recommend("--users", "zoe"),
      /^error: Cannot find user "zoe" in the dataset .*, nor in log\.csv, which it was made from; its users have ids such as "[^"]+"; recommend by a history/,
    );
    Deno.writeTextFileSync(join(dir, "header.csv"), "user,item\nann,i1\n");
    refusedInOneLine(
      await recommend("--histories", "header.csv"),
      /Cannot find item "user" of line 1 of header\.csv .*: a line is the ids of a history's items with commas/,
    );
    refusedInOneLine(await recommend("--named"), /--named goes with --histories/);
    refusedInOneLine(await recommend("--overwrite"), /--overwrite goes with --out/);
    for (const flags of [["--json"], ["--out", "lists.jsonl"]]) {
      refusedInOneLine(
        await recommend("--safe-cells", ...flags),
        /^error: Option --safe-cells goes with CSV:/,
      );
    }
  }));

Deno.test("recommend: an empty line is an empty history, which gets popular items, and so does a name alone", () =>
  withRun(async (dir) => {
    Deno.writeTextFileSync(join(dir, "new.csv"), "i1,i5\n\r\n\ni2\n");
    Deno.writeTextFileSync(join(dir, "named.csv"), "ann\n\nbob,i2\ncid,\n");
    const recommend = (...more: string[]) =>
      task("recommend", ["run", "--k", "1", "--json", "--histories", ...more], { cwd: dir });
    const [counts] = pl.readParquet(join(dir, "run/dataset/interactions.parquet"))
      .filter(pl.col("split").eq(pl.lit("train"))).groupBy("item").agg(pl.len().alias("n"))
      .sort(["n", "item"], [true, false]).rows() as [number, number][];
    const popular = pl.readParquet(join(dir, "run/dataset/items.parquet")).getColumn("id").get(counts[0] - 1);
    const cases: [file: string[], users: string[], said: string][] = [
      [
        ["new.csv"],
        ["#1", "#2", "#3", "#4"],
        "2 of 4 histories are empty (#2, #3): they get popular items",
      ],
      [
        ["named.csv", "--named"],
        ["ann", "bob", "cid"],
        "2 of 3 histories are empty (ann, cid): they get popular items",
      ],
    ];
    for (const [file, users, said] of cases) {
      const { recommendations, warnings } = JSON.parse((await recommend(...file)).stdout);
      assert.deepEqual(recommendations.map(({ user }: { user: string }) => user), users);
      assert.deepEqual(warnings, [said]);
      for (const { user, item } of recommendations) {
        if (said.includes(user)) assert.equal(item, popular, user);
      }
    }
  }));

Deno.test("recommend: a user whom the dataset dropped is served by what the source has, with no more permissions", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "all.csv"));
    const log = Deno.readTextFileSync(join(dir, "all.csv")) + "short,i3,1\nshort,i7,0\n";
    Deno.writeFileSync(join(dir, "log.csv.gz"), gzipSync(log));
    const made = await task("pipeline", ["--data", "log.csv.gz", "--out", "run", ...SMALL], { cwd: dir });
    assert.equal(made.code, 0, made.stderr);
    const recommend = (...args: string[]) =>
      task("recommend", ["run", "--k", "18", "--json", ...args], { cwd: dir });
    const itemsOf = ({ stdout }: Ran) =>
      JSON.parse(stdout).recommendations.map(({ item }: { item: string }) => item) as string[];
    const ran = await recommend("--users", "short");
    assert.deepEqual(JSON.parse(ran.stdout).warnings, [
      "1 user was dropped when the dataset was prepared (short): recommendations use their 2 interactions",
    ]);
    Deno.writeTextFileSync(join(dir, "new.csv"), "i7,i3\n");
    assert.deepEqual(itemsOf(ran), itemsOf(await recommend("--histories", "new.csv")), "oldest first");
    Deno.removeSync(join(dir, "log.csv.gz"));
    refusedInOneLine(
      await recommend("--users", "short"),
      /Cannot find user "short" .*: users with fewer than 10 interactions were left out of it, and .*log\.csv\.gz: no such file/,
    );
  }));

Deno.test("recommend: a user's id is no file's name", () =>
  withRun(async (dir) => {
    Deno.writeTextFileSync(join(dir, "u7"), "u9\n");
    Deno.writeTextFileSync(join(dir, "some"), "u9\n");
    const first = async (...args: string[]) =>
      (await task("recommend", ["run", ...args], { cwd: dir })).stdout.split("\n")[1].split(",")[0];
    assert.deepEqual([await first("--users", "u7"), await first("--users", "some")], ["u7", "u9"]);
  }));

Deno.test("recommend: a filter's value may have a comma; of several columns each has a filter of its own", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    const kinds = ["Tea, green", "Tea", '"Tea", by the cup', "a=b, c=d"];
    const items = Array.from(
      { length: 20 },
      (_, i) => `i${i},"${kinds[i % 4].replaceAll('"', '""')}",m${i % 2}`,
    );
    Deno.writeTextFileSync(join(dir, "items.csv"), ["item,category,maker", ...items].join("\n"));
    const data = ["--data", "log.csv", "--items", "items.csv", "--out", "run", ...SMALL];
    const made = await task("pipeline", data, { cwd: dir });
    assert.equal(made.code, 0, made.stderr);
    const recommend = (...args: string[]) =>
      task("recommend", ["run", "--users", "u1", "--keep-seen", "--k", "5", "--json", ...args], { cwd: dir });
    const itemsOf = async (...args: string[]) =>
      (JSON.parse((await recommend(...args)).stdout).recommendations as { item: string }[])
        .map(({ item }) => Number(item.slice(1))).sort((a, b) => a - b);
    for (const [i, kind] of kinds.entries()) {
      assert.deepEqual(
        await itemsOf("--filter", `category=${kind}`),
        [i, i + 4, i + 8, i + 12, i + 16],
        kind,
      );
    }
    assert.deepEqual(await itemsOf("--filter=category=Tea, green", "--filter", "maker=m0"), [
      0,
      4,
      8,
      12,
      16,
    ]);
    refusedInOneLine(
      await recommend("--filter", "category=Tea", "--filter", "maker=m0"),
      /no item is left with category "Tea" and maker "m0"/,
    );
    const either = ["--filter", "category=Tea", "--filter", "category=Tea, green"];
    assert.deepEqual(await itemsOf(...either, "--k", "20"), [0, 1, 4, 5, 8, 9, 12, 13, 16, 17]);
    assert.deepEqual(await itemsOf(...either, "--filter", "maker=m1"), [1, 5, 9, 13, 17]);
    Deno.writeTextFileSync(join(dir, "options.yaml"), 'filter: ["category=Tea, green", maker=m0]\n');
    assert.deepEqual(await itemsOf("--config", "options.yaml"), [0, 4, 8, 12, 16]);
  }));

Deno.test("recommend: nothing of somebody else's is replaced", () =>
  withRun(async (dir) => {
    const recommend = (...more: string[]) =>
      task("recommend", ["run", "--out", "mine.csv", ...more], { cwd: dir });
    Deno.writeTextFileSync(join(dir, "mine.csv"), "my,own\n");
    refusedInOneLine(await recommend(), /mine.csv: a file of another kind is there; .*--overwrite/);
    assert.equal(Deno.readTextFileSync(join(dir, "mine.csv")), "my,own\n");
    for (const more of [["--overwrite"], []]) {
      assert.equal((await recommend(...more)).code, 0);
      assert.match(Deno.readTextFileSync(join(dir, "mine.csv")), /^user,rank,item,score\n/);
    }
  }));

Deno.test("recommend: the run is the command's word", () =>
  withRun(async (dir) => {
    refusedInOneLine(await task("recommend", [], { cwd: dir }), /Which run\? Name its folder/);
  }));

Deno.test("recommend: a model whose training a budget cut short is warned of", () =>
  withRun(async (dir) => {
    const folder = RunFolder.open(join(dir, "run")),
      { format: _format, version: _version, ...facts } = folder.readRun()!;
    const [search, training] = (["search", "training"] as const).map((phase): CutShort => ({
      ...{ kind: "cut short", phase, epochs: 2.2, of: 3 },
      resume: "deno task pipeline run --resume",
    }));
    const warned = `warning: ${warningText(training)}`;
    for (const [warnings, told] of [[[search], []], [[search, training], [warned]]] as const) {
      await folder.writeRun({ ...facts, warnings: [...warnings] });
      const { code, stderr } = await task("recommend", ["run", "--users", "u7", "--k", "1"], { cwd: dir });
      assert.equal(code, 0, stderr);
      assert.deepEqual(stderr.split("\n").filter((line) => line.startsWith("warning")), told);
    }
  }));
