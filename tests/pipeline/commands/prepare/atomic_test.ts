import assert from "node:assert/strict";
import { join } from "node:path";
import { readDataset } from "../../../../pipeline/contract/dataset/store.ts";
import { type StartedTask, startTask, task, taskArguments } from "../../../command.ts";
import { withFolder } from "../../../folders.ts";
import { bigLog } from "./data.ts";

const ON_DISK = ["--engine", "duckdb", "--memory", "512MiB"];

const whole = "a kill at any moment leaves the old dataset whole; Ctrl-C ends with code 130";
Deno.test(`prepare: ${whole}`, () => killed([], [300, 450, 700]));
Deno.test(`prepare, on disk: ${whole}`, () => killed(ON_DISK, [500, 900]));

/** Kills a preparation after each of these numbers of milliseconds, and stops one in the middle. */
const killed = (engine: string[], waits: number[]) =>
  withFolder(async (dir) => {
    const out = join(dir, "made"), log = join(dir, "log.csv");
    bigLog(log);
    const args = ["--data", log, "--out", out, "--quiet", ...engine];
    assert.equal((await task("prepare", [...args, "--seed", "1"])).code, 0);
    const { hash } = (await readDataset(out)).manifest;
    const started = (seed: number) => startTask("prepare", [...args, "--seed", String(seed)]);
    for (const [round, wait] of waits.entries()) {
      const child = started(2 + round);
      await new Promise((resolve) => setTimeout(resolve, wait));
      const killed = kill(child, "SIGKILL");
      await child.ended;
      const dataset = await readDataset(out);
      if (killed && dataset.manifest.hash === hash) dataset.table("negatives");
      else assert.equal(dataset.manifest.seed, 2 + round, "the old dataset or the new one");
    }
    const child = started(99);
    await new Promise((resolve) => setTimeout(resolve, waits[1]));
    kill(child, "SIGINT");
    const { code, stderr } = await child.ended;
    const { manifest } = await readDataset(out);
    if (manifest.seed !== 99) {
      assert.equal(code, 130);
      assert.match(stderr, /^(error: Stopped while [^\n]*\n)?$/, "it says nothing before it has begun");
    }
    assert.equal((await task("prepare", [...args, "--seed", "100"])).code, 0);
    assert.deepEqual(
      [...Deno.readDirSync(dir)].map(({ name }) => name).sort(),
      ["log.csv", "made"],
      "leftovers are gone",
    );
  });

/** Sends a signal; returns false if the child was already done. */
function kill(child: StartedTask, signal: Deno.Signal): boolean {
  try {
    child.signal(signal);
    return true;
  } catch {
    return false;
  }
}

/** Runs a command in a separate mount namespace with a tiny file system at `dir`; needs the right to mount. */
const onTinyDisk = (dir: string, size: string, ...command: string[]) =>
  new Deno.Command("unshare", {
    args: ["-m", "sh", "-c", `mount -t tmpfs -o size=${size} none "$0" && exec "$@"`, dir, ...command],
    stdin: "null",
    env: { NO_COLOR: "1" },
  });

async function canMount(): Promise<boolean> {
  const dir = Deno.makeTempDirSync();
  try {
    return (await onTinyDisk(dir, "64k", "true").output()).success;
  } catch {
    return false;
  } finally {
    Deno.removeSync(dir);
  }
}

const canFill = await canMount();
for (
  const [name, size, engine] of [["", "64k", []], [", read on disk", "64k", ON_DISK], [
    ", on disk",
    "4m",
    ON_DISK,
  ]] as const
) {
  Deno.test({
    name: `prepare${name}: a full disk is one line, exit code 2 and no folder`,
    ignore: !canFill,
    fn: () =>
      withFolder(async (dir) => {
        const disk = join(dir, "disk"), log = join(dir, "log.csv");
        Deno.mkdirSync(disk);
        bigLog(log);
        const script = `"$@"; code=$?; ls -A "$0" >&2; exit $code`;
        const { code, stderr } = await onTinyDisk(
          ...[disk, size] as const,
          ...["sh", "-c", script, disk, Deno.execPath()],
          ...taskArguments("prepare", "--data", log, "--out", join(disk, "made"), "--quiet", ...engine),
        ).output();
        const said = new TextDecoder().decode(stderr);
        assert.match(said, /^error: Cannot (write|continue) [^\n]*free some space[^\n]*\n$/);
        assert.equal(code, 2);
      }),
  });
}
