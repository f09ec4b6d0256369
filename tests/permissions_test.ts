/** The permissions of each command: its whole job, and nothing else. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { findNative, thesePlatforms } from "../model/backend/provision/store.ts";
import { FolderRecord } from "../pipeline/contract/files/checksums.ts";
import { lockPath, newPath, oldPath } from "../pipeline/contract/files/stage.ts";
import { type Ran, task } from "./command.ts";
import { withFolder } from "./folders.ts";
import { launched, permitted } from "./launched.ts";
import { SMALL, writeLog } from "./model/commands/small.ts";
import { fromFileUrl } from "./paths.ts";

const PROBE = fromFileUrl(new URL("./probe.ts", import.meta.url));
interface Probed extends Ran {
  probe: Record<string, string>;
}

/** A folder with room for the command in `dir/work`, and something precious beside it. */
const withProbe = (
  test: (work: string, probed: (name: string, ...args: string[]) => Promise<Probed>) => Promise<void>,
) =>
  withFolder(async (temporary) => {
    const dir = Deno.realPathSync(temporary), work = join(dir, "work"), outside = join(dir, "outside");
    for (const path of [work, outside]) Deno.mkdirSync(path);
    Deno.writeTextFileSync(join(outside, "precious"), "precious");
    const env = { AUTOMLP_PROBE: outside, PROBE_SECRET: "secret" };
    await test(work, async (name, ...args) => {
      const ran = await launched(name, args, { preload: PROBE, env });
      const line = ran.stderr.split("\n").find((line) => line.startsWith("probe "));
      return { ...ran, probe: JSON.parse(line!.slice("probe ".length)) };
    });
    assert.deepEqual([...Deno.readDirSync(outside)].map(({ name }) => name), ["precious"]);
  });

const REFUSED = {
  read: "done", // what is read is checked, but may be anywhere
  write: "NotCapable",
  remove: "NotCapable",
  run: "NotCapable",
  net: "NotCapable",
  ffi: "NotCapable",
  secret: "not seen",
};
const names = (dir: string) => [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
const PREPARATION = ["--eval-negatives", "5", "--protocols", "recbole"];
const NETWORK = SMALL.slice(0, -6);

/** Runs a command's job with the probe in it. */
async function job(probing: Promise<Probed>): Promise<Probed> {
  const probed = await probing;
  assert.equal(probed.code, 0, probed.stderr);
  assert.deepEqual(probed.probe, REFUSED);
  return probed;
}

Deno.test("commands on data do their whole job, and can do nothing else", () =>
  withProbe(async (work, probed) => {
    const at = (name: string) => join(work, name);
    writeLog(at("log.csv"));
    await job(probed("fixtures", "--out", at("shop"), "--users", "50"));
    await job(probed("prepare", "--data", at("log.csv"), "--out", at("data"), ...PREPARATION));
    await job(probed("prepare", "--data", at("log.csv"), "--out", at("data"), ...PREPARATION, "--force"));
    const onDisk = ["--engine", "duckdb", "--memory", "512MiB", "--force"];
    await job(probed("prepare", "--data", at("log.csv"), "--out", at("data"), ...PREPARATION, ...onDisk));
    await job(probed("prepare", "--dataset", "demo", "--out", at("demo"), "--cache", at("cache")));
    await job(probed("data", "list", "--cache", at("cache")));
    await job(probed("data", "get", "demo", "--cache", at("cache")));
    await job(probed("inspect", at("data")));
    await job(probed("inspect", at("data"), "--html"));
    await job(probed("inspect", at("data"), "--html", "--out", at("report.html")));
    await job(probed("export", at("data"), "--to", "recbole", "--out", at("recbole")));
    await job(probed("export", at("data"), "--to", "parquet", "--out", at("deep/er/parquet")));
    assert.deepEqual(
      names(work),
      ["cache", "data", "deep", "demo", "log.csv", "recbole", "report.html", "shop"],
    );
    assert(names(at("data")).includes("report.html"));
    assert.deepEqual(names(at("deep/er")), ["parquet"]);
  }));

const hasNative = (() => {
  try {
    return findNative(thesePlatforms()) !== undefined;
  } catch {
    return false;
  }
})();

for (const backend of ["wasm", "native"]) {
  Deno.test({
    name: `commands that compute, with the ${backend} engine`,
    ignore: backend === "native" && !hasNative,
    fn: () =>
      withProbe(async (work, probed) => {
        const at = (name: string) => join(work, name), engine = ["--engine", backend];
        writeLog(at("log.csv"));
        const pipeline = ["--data", at("log.csv"), ...SMALL, ...engine];
        const whole = await job(probed("pipeline", ...pipeline, "--out", at("run")));
        assert.match(whole.stderr, /\nat the end net prompt\n/, "what it needed to download is given up");
        const data = join(at("run"), "dataset");
        const events = ["--tensorboard", at("deep/logs")];
        await job(probed("search", data, ...NETWORK, ...engine, "--out", at("steps"), ...events));
        await job(probed("retrain", at("steps"), ...engine, ...events));
        await job(probed("evaluate", at("steps"), "--ks", "1,3", ...engine));
        await job(probed("refit", at("steps"), "--out", at("serve"), ...engine));
        const recommend = [at("run"), "--users", "u7", ...engine];
        const { stdout } = await job(probed("recommend", ...recommend));
        assert.match(stdout, /^user,/);
        await job(probed("recommend", ...recommend, "--out", at("top.csv")));
        assert.deepEqual(names(work), ["deep", "log.csv", "run", "serve", "steps", "top.csv"]);
        assert.deepEqual(names(at("deep/logs")), ["search", "train"]);
        const { backend: used } = JSON.parse(Deno.readTextFileSync(join(at("steps"), "run.json")));
        assert.equal(used.name, backend);
        const doctor = await probed("doctor", ...engine);
        assert.deepEqual(doctor.probe, { ...REFUSED, run: "done" }, "it asks programs about the machine");
        assert.match(doctor.stdout, new RegExp(`Measured on ${backend}`));
      }),
  });
}

Deno.test("a place that the command line does not name is refused in one line, before anything is written", () =>
  withFolder(async (temporary) => {
    const dir = Deno.realPathSync(temporary), at = (name: string) => join(dir, name);
    writeLog(at("log.csv"));
    const args = ["--data", at("log.csv"), ...PREPARATION, "--out"];
    const own = await permitted("prepare", [...args, at("a")]);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...own, ...args, at("b")],
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assert.match(
      text(stderr),
      /^error: Cannot write .*b\.automlp-[^\n]*: a command may write only to [^\n]*\n$/,
    );
    assert.deepEqual([code, text(stdout)], [2, ""]);
    assert.deepEqual(names(dir), ["log.csv"]);
  }));

Deno.test("through the launcher: links, odd names and what killed runs left", () =>
  withFolder(async (temporary) => {
    const dir = Deno.realPathSync(temporary), at = (name: string) => join(dir, name);
    const shop = ["--users", "20", "--items", "40", "--quiet"];
    const write = (out: string) => task("fixtures", [`--out=${out}`, ...shop], { cwd: dir });
    const done = { code: 0, stdout: "", stderr: "" };
    Deno.mkdirSync(at("disk/real"), { recursive: true });
    Deno.symlinkSync(at("disk/real"), at("link"));
    for (const out of ["link", "a,b", "x[1]*?", "-dash", `'"\\%#`, "🌱 é/new", "link"]) {
      assert.deepEqual(await write(out), done, out);
      assert(names(at(out)).includes("interactions.csv"), out);
    }
    assert(Deno.lstatSync(at("link")).isSymlink);
    assert.deepEqual(names(at("disk")), ["real"]);

    Deno.writeTextFileSync(at("shop.yaml"), "out: named/there\n");
    assert.deepEqual(await task("fixtures", ["--config", "shop.yaml", ...shop], { cwd: dir }), done);
    assert.deepEqual(names(at("named")), ["there"]);

    // Killed between its two renames: a reader says where the old folder is, a writer puts it back and cleans up.
    const prepare = ["--data", "link/interactions.csv", ...PREPARATION, "--out", "data", "--quiet"];
    assert.deepEqual(await task("prepare", prepare, { cwd: dir }), done);
    Deno.renameSync(at("data"), oldPath(at("data")));
    Deno.mkdirSync(newPath(at("data")));
    FolderRecord.begin(newPath(at("data")), { name: "dataset" }).saveNew();
    Deno.writeTextFileSync(lockPath(at("data")), "");
    const { code, stderr } = await task("inspect", ["data", "--quiet"], { cwd: dir });
    assert.equal(code, 2);
    assert.match(
      stderr,
      /there is no such folder, but a kill left what was there in \.data\.automlp-old: rename that/,
    );
    assert.deepEqual(await task("prepare", [...prepare, "--force"], { cwd: dir }), done);
    assert.deepEqual(names(dir).filter((name) => name.startsWith(".")), []);
  }));
