/** A disk that becomes full in the middle of work: what was computed is kept, and a message says how to go on. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { quoted } from "../../../pipeline/terminal/quoted.ts";
import { task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { launched } from "../../launched.ts";
import { fromFileUrl } from "../../paths.ts";
import { json, weightsOf } from "../support.ts";
import { UNSEARCHED, writeLog } from "./small.ts";

const FULL = fromFileUrl(new URL("../../full_disk.ts", import.meta.url));

Deno.test({
  name:
    "pipeline: where the disk is full in training, it says how to continue, and ends with the same weights",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (temporary) => {
      const dir = Deno.realPathSync(temporary), at = (name: string) => join(dir, name);
      writeLog(at("log.csv"));
      const args = (out: string) => [
        ...["--data", at("log.csv"), "--out", at(out), ...UNSEARCHED, "--search", "none", "--short", "3"],
        ...["--until", "retrain", "--keep-seen", "--engine", "cpu", "--quiet"],
      ];
      assert.equal((await task("pipeline", args("whole"))).code, 0);
      const { code, stderr } = await launched("pipeline", args("run"), {
        preload: FULL,
        env: { AUTOMLP_FULL: ".train.safetensors." },
      });
      assert.deepEqual({ code, stderr }, {
        code: 2,
        stderr:
          `error: Cannot write ${
            at("run/checkpoint/train.safetensors")
          }: No space left on device (os error 28); ` +
          `free some space; to continue: deno task pipeline ${quoted(at("run"))} --resume\n`,
      });
      assert.equal(json(at("run/run.json")).format, "automlp-run");
      const resumed = await task("pipeline", [at("run"), "--resume", "--engine", "cpu", "--quiet"]);
      assert.equal(resumed.code, 0, resumed.stderr);
      assert.deepEqual(await weightsOf(at("run")), await weightsOf(at("whole")));
    }),
});
