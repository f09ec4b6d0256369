/** Preparations that are refused. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { task } from "../../../command.ts";
import { withFolder } from "../../../folders.ts";
import { assertRefused } from "../refused.ts";
import { GOOD } from "./data.ts";

/** Jobs that cannot be done: the files in the folder besides `good.csv`, the options, and what the one line says. */
export type Refusals = Record<
  string,
  { files?: Record<string, string | Uint8Array>; args?: string[]; says: RegExp }
>;

/** Asserts that each ends with one line and exit code 2, and leaves no folder. */
export async function assertRefusals(t: Deno.TestContext, refusals: Refusals): Promise<void> {
  for (const [name, { files = {}, args, says }] of Object.entries(refusals)) {
    await t.step(name, () =>
      withFolder(async (dir) => {
        for (const [file, content] of Object.entries({ "good.csv": GOOD, ...files })) {
          const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
          Deno.writeFileSync(join(dir, file), bytes);
        }
        const options = args ?? ["--data", files["x.csv"] === undefined ? "good.csv" : "x.csv"];
        const out = options.includes("--out") ? [] : ["--out", "made"];
        const before = [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
        assertRefused(await task("prepare", [...options, ...out], { cwd: dir }), says);
        assert.deepEqual(
          [...Deno.readDirSync(dir)].map(({ name }) => name).sort(),
          before,
          "nothing is left",
        );
      }));
  }
}
