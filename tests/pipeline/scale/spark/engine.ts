import { join } from "node:path";
import { withFolder } from "../../../folders.ts";
import type { Engine } from "../same.ts";
import { INTERPRETED, withSpark } from "./server.ts";

/** Spark as an engine under test. */

/** Runs a test with its own server, and a folder that is removed afterwards. */
export const onSpark = (test: (dir: string, engine: Engine) => Promise<void>): Promise<void> =>
  withFolder(async (dir) => {
    const work = join(dir, "work");
    Deno.mkdirSync(work);
    await withSpark(
      ({ url }) => test(dir, { place: { engine: "spark", spark: url, parts: 2, work }, work }),
      INTERPRETED,
    );
  });
