import assert from "node:assert/strict";
import { join } from "node:path";
import { isLeft, lockRun, lockToCopy } from "../../../model/runs/lock.ts";
import { LOCK } from "../../../pipeline/contract/files/lock.ts";
import { withFolder } from "../../folders.ts";

Deno.test.sanitizer({ ops: true, resources: true });

Deno.test("a run is held by one at a time, and free again when its holder is done or killed", () =>
  withFolder(async (dir) => {
    const refused = () =>
      assert.throws(
        () => lockRun(dir),
        /^InputError: Cannot write to .*: work on it is going on/,
      );
    assert.equal(isLeft(dir), false, "nothing tells");
    {
      using _held = lockRun(dir);
      refused();
      assert.equal(isLeft(dir), false);
    }
    lockRun(dir)[Symbol.dispose]();
    assert.equal(isLeft(dir), true);

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
    const said = new RegExp(
      `going on in process ${child.pid}, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC; wait`,
    );
    assert.throws(() => lockRun(dir), said, "who it is");
    assert.equal(isLeft(dir), false);
    child.kill("SIGKILL");
    await child.status;
    assert.equal(isLeft(dir), true);
    {
      using _copying = lockToCopy(dir);
      assert.throws(() => lockRun(dir), /going on, in this process or another; wait/, "not who was killed");
    }
    lockRun(dir)[Symbol.dispose]();
    assert.equal(Deno.readTextFileSync(join(dir, LOCK)), "", "nobody");
  }));

Deno.test("a run that this process works on itself says so", () =>
  withFolder((dir) => {
    using _held = lockRun(dir);
    assert.throws(() => lockRun(dir), /going on in this process, since .* UTC; wait/);
  }));

Deno.test("who only looks whether a run is held keeps nobody from taking it", () =>
  withFolder(async (dir) => {
    lockRun(dir)[Symbol.dispose]();
    const code = `const lock = Deno.openSync(${JSON.stringify(join(dir, LOCK))}, { read: true });
      lock.lockSync(false); postMessage("held"); setTimeout(() => { lock.close(); close(); }, 20);`;
    const looking = new Worker(`data:text/javascript,${encodeURIComponent(code)}`, { type: "module" });
    await new Promise((held) => looking.onmessage = held);
    lockRun(dir)[Symbol.dispose]();
  }));

Deno.test("where the file system knows no locks, that is said in a line", () =>
  withFolder((dir) => {
    const { tryLockSync } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.tryLockSync = () => {
      throw Object.assign(new Error("No locks available (os error 37)"), { code: "ENOLCK" });
    };
    try {
      assert.throws(() => lockRun(dir), {
        name: "InputError",
        message: /^Cannot write .*\.lock: No locks available \(os error 37\); see that it can be written/,
      });
    } finally {
      Deno.FsFile.prototype.tryLockSync = tryLockSync;
    }
  }));
