/** Completion of command lines, tested with the shells themselves if they are installed. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DESCRIPTIONS } from "../../../model/methods/registry.ts";
import { completionScript } from "../../../pipeline/terminal/completions/mod.ts";
import { knownSpecs } from "../../../pipeline/terminal/known_help.ts";
import { withFolder } from "../../folders.ts";
import { root } from "../../paths.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Runs `completions`; returns its output. */
async function completions(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const program = join(root, "pipeline/terminal/automlp.ts");
  const ran = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--config",
      join(root, "deno.json"),
      "-P=launch",
      program,
      "completions",
      ...args,
    ],
  }).output();
  return { code: ran.code, stdout: text(ran.stdout), stderr: text(ran.stderr) };
}

function has(shell: string): boolean {
  try {
    return new Deno.Command(shell, { args: ["-c", "true"] }).outputSync().success;
  } catch {
    return false;
  }
}

/** What a real bash offers for the last word of a command line. */
async function offered(script: string, words: string[], cwd: string): Promise<string[]> {
  const line = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    [[ $(complete -p automlp) == 'complete -F _automlp_words automlp' ]] || exit 9
    _automlp_words; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const ran = await new Deno.Command("bash", { args: ["-c", line, "bash", script, "automlp", ...words], cwd })
    .output();
  assert.equal(ran.code, 0, text(ran.stderr));
  assert.doesNotMatch(text(ran.stderr), /syntax|not found/);
  return text(ran.stdout).split("\n").filter((word) => word);
}

Deno.test({
  name: "bash completes commands, options, words, folders and files",
  ignore: !has("bash"),
  fn: () =>
    withFolder(async (dir) => {
      const script = join(dir, "script.bash"), work = join(dir, "work");
      Deno.mkdirSync(join(work, "my runs"), { recursive: true });
      Deno.writeTextFileSync(join(work, "my log.csv"), "");
      Deno.writeTextFileSync(script, (await completions("bash")).stdout);
      const offers = (...words: string[]) => offered(script, words, work);
      assert.deepEqual(await offers("pre"), ["prepare"]);
      assert.deepEqual(await offers("help", "rec"), ["recommend"]);
      assert.deepEqual(await offers("completions", ""), ["bash", "zsh", "fish"]);
      assert.deepEqual(await offers("prepare", "--min-u"), ["--min-user"]);
      assert.deepEqual(await offers("prepare", "--out", "x", "--split", "g"), ["global-time"]);
      assert.deepEqual(await offers("train", "--method", ""), DESCRIPTIONS.map(({ name }) => name));
      assert((await offers("train", "--h")).includes("--heads"), "an option of one method");
      assert.deepEqual(await offers("train", "--dataset", ""), ["my runs"]);
      assert.deepEqual(await offers("pipeline", "--dataset", "ml-1"), ["ml-100k", "ml-1m", "ml-10m"]);
      assert.deepEqual(await offers("pipeline", "--dataset", "my"), ["my runs"]);
      assert.deepEqual(await offers("prepare", "--dataset", "ml-1"), ["ml-100k", "ml-1m", "ml-10m"]);
      assert.deepEqual(await offers("pipeline", "--methods", "au"), ["automlp"]);
      assert.deepEqual(await offers("pipeline", "--methods", "automlp,gru"), [
        "automlp,gru4rec",
        "automlp,gru4rec-plus",
      ]);
      assert.deepEqual(await offers("prepare", "--protocols", "recbole,u"), ["recbole,uniform"]);
      assert.deepEqual(await offers("prepare", "--data", "my"), ["my log.csv", "my runs"]);
      assert.deepEqual(await offers("retrain", "m"), ["my runs"]);
      assert.deepEqual(await offers("prepare", "--min-user", ""), [], "a number is the user's");
      assert.deepEqual(await offers("prepare", "x"), [], "it takes no words");
      assert.deepEqual(await offers("experiment", "la"), ["layers"], "a plan of the program's");
      assert.deepEqual(await offers("experiment", "my"), ["my log.csv", "my runs"], "a plan's file");
      assert.deepEqual(await offers("pipeline", "--start-from", ""), ["my runs"]);
      assert.deepEqual(await offers("recommend", "r", "--users", "my"), ["my log.csv", "my runs"]);
      assert.deepEqual(await offers("prepare", "--data", "=", "my"), ["my log.csv", "my runs"]);
      assert.deepEqual(await offers("prepare", "--split", "="), ["leave-one-out", "ratio", "global-time"]);
      assert.deepEqual(await offers("prepare", "--data=my"), ["--data=my log.csv", "--data=my runs"]);
      assert.deepEqual(await offers("pipeline", "--methods=automlp,fp"), ["--methods=automlp,fpmc"]);
      assert.deepEqual(await offers("data", "g"), ["get"]);
      assert.deepEqual(await offers("data", "get", "ml-1"), ["ml-100k", "ml-1m", "ml-10m"]);
      assert(!(await offers("prepare", "--")).includes("--negatives"), "an option that is gone");
    }),
});

Deno.test({
  name: "fish completes the command that is first on the line, whatever folders are called",
  ignore: !has("fish"),
  fn: () =>
    withFolder(async (dir) => {
      const script = join(dir, "script.fish"), work = join(dir, "work");
      Deno.mkdirSync(join(work, "data"), { recursive: true });
      Deno.writeTextFileSync(join(work, "plan.yaml"), "");
      Deno.writeTextFileSync(script, (await completions("fish")).stdout);
      const offers = async (line: string) => {
        const ran = await new Deno.Command("fish", {
          args: ["--no-config", "-c", 'source $argv[1]; complete -C "automlp $argv[2]"', script, line],
          cwd: work,
          env: { HOME: dir, LC_ALL: "C.UTF-8" }, // it finds no files if it cannot decode the name of a parent folder
        }).output();
        assert.deepEqual([ran.code, text(ran.stderr)], [0, ""]);
        return text(ran.stdout).split("\n").filter((line) => line).map((line) => line.split("\t")[0]);
      };
      assert.deepEqual(await offers("pre"), ["prepare"]);
      assert.deepEqual(await offers("--"), ["--help", "--version"]);
      assert.deepEqual(await offers("prepare --out data "), [], "a folder data is not the command data");
      assert((await offers("inspect data --")).includes("--html"));
      assert(!(await offers("inspect data --")).includes("--cache"));
      assert.deepEqual(await offers("pipeline --methods automlp,sas"), ["automlp,sasrec"]);
      assert.deepEqual(await offers("experiment la"), ["layers"]);
      assert.deepEqual(await offers("experiment plan"), ["plan.yaml"]);
    }),
});

for (const [shell, check] of [["bash", "-n"], ["zsh", "-n"], ["fish", "--no-execute"]] as const) {
  Deno.test({
    name: `${shell} can read its script`,
    ignore: !has(shell),
    fn: () =>
      withFolder(async (dir) => {
        const file = join(dir, "script");
        Deno.writeTextFileSync(file, (await completions(shell)).stdout);
        const read = await new Deno.Command(shell, { args: [check, file], env: { LC_ALL: "C" } }).output();
        assert.equal(read.code, 0, text(read.stderr));
        assert.equal(text(read.stderr), "");
      }),
  });
}

Deno.test("each script has the commands and options that it is given", async () => {
  const specs = await knownSpecs();
  const about = { prepare: "raw interactions → a dataset", train: "it's [any] method: SASRec" };
  for (const shell of ["bash", "zsh", "fish"] as const) {
    const script = completionScript(shell, "brew", about, specs);
    for (const word of ["prepare", "train", "min-user", "eval-negatives", "method", "heads", "tensorboard"]) {
      assert.match(script, new RegExp(`\\b${word}\\b`), `${shell}: ${word}`);
    }
    assert.doesNotMatch(script, /automlp_|undefined|\[object/);
  }
});

Deno.test("completions says what it is for", async () => {
  for (const args of [["--help"], ["bash", "--help"]]) {
    const { code, stdout, stderr } = await completions(...args);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(
      stdout,
      /^Usage: automlp completions bash\|zsh\|fish\n[^]*automlp completions fish \| source/,
    );
  }
});

Deno.test("a shell that is not known is refused", async () => {
  for (const args of [[], ["csh"], ["bash", "zsh"]]) {
    const { code, stdout, stderr } = await completions(...args);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /^error: Which shell\? Name one: automlp completions bash\|zsh\|fish\n$/);
  }
});
