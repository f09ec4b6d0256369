import assert from "node:assert/strict";
import { join } from "node:path";
import { parse } from "yaml";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import { exportDataset } from "../../../pipeline/export/mod.ts";
import { inFolder, linesOf, makeDataset, NEGATIVES, type Sketch, textOf, TOY } from "./dataset.ts";
import { hasModules, runPython } from "./python.ts";

Deno.test("recbole: the data set as a whole, and split in advance with histories", () =>
  inFolder(async (folder) => {
    const out = join(folder, "out");
    const { notes } = await exportDataset(await makeDataset(folder, TOY), {
      to: "recbole",
      out,
      maxLength: 3,
    });
    assert.deepEqual(linesOf(out, "atomic/toy/toy.inter").slice(0, 4), [
      "user_id:token\titem_id:token\trating:float\ttimestamp:float",
      "ann\ta\t1.0\t1000000000",
      "ann\tb,1\t2.0\t1000000001",
      'ann\t"c""q"""\t3.0\t1000000002',
    ]);
    assert.deepEqual(linesOf(out, "presplit/toy/toy.train.inter"), [
      "user_id:token\titem_id_list:token_seq\titem_id:token\ttimestamp:float",
      "ann\ta\tb,1\t1000000001",
      'ann\ta b,1\t"c""q"""\t1000000002',
      '小明\tb,1\t"c""q"""\t1000001001',
      `"O'Neil,""Pat"""\t🦊\ta\t1000002001`,
    ]);
    assert.equal(linesOf(out, "presplit/toy/toy.test.inter")[1], 'ann\t"b,1 c""q"" 🦊"\td\t1000000004'); // 3 of 4
    for (const side of ["atomic", "presplit"]) {
      assert.deepEqual(linesOf(out, `${side}/toy/toy.item`).slice(0, 2), [
        "item_id:token\titem_title:token\tgenres:token_seq\tbrand:token\tprice:float",
        "a\tA tab here\tDrama Sci_Fi\tx\t10.0",
      ]);
      assert.equal(linesOf(out, `${side}/toy/toy.user`)[0], "user_id:token\tgender:token\ttitle:token");
    }
    assert.deepEqual(notes, [
      'The item column "title" is called "item_title"',
      'Put spaces for tabs and line ends in "title" of 1 item',
      'Put "_" for " " in 1 distinct values of "genres", as in "Sci Fi": it separates values in RecBole\'s files',
      "RecBole draws its own 3 negatives a target (mode pop3); those of the dataset are not exported",
    ]);
  }));

Deno.test("recbole: the YAML names every column and gives the protocol", () =>
  inFolder(async (folder) => {
    const out = join(folder, "out");
    await exportDataset(await makeDataset(folder, TOY), { to: "recbole", out });
    const presplit = parse(textOf(out, "presplit.yaml"));
    assert.deepEqual(presplit.load_col, {
      inter: ["user_id", "item_id_list", "item_id", "timestamp"],
      user: ["user_id", "gender", "title"],
      item: ["item_id", "item_title", "genres", "brand", "price"],
    });
    assert.deepEqual(presplit.benchmark_filename, ["train", "valid", "test"]);
    assert.deepEqual(presplit.alias_of_item_id, ["item_id_list"]);
    const atomic = parse(textOf(out, "atomic.yaml"));
    assert.deepEqual(atomic.load_col.inter, ["user_id", "item_id", "rating", "timestamp"]);
    assert.deepEqual(atomic.eval_args, {
      split: { LS: "valid_and_test" },
      group_by: "user",
      order: "TO",
      mode: "pop3",
    });
    assert.equal(atomic.user_inter_num_interval, "[4,inf)");
    assert.equal(atomic.MAX_ITEM_LIST_LENGTH, 50);
  }));

Deno.test("recbole: a split that RecBole cannot make is said, not faked", () =>
  inFolder(async (folder) => {
    const out = join(folder, "out");
    const dataset = await makeDataset(folder, { ...TOY, split: "global-time", protocols: [] });
    const { notes } = await exportDataset(dataset, { to: "recbole", out });
    const atomic = textOf(out, "atomic.yaml");
    assert.match(atomic, /^# RecBole cannot make this dataset's split \(global-time\)/m);
    assert.match(atomic, /^# With this file RecBole takes 80, 10 and 10 % of each user's/m);
    const general = parse(textOf(out, "general.yaml"));
    assert.deepEqual([general.benchmark_filename, general.alias_of_item_id], [
      ["train", "valid", "test"],
      undefined,
    ]);
    const rows = ["train", "valid", "test"].map((part) => linesOf(out, `general/toy/toy.${part}.inter`));
    assert.deepEqual(rows.map((lines) => lines.length - 1), [8, 3, 2]);
    assert.deepEqual(rows[2].slice(0, 2), [
      "user_id:token\titem_id:token\trating:float\ttimestamp:float",
      `"O'Neil,""Pat"""\tb,1\t5.0\t1000002002`,
    ]);
    assert.match(textOf(out, "README.md"), /config_file_list=\["general\.yaml"\]/);
    assert.equal(parse(atomic).eval_args.split, undefined);
    assert.equal(parse(atomic).eval_args.mode, "full");
    assert.ok(
      notes.includes("RecBole ranks all items (mode full): it knows no protocol of this dataset's negatives"),
    );
  }));

Deno.test("recbole: ids with spaces get another separator; column names stay apart", () =>
  inFolder(async (folder) => {
    const out = join(folder, "out");
    const side = (genres: string, a: string) => ({ genres, "a:b": a, a_b: "x", rating: "1" });
    const { notes } = await exportDataset(
      await makeDataset(folder, {
        sequences: { u: ["x y", "b", "c"], v: ["b", "c", "x y"] },
        items: { "x y": side("|", "q"), b: side("", "r"), c: side(" | ", "s") },
        features: [{ name: "genres", kind: "multi", separator: "|" }],
      }),
      { to: "recbole", out },
    );
    assert.deepEqual(linesOf(out, "presplit/toy/toy.test.inter").slice(1), [
      "u\tx y|b\tc\t1000000002",
      "v\tb|c\tx y\t1000001002",
    ]);
    assert.equal(parse(textOf(out, "presplit.yaml")).seq_separator, "|");
    assert.deepEqual(linesOf(out, "atomic/toy/toy.item").slice(0, 2), [
      "item_id:token\ta_b:token\titem_a_b:token\titem_rating:token",
      "x y\tq\tx\t1",
    ]);
    assert.equal(notes[0], 'Left out the item column "genres": no item has a value');
  }));

Deno.test("recbole: a name that means RecBole's own data is not used", () =>
  inFolder(async (folder) => {
    const out = join(folder, "out");
    const dataset = await makeDataset(folder, { ...TOY, name: "ml-100k" });
    const { notes, files } = await exportDataset(dataset, { to: "recbole", out });
    assert.equal(
      notes[0],
      'The data set is called "ml-100k-prepared": recbole keeps "ml-100k" for data of its own',
    );
    assert.equal(files[0].path, "atomic/ml-100k-prepared/ml-100k-prepared.inter");
    await assert.rejects(exportDataset(dataset, { to: "recbole", out, name: "ml-100k" }), /choose another/);
  }));

type Example = [user: string, history: string[], target: string];
interface Reading {
  users: number;
  items: number;
  train: Example[];
  valid: Example[];
  test: Example[];
  candidates: number;
  genres?: string[];
}

/** 40 users with 5 to 40 interactions with 30 items that have spaces in their ids; three of a user's interactions share each time. */
function randomSketch(): Sketch {
  const random = new RandomStream(5, "test/recbole");
  const sequence = () => Array.from({ length: 5 + random.below(36) }, () => `item ${random.below(30)}`);
  return {
    sequences: Object.fromEntries(Array.from({ length: 40 }, (_, u) => [`user ${u}`, sequence()])),
    ratings: false,
    name: "random",
    time: (_, n) => 1_700_000_000 + 100_000 * Math.floor(n / 3),
  };
}

interface GeneralReading {
  users: number;
  items: number;
  train: [string, string][];
  valid: [string, string][];
  test: [string, string][];
  hit: number;
}

const recbole = hasModules("recbole");
Deno.test({
  name: "recbole: RecBole reads the same targets from both, and splits the whole as the dataset is split" +
    (recbole ? "" : " (ignored: Python without recbole; set AUTOMLP_PYTHON)"),
  ignore: !recbole,
  fn: () =>
    inFolder(async (folder) => {
      const sketches = { toy: TOY, random: randomSketch() };
      for (const [name, sketch] of Object.entries(sketches)) {
        const dataset = await makeDataset(join(folder, name), sketch);
        await exportDataset(dataset, { to: "recbole", out: join(folder, name, "out"), maxLength: 10 });
      }
      const read = runPython<Record<string, Record<string, Record<string, Reading>>>>(
        "read_recbole.py",
        ...Object.keys(sketches).map((name) => join(folder, name, "out")),
      );
      for (const [name, { sequences }] of Object.entries(sketches)) {
        const examples = Object.entries(sequences).map(([user, items]) =>
          items.slice(1).map((item, n): Example => [user, items.slice(0, n + 1).slice(-10), item])
        );
        const expected = {
          users: Object.keys(sequences).length,
          items: new Set(Object.values(sequences).flat()).size,
          train: examples.flatMap((of) => of.slice(0, -2)),
          valid: examples.map((of) => of.at(-2)!),
          test: examples.map((of) => of.at(-1)!),
        };
        for (const [yaml, models] of Object.entries(read[join(folder, name, "out")])) {
          for (const [model, { candidates, genres, ...found }] of Object.entries(models)) {
            const where = `${name} ${yaml} ${model}`;
            // RecBole orders the targets of a part by time, unlike the dataset.
            for (const part of ["train", "valid", "test"] as const) {
              assert.deepEqual(
                found[part].map(String).sort(),
                expected[part].map(String).sort(),
                `${where} ${part}`,
              );
            }
            assert.deepEqual([found.users, found.items], [expected.users, expected.items], where);
            assert.equal(candidates, 1 + NEGATIVES, where);
            if (name === "toy") assert.deepEqual(genres, ["Comedy", "Drama", "Sci_Fi", "[PAD]"]);
          }
        }
      }
    }),
});

Deno.test({
  name: "recbole: a general model is tested on a split that RecBole cannot make" +
    (recbole ? "" : " (ignored: Python without recbole; set AUTOMLP_PYTHON)"),
  ignore: !recbole,
  fn: () =>
    inFolder(async (folder) => {
      // Rows 1 to 9 are training, 10 to 12 validation, 13 to 15 the test: a 4, b 3, c 2, the others never.
      const sequences = { u: [..."abcab"], v: [..."abcaf"], w: [..."abcde"] };
      const out = join(folder, "out");
      const dataset = await makeDataset(folder, { sequences, split: "global-time" });
      await exportDataset(dataset, { to: "recbole", out });
      const read = runPython<Record<string, Record<string, Record<string, GeneralReading>>>>(
        "read_recbole.py",
        out,
      );
      const { users, items, train, valid, test, hit } = read[out]["general.yaml"].Pop;
      const rows = Object.entries(sequences).flatMap(([user, of]) => of.map((item) => [user, item]));
      const sorted = (pairs: string[][]) => pairs.map(String).sort();
      assert.deepEqual([users, items], [3, 6]);
      assert.deepEqual([train, valid, test].map(sorted), [
        sorted(rows.slice(0, 9)),
        sorted(rows.slice(9, 12)),
        sorted(rows.slice(12)),
      ]);
      assert.equal(hit, 1); // of what w had not had in validation c is the most popular
    }),
});
