import assert from "node:assert/strict";
import { warningTexts } from "../../../model/views/epochs.ts";
import { join } from "node:path";
import { appears, startTask, task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { json, weightsOf } from "../support.ts";
import { UNSEARCHED, writeLog } from "./small.ts";

const LONG = [...UNSEARCHED, "--search", "none", "--short", "3", "--epochs", "16", "--patience", "16"];
const args = (out: string) => [
  ...["--data", "log.csv", "--out", out, ...LONG, "--until", "retrain", "--quiet"],
  "--keep-seen", // most interactions of the log are repeats, and without this a run warns about that
];

const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const ignore = Deno.build.os === "windows";

Deno.test({
  name: "pipeline: stopped by a signal in training, it says how to continue, and ends with the same weights",
  ignore,
  fn: () =>
    withFolder(async (dir) => {
      writeLog(join(dir, "log.csv"));
      assert.equal((await task("pipeline", args("whole"), { cwd: dir })).code, 0);
      for (const [signal, code] of Object.entries(CODES) as [keyof typeof CODES, number][]) {
        const started = startTask("pipeline", args(signal), { cwd: dir });
        await appears(join(dir, signal, "checkpoint", "train.safetensors"));
        started.signal(signal);
        const { stderr, ...ran } = await started.ended;
        assert.deepEqual(ran, { code, stdout: "" }, stderr);
        assert.match(
          stderr,
          /^error: ([^\n]*\(?SIG(TERM|HUP)\)?: s|S)topped while training, [^\n]* kept; to continue: deno task pipeline SIG[A-Z]+ --resume\n$/,
        );
        assert.equal(stderr.startsWith("error: Stopped"), signal === "SIGINT");
        assert.equal(json(join(dir, signal, "run.json")).status, "interrupted");
        if (signal === "SIGTERM") await takesTheBestSoFar(signal, dir);
        const resumed = await task("pipeline", [signal, "--resume"], { cwd: dir });
        assert.equal(resumed.code, 0, resumed.stderr);
        assert.deepEqual(json(join(dir, signal, "run.json")).warnings, []);
        assert.deepEqual(await weightsOf(join(dir, signal)), await weightsOf(join(dir, "whole")));
      }
    }),
});

/** After a stop, the best weights so far are evaluated and recommend, with a message; nothing is trained. */
async function takesTheBestSoFar(run: string, cwd: string): Promise<void> {
  const history = () => Deno.readTextFileSync(join(cwd, run, "train", "history.jsonl")), before = history();
  const epochs = before.trimEnd().split("\n").map((line) => JSON.parse(line));
  const weights = await weightsOf(join(cwd, run));
  const remark = new RegExp(
    `Training has not come to its end \\([\\d.]+ of 16 epochs\\): the model is that of epoch ${
      epochs.findLast(({ best }) => best).epoch
    }, the best so far; to resume: deno task retrain ${run}`,
  );
  const commands = {
    recommend: ["--users", "u1"],
    export: ["--to", "onnx", "--out", "onnx"],
    evaluate: [],
  };
  for (const [name, more] of [...Object.entries(commands), ["recommend", []]] as [string, string[]][]) {
    const { code, stdout, stderr } = await task(name, [run, ...more, "--json"], { cwd });
    assert.equal(code, 0, stderr);
    assert.match(stderr, remark);
    assert.match(JSON.parse(stdout).warnings.join(), remark);
  }
  const facts = json(join(cwd, run, "run.json")), { status } = facts;
  assert.equal(status, "done");
  assert.match(warningTexts(facts).join(), remark);
  assert.match(Deno.readTextFileSync(join(cwd, run, "report.html")), /Training has not come to its end/);
  assert.equal(history(), before);
  assert.deepEqual(await weightsOf(join(cwd, run)), weights);
}

Deno.test({
  name: "pipeline: where the launcher alone is killed, the work stops with everything saved",
  ignore,
  fn: () =>
    withFolder(async (dir) => {
      writeLog(join(dir, "log.csv"));
      const long = [...args("run"), "--epochs", "100000", "--patience", "100000"];
      const started = startTask("pipeline", long, { cwd: dir });
      await appears(join(dir, "run", "checkpoint", "train.safetensors"));
      Deno.kill(started.pid, "SIGKILL");
      const { stderr } = await started.ended; // of both processes: they share it
      assert.match(
        stderr,
        /^error: The terminal or program that started this has ended \(SIGHUP\): stopped while/,
      );
      assert.equal(json(join(dir, "run", "run.json")).status, "interrupted");
    }),
});
