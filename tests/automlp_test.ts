/** The program, as a task of a clone and installed, in a folder that is not one. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { plantedCsv } from "../fixtures/planted.ts";
import { COMMANDS } from "../model/commands/mod.ts";
import { task } from "./command.ts";
import { withFolder } from "./folders.ts";
import { root } from "./paths.ts";
import { json } from "./model/support.ts";

const README = Deno.readTextFileSync(`${root}README.md`);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** The line of README that installs it, into a folder of the test. */
function installArguments(into: string): string[] {
  const [, line] = /^ {4}deno (install -g .*)$/m.exec(README)!;
  const [install, ...rest] = line.split(" ");
  return [install, "--root", into, "--force", "--quiet", ...rest];
}

const bytesIn = (folder: string): number =>
  [...Deno.readDirSync(folder)].map(({ name }) => join(folder, name)).reduce((sum, path) => {
    const { isDirectory, isFile, size } = Deno.lstatSync(path);
    return sum + (isDirectory ? bytesIn(path) : isFile ? size : 0);
  }, 0);

Deno.test("automlp is installed by README's line in a few megabytes, and does the main job in another folder", () =>
  withFolder(async (dir) => {
    const bin = join(dir, "bin", "automlp"), work = join(dir, "work");
    Deno.mkdirSync(work);
    const install = { args: installArguments(dir), cwd: root, stderr: "piped" } as const;
    const installed = await new Deno.Command(Deno.execPath(), install).output();
    assert.equal(installed.code, 0, text(installed.stderr));
    const automlp = async (...args: string[]) => {
      const ran = await new Deno.Command(bin, { args, cwd: work, env: { NO_COLOR: "1" } }).output();
      return { code: ran.code, stdout: text(ran.stdout), stderr: text(ran.stderr) };
    };
    // The packages are those of the clone: without a flag, Deno would copy 750 MB of them beside the program.
    assert.ok(bytesIn(join(dir, "bin")) < 10e6);
    const help = await automlp();
    for (const name of Object.keys(COMMANDS)) assert.match(help.stdout, new RegExp(`^  ${name} `, "m"));
    assert.deepEqual(await automlp("--help"), help);
    assert.match((await automlp("help", "pipeline")).stdout, /^ +alphaRate /m);
    assert.match(
      (await automlp("help", "train")).stdout,
      /^Usage: automlp train \[DIR \| RUN --resume\] \[options\]$/m,
    );
    const { version } = JSON.parse(Deno.readTextFileSync(`${root}deno.json`).replace(/^\s*\/\/.*$/gm, ""));
    assert.equal((await automlp("--version")).stdout, `automlp ${version}\n`);
    assert.deepEqual(await automlp("trian"), {
      code: 2,
      stdout: "",
      stderr: 'error: There is no command "trian" (did you mean "train"?); see automlp --help\n',
    });

    const csv = plantedCsv({ users: 40, length: 20, distance: 2 }), [user] = csv.split("\n")[1].split(",");
    Deno.writeTextFileSync(join(work, "log.csv"), csv);
    const prepared = await automlp(
      ..."prepare --data log.csv --out data --eval-negatives 9 --protocols recbole".split(" "),
    );
    assert.match(
      prepared.stdout,
      /\nNext: automlp inspect --dataset data, or automlp pipeline --dataset data\n$/,
      prepared.stderr,
    );
    const job = "--lengths 1,2 --length 8 --dim 8 --layers 1 --search-epochs 1 --epochs 1";
    const pipeline = await automlp(
      ..."pipeline --dataset data --out main --quiet".split(" "),
      ...job.split(" "),
    );
    assert.deepEqual(pipeline, { code: 0, stdout: "", stderr: "" });
    assert.ok(Deno.statSync(join(work, "main/report.html")).size > 10_000);
    const train = "train --method gru4rec data --out run --length 8 --dim 8 --epochs 1 --quiet";
    assert.deepEqual(await automlp(...train.split(" ")), { code: 0, stdout: "", stderr: "" });
    assert.equal(json(join(work, "run/run.json")).command, `automlp ${train}`);
    assert.match(
      (await automlp("recommend", "run", "--users", user, "--k", "3")).stdout,
      /^user,rank,item,score\n.+,1,/,
    );
    assert.match((await automlp("evaluate", "none")).stderr, /make one with automlp pipeline --out none\n$/);
    // A command may still write only to its usual places.
    assert.deepEqual([...Deno.readDirSync(work)].map(({ name }) => name).sort(), [
      ...["data", "log.csv", "main", "run"],
    ]);
  }));

Deno.test("deno task help has all commands, deno task help COMMAND all options of one", async () => {
  const { code, stdout, stderr } = await task("help", []);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^Usage: deno task COMMAND \[options\]$/m);
  assert.doesNotMatch(stdout, /automlp /);
  for (const name of Object.keys(COMMANDS)) assert.match(stdout, new RegExp(`^  ${name} `, "m"));
  assert.deepEqual(await task("help", ["search"]), await task("search", ["--help-all"]));
  assert.match(
    (await task("help", ["nothing"])).stderr,
    /^error: There is no command "nothing"; see deno task help$/m,
  );
});
