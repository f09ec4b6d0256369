/** What each command may do with a given command line: the places that it names, and nothing else. */
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { COMMANDS } from "../../../model/commands/mod.ts";
import { lockPath, newPath, oldPath, partPath } from "../../../pipeline/contract/files/stage.ts";
import { withFolder } from "../../folders.ts";
import { permitted } from "../../launched.ts";
import { root } from "../../paths.ts";

/** The list of a permission with which a command line is started. */
async function list(flag: string, line: string): Promise<string[]> {
  const [name, ...args] = line.split(" "), given = await permitted(name, args);
  return given.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3).split(",") ?? [];
}

/** Runs `test` in a folder with a dataset, a run, an empty folder, a plan and an empty cache, which is the current one. */
const within = (test: (dir: string) => Promise<void>) =>
  withFolder(async (temporary) => {
    const dir = Deno.realPathSync(temporary), cwd = Deno.cwd(), cache = Deno.env.get("AUTOMLP_CACHE");
    Deno.chdir(dir);
    Deno.env.set("AUTOMLP_CACHE", join(dir, "cache"));
    for (const name of ["data", "run", "other"]) Deno.mkdirSync(name);
    Deno.writeTextFileSync("data/manifest.json", "{}");
    Deno.writeTextFileSync("run/run.json", "{}");
    Deno.writeTextFileSync("plan.yaml", "dataset: data/mine\n");
    try {
      await test(dir);
    } finally {
      Deno.chdir(cwd);
      if (cache === undefined) Deno.env.delete("AUTOMLP_CACHE");
      else Deno.env.set("AUTOMLP_CACHE", cache);
    }
  });

/** Command lines, and where each may write; what is beside the named place while it is replaced is left out. */
const WRITES: Record<string, string[]> = {
  "pipeline": ["runs/demo", "cache"],
  "pipeline --out a": ["a", "cache"],
  "pipeline --out a --cache b": ["a", "b"],
  "pipeline --data x.csv": ["runs/x", "cache"],
  "pipeline --data x.csv --data y.csv": ["runs/x", "cache"],
  "pipeline --data x.csv,y.csv": ["runs/x", "cache"],
  "pipeline --dataset ml-1m": ["runs/ml-1m", "cache"],
  "pipeline --dataset ml-1m --name mine": ["runs/mine", "cache"],
  "pipeline --tensorboard logs": ["runs/demo", "logs", "cache"],
  "pipeline data": ["runs/data", "cache"],
  "pipeline other": ["runs/demo", "cache"], // the command refuses it
  "pipeline run --resume": ["runs/demo", "run", "cache"],
  "search data --out a": ["a"],
  "search data": [],
  "search run": [],
  "search run --resume": ["run"],
  "search data --resume": [],
  "train run --resume": ["run"],
  "train --method sasrec data --out=a": ["a"],
  "tune --method sasrec --dataset data/mine": ["results/tune-sasrec-mine"],
  "tune --method sasrec data/": ["results/tune-sasrec-data"],
  "tune --method sasrec data --out a": ["a"],
  "tune --method sasrec": [],
  "tune data": [],
  "experiment table2 --dataset data/mine": ["results/table2-mine", "cache"],
  "experiment table2 --config plan.yaml": ["results/table2-mine", "cache"],
  "experiment plan.yaml": ["results/plan", "cache"],
  "experiment --config plan.yaml": ["results/plan-mine", "cache"],
  "experiment table2 --data x.csv --out a": ["a", "cache"],
  "experiment --seeds 1,2 plan.yaml": ["results/plan", "cache"],
  "experiment --seeds 1": ["cache"],
  "retrain run --dataset data": ["run"],
  "evaluate run --dataset data": ["run"],
  "evaluate nowhere": [],
  "refit run": ["run-refit"],
  "refit run --hold-out test": ["run-refit-tested"],
  "refit nowhere": [],
  "recommend run": [],
  "recommend run --out r.csv": ["r.csv", partPath("r.csv")],
  "report run": ["run"],
  "report run --out r.html": ["r.html", partPath("r.html")],
  "compare run run --html r.html": ["r.html", partPath("r.html")],
  "runs": [],
  "inspect data": [],
  "inspect --dataset data": [],
  "inspect data --html": ["data"],
  "inspect --dataset data --html": ["data"],
  "inspect data --html --out r.html": ["r.html", partPath("r.html")],
  "export data --out e/f": ["e"], // it is made, too
  "data list": [],
  "data get ml-1m": ["cache"],
  "doctor": [],
  "search d --out a,b/c": [""], // a comma cannot be written: the folder above takes the path's place
};

Deno.test("every command line may write to the places that it names, and nowhere else", () =>
  within(async (dir) => {
    for (const [line, places] of Object.entries(WRITES)) {
      const written = (await list("allow-write", line)).map((path) => relative(dir, path));
      assert.deepEqual(written, places, line);
    }
    const prepared = (await list("allow-write", "prepare --out a")).map((path) => relative(dir, path));
    assert.deepEqual(prepared, ["a", newPath("a"), oldPath("a"), lockPath("a"), "cache"]);
  }));

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

Deno.test("what is loaded from the cache is not written; the packages' libraries and, for who computes, the engine's are loaded", () =>
  within(async (dir) => {
    const packages = join(root, "node_modules");
    assert.deepEqual(await list("allow-ffi", "prepare"), [packages]);
    Deno.mkdirSync("disk/engine", { recursive: true });
    Deno.symlinkSync(join(dir, "disk"), join(dir, "cache"));
    const engine = ["cache", "disk"].map((cache) => join(dir, cache, "engine"));
    const libraries = await list("allow-ffi", "search");
    assert.deepEqual(libraries.slice(0, 3), [packages, ...engine]);
    assert(libraries.slice(3).every((path) => path.endsWith("/libcuda.so.1")), libraries.join());
    const denied = await list("deny-write", "prepare --out a");
    for (const path of [...engine, join(dir, "cache", "kernel")]) assert(denied.includes(path), path);
    Deno.env.set("AUTOMLP_CACHE", join(dir, "x,y"));
    assert.deepEqual(await list("deny-write", "prepare --out a"), [], "a folder above would deny too much");
  }));

Deno.test("the net: the known data sets' hosts where they may be downloaded, and with --spark that server instead", async () => {
  const known = await list("allow-net", "data get ml-1m"),
    net = (more: string) => list("allow-net", `prepare --out a${more}`);
  assert(known.includes("files.grouplens.org"));
  for (const line of ["pipeline", "experiment table2"]) {
    assert.deepEqual(await list("allow-net", line), known);
  }
  for (const line of ["data list", "train", "tune", "inspect d"]) {
    assert.deepEqual(await list("allow-net", line), [], line);
  }
  assert.deepEqual(await net(" --spark sc://spark.example.org/;token=a,b"), ["spark.example.org:15002"]);
  assert.deepEqual(await net(" --spark=sc://127.0.0.1:7077"), ["127.0.0.1:7077"]);
  assert.deepEqual(await net(" --spark sc://[::1]:7077/"), ["[::1]:7077"]);
  // The command refuses these; they must not grant any permission.
  for (
    const none of ["", ...["sc://", "sc://a,b:1", "sc://*:1", "http://h:1", "sc://h:1x", "sc://h:123456"]]
  ) {
    assert.deepEqual(await net(none && ` --spark ${none}`), known, none);
  }
});
