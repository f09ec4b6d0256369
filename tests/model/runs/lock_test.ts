import assert from "node:assert/strict";
import { lockRun } from "../../../model/runs/lock.ts";
import { withFolder } from "../../folders.ts";

Deno.test("a run is held by one at a time, and free again when its holder is done or killed", () =>
  withFolder(async (dir) => {
    const refused = () =>
      assert.throws(
        () => lockRun(dir),
        /^InputError: Cannot write to the run .*: another process is at work/,
      );
    {
      using _held = lockRun(dir);
      refused();
    }
    lockRun(dir)[Symbol.dispose]();

    const module = new URL("../../../model/runs/lock.ts", import.meta.url).href;
    const code = `import { lockRun } from ${JSON.stringify(module)};
      lockRun(${
      JSON.stringify(dir)
    }); console.log("held"); await new Promise((done) => setTimeout(done, 60_000));`;
    await using child = new Deno.Command(Deno.execPath(), {
      args: ["eval", "-q", code],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    for await (const _line of child.stdout) break;
    refused();
    child.kill("SIGKILL");
    await child.status;
    lockRun(dir)[Symbol.dispose]();
  }));
