/**
 * A program that prepares with Spark and is killed when a stage begins: `cut_off.ts STAGE OPTIONS`, with the options as JSON.
 *
 * @module
 */
import { prepare } from "../../../../mod.ts";
import { silent } from "../../../../pipeline/contract/progress.ts";

const [stage, options] = Deno.args;
await prepare(JSON.parse(options), {
  progress: {
    ...silent,
    start(label) {
      if (label === stage) Deno.kill(Deno.pid, "SIGKILL");
      return { advance() {}, end() {} };
    },
  },
});
