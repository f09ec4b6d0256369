import assert from "node:assert/strict";
import { join } from "node:path";
import { main } from "../../../model/commands/pipeline.ts";
import { prepareSchema, resolvePrepareConfig } from "../../../pipeline/config.ts";
import type { PrepareInput } from "../../../pipeline/prepare_options.ts";
import { withFolder } from "../../folders.ts";
import { SMALL, writeLog } from "./small.ts";

/** Counts how often an option of the preparation is parsed while `work` runs. */
async function parses(key: "minUser" | "protocols" | "onBadRow", work: () => Promise<void>): Promise<number> {
  const parser = prepareSchema.shape[key]._zod, run = parser.run;
  let count = 0;
  parser.run = (...args) => {
    count++;
    return run(...args);
  };
  try {
    await work();
  } finally {
    parser.run = run;
  }
  return count;
}

Deno.test("pipeline: each option of the preparation is parsed once, given as a flag, in a file or not at all", () =>
  withFolder(async (dir) => {
    const log = join(dir, "log.csv"), config = join(dir, "run.yaml"), out = join(dir, "run");
    writeLog(log);
    Deno.writeTextFileSync(config, "minUser: 3\npreset: demo\n");
    const args = ["--data", log, "--out", out, "--config", config, ...SMALL, "--until", "dataset", "--quiet"];
    const run = (...more: string[]) => async () => assert.equal(await main([...args, ...more]), 0);
    assert.equal(await parses("minUser", run()), 1, "in the file");
    assert.equal(await parses("protocols", run()), 1, "as a flag, where the dataset is there already");
    assert.equal(await parses("minUser", run("--until", "evaluate")), 1, "to the end");
    assert.equal(await parses("onBadRow", run("--until", "evaluate", "--resume")), 1, "resumed");
  }));

Deno.test("options that were checked are not taken for options to be checked", () => {
  const config = resolvePrepareConfig({ data: "log.csv", out: "data/mine" });
  // @ts-expect-error: whoever has a resolved configuration runs it with runPreparation
  const input: PrepareInput = config;
  assert.equal(input, config);
});
