import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { withFolder } from "../../../folders.ts";
import { root } from "../../../paths.ts";

/** Runs what a task runs, with a cache in which no engine is. */
async function launched(cache: string, ...words: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=launch", "--config", `${root}deno.json`].concat(
      `${root}pipeline/terminal/launch/main.ts`,
      "--make-engine",
      words,
    ),
    env: { AUTOMLP_CACHE: cache, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("the engine is not made for help, nor for a wrong name", () =>
  withFolder(async (dir) => {
    const cache = `${dir}/cache`;
    for (const command of ["pipeline", "train", "recommend", "tune"]) {
      const { code, stdout } = await launched(cache, command, "--help");
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Usage: deno task ${command} `));
    }
    const { code, stderr } = await launched(cache, "pipelin");
    assert.equal(code, 2);
    assert.match(stderr, /^error: Cannot launch "pipelin"/);
    assert(!existsSync(cache));
  }));
