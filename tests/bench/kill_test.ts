/** `deno task bench kill`, small: some writes of two commands, and a check that it detects what it should. */
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { findConfinement } from "../../bench/kill/confine.ts";
import { type Scenario, SCENARIOS } from "../../bench/kill/scenarios.ts";
import { differences, snapshotOf } from "../../bench/kill/snapshot.ts";
import { killCommand } from "../../bench/kill/trial.ts";
import { World } from "../../bench/kill/world.ts";
import { RandomStream } from "../../pipeline/contract/random.ts";
import { withFolder } from "../folders.ts";
import { root } from "../paths.ts";

const withWorld = (test: (world: World, dir: string) => Promise<void>) =>
  withFolder(async (made) => {
    const dir = Deno.realPathSync(made);
    await test(new World(dir, await findConfinement(dir), "wasm"), dir);
  });

const scenario = (name: string) => SCENARIOS.find((scenario) => scenario.name === name)!;
const random = new RandomStream(1, "test");

Deno.test("kill: prepare over an old dataset, around its renames and while the old one is removed", () =>
  withWorld(async (world) => {
    const aim = (change: string) => /^rename (manifest|data|\.data)|^remove (checksums|.*lock$)/.test(change);
    const { targeted, found, equal, failures } = await killCommand(world, scenario("prepare"), {
      times: 0,
      random,
      aim,
    });
    assert.deepEqual(failures, []);
    assert.equal(targeted, 5);
    assert.deepEqual([equal, found], [5, { old: 2, aside: 1, new: 2, whole: 0 }]);
  }));

Deno.test("kill: a training, before its renames", () =>
  withWorld(async (world) => {
    let renames = 0;
    const aim = (change: string) =>
      /^rename (checkpoint|train\.|history|weights|config)/.test(change) && renames++ % 3 === 0;
    const { targeted, found, equal, failures } = await killCommand(world, scenario("retrain"), {
      times: 1,
      random,
      aim,
    });
    assert.deepEqual(failures, []);
    assert(targeted >= 4, `${targeted} kills`);
    assert.deepEqual([equal, found.whole], [targeted + 1, targeted + 1]);
  }));

Deno.test("kill: a command that writes in place, leaves files behind or touches those of others is noticed", () =>
  withWorld(async (world, dir) => {
    const writer = join(dir, "writer.ts");
    Deno.writeTextFileSync(
      writer,
      `import { announce } from ${
        JSON.stringify(new URL("pipeline/contract/files/changes.ts", `file://${root}`))
      };
       const scratch = crypto.randomUUID();
       if (Deno.args[0] === "leave") {
         announce("make a scratch file");
         Deno.writeTextFileSync(scratch, "");
         announce("remove the scratch file");
         Deno.removeSync(scratch);
         Deno.exit();
       }
       if (Deno.args[0] === "touch") {
         announce("begin");
         Deno.writeTextFileSync("begun", "", { append: true });
         announce("touch");
         if (Deno.statSync("begun").size > 0) Deno.writeTextFileSync("thesis", "theirs");
         Deno.writeTextFileSync("begun", "x");
       }
       announce("write half");
       Deno.writeTextFileSync("out", "ha");
       announce("write the rest");
       Deno.writeTextFileSync("out", "half");
       `,
    );
    const kill = (way: string) => {
      const command = { program: relative(root, writer), args: [way] };
      const odd: Scenario = { name: way, command, output: "out", kind: "file", given: {} };
      return killCommand(world, odd, { times: 0, random });
    };
    assert.deepEqual((await kill("in place")).failures, [
      "in place, killed before change 2 (write the rest): left out is neither the old one nor the new one",
    ]);
    assert.match(
      (await kill("leave")).failures.join("\n"),
      /^leave, killed before change 2 .*: .+ is left over$/,
    );
    const touched = (await kill("touch")).failures;
    assert.match(touched.join("\n"), /killed before change 3 \(write half\): thesis is different/);
  }));

Deno.test("kill: two snapshots differ by any byte but those of times", () =>
  withFolder((dir) => {
    const write = (seconds: number, loss: number) => {
      Deno.mkdirSync(join(dir, "run", "train"), { recursive: true });
      Deno.writeTextFileSync(
        join(dir, "run", "train", "history.jsonl"),
        JSON.stringify({ epoch: 1, loss, seconds, examplesPerSecond: 1 / seconds }) + "\n",
      );
      const config = { seed: 1, resume: seconds > 1 };
      const run = { status: "done", command: String(seconds), times: { train: seconds }, config };
      Deno.writeTextFileSync(join(dir, "run", "run.json"), JSON.stringify(run));
      return snapshotOf(dir);
    };
    const first = write(1, 0.5);
    assert.deepEqual(differences(write(2, 0.5), first), []);
    assert.deepEqual(differences(write(1, 0.25), first), ["run/train/history.jsonl is different"]);
    Deno.removeSync(join(dir, "run", "run.json"));
    Deno.writeTextFileSync(join(dir, "other"), "");
    assert.deepEqual(differences(snapshotOf(dir), first), [
      "other is left over",
      "run/run.json is missing",
      "run/train/history.jsonl is different",
    ]);
  }));
