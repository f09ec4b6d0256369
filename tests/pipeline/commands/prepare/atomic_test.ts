import assert from "node:assert/strict";
import { join } from "node:path";
import { readDataset } from "../../../../pipeline/contract/store.ts";
import { type StartedTask, startTask, task, taskArguments } from "../../../command.ts";
import { withFolder } from "../../../folders.ts";
import { bigLog } from "./data.ts";

Deno.test("prepare: a kill at any moment leaves the old dataset whole; Ctrl-C ends with code 130", () =>
  withFolder(async (dir) => {
    const out = join(dir, "made"), log = join(dir, "log.csv");
    bigLog(log);
    const args = ["--data", log, "--out", out, "--quiet"];
    assert.equal((await task("prepare", [...args, "--seed", "1"])).code, 0);
    const { hash } = (await readDataset(out)).manifest;
    const started = (seed: number) => startTask("prepare", [...args, "--seed", String(seed)]);
    for (const [round, wait] of [300, 450, 600, 800].entries()) {
      const child = started(2 + round);
      await new Promise((resolve) => setTimeout(resolve, wait));
      const killed = kill(child, "SIGKILL");
      await child.ended;
      const dataset = await readDataset(out);
      if (killed && dataset.manifest.hash === hash) dataset.table("negatives");
      else assert.equal(dataset.manifest.seed, 2 + round, "the old dataset or the new one");
    }
    const child = started(99);
    await new Promise((resolve) => setTimeout(resolve, 450));
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
  }));

/** False where the child was done already. */
function kill(child: StartedTask, signal: Deno.Signal): boolean {
  try {
    child.signal(signal);
    return true;
  } catch {
    return false;
  }
}

/** Runs a command in a mount namespace of its own with a tiny file system at `dir`; needs the right to mount. */
const onTinyDisk = (dir: string, ...command: string[]) =>
  new Deno.Command("unshare", {
    args: ["-m", "sh", "-c", 'mount -t tmpfs -o size=64k none "$0" && exec "$@"', dir, ...command],
    stdin: "null",
    env: { NO_COLOR: "1" },
  });

async function canMount(): Promise<boolean> {
  const dir = Deno.makeTempDirSync();
  try {
    return (await onTinyDisk(dir, "true").output()).success;
  } catch {
    return false;
  } finally {
    Deno.removeSync(dir);
  }
}

Deno.test({
  name: "prepare: a full disk is one line, exit code 2 and no folder",
  ignore: !(await canMount()),
  fn: () =>
    withFolder(async (dir) => {
      const disk = join(dir, "disk"), log = join(dir, "log.csv");
      Deno.mkdirSync(disk);
      bigLog(log);
      const script = `"$@"; code=$?; ls -A "$0" >&2; exit $code`;
      const { code, stderr } = await onTinyDisk(
        disk,
        "sh",
        "-c",
        script,
        disk,
        Deno.execPath(),
        ...taskArguments("prepare", "--data", log, "--out", join(disk, "made"), "--quiet"),
      ).output();
      assert.match(
        new TextDecoder().decode(stderr),
        /^error: Cannot write the dataset [^\n]*free some space[^\n]*\n$/,
      );
      assert.equal(code, 2);
    }),
});
