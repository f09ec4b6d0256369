/** Going on with a run elsewhere: another engine, other versions, a full disk at the end. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { SMALL, writeLog } from "./small.ts";

const json = (path: string) => JSON.parse(Deno.readTextFileSync(path));

Deno.test("resume: another engine is a warning that stays on record; --strict refuses it", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    const run = (...args: string[]) =>
      task("pipeline", ["--data", "log.csv", "--out", "run", ...SMALL, ...args], { cwd: dir });
    const begun = await run("--until", "search", "--backend", "cpu");
    assert.equal(begun.code, 0, begun.stderr);
    const before = Deno.readTextFileSync(join(dir, "run", "run.json"));

    const strict = await run("--resume", "--backend", "wasm", "--strict");
    assert.equal(strict.code, 2);
    assert.match(strict.stderr, /^error: Cannot resume run with --strict: the engine was cpu .*wasm.*\n$/m);
    assert.equal(Deno.readTextFileSync(join(dir, "run", "run.json")), before, "nothing was written");

    const resumed = await run("--resume", "--backend", "wasm", "--json");
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.match(resumed.stderr, /warning: Resumed elsewhere: the engine was cpu .*, now it is wasm/);
    const facts = json(join(dir, "run", "run.json"));
    assert.deepEqual(facts.backends.map(({ name }: { name: string }) => name), ["cpu", "wasm"]);
    assert.equal(facts.backend.name, "wasm");
    assert.match(facts.warnings.join("\n"), /Resumed elsewhere/);
  }));
