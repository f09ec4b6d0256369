/** A command that is terminated while it writes leaves nothing half-written. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { task } from "./command.ts";
import { isDoneLine } from "./pipeline/commands/refused.ts";
import { withFolder } from "./folders.ts";
import { launched } from "./launched.ts";
import { SMALL, writeLog } from "./model/commands/small.ts";
import { fromFileUrl } from "./paths.ts";

const PAUSE = fromFileUrl(new URL("./pause.ts", import.meta.url));

/** Everything below a folder. */
function* walk(dir: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(dir)) {
    yield join(dir, name);
    if (isDirectory) yield* walk(join(dir, name));
  }
}

Deno.test({
  name: "prepare, export and recommend, terminated in the middle, leave everything as it was",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (temporary) => {
      const folder = Deno.realPathSync(temporary),
        dir = join(folder, "work"),
        at = (name: string) => join(dir, name);
      Deno.mkdirSync(dir);
      writeLog(at("log.csv"));
      const pipeline = [
        "--data",
        at("log.csv"),
        "--out",
        at("run"),
        ...SMALL,
        "--engine",
        "wasm",
        "--quiet",
      ];
      assert.equal((await task("pipeline", [...pipeline, "--until", "retrain"])).code, 0);
      const before = [...walk(dir)].sort();
      const cases: Record<string, { args: string[]; pause: string }> = {
        prepare: {
          args: [
            ...["--data", at("log.csv"), "--out", at("d")],
            ...["--eval-negatives", "5", "--protocols", "recbole"],
          ],
          pause: ".d.automlp-new",
        },
        export: { args: [at("run/dataset"), "--to", "parquet", "--out", at("e")], pause: ".e.automlp-new" },
        recommend: {
          args: [at("run"), "--engine", "wasm", "--out", at("top.csv")],
          pause: "weights.safetensors",
        },
      };
      for (const [name, { args, pause }] of Object.entries(cases)) {
        const goOn = join(folder, `go on with ${name}`);
        const { code, stdout, stderr } = await launched(name, args, {
          preload: PAUSE,
          env: { AUTOMLP_PAUSE: pause, AUTOMLP_GO_ON: goOn },
          onWord: (child) => {
            child.kill("SIGTERM");
            Deno.writeTextFileSync(goOn, "");
          },
        });
        const lines = stderr.split("\n").filter((line) => !isDoneLine(line));
        assert.match(
          lines.join("\n"),
          /^paused\nerror: Terminated by SIGTERM: stopped while [^\n]*; to continue, give the same command again\n$/,
        );
        assert.deepEqual([code, stdout], [143, ""], name);
        assert.deepEqual([...walk(dir)].sort(), before, name);
      }
    }),
});
