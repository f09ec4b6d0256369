import assert from "node:assert/strict";
import { join } from "node:path";
import { readGiven, wordsOf } from "../../../../pipeline/terminal/launch/given.ts";
import { withFolder } from "../../../folders.ts";

const out = async (...args: string[]) => (await readGiven(args)).value("out");
const words = async (...args: string[]) => (await readGiven(args)).words;

Deno.test("a value follows a space or an equals sign; the last one counts, as for the command", async () => {
  assert.equal(await out("--out", "a"), "a");
  assert.equal(await out("--out=a=b"), "a=b");
  assert.equal(await out("--out", "a", "--out=b"), "b");
  assert.equal(await out("--out", "-a"), "-a");
  assert.equal(await out("--output", "a"), undefined);
  assert.equal(await out("--out"), undefined);
  assert.equal(await out("--", "--out", "a"), undefined, "what follows -- is no option");
});

Deno.test("of an option with several values all count, as the command splits them; those of a file are beneath", () =>
  withFolder(async (dir) => {
    const file = join(dir, "run.yaml"), config = ["--config", file];
    const data = async (...args: string[]) => (await readGiven(args)).list("data");
    Deno.writeTextFileSync(file, 'data: [2024.csv, "a,b.csv"]\n');
    assert.deepEqual(await data(...config), ["2024.csv", "a,b.csv"]);
    assert.deepEqual(await data(...config, "--data", "a.csv, b.csv", "--data=c.csv"), [
      "a.csv",
      "b.csv",
      "c.csv",
    ]);
    const odd = join(dir, "orders, 2024.csv");
    Deno.writeTextFileSync(odd, "");
    assert.deepEqual(await data("--data", odd), [odd], "it is there: no list");
    Deno.writeTextFileSync(file, "data: 2024\n");
    assert.deepEqual(await data(...config), ["2024"]);
    for (const args of [[], ["--data"]]) assert.deepEqual(await data(...args), []);
  }));

Deno.test("words are what may name a place, but not what is read only", async () => {
  assert.deepEqual(await words("runs/a", "--data", "d", "--dataset", "e", "--config", "f.yaml"), ["runs/a"]);
  assert.deepEqual(await words("--html", "d", "--quiet"), ["d"]);
  assert.deepEqual(
    await words("--engine", "wasm", "runs/a"),
    ["wasm", "runs/a"],
    "it knows no other options",
  );
  assert.deepEqual(await words("--", "-strange"), ["-strange"]);
  assert.deepEqual(wordsOf(["runs/a", "--resume"]), ["runs/a"]);
});

Deno.test("a configuration file lies beneath the flags; one that cannot be read says nothing", () =>
  withFolder(async (dir) => {
    const file = join(dir, "run.yaml"), config = ["--config", file];
    Deno.writeTextFileSync(file, "out: from/file\nname: 7\nhtml: true\nholdOut: test\n");
    const given = await readGiven(config);
    assert.deepEqual([given.value("out"), given.value("name"), given.value("cache")], [
      "from/file",
      "7",
      undefined,
    ]);
    assert.equal(given.value("hold-out"), "test");
    assert.deepEqual([given.has("html"), given.has("quiet")], [true, false]);
    assert.equal(await out(...config, "--out", "flag"), "flag");
    for (const text of ["- out\n- a\n", "out: [", "7\n", ""]) {
      Deno.writeTextFileSync(file, text);
      assert.equal(await out(...config), undefined, text);
    }
    assert.equal(await out("--config", join(dir, "nowhere.yaml")), undefined);
  }));
