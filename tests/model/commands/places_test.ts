import assert from "node:assert/strict";
import { join } from "node:path";
import { COMMANDS } from "../../../model/commands/mod.ts";
import { withFolder } from "../../folders.ts";
import { permitted } from "../../launched.ts";
import { root } from "../../paths.ts";

/** The paths in a list among a command's arguments. */
async function list(flag: string, name: string, ...args: string[]): Promise<string[]> {
  const given = await permitted(name, args);
  return given.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3).split(",") ?? [];
}
const writes = (name: string, ...args: string[]) => list("allow-write", name, ...args);

/** Runs `test` in a folder that is the current one, with an empty cache. */
const within = (test: (dir: string) => Promise<void>) =>
  withFolder(async (temporary) => {
    const dir = Deno.realPathSync(temporary), cwd = Deno.cwd(), cache = Deno.env.get("AUTOMLP_CACHE");
    Deno.chdir(dir);
    Deno.env.set("AUTOMLP_CACHE", join(dir, "cache"));
    try {
      await test(dir);
    } finally {
      Deno.chdir(cwd);
      if (cache === undefined) Deno.env.delete("AUTOMLP_CACHE");
      else Deno.env.set("AUTOMLP_CACHE", cache);
    }
  });

Deno.test("every command has a program, a set and a task; a command on data may start no programs, but those that train", () => {
  const { tasks, permissions } = JSON.parse(
    Deno.readTextFileSync(`${root}deno.json`).replace(/^\s*\/\/.*$/gm, ""),
  );
  for (const [name, { program, permissions: set = "work", runs }] of Object.entries(COMMANDS)) {
    assert(Deno.statSync(root + program).isFile, program);
    assert.equal(tasks[name], `deno run -q -P=launch automlp.ts task ${name}`);
    assert(permissions[set], set);
    assert.equal(runs !== undefined, ["experiment", "tune", "doctor"].includes(name), name);
  }
  const { write, run, net, ffi, env, sys } = permissions.work;
  assert.deepEqual([write, run, net], [undefined, undefined, undefined]);
  for (const kind of [ffi, env.allow, sys]) assert(Array.isArray(kind), "lists only");
});

Deno.test("a run is written to its folder, named or by what it is of, and to nothing else", () =>
  within(async (dir) => {
    const runs = async (...args: string[]) =>
      (await writes("pipeline", ...args)).filter((path) => path !== join(dir, "cache"));
    assert.deepEqual(await runs("--out", "a"), [join(dir, "a")]);
    assert.deepEqual(await runs(), [join(dir, "runs", "demo")]);
    assert.deepEqual(await runs("--data", "x.csv"), [join(dir, "runs", "x")]);
    for (const several of [["--data", "x.csv", "--data", "y.csv"], ["--data", "x.csv,y.csv"]]) {
      assert.deepEqual(await runs(...several), [join(dir, "runs", "x")], several.join(" "));
    }
    assert.deepEqual(await runs("--dataset", "ml-1m"), [join(dir, "runs", "ml-1m")]);
    assert.deepEqual(await runs("--dataset", "ml-1m", "--name", "mine"), [join(dir, "runs", "mine")]);
    for (const name of ["data", "other"]) Deno.mkdirSync(name);
    Deno.writeTextFileSync("data/manifest.json", "{}");
    assert.deepEqual(await runs("data"), [join(dir, "runs", "data")], "a prepared dataset as the word");
    assert.deepEqual(await runs("other"), [join(dir, "runs", "demo")], "which the command refuses");
    assert.deepEqual(await writes("search", "data", "--out", "a"), [join(dir, "a")]);
    assert.deepEqual(await writes("search", "data"), []);
  }));

Deno.test("a tuning is written to the folder of its method and dataset, and to nothing else", () =>
  within(async (dir) => {
    const tunings = (...args: string[]) => writes("tune", ...args), named = ["--method", "sasrec"];
    assert.deepEqual(await tunings(...named, "--dataset", "data/mine"), [
      join(dir, "results/tune-sasrec-mine"),
    ]);
    Deno.mkdirSync("other");
    Deno.writeTextFileSync("other/manifest.json", "{}");
    assert.deepEqual(await tunings(...named, "other/"), [join(dir, "results/tune-sasrec-other")]);
    assert.deepEqual(await tunings(...named, "other", "--out", "a"), [join(dir, "a")]);
    for (const args of [["other"], named]) assert.deepEqual(await tunings(...args), [], args.join(" "));
  }));

Deno.test("an experiment is written to the folder of its plan and data, and to nothing else", () =>
  within(async (dir) => {
    const results = async (...args: string[]) =>
      (await writes("experiment", ...args)).filter((path) => path !== join(dir, "cache"));
    Deno.writeTextFileSync("plan.yaml", "dataset: data/other\n");
    assert.deepEqual(await results("table2", "--dataset", "data/mine"), [join(dir, "results/table2-mine")]);
    assert.deepEqual(await results("table2", "--config", "plan.yaml"), [join(dir, "results/table2-other")]);
    assert.deepEqual(await results("plan.yaml"), [join(dir, "results/plan")]);
    assert.deepEqual(await results("--config", "plan.yaml"), [join(dir, "results/plan-other")]);
    assert.deepEqual(await results("table2", "--data", "x.csv", "--out", "a"), [join(dir, "a")]);
    assert.deepEqual(await results("--seeds", "1,2", "plan.yaml"), [join(dir, "results/plan")]);
    assert.deepEqual(await results("--seeds", "1"), []);
  }));

Deno.test("a run that is resumed is written where it is the command's word, and only if that is said", () =>
  within(async (dir) => {
    for (const name of ["run", "data"]) Deno.mkdirSync(name);
    Deno.writeTextFileSync("run/run.json", "{}");
    for (const name of ["pipeline", "search", "train"]) {
      const written = async (...args: string[]) =>
        (await writes(name, ...args)).filter((path) => [join(dir, "run"), join(dir, "data")].includes(path));
      assert.deepEqual(await written("run", "--resume"), [join(dir, "run")], name);
      assert.deepEqual(await written("run"), [], name);
      assert.deepEqual(await written("data", "--resume"), [], name);
    }
  }));

Deno.test("retrain and evaluate write the run that is named, not the dataset that is read", () =>
  within(async (dir) => {
    for (const name of ["run", "data"]) Deno.mkdirSync(name);
    for (const name of ["retrain", "evaluate"]) {
      assert.deepEqual(await writes(name, "run", "--dataset", "data"), [join(dir, "run")]);
      assert.deepEqual(await writes(name, "nowhere"), []);
    }
  }));

Deno.test("what only reads writes nothing; with --out or --html a file", () =>
  within(async (dir) => {
    Deno.mkdirSync("data");
    const read = [["inspect", "data"], ["inspect", "--dataset", "data"], ["recommend", "data"], ["doctor"]];
    for (const args of read) {
      assert.deepEqual(await writes(...args as [string]), [], args.join(" "));
    }
    const report = [join(dir, "r.html"), join(dir, ".r.html.automlp-part")];
    assert.deepEqual(await writes("inspect", "data", "--html", "--out", "r.html"), report);
    assert.deepEqual(await writes("inspect", "data", "--html"), [join(dir, "data")]);
    assert.deepEqual(await writes("inspect", "--dataset", "data", "--html"), [join(dir, "data")]);
    assert.deepEqual(await writes("recommend", "data", "--out", "r.html"), report);
  }));

Deno.test("the cache is written where data sets may be downloaded; what is loaded from it never", () =>
  within(async (dir) => {
    const cache = join(dir, "cache"),
      loaded = ["engine", "jupyter", "kernel"].map((name) => join(cache, name));
    for (const name of ["prepare", "pipeline"]) {
      assert((await writes(name, "--out", "a")).includes(cache));
      assert.deepEqual(await list("deny-write", name, "--out", "a"), loaded);
      const other = await writes(name, "--out", "a", "--cache", "elsewhere");
      assert(other.includes(join(dir, "elsewhere")) && !other.includes(cache));
    }
    assert(!(await writes("export", "d", "--out", "a")).includes(cache));
    assert.deepEqual(await writes("data", "get", "ml-1m"), [cache]);
    assert.deepEqual(await writes("data", "list"), []);
    assert.deepEqual(await list("allow-net", "data", "list"), []);
    assert.equal((await list("allow-net", "data", "get", "ml-1m")).length, 3);
  }));

Deno.test("libraries: those of the packages, and for who computes the engine's; links are followed", () =>
  within(async (dir) => {
    const packages = join(root, "node_modules");
    assert.deepEqual(await list("allow-ffi", "prepare"), [packages]);
    Deno.mkdirSync("disk/engine", { recursive: true });
    Deno.symlinkSync(join(dir, "disk"), join(dir, "cache"));
    const libraries = await list("allow-ffi", "search");
    const engine = ["cache", "disk"].map((cache) => join(dir, cache, "engine"));
    assert.deepEqual(libraries.slice(0, 3), [packages, ...engine]);
    assert(libraries.slice(3).every((path) => path.endsWith("/libcuda.so.1")), libraries.join());
  }));

Deno.test("a comma cannot be written: the folder above takes the path's place, and nothing else is opened", () =>
  within(async (dir) => {
    assert.deepEqual(await writes("search", "d", "--out", "a,b/c"), [dir]);
    Deno.env.set("AUTOMLP_CACHE", join(dir, "x,y"));
    const prepared = await permitted("prepare", ["--out", "a"]);
    assert(!prepared.some((arg) => arg.startsWith("--deny-write")), "a folder above would deny too much");
  }));

Deno.test("with --spark, prepare may reach that server, and none of those of the known data sets", async () => {
  const net = (...args: string[]) => list("allow-net", "prepare", "--out", "a", ...args);
  const known = await net();
  assert(known.includes("files.grouplens.org"));
  assert.deepEqual(await net("--spark", "sc://spark.example.org/;token=a,b"), ["spark.example.org:15002"]);
  assert.deepEqual(await net("--spark=sc://127.0.0.1:7077"), ["127.0.0.1:7077"]);
  assert.deepEqual(await net("--spark", "sc://[::1]:7077/"), ["[::1]:7077"]);
  // The command refuses these; they must not grant any permission.
  for (const none of ["sc://", "sc://a,b:1", "sc://*:1", "http://h:1", "sc://h:1x", "sc://h:123456"]) {
    assert.deepEqual(await net("--spark", none), known, none);
  }
});
