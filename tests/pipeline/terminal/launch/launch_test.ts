/** A command that asks for the engine is started again when that was made. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { launch } from "../../../../pipeline/terminal/launch/launch.ts";
import { withFolder } from "../../../folders.ts";
import { BREW } from "../spec.ts";

const STARTED = "tests/pipeline/terminal/launch/started.ts";

Deno.test("a command that asks for the engine is started again when that was made, and then goes without asking", () =>
  withFolder(async (dir) => {
    const log = join(dir, "log"), line = { spec: BREW, values: {}, positional: [] };
    const started = (engine: string) =>
      launch({ program: STARTED, permissions: "check" }, {
        args: ["command", log],
        line,
        engine: { program: `tests/pipeline/terminal/launch/${engine}.ts`, permissions: "check" },
      });
    const before = Deno.env.get("AUTOMLP_MAKES_ENGINE");
    Deno.env.set("AUTOMLP_TEST_LOG", log);
    try {
      Deno.env.delete("AUTOMLP_MAKES_ENGINE");
      assert.equal(await started("started"), 3);
      assert.equal(Deno.readTextFileSync(log), "command yes\nengine undefined\ncommand no\n");
      Deno.writeTextFileSync(log, "");
      Deno.env.set("AUTOMLP_MAKES_ENGINE", "no");
      assert.equal(await started("started"), 3);
      assert.equal(Deno.readTextFileSync(log), "command no\n");
    } finally {
      Deno.env.delete("AUTOMLP_TEST_LOG");
      if (before === undefined) Deno.env.delete("AUTOMLP_MAKES_ENGINE");
      else Deno.env.set("AUTOMLP_MAKES_ENGINE", before);
    }
  }));
